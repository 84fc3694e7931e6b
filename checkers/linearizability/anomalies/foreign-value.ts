/**
 * A value that was found and cannot have been there. `attempts` are the operations that tried to
 * put it there; the object did not start with it.
 *
 * - garbage-read: nobody ever tried.
 * - aborted-read: only failed operations tried (Adya's G1a; also called a dirty read).
 * - future-read: every attempt that may have succeeded began after the value had been found.
 */

import type { Operation } from "../../../histories/history.js";
import { completionTime } from "../../describe.js";
import { describe, mayHaveHappened, type Name } from "./violation.js";

/** `found` begins the sentence: "process 2 read 7 in key x"; `nobody` ends it: "wrote to it". */
export function nameForeignValue(
  finder: Operation,
  attempts: readonly Operation[],
  found: string,
  nobody: string,
): Name | undefined {
  const [first] = attempts;
  if (first === undefined) {
    return { type: "garbage-read", message: `${found}, which nobody ${nobody}` };
  }
  const possible = attempts.filter(mayHaveHappened);
  if (possible.length === 0) {
    return { type: "aborted-read", message: `${found}, but the ${describe(first)} had failed` };
  }
  if (possible.some(({ invoked }) => invoked < finder.completed)) return undefined;
  const earliest = possible.reduce((a, b) => (a.invoked < b.invoked ? a : b));
  return {
    type: "future-read",
    message: `${found} at ${completionTime(finder)}, before the ${describe(earliest)} began`,
  };
}
