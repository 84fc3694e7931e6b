/**
 * Marking a case: what a gate expects of it, written into the file.
 *
 * Only the `gate` member of the document changes; every other byte stays, so that a diff shows the
 * mark and nothing else, however the file was formatted. A scan of the document, O(length).
 */

import { UsageError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { type GateMark, parseCase } from "../store/case-file.js";

/** A member of the document's top-level object; `end` is behind its value. */
interface Member {
  name: string;
  start: number;
  end: number;
}

/** @throws UsageError when the text is not a case, or the mark lacks a link. */
export function marked(text: string, issue: string, file: string): string {
  if (!/^https?:\/\/\S+$/.test(issue)) {
    throw new UsageError(
      `--issue ${issue}: not a link (https://…) to where the failure is tracked`,
    );
  }
  return withMark(text, { expected: "fails", issue }, file);
}

/** The case without a mark: it must pass. @throws UsageError when the text is not a case. */
export function unmarked(text: string, file: string): string {
  return withMark(text, undefined, file);
}

function withMark(text: string, mark: GateMark | undefined, file: string): string {
  parseCase(parsed(text, file), file);
  const list = members(text);
  const at = list.findIndex(({ name }) => name === "gate");
  const rest = at < 0 ? text : cut(text, list, at);
  const result = mark === undefined ? rest : inserted(rest, mark);
  parseCase(parsed(result, file), file);
  return result;
}

function parsed(text: string, file: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new UsageError(`${file}: not JSON: ${(error as Error).message}`);
  }
}

/** Without one member, and the comma that parted it from its neighbour. */
function cut(text: string, list: readonly Member[], at: number): string {
  const { start, end } = list[at] as Member;
  const before = list[at - 1];
  if (before !== undefined) return text.slice(0, before.end) + text.slice(end);
  return text.slice(0, start) + text.slice((list[at + 1] as Member).start);
}

/** The mark goes behind `expected`: what is expected of today beside what came of the run. */
function inserted(text: string, mark: GateMark): string {
  const list = members(text);
  const neighbour = list.find(({ name }) => name === "expected") as Member;
  const first = list[0] as Member;
  const gap = text.slice(text.indexOf("{") + 1, first.start);
  const indent = gap.slice(gap.lastIndexOf("\n") + 1);
  const value = gap.includes("\n")
    ? JSON.stringify(mark, null, indent).replaceAll("\n", `\n${indent}`)
    : JSON.stringify(mark);
  const colon = gap === "" ? ":" : ": ";
  return `${text.slice(0, neighbour.end)},${gap}"gate"${colon}${value}${text.slice(neighbour.end)}`;
}

/** The members of the object that the text, which is sound JSON, consists of. */
function members(text: string): Member[] {
  const result: Member[] = [];
  let name = "";
  let start = -1;
  let depth = 0;
  let solid = 0;
  const close = (): void => {
    if (start >= 0) result.push({ name, start, end: solid });
    start = -1;
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (/\s/.test(char)) continue;
    if (char === '"') {
      const end = endOfString(text, i);
      if (depth === 1 && start < 0) {
        start = i;
        name = JSON.parse(text.slice(i, end)) as string;
      }
      i = end - 1;
    } else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") {
      depth--;
      if (depth === 0) close();
    } else if (char === "," && depth === 1) close();
    solid = i + 1;
  }
  return result;
}

/** Behind the closing quote of the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  let i = from + 1;
  while (text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i + 1;
}
