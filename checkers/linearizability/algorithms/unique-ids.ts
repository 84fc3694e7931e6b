/**
 * A generator of unique ids: linearizable iff no id was handed out twice, because every order of
 * the operations is as good as any other. A pending one handed out an id that nobody saw. O(n).
 */

import { PENDING } from "../../../histories/columns.js";
import type { Algorithm, Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { ABSENT, IdTable } from "./id-table.js";

export const uniqueIds: Algorithm = {
  name: "distinct ids",
  complexity: "n",
  source: "the definition",
  examine,
  linearize,
};

function examine(view: ObjectView): Finding {
  const holders = new IdTable(view);
  for (let i = 0; i < view.size; i++) {
    if (view.completed[i] === PENDING) continue;
    const holder = holders.get(view.output[i]!);
    if (holder !== ABSENT) return { valid: false, core: [holder, i] };
    holders.set(view.output[i]!, i);
  }
  return { valid: true };
}

/** In order of invocation, which respects real time whatever the operations are. */
function linearize({ size, completed }: ObjectView): Int32Array {
  const order = new Int32Array(size);
  let count = 0;
  for (let i = 0; i < size; i++) if (completed[i] !== PENDING) order[count++] = i;
  return order.subarray(0, count);
}
