/**
 * HTML and SVG that cannot be injected into: text and attributes are escaped where elements are
 * made, and nothing else becomes markup.
 */

export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string;

export interface Attributes {
  readonly [name: string]: string | number | undefined;
}

/** Elements without content, which HTML does not close. */
const VOID: ReadonlySet<string> = new Set(["meta"]);

/** An attribute that is undefined is left out. */
export function element(
  name: string,
  attributes: Attributes = {},
  ...content: readonly Content[]
): Markup {
  const listed = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([attribute, value]) => ` ${attribute}="${escaped(String(value))}"`)
    .join("");
  if (VOID.has(name)) return { markup: `<${name}${listed}>` };
  return { markup: `<${name}${listed}>${joined(content)}</${name}>` };
}

export function joined(content: readonly Content[]): string {
  return content.map((part) => (typeof part === "string" ? escaped(part) : part.markup)).join("");
}

/** Script or style of our own: it must not hold its own end tag. */
export function inline(name: "script" | "style", text: string): Markup {
  return { markup: `<${name}>\n${text}</${name}>` };
}

/** Data for a script to read; no value in it can end the element. */
export function data(id: string, value: unknown): Markup {
  const json = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, unicodeEscape);
  return { markup: `<script type="application/json" id="${escaped(id)}">${json}</script>` };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
