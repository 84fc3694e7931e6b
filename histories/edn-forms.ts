/**
 * Cuts EDN text into its top-level forms, each with its line, and vouches for their structure.
 *
 * The edn-data library reads one sound form quickly, but it forgives too much for verdicts to rest
 * on: brackets that do not match, maps with an odd number of forms, strings that never end. So this
 * scanner goes first: what it yields is sound. O(length), whatever the size of the file; the forms
 * come one at a time.
 */

import { UsageError } from "../src/base/errors.js";
import { skipSpace, tokenAt } from "./edn-tokens.js";
import { at } from "./recording.js";
import { Truncated } from "./truncated.js";

export interface EdnForm {
  text: string;
  /** Counted from 1. */
  line: number;
}

export interface FormOptions {
  source?: string | undefined;
  /** The line of the file on which the text starts; 1 when left out. */
  line?: number;
  /** When the text is one vector or list, yield its elements instead of itself. */
  unwrap?: boolean;
  /**
   * Is shown where a form begins that is a map or tagged and is to be yielded, and may take it from
   * the text itself: then it returns where the form ends, and otherwise a negative number.
   */
  shortcut?: (text: string, offset: number, line: number) => number;
}

/** An unclosed bracket; the outermost frame, which has none, is the text itself. */
interface Frame {
  opener: string;
  line: number;
  /** Forms so far, discarded ones left out. */
  count: number;
  /** `#tag` and `#_` that still wait for their form. */
  prefixes: ("tag" | "discard")[];
}

const CLOSERS: { [opener: string]: string } = { "(": ")", "[": "]", "{": "}", "#{": "}" };

const NO_FORM = "a # has no form after it";

