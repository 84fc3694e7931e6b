/**
 * Whether a text that is no JSON is the beginning of one: a value that stops in its middle, nothing
 * wrong before. What a parser says of an error's place differs from engine to engine. O(length).
 */

const TOKEN =
  /[{}[\]:,]|"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![.eE\d])|true|false|null/y;
const SPACE = /[ \t\r\n]*/y;
/** A string, a number or a word that is cut. */
const CUT_TOKEN =
  /^(?:"[^"\\]*(?:\\.[^"\\]*)*\\?|-|-?\d+\.|-?\d+(?:\.\d+)?[eE][-+]?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$/;

type Expected = "value" | "value or ]" | "name" | "name or }" | ":" | ", or end";

/** Whether a text is a proper beginning of one JSON array or object. */
export function isCutJson(text: string): boolean {
  const open: string[] = [];
  let expected: Expected = "value";
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) {
      return CUT_TOKEN.test(text.slice(at).trimEnd()) && fits(text[at]!, expected);
    }
    if (!fits(token[0]!, expected)) return false;
    at += token.length;
    if (token === "{" || token === "[") {
      open.push(token);
      expected = token === "{" ? "name or }" : "value or ]";
    } else if (token === "}" || token === "]") {
      if (open.pop() !== (token === "}" ? "{" : "[")) return false;
      expected = ", or end";
      if (open.length === 0) return false;
    } else if (token === ",") {
      expected = open.at(-1) === "{" ? "name" : "value";
    } else if (token === ":") expected = "value";
    else if (expected === "name" || expected === "name or }") expected = ":";
    else expected = ", or end";
  }
  return open.length > 0;
}

/** Whether a token that begins so may come next. */
function fits(first: string, expected: Expected): boolean {
  switch (expected) {
    case ":":
      return first === ":";
    case ", or end":
      return ",}]".includes(first);
    case "name":
      return first === '"';
    case "name or }":
      return first === '"' || first === "}";
    case "value or ]":
      return !":,}".includes(first);
    default:
      return !":,}]".includes(first);
  }
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}
