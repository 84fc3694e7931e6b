/**
 * The tokens of EDN text, and how to spell them so that the edn-data library reads them right.
 *
 * The library misreads comments without a line end, most characters, and numbers that a double
 * cannot hold: it rounds them silently, and two values of a register would become one. Characters
 * are respelled as strings, numbers as `#faultline/exact "digits"`. Namespaced symbols, tags and
 * keywords pass as they are. Metadata, regular expressions and octal or radix numbers, which are
 * Clojure rather than EDN, are left out.
 */

export interface EdnToken {
  kind: "open" | "close" | "tag" | "discard" | "atom" | "comment" | "malformed";
  end: number;
  /** What to hand to the library in its place; the reason, when malformed. */
  spelling?: string;
}

/** Tag of a number kept as its digits. */
export const EXACT_TAG = "faultline/exact";

const NAME = /[^ \t\r\n,()[\]{}";]+/y;
const CHARACTER = /\\[^ \t\r\n][^ \t\r\n,()[\]{}";\\]*/y;
const SPACE = /[ \t\r\n,]*/y;

/** The offset of the next token at or after `offset`; the text's length when there is none. */
export function skipSpace(text: string, offset: number): number {
  SPACE.lastIndex = offset;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

/** The token that starts at `offset`, which must not be space. O(length of the token). */
export function tokenAt(text: string, offset: number): EdnToken {
  const char = text[offset];
  switch (char) {
    case "(":
    case "[":
    case "{":
      return { kind: "open", end: offset + 1 };
    case ")":
    case "]":
    case "}":
      return { kind: "close", end: offset + 1 };
    case ";": {
      const lineEnd = text.indexOf("\n", offset);
      return { kind: "comment", end: lineEnd < 0 ? text.length : lineEnd, spelling: " " };
    }
    case '"':
      return stringAt(text, offset);
    case "\\":
      return characterAt(text, offset);
    case "#":
      if (text[offset + 1] === "_") return { kind: "discard", end: offset + 2 };
      if (text[offset + 1] === "{") return { kind: "open", end: offset + 2 };
  }
  return nameAt(text, offset);
}

function stringAt(text: string, offset: number): EdnToken {
  for (let i = offset + 1; i < text.length; i++) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === '"') return { kind: "atom", end: i + 1 };
  }
  return {
    kind: "malformed",
    end: text.length,
    spelling: 'a string is not closed: its " is missing',
  };
}

const CHARACTER_NAMES = new Map([
  ["newline", "\n"],
  ["return", "\r"],
  ["space", " "],
  ["tab", "\t"],
  ["backspace", "\b"],
  ["formfeed", "\f"],
]);

function characterAt(text: string, offset: number): EdnToken {
  CHARACTER.lastIndex = offset;
  const token = CHARACTER.exec(text)?.[0] ?? "\\";
  const name = token.slice(1);
  const end = offset + token.length;
  const meant = [...name].length === 1 ? name : (unicode(name) ?? CHARACTER_NAMES.get(name));
  if (meant === undefined)
    return { kind: "malformed", end, spelling: `${token} is not a character` };
  return { kind: "atom", end, spelling: JSON.stringify(meant) };
}

function unicode(name: string): string | undefined {
  const digits = /^u([0-9a-fA-F]{4})$/.exec(name)?.[1];
  return digits === undefined ? undefined : String.fromCharCode(Number.parseInt(digits, 16));
}

/** Keyword, symbol, nil, boolean, number or tag. */
function nameAt(text: string, offset: number): EdnToken {
  NAME.lastIndex = offset;
  const token = NAME.exec(text)![0];
  const end = offset + token.length;
  if (token === ":" || token === "#") {
    return { kind: "malformed", end, spelling: `a lone ${token}: its name is missing` };
  }
  if (token.startsWith("##")) return { kind: "atom", end, spelling: exact(token) };
  const kind = token.startsWith("#") ? "tag" : "atom";
  // The library would take the # together with a bracket that follows.
  if (token.endsWith("#")) return { kind, end, spelling: `${token} ` };
  return /^[-+]?\d/.test(token) ? { ...numberToken(token), end } : { kind, end };
}

function numberToken(token: string): Omit<EdnToken, "end"> {
  if (/^(?:0|-?[1-9]\d{0,14})$/.test(token)) return { kind: "atom" };
  const unsigned = token.replace(/^[-+]|N$/g, "");
  if (/^(?:0|[1-9]\d*|0[xX][\da-fA-F]+)$/.test(unsigned)) {
    const integer = token.startsWith("-") ? -BigInt(unsigned) : BigInt(unsigned);
    const held = Number.isSafeInteger(Number(integer));
    return { kind: "atom", spelling: held ? `${integer}` : exact(`${integer}`) };
  }
  if (/^[-+]?\d+\/\d+$/.test(token)) return { kind: "atom", spelling: exact(token) };
  if (!/^[-+]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][-+]?\d+)?M?$/.test(token)) {
    return { kind: "malformed", spelling: `${token} is not a number` };
  }
  const decimal = token.replace(/^\+|M$/g, "");
  // A double holds any decimal (M) of up to 15 digits; what is written without M is a double.
  const held = !token.endsWith("M") || decimal.replace(/[eE].*|\D/g, "").length <= 15;
  const double = Number(decimal);
  return { kind: "atom", spelling: held && Number.isFinite(double) ? `${double}` : exact(decimal) };
}

function exact(digits: string): string {
  return `#${EXACT_TAG} ${JSON.stringify(digits)}`;
}
