/** Counters, and whatever hands out numbers or ids. */

import type { Json } from "../../../src/base/json.js";
import { show } from "../../describe.js";
import { unitCounter } from "../algorithms/counter.js";
import { fetchAndAdd as fetchAndAddRule } from "../algorithms/fetch-and-add.js";
import { uniqueIds as uniqueIdsRule } from "../algorithms/unique-ids.js";
import {
  nameCounterViolation,
  nameFetchAndAddViolation,
  nameUniqueIdsViolation,
} from "../anomalies/index.js";
import { counter } from "../models/counter.js";
import { fetchAndAdd } from "../models/fetch-and-add.js";
import { uniqueIds } from "../models/unique-ids.js";
import { describeType, type ObjectType } from "../object-type.js";
import { counterObject } from "../sequential/counter.js";
import { fetchAndAddObject } from "../sequential/fetch-and-add.js";
import { uniqueIdsObject } from "../sequential/unique-ids.js";

export const numbers: readonly ObjectType[] = [
  describeType({
    summary: "a sum: add a whole number, increment, decrement, read",
    functions: ["add", "read"],
    aliases: { increment: "add", decrement: "add" },
    reads: ["read"],
    rewrite: rewriteStep,
    refuse: refuseStep,
    refuseInit,
    model: counter,
    object: counterObject,
    algorithms: [unitCounter],
    nameViolation: nameCounterViolation,
  }),
  describeType({
    summary: "a sum that each addition returns as it was before: fetch-and-add, read",
    functions: ["fetch-and-add", "read"],
    aliases: { faa: "fetch-and-add", "get-and-add": "fetch-and-add" },
    reads: ["read"],
    refuse: refuseStep,
    refuseInit,
    model: fetchAndAdd,
    object: fetchAndAddObject,
    algorithms: [fetchAndAddRule],
    nameViolation: nameFetchAndAddViolation,
  }),
  describeType({
    summary: "ids that nobody else gets: generate",
    functions: ["generate"],
    refuseInit: (init) => (init === null ? undefined : "ids start from nothing: leave it out"),
    model: uniqueIds,
    object: uniqueIdsObject,
    algorithms: [uniqueIdsRule],
    nameViolation: nameUniqueIdsViolation,
  }),
];

/** An increment without value is by one; a decrement takes away. */
function rewriteStep(f: string, input: Json): Json {
  if (f === "add") return input;
  const step = input ?? 1;
  return f === "decrement" && typeof step === "number" ? -step : step;
}

function refuseStep(f: string, input: Json): string | undefined {
  if (f === "read" || Number.isSafeInteger(input)) return undefined;
  return `${f} takes a whole number, got ${show(input)}`;
}

function refuseInit(init: Json): string | undefined {
  return init === null || Number.isSafeInteger(init)
    ? undefined
    : "a counter starts as a whole number";
}
