/** Fetch-and-add, executed in place: the sum before it is added to, and reads of the sum. */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { SequentialObject } from "../verify.js";
import type { ObjectView } from "../view.js";

export function fetchAndAddObject(view: ObjectView): SequentialObject {
  const { f, input, output, completed, values, init } = view;
  let sum = init === NULL_ID ? 0 : values.number(init);
  return {
    execute(i) {
      if (completed[i] !== PENDING && values.number(output[i]!) !== sum) return false;
      if (f[i] === 0) sum += values.number(input[i]!);
      return true;
    },
  };
}
