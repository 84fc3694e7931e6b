/** The linearizability checkers say what the definition says, on every small history. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Validity } from "../../checkers/checker.js";
import { linearizable, types } from "../../checkers/index.js";
import { toHistory } from "../../histories/pairing.js";
import type { Json } from "../../src/base/json.js";
import { knownHistories } from "./oracle/known-histories.js";
import { isLinearizable } from "./oracle/linearizable-oracle.js";
import { mutants } from "./oracle/mutants.js";
import { functionsOf, type ObjectType, objectTypes } from "./oracle/object-types.js";
import { anyHistory, atomicHistory, randomHistory } from "./oracle/random-history.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "./oracle/runs.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

type Judged = Parameters<typeof toHistory>[0];

describe("the checker and the oracle know the same types", () => {
  it("under the same names", () => {
    expect([...types.keys()].sort()).toEqual([...objectTypes].sort());
  });

  it.each(objectTypes)("%s: with the same functions", (type) => {
    for (const f of functionsOf[type]) {
      const call = { index: 0, time: 0, process: 0, type: "invoke" as const, f, value: inputOf(f) };
      expect(verdictOf(type, [call], type === "semaphore" ? 1 : null), f).toBe(true);
    }
  });
});

describe("checker and oracle agree", () => {
  it.each(objectTypes)(`on random %s histories ${withSeed}`, (type) => {
    fc.assert(
      fc.property(anyHistory(type), ({ events, init }) => {
        expect(verdictOf(type, events, init)).toBe(isLinearizable(events, type, init));
      }),
      { seed: oracleSeed, numRuns: oracleRuns },
    );
  });

  it.each(knownHistories)("$type: $name: $linearizable", ({ type, events, init, linearizable }) => {
    expect(verdictOf(type, events, init)).toBe(linearizable);
  });

  it.each(objectTypes)(`on %s histories spoiled in every way ${withSeed}`, (type) => {
    fc.assert(
      fc.property(atomicHistory(type), fc.nat(99), ({ events, init }, pick) => {
        for (const { name, apply } of mutants) {
          const spoiled = apply(events, pick);
          if (spoiled === undefined) continue;
          const { events: numbered } = randomHistory(type, init, spoiled);
          const truth = isLinearizable(numbered, type, init);
          expect(verdictOf(type, numbered, init), name).toBe(truth);
        }
      }),
      { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 40) },
    );
  });
});

describe("a verdict of the checker", () => {
  it.each(objectTypes)(
    `names anomalies if and only if %s histories are not valid ${withSeed}`,
    (type) => {
      fc.assert(
        fc.property(anyHistory(type), ({ events, init }) => {
          const { valid, anomalies } = linearizable({ type, init }).check(toHistory(events));
          // Whichever way the initial value is given.
          expect(verdictOf(type, events, init)).toBe(valid);
          expect(anomalies.length > 0).toBe(valid === false);
          const invocations = events.filter((event) => event.type === "invoke");
          for (const { ops, message } of anomalies) {
            expect(message).not.toBe("");
            expect(invocations.map(({ index }) => index)).toEqual(expect.arrayContaining(ops));
          }
        }),
        { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 8) },
      );
    },
  );
});

function verdictOf(type: ObjectType, events: Judged, init: Json): Validity {
  const options = init === null ? undefined : { init };
  return linearizable({ type }).check(toHistory(events), options).valid;
}

/** An input that every function of that name takes. */
function inputOf(f: string): Json {
  if (f === "cas") return [1, 2];
  return f === "append" ? "a" : 1;
}
