/** Sets, whose adds and removes answer whether they changed anything, or not a word. */

import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../../../src/base/json.js";
import {
  among,
  type Dialect,
  nearlyUnique,
  trickyValues,
  uniqueNumbers,
  type Values,
  weighted,
} from "./atomic-object.js";

const growing = { read: 50, add: 50 };
const changing = { read: 35, add: 35, remove: 30 };
const asking = { read: 20, add: 30, remove: 25, contains: 25 };

export const sets: readonly Dialect[] = [
  dialect(growing, uniqueNumbers, false, [null]),
  dialect(growing, among([0, 1, 2]), true, [null, [1]]),
  dialect(growing, among(trickyValues), false, [null, [0]]),
  dialect(changing, uniqueNumbers, false, [null]),
  dialect(changing, among([0, 1]), true, [null, [0, 1]]),
  dialect(asking, among([0, 1]), true, [null, [1]]),
  dialect(asking, among([0, 1, 2]), false, [null, [2, 0]]),
  dialect(asking, nearlyUnique, true, [null, [3]]),
  dialect({ add: 40, remove: 30, contains: 30 }, uniqueNumbers, true, [null, [74]]),
];

function dialect(
  weights: Record<string, number>,
  values: Values,
  isTelling: boolean,
  inits: readonly Json[],
): Dialect {
  return {
    isDistinct: values === uniqueNumbers,
    inits,
    initial: (init) => init ?? [],

    ask({ roll, pick, ordinal }, state) {
      const f = weighted(roll, weights);
      if (f === "read") return { f, input: null };
      const elements = state as Json[];
      // Elements that are there are the ones worth removing.
      const known = f !== "add" && pick % 3 > 0 ? elements[pick % elements.length] : undefined;
      return { f, input: known === undefined ? values(pick, ordinal) : known };
    },

    apply(state, { f, input }) {
      const elements = state as Json[];
      if (f === "read") return { answer: elements, next: elements };
      const others = elements.filter((element) => !isDeepStrictEqual(element, input));
      const isThere = others.length < elements.length;
      if (f === "contains") return { answer: isThere, next: elements };
      // The newest element first: a set may be listed in any order.
      const next = f === "remove" ? others : isThere ? elements : [input, ...elements];
      if (isTelling) return { answer: isThere === (f === "remove"), next };
      // A boolean would tell whether the set changed.
      return { answer: typeof input === "boolean" ? null : input, next };
    },
  };
}