/** How a line begins that an event begins with. */
const NEXT_EVENT = /\n[\s,]*[{#]/;

/** Values nested deeper would exhaust the stack of those who walk them. */
const DEPTH_MAX = 500;

/** The forms of a text. @throws UsageError, from the iterator, with the line of what is malformed. */
export function* ednForms(text: string, options: FormOptions = {}): Generator<EdnForm> {
  const forms = new EdnForms(options);
  forms.push(text);
  forms.end();
  for (let form: EdnForm | undefined; (form = forms.next()); ) yield form;
}

/** The forms of a text that comes in pieces, cut anywhere. */
export class EdnForms {
  readonly #options: FormOptions;
  readonly #frames: Frame[];
  /** The text not yet read; a token cut at its end waits for the next piece. */
  #text = "";
  #offset = 0;
  #ended = false;
  /** The line that was asked for last, and where it ends. */
  #line: number;
  #newline = -1;
  /** Brackets around the forms to yield: 1 while inside the vector of all events. */
  #depth = 0;
  #unwrapped = false;
  /** The form being read: the line where it starts, its text respelled up to `#copied`. */
  #startLine: number | undefined;
  #copied = 0;
  #respelled = "";

  constructor(options: FormOptions = {}) {
    this.#options = options;
    this.#line = options.line ?? 1;
    this.#frames = [{ opener: "", line: this.#line, count: 0, prefixes: [] }];
  }

  /** More text. All forms that `next` still has are to be taken first. */
  push(piece: string): void {
    this.#lineOf(this.#offset);
    if (this.#startLine !== undefined) {
      this.#respelled += this.#text.slice(this.#copied, this.#offset);
      this.#copied = 0;
    }
    this.#text = this.#text.slice(this.#offset) + piece;
    this.#offset = 0;
    this.#newline = this.#text.indexOf("\n");
  }

  /** There is no more text: `next` gives the last forms, and then vouches for the end. */
  end(): void {
    this.#ended = true;
  }

  /**
   * The next form; undefined when there is none in the text so far.
   * @throws UsageError with the line of what is malformed.
   */
  next(): EdnForm | undefined {
    const frames = this.#frames;
    const { shortcut } = this.#options;
    for (;;) {
      const text = this.#text;
      const offset = (this.#offset = skipSpace(text, this.#offset));
      if (offset >= text.length) break;
      if (shortcut && /[{#]/.test(text[offset]!) && this.#betweenForms()) {
        const end = shortcut(text, offset, this.#lineOf(offset));
        if (end >= 0) {
          frames.at(-1)!.count += 1;
          this.#offset = end;
          continue;
        }
      }
      const token = tokenAt(text, offset);
      const { kind, end, spelling } = token;
      const isBracket = kind === "open" || kind === "close";
      // What is cut at the end of a file may have got a line end all the same.
      const isLast = (kind === "malformed" ? skipSpace(text, end) : end) >= text.length;
      if (isLast && !isBracket && !this.#ended) break;
      this.#offset = end;
      if (kind === "malformed") {
        if (isLast) this.#failAtEnd(this.#lineOf(offset), spelling!);
        this.#fail(this.#lineOf(offset), spelling!);
      }
      if (this.#unwrapped && this.#depth === 0 && kind !== "comment") {
        this.#fail(this.#lineOf(offset), "text after the end of the vector of events: remove it");
      }
      if (this.#startLine === undefined && kind !== "comment" && kind !== "close") {
        this.#startLine = this.#lineOf(offset);
        this.#copied = offset;
        this.#respelled = "";
      }
      if (this.#startLine !== undefined && spelling !== undefined) {
        this.#respelled += text.slice(this.#copied, offset) + spelling;
        this.#copied = end;
      }

      if (kind === "comment") continue;
      if (kind === "tag" || kind === "discard") {
        frames.at(-1)!.prefixes.push(kind);
        continue;
      }
      if (kind === "open") {
        this.#open(text.slice(offset, end), offset);
        continue;
      }
      if (kind === "close") this.#close(text.slice(offset, end), offset);

      // A form is complete: an atom, or what the bracket closed.
      if (this.#unwrapped && this.#depth === 0) continue;
      const discarded = takePrefixes(frames.at(-1)!);
      if (frames.length !== this.#depth + 1) continue;
      const line = this.#startLine!;
      if (!discarded || frames.at(-1)!.prefixes.length === 0) this.#startLine = undefined;
      if (!discarded) return { text: this.#respelled + text.slice(this.#copied, end), line };
    }
    if (this.#ended) this.#checkEnd();
    return undefined;
  }

  /** Whether a form that begins here is to be yielded, as it stands. */
  #betweenForms(): boolean {
    return (
      this.#startLine === undefined &&
      this.#frames.length === this.#depth + 1 &&
      !(this.#unwrapped && this.#depth === 0)
    );
  }

  #open(opener: string, offset: number): void {
    const frames = this.#frames;
    const line = this.#lineOf(offset);
    if (frames.length > DEPTH_MAX) this.#fail(line, `more than ${DEPTH_MAX} brackets nested`);
    const outer = frames.at(-1)!;
    frames.push({ opener, line, count: 0, prefixes: [] });
    const first = frames.length === 2 && outer.count === 0;
    if (!this.#options.unwrap || !first || outer.prefixes.includes("discard")) return;
    if (!/[[(]/.test(opener)) return;
    this.#unwrapped = true;
    this.#depth = 1;
    this.#startLine = undefined;
    outer.prefixes = [];
  }

  #close(closer: string, offset: number): void {
    const frames = this.#frames;
    const frame = frames.at(-1)!;
    const line = this.#lineOf(offset);
    if (frames.length === 1) this.#fail(line, `${closer} without its opening bracket`);
    if (CLOSERS[frame.opener] !== closer) {
      const opened = `the ${frame.opener} of line ${frame.line}`;
      this.#fail(line, `${closer} where ${CLOSERS[frame.opener]} must close ${opened}`);
    }
    this.#checkComplete(frame, frame.line);
    frames.pop();
    if (this.#depth === frames.length) this.#depth = 0;
  }

  #checkEnd(): void {
    const open = this.#frames.at(-1)!;
    if (this.#frames.length > 1) {
      const closer = CLOSERS[open.opener];
      this.#failAtEnd(
        open.line,
        `${open.opener} is not closed: the text ends before its ${closer}`,
      );
    }
    if (open.prefixes.length > 0) this.#failAtEnd(this.#startLine ?? open.line, NO_FORM);
  }

  #checkComplete(frame: Frame, line: number): void {
    if (frame.prefixes.length > 0) this.#fail(line, NO_FORM);
    if (frame.opener === "{" && frame.count % 2 !== 0) {
      this.#fail(line, "a map whose last key has no value");
    }
  }

  #fail(line: number, reason: string): never {
    throw new UsageError(`${at(this.#options.source, line)}${reason}`);
  }

  /**
   * The text stops in the middle of a form; or, when events seem to follow the line where that one
   * begins, a bracket or a quote was lost there, and what follows must not be left out with it.
   */
  #failAtEnd(line: number, reason: string): never {
    const swallowed = this.#respelled + this.#text.slice(this.#copied);
    if (this.#startLine !== undefined && NEXT_EVENT.test(swallowed)) this.#fail(line, reason);
    throw new Truncated(at(this.#options.source, line), reason);
  }

  /** Line of an offset, for offsets asked in ascending order: O(length) over all calls. */
  #lineOf(offset: number): number {
    while (this.#newline >= 0 && this.#newline < offset) {
      this.#line += 1;
      this.#newline = this.#text.indexOf("\n", this.#newline + 1);
    }
    return this.#line;
  }
}

/** Counts a complete form, or lets the `#_` before it take it away: true when it did. */
function takePrefixes(frame: Frame): boolean {
  while (frame.prefixes.at(-1) === "tag") frame.prefixes.pop();
  if (frame.prefixes.pop() === "discard") return true;
  frame.count += 1;
  return false;
}
