/**
 * LWW-Register: the last writer wins. A write gets a stamp above the one it replaces (Lamport 1978),
 * and the larger stamp stays. Stamps are totally ordered, the replica's name deciding between equal
 * counts: only then is "the larger" the same for everybody, whoever arrives first.
 */

import type { JsonObject } from "../../src/base/json.js";
import { compareStamps, firstStamp, type Stamp } from "../stamps.js";
import { type MakeDatatype, type StateBased, takes } from "./datatype.js";

export const lwwRegister: MakeDatatype = (bugs) => {
  const takesTies = bugs.has("tie-takes-arrival");
  const wins = (theirs: Stamp, mine: Stamp): boolean => {
    if (takesTies && theirs.count === mine.count) return true;
    return compareStamps(theirs, mine) > 0;
  };
  const stateBased: StateBased = {
    mutate: (state, { argument }, { replica }) => ({
      stamp: { ms: 0, count: stampOf(state).count + 1, node: replica },
      value: argument,
    }),
    merge: (left, right) => (wins(stampOf(right), stampOf(left)) ? right : left),
    value: ({ value = null }) => value,
  };
  return {
    ...takes(["write"], "value"),
    stateBased,
    operationBased: {
      prepare: stateBased.mutate,
      effect: stateBased.merge,
      value: stateBased.value,
    },
  };
};

function stampOf({ stamp }: JsonObject): Stamp {
  return (stamp as Stamp | undefined) ?? firstStamp;
}
