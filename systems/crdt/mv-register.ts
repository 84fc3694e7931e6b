/**
 * MV-Register: a write replaces what its replica has seen, and nothing else. Writes that knew nothing
 * of each other stay side by side as siblings, and the next write replaces them all: nothing that was
 * acknowledged gives way to a write made in ignorance of it (Dynamo 2007; Shapiro et al. 2011).
 *
 * A version is a value with a vector of the writes that it includes, its own among them; the merge
 * keeps those that no other includes.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { type Datatype, type StateBased, takes } from "./datatype.js";
import { covers, type Dot, dotText, joined, type Vector } from "./vector.js";

type Version = { value: Json; vector: Vector };

/** By the write that made it. */
type Versions = { [dot: string]: Version };

const stateBased: StateBased = {
  mutate: (state, { argument }, dot) => {
    const seen = Object.values(state as Versions).map(({ vector }) => vector);
    const vector = seen.reduce(joined, { [dot.replica]: dot.n });
    return { [dotText(dot)]: { value: argument, vector } };
  },
  merge: (left, right) => {
    const all = Object.entries({ ...left, ...right } as Versions);
    const stays = ([dot, { vector }]: [string, Version]): boolean =>
      !all.some(([other, version]) => other !== dot && covers(version.vector, vector));
    return Object.fromEntries(all.filter(stays)) as JsonObject;
  },
  value: (state) => valuesOf(state),
};

export function mvRegister(): Datatype {
  return {
    ...takes(["write"], "value"),
    receipt: (state, _update, _dot: Dot) => ({ replaced: valuesOf(state) }),
    stateBased,
    operationBased: {
      prepare: stateBased.mutate,
      effect: stateBased.merge,
      value: stateBased.value,
    },
  };
}

function valuesOf(state: JsonObject): Json[] {
  return Object.values(state as Versions).map(({ value }) => value);
}
