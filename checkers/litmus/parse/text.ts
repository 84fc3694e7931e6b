/**
 * The text of a litmus test, cut into its parts: header, initial state in braces, and the rest
 * (program and condition). Nested comments are blanked out and `<< … >>` trailers cut off, so that
 * whoever reads a part still knows line and column.
 */

import { LitmusError } from "./litmus-error.js";

export class LitmusText {
  /** The text without comments, as long as the original. */
  readonly text: string;
  /** Where the braces of the initial state stand. */
  readonly open: number;
  readonly close: number;
  /** Where what is read ends: at the text's end, or at `<<`. */
  readonly end: number;

  constructor(
    original: string,
    readonly file: string,
  ) {
    this.text = original;
    const { text, open } = this.#withoutComments(original);
    this.text = text;
    this.open = open;
    this.close = this.#closing(open);
    const trailer = text.indexOf("<<", this.close);
    this.end = trailer < 0 ? text.length : trailer;
  }

  /** @throws LitmusError always. */
  fail(at: number, what: string): never {
    const before = this.text.slice(0, at);
    const line = before.split("\n").length;
    throw new LitmusError(this.file, line, at - before.lastIndexOf("\n"), what);
  }

  /** In the header, quotes hide comments and braces; after it there are no quotes. */
  #withoutComments(text: string): { text: string; open: number } {
    const mark = /"|\(\*|\{/g;
    const kept: string[] = [];
    let open = -1;
    let from = 0;
    for (let hit = mark.exec(text); hit !== null; hit = mark.exec(text)) {
      if (hit[0] === "{") {
        if (open < 0) open = hit.index;
      } else if (hit[0] === '"') {
        const closing = open < 0 ? text.indexOf('"', hit.index + 1) : hit.index;
        if (closing < 0) this.fail(hit.index, 'a quoted text is not closed: add "');
        mark.lastIndex = closing + 1;
      } else {
        const after = this.#afterComment(text, hit.index);
        kept.push(text.slice(from, hit.index), text.slice(hit.index, after).replace(/[^\n]/g, " "));
        from = mark.lastIndex = after;
      }
    }
    if (open < 0) this.fail(0, "no initial state: put { … } between header and program");
    return { text: kept.length === 0 ? text : kept.join("") + text.slice(from), open };
  }

  #afterComment(text: string, start: number): number {
    const mark = /\(\*|\*\)/g;
    mark.lastIndex = start;
    let depth = 0;
    for (let hit = mark.exec(text); hit !== null; hit = mark.exec(text)) {
      depth += hit[0] === "(*" ? 1 : -1;
      if (depth === 0) return mark.lastIndex;
    }
    return this.fail(start, "a comment is not closed: add *)");
  }

  #closing(open: number): number {
    const brace = /[{}]/g;
    brace.lastIndex = open;
    let depth = 0;
    for (let hit = brace.exec(this.text); hit !== null; hit = brace.exec(this.text)) {
      depth += hit[0] === "{" ? 1 : -1;
      if (depth === 0) return hit.index;
    }
    return this.fail(open, "the initial state is not closed: add }");
  }
}
