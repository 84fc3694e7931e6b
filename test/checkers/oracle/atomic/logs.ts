/** Logs that are appended to and read as a whole, and services that hand out ids. */

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

export const lists: readonly Dialect[] = [
  list(uniqueNumbers, [null, [100]], []),
  list(uniqueNumbers, [null], null),
  list(among([0, 1]), [null, [1]], []),
  list(nearlyUnique, [null], null),
  list(among(likeValues), [null, ["0"]], []),
  list(among(trickyValues), [null, [0, "0"]], []),
];

export const idServices: readonly Dialect[] = [
  ids((ordinal) => ordinal),
  ids((ordinal) => `id-${ordinal}`),
  ids((ordinal) => (ordinal % 2 === 0 ? ordinal : String(ordinal - 1))),
  ids((ordinal) => [ordinal, { node: "n1" }]),
];

function list(values: Values, inits: readonly Json[], empty: Json): Dialect {
  return {
    isDistinct: values === uniqueNumbers,
    inits,
    initial: (init) => init ?? [],
    ask({ roll, pick, ordinal }) {
      const f = weighted(roll, { read: 50, append: 50 });
      return { f, input: f === "read" ? null : values(pick, ordinal) };
    },
    apply(state, { f, input }) {
      const elements = state as Json[];
      if (f === "append") return { answer: input, next: [...elements, input] };
      return { answer: elements.length === 0 ? empty : elements, next: elements };
    },
    /** Without an element, or with the order turned round. */
    confused(state, pick) {
      const elements = state as Json[];
      const at = pick % Math.max(elements.length, 1);
      return pick % 3 === 0 ? elements.toSpliced(at, 1) : elements.toReversed();
    },
  };
}

/** The state: the ordinal of the next id. */
function ids(name: (ordinal: number) => Json): Dialect {
  return {
    isDistinct: true,
    inits: [null],
    initial: () => 0,
    ask: () => ({ f: "generate", input: null }),
    apply: (state) => ({ answer: name(state as number), next: (state as number) + 1 }),
  };
}
