/** A counter, executed in place: add, read the sum. A counter that is null reads 0. */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { SequentialObject } from "../verify.js";
import type { ObjectView } from "../view.js";

export function counterObject({
  f,
  input,
  output,
  completed,
  values,
  init,
}: ObjectView): SequentialObject {
  const sumOf = (id: number): number => (id === NULL_ID ? 0 : values.number(id));
  let sum = sumOf(init);
  return {
    execute(i) {
      if (f[i] !== 0) return completed[i] === PENDING || sumOf(output[i]!) === sum;
      sum += values.number(input[i]!);
      return true;
    },
  };
}
