/** G-Set: it only grows; the merge is the union, and an addition is a set of one element. */

import { canonical } from "../../src/base/json.js";
import { type Datatype, type StateBased, takes } from "./datatype.js";

const stateBased: StateBased = {
  mutate: (_, { argument }) => ({ [canonical(argument)]: argument }),
  merge: (left, right) => ({ ...left, ...right }),
  value: (elements) => Object.values(elements).map((element) => element ?? null),
};

export function gSet(): Datatype {
  return {
    ...takes(["add"], "element"),
    stateBased,
    operationBased: {
      prepare: stateBased.mutate,
      effect: stateBased.merge,
      value: stateBased.value,
    },
  };
}
