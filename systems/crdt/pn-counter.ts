/**
 * PN-Counter: two G-Counters, one of what was added and one of what was taken away. A single slot per
 * replica that goes up and down would not do: its maximum forgets decrements.
 */

import type { JsonObject } from "../../src/base/json.js";
import { type Datatype, takes } from "./datatype.js";
import { plainNumber, totalOf } from "./g-counter.js";
import { joined, type Vector } from "./vector.js";

export function pnCounter(): Datatype {
  return {
    ...takes(["add"], "delta", (delta) => Number.isInteger(delta)),
    stateBased: {
      mutate: (state, { argument }, { replica }) => {
        const side = Number(argument) < 0 ? "down" : "up";
        const count = slotsOf(state, side)[replica] ?? 0;
        return { [side]: { [replica]: count + Math.abs(Number(argument)) } };
      },
      merge: (left, right) => ({
        up: joined(slotsOf(left, "up"), slotsOf(right, "up")),
        down: joined(slotsOf(left, "down"), slotsOf(right, "down")),
      }),
      value: (state) => totalOf(slotsOf(state, "up")) - totalOf(slotsOf(state, "down")),
    },
    operationBased: plainNumber,
  };
}

function slotsOf(state: JsonObject, side: "up" | "down"): Vector {
  return (state[side] ?? {}) as Vector;
}
