/** Registers that are read, written, swapped and appended to. */

import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../../../src/base/json.js";
import {
  among,
  type Dialect,
  likeValues,
  nearlyUnique,
  trickyValues,
  uniqueNumbers,
  type Values,
  weighted,
} from "./atomic-object.js";

const plain = { read: 50, write: 50 };
const renamed = { get: 50, put: 50 };
const swapping = { read: 45, write: 25, cas: 30 };
const strings = { get: 25, read: 20, put: 10, append: 30, cas: 15 };

export const registers: readonly Dialect[] = dialectsOf(plain, renamed);

export const casRegisters: readonly Dialect[] = dialectsOf(swapping, { ...renamed, cas: 40 });

export const maps: readonly Dialect[] = [
  ...dialectsOf(swapping, { ...renamed, cas: 40 }),
  dialect(strings, among(["a", "b"]), [null, "", "a"]),
  dialect(strings, (_, ordinal) => String.fromCharCode(97 + ordinal), [null, "z"]),
];

function dialectsOf(usual: Record<string, number>, other: Record<string, number>): Dialect[] {
  return [
    dialect(usual, among([0, 1, 2]), [null, 0, 1]),
    dialect(other, among([1, null]), [null, 1]),
    dialect(usual, uniqueNumbers, [null, 100]),
    dialect(other, nearlyUnique, [null, 3]),
    dialect(other, among(likeValues), [null, 0]),
    dialect(usual, among([...trickyValues, null]), [null, 0, [0]]),
  ];
}

function dialect(weights: Record<string, number>, values: Values, inits: readonly Json[]): Dialect {
  return {
    isDistinct: values === uniqueNumbers,
    inits,
    initial: (init) => init,

    ask({ roll, pick, ordinal }, state) {
      const f = weighted(roll, weights);
      if (f === "read" || f === "get") return { f, input: null };
      const value = values(pick, ordinal);
      if (f !== "cas") return { f, input: value };
      return { f, input: [pick % 5 < 2 ? values(pick >> 2, pick >> 4) : state, value] };
    },

    apply(state, { f, input }) {
      if (f === "read" || f === "get") return { answer: state, next: state };
      if (f === "append") return { answer: input, next: `${state ?? ""}${input}` };
      if (f !== "cas") return { answer: input, next: input };
      const [from, to] = input as [Json, Json];
      return isDeepStrictEqual(from, state) ? { answer: input, next: to } : "fail";
    },
  };
}
