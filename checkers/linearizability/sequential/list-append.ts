/**
 * A list that is appended to and read as a whole, executed in place. A read costs its own length at
 * most, and nothing when the list is as it was when the same value was read last.
 */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { SequentialObject } from "../verify.js";
import type { ObjectView } from "../view.js";

export function listAppendObject(view: ObjectView): SequentialObject {
  const { f, input, output, completed, values, init } = view;
  const list = Array.from(values.elements(init));
  /** The value of the list as it is, if a read has told. */
  let known: number | undefined;
  const isList = (read: number): boolean => {
    if (read !== NULL_ID && !values.isList(read)) return false;
    const elements = values.elements(read);
    return elements.length === list.length && elements.every((element, n) => element === list[n]);
  };
  return {
    execute(i) {
      if (f[i] === 0) {
        list.push(input[i]!);
        known = undefined;
      } else if (completed[i] !== PENDING && output[i] !== known) {
        if (!isList(output[i]!)) return false;
        known = output[i]!;
      }
      return true;
    },
  };
}
