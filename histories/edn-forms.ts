/**
 * Cuts EDN text into its top-level forms, each with its line, and vouches for their structure.
 *
 * The edn-data library reads one sound form quickly, but it forgives too much for verdicts to rest
 * on: brackets that do not match, maps with an odd number of forms, strings that never end. So this
 * scanner goes first: what it yields is sound. O(length), whatever the size of the file; the forms
 * come one at a time.
 */

import { UsageError } from "../src/base/errors.js";
import { type EdnToken, skipSpace, tokenAt } from "./edn-tokens.js";
import { at } from "./recording.js";

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
}

/** An unclosed bracket; the outermost frame, which has none, is the text itself. */
interface Frame {
  opener: string;
  offset: number;
  /** Forms so far, discarded ones left out. */
  count: number;
  /** `#tag` and `#_` that still wait for their form. */
  prefixes: ("tag" | "discard")[];
}

const CLOSERS: { [opener: string]: string } = { "(": ")", "[": "]", "{": "}", "#{": "}" };

/** Values nested deeper would exhaust the stack of those who walk them. */
const DEPTH_MAX = 500;

/** @throws UsageError, from the iterator, with the line of what is malformed. */
export function* ednForms(text: string, options: FormOptions = {}): Generator<EdnForm> {
  const lineOf = lineCounter(text, options.line ?? 1);
  const fail = (offset: number, reason: string): never => {
    // A counter of its own: what is wrong may have begun before the forms counted last.
    const line = lineCounter(text, options.line ?? 1)(offset);
    throw new UsageError(`${at(options.source, line)}${reason}`);
  };
  const frames: Frame[] = [{ opener: "", offset: 0, count: 0, prefixes: [] }];
  /** Brackets around the forms to yield: 1 while inside the vector of all events. */
  let depth = 0;
  let unwrapped = false;
  /** The form being read: where it starts, its text respelled up to `copied`. */
  let start = -1;
  let copied = 0;
  let respelled = "";

  let offset = skipSpace(text, 0);
  for (let token: EdnToken; offset < text.length; offset = skipSpace(text, token.end)) {
    token = tokenAt(text, offset);
    const { kind, end, spelling } = token;
    const frame = frames.at(-1)!;
    if (kind === "malformed") fail(offset, spelling!);
    if (unwrapped && depth === 0 && kind !== "comment") {
      fail(offset, "text after the end of the vector of events: remove it");
    }
    if (start < 0 && kind !== "comment" && kind !== "close") {
      start = copied = offset;
      respelled = "";
    }
    if (start >= 0 && spelling !== undefined) {
      respelled += text.slice(copied, offset) + spelling;
      copied = end;
    }

    switch (kind) {
      case "comment":
        continue;
      case "tag":
      case "discard":
        frame.prefixes.push(kind);
        continue;
      case "open": {
        const opener = text.slice(offset, end);
        if (frames.length > DEPTH_MAX) fail(offset, `more than ${DEPTH_MAX} brackets nested`);
        frames.push({ opener, offset, count: 0, prefixes: [] });
        const first = frames.length === 2 && frame.count === 0;
        if (options.unwrap && first && !frame.prefixes.includes("discard") && /[[(]/.test(opener)) {
          unwrapped = true;
          depth = 1;
          start = -1;
          frame.prefixes = [];
        }
        continue;
      }
      case "close": {
        const closer = text.slice(offset, end);
        if (frames.length === 1) fail(offset, `${closer} without its opening bracket`);
        if (CLOSERS[frame.opener] !== closer) {
          const opened = `the ${frame.opener} of line ${lineCounter(text, options.line ?? 1)(frame.offset)}`;
          fail(offset, `${closer} where ${CLOSERS[frame.opener]} must close ${opened}`);
        }
        checkComplete(frame, fail);
        frames.pop();
        if (depth === frames.length) depth = 0;
        break;
      }
    }

    // A form is complete: an atom, or what the bracket closed.
    if (unwrapped && depth === 0) continue;
    const discarded = takePrefixes(frames.at(-1)!);
    if (frames.length !== depth + 1) continue;
    if (!discarded) yield { text: respelled + text.slice(copied, end), line: lineOf(start) };
    if (!discarded || frames.at(-1)!.prefixes.length === 0) start = -1;
  }

  const open = frames.at(-1)!;
  if (frames.length > 1) {
    fail(
      open.offset,
      `${open.opener} is not closed: the text ends before its ${CLOSERS[open.opener]}`,
    );
  }
  checkComplete({ ...open, offset: Math.max(start, 0) }, fail);
}

/** Counts a complete form, or lets the `#_` before it take it away: true when it did. */
function takePrefixes(frame: Frame): boolean {
  while (frame.prefixes.at(-1) === "tag") frame.prefixes.pop();
  if (frame.prefixes.pop() === "discard") return true;
  frame.count += 1;
  return false;
}

function checkComplete(frame: Frame, fail: (offset: number, reason: string) => never): void {
  if (frame.prefixes.length > 0) fail(frame.offset, "a # has no form after it");
  if (frame.opener === "{" && frame.count % 2 !== 0) {
    fail(frame.offset, "a map whose last key has no value");
  }
}

/** Line of an offset, for offsets asked in ascending order: O(length) over all calls. */
function lineCounter(text: string, first: number): (offset: number) => number {
  let line = first;
  let newline = text.indexOf("\n");
  return (offset) => {
    while (newline >= 0 && newline < offset) {
      line += 1;
      newline = text.indexOf("\n", newline + 1);
    }
    return line;
  };
}
