/** Operations in a few words: "write 1", "read -> 1", "cas 1 to 2", "dequeue -> null". */

import type { Operation } from "../../../histories/history.js";
import { canonical, type Json, jsonEquals } from "../../../src/base/json.js";

const LENGTH_MAX = 28;

export function label(operation: Operation, lengthMax = LENGTH_MAX): string {
  const { f, input, output, outcome } = operation;
  const asked = input === null ? f : `${f} ${inputText(f, input)}`;
  const answered = outcome === "ok" && tells(operation) ? ` -> ${canonical(output)}` : "";
  return shortened(asked + answered, lengthMax) + (outcome === "fail" ? " (failed)" : "");
}

function inputText(f: string, input: Json): string {
  if (f === "cas" && Array.isArray(input) && input.length === 2) {
    return `${canonical(input[0])} to ${canonical(input[1])}`;
  }
  return canonical(input);
}

/** Their null is no answer; that of a read or of a dequeue says that nothing was there. */
const UNANSWERED: ReadonlySet<string> = new Set(
  "acquire release lock unlock increment decrement".split(" "),
);

/** Recorders repeat the input of an update as its output, or answer null. */
function tells({ f, input, output }: Operation): boolean {
  if (output === null) return input === null && !UNANSWERED.has(f);
  return !jsonEquals(input, output);
}

function shortened(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 3)}...`;
}
