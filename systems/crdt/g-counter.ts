/**
 * G-Counter: it only grows. As a state, one slot per replica, of which only that replica adds to its
 * own; the merge takes the larger of each slot. As operations, every replica adds the delta to a plain
 * number. A slot belongs to a replica for ever: another who counts in it from 0 is not heard.
 */

import type { JsonObject } from "../../src/base/json.js";
import { type Datatype, type OperationBased, takes } from "./datatype.js";
import { joined, type Vector } from "./vector.js";

/** Addition commutes: the number may be changed in any order, but by each operation only once. */
export const plainNumber: OperationBased = {
  prepare: (_, { argument }) => ({ delta: argument }),
  effect: ({ total = 0 }, { delta }) => ({ total: Number(total) + Number(delta) }),
  value: ({ total = 0 }) => total,
};

export function totalOf(slots: Vector): number {
  return Object.values(slots).reduce((sum, count) => sum + count, 0);
}

export function gCounter(): Datatype {
  return {
    ...takes(["add"], "delta", (delta) => Number.isInteger(delta) && Number(delta) >= 0),
    stateBased: {
      mutate: (slots, { argument }, { replica }) => ({
        [replica]: Number(slots[replica] ?? 0) + Number(argument),
      }),
      merge: (left, right): JsonObject => joined(left as Vector, right as Vector),
      value: (slots) => totalOf(slots as Vector),
    },
    operationBased: plainNumber,
  };
}
