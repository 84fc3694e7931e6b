/** The linearizability checkers say what the definition says, on every small history. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Validity } from "../../checkers/checker.js";
import { linearizable } from "../../checkers/index.js";
import { toHistory } from "../../histories/pairing.js";
import type { Json } from "../../src/base/json.js";
import { knownHistories } from "./oracle/known-histories.js";
import { isLinearizable } from "./oracle/linearizable-oracle.js";
import { mutants } from "./oracle/mutants.js";
import { anyHistory, atomicHistory, randomHistory } from "./oracle/random-history.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "./oracle/runs.js";
import { type ObjectType, objectTypes } from "./oracle/sequential-object.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

type Judged = Parameters<typeof toHistory>[0];

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
});

describe("the checker rejects a spoiled history", () => {
  const cases = mutants.flatMap((mutant) =>
    (mutant.types ?? objectTypes).map((type) => ({ type, mutant })),
  );

  it.each(cases)(`$type: $mutant.name ${withSeed}`, ({ type, mutant }) => {
    fc.assert(
      fc.property(atomicHistory(type), fc.nat(99), ({ events, init }, pick) => {
        const spoiled = randomHistory(type, init, mutant.apply(events, pick) ?? []);
        fc.pre(!isLinearizable(spoiled.events, type, init));
        expect(verdictOf(type, spoiled.events, init), spoiled.toString()).toBe(false);
      }),
      { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 50), maxSkipsPerRun: 10_000 },
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
          expect(anomalies.length > 0).toBe(valid === false);
          const invocations = events.filter((event) => event.type === "invoke");
          for (const { ops, message } of anomalies) {
            expect(message).not.toBe("");
            expect(invocations.map(({ index }) => index)).toEqual(expect.arrayContaining(ops));
          }
        }),
        { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 4) },
      );
    },
  );
});

/** The checker's verdict, which must not depend on the way in which `init` is given. */
function verdictOf(type: ObjectType, events: Judged, init: Json): Validity {
  const history = toHistory(events);
  const { valid } = linearizable({ type, init }).check(history);
  const options = init === null ? undefined : { init };
  expect(linearizable({ type }).check(history, options).valid).toBe(valid);
  return valid;
}
