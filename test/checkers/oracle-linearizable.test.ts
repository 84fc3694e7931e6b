/** The oracle is right: verdicts known by hand, its own definition listed out, valid histories. */

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { HistoryEvent } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import { knownHistories } from "./oracle/known-histories.js";
import { isLinearizable, stepOf } from "./oracle/linearizable-oracle.js";
import { mutants } from "./oracle/mutants.js";
import { type ObjectType, objectTypes } from "./oracle/object-types.js";
import {
  type ObservedOperation,
  observedOperations,
  precedes,
  subsets,
} from "./oracle/observed-operations.js";
import { anyHistory, atomicHistory, operationsMax } from "./oracle/random-history.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, sampleSeed, withSeed } from "./oracle/runs.js";
import { sequentialObjects } from "./oracle/sequential/index.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

describe("the oracle knows what a person can see", () => {
  it.each(knownHistories)("$type: $name: $linearizable", ({ type, events, init, linearizable }) => {
    expect(isLinearizable(events, type, init)).toBe(linearizable);
  });
});

describe("the oracle agrees with a listing of every permutation", () => {
  it.each(objectTypes)(`of small %s histories ${withSeed}`, (type) => {
    const few = anyHistory(type).filter(({ events }) => observedOperations(events).length <= 5);
    fc.assert(
      fc.property(few, ({ events, init }) => {
        expect(isLinearizable(events, type, init)).toBe(
          isLinearizableByListing(events, type, init),
        );
      }),
      { seed: oracleSeed, numRuns: Math.min(oracleRuns, 300) },
    );
  });
});

describe("the oracle accepts what an atomic object did", () => {
  it.each(objectTypes)(`for random %s histories ${withSeed}`, (type) => {
    fc.assert(
      fc.property(atomicHistory(type), ({ events, init }) => isLinearizable(events, type, init)),
      { seed: oracleSeed, numRuns: oracleRuns },
    );
  });
});

describe("random histories are worth judging", () => {
  it.each(objectTypes)("a good part of %s histories is valid, a good part is not", (type) => {
    const sample = fc.sample(anyHistory(type), { seed: sampleSeed, numRuns: 1000 });
    const verdicts = sample.map(({ events, init }) => isLinearizable(events, type, init));
    const valid = verdicts.filter((verdict) => verdict).length;
    expect(valid).toBeGreaterThan(500);
    expect(valid).toBeLessThan(900);
  });

  it.each(objectTypes)("%s operations end in every way, and are at most nine", (type) => {
    const sample = fc.sample(atomicHistory(type), { seed: sampleSeed, numRuns: 1000 });
    const operations = sample.map(({ events }) => observedOperations(events));
    const outcomes = operations.flat().map(({ outcome }) => outcome);
    const share = (wanted: string) =>
      outcomes.filter((outcome) => outcome === wanted).length / outcomes.length;
    expect(Math.max(...operations.map(({ length }) => length))).toBe(operationsMax);
    expect(share("ok")).toBeGreaterThan(0.3);
    expect(share("fail")).toBeGreaterThan(0.08);
    expect(share("info")).toBeGreaterThan(0.1);
  });

  it.each(mutants)("$name: spoils valid histories", ({ apply, always }) => {
    const verdicts = objectTypes.flatMap((type) =>
      fc
        .sample(atomicHistory(type), { seed: sampleSeed, numRuns: 100 })
        .map(({ events, init }, pick) => ({ events: apply(events, pick), init }))
        .flatMap(({ events, init }) => (events ? [isLinearizable(events, type, init)] : [])),
    );
    expect(verdicts.filter((valid) => !valid).length).toBeGreaterThan(10);
    if (always) expect(verdicts).not.toContain(true);
  });
});

/** The definition without any shortcut: all subsets, all permutations, judged when complete. */
function isLinearizableByListing(
  events: readonly HistoryEvent[],
  type: ObjectType,
  init: Json,
): boolean {
  const operations = observedOperations(events);
  return subsets(operations.filter(({ outcome }) => outcome === "info")).some((effective) =>
    permutations([...operations.filter(({ outcome }) => outcome === "ok"), ...effective]).some(
      (order) => respectsRealTime(order) && isLegal(order, type, init),
    ),
  );
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) =>
    permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]),
  );
}

function respectsRealTime(order: readonly ObservedOperation[]): boolean {
  return order.every((earlier, at) => !order.slice(at).some((later) => precedes(later, earlier)));
}

/** Whether the object of every key, run through its part of the order, answers as it should. */
function isLegal(order: readonly ObservedOperation[], type: ObjectType, init: Json): boolean {
  return order.every(({ key }, first) => {
    const ofKey = order.filter((other) => isDeepStrictEqual(other.key, key));
    if (order.indexOf(ofKey[0]!) < first) return true;
    let state: Json | undefined = sequentialObjects[type].initial(init);
    for (const operation of ofKey) {
      if (state !== undefined) state = stepOf(sequentialObjects[type], state, operation);
    }
    return state !== undefined;
  });
}
