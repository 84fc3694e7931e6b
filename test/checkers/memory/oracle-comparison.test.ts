/** Every decision procedure for a memory model says what the definition says, on every small history. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Validity } from "../../../checkers/checker.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../oracle/runs.js";
import { isValid, isValidSet } from "./judged.js";
import { INIT } from "./notation.js";
import { memoryModels, oracleOf } from "./oracle/oracle.js";
import { anyHistory, type RandomHistory } from "./oracle/random-histories.js";
import { guaranteeSets, guarantees } from "./oracle/sessions.js";

vi.setConfig({ testTimeout: 5 * oracleTimeoutMs });

const kinds: readonly (readonly [string, fc.Arbitrary<RandomHistory>])[] = [
  ["of all kinds", anyHistory({ operationsMax: 10 })],
  ["full of updates and fences", anyHistory({ operationsMax: 8, updatePercent: 60 })],
  ["of one key", anyHistory({ operationsMax: 10, keysMax: 1 })],
  ["with many answers lost", anyHistory({ operationsMax: 8, lostPercent: 25 })],
];

const families: readonly (readonly string[])[] = [
  ["sequential", "tso", "pso", "coherence"],
  ["processor", "pram", "slow"],
  ["causal", "causal-convergence", "release-acquire", "causal-memory"],
  guarantees,
  ["eventual"],
  ["strong-convergence"],
];

/** As many of each kind and model; a fifth where only a slice is asked for. */
const numRuns = oracleRuns > 1000 ? oracleRuns : Math.ceil(oracleRuns / 5);
const random = { seed: oracleSeed, numRuns };

type Verdicts = { [model: string]: Validity };

function verdictsOf(names: readonly string[], judge: (name: string) => Validity): Verdicts {
  return Object.fromEntries(names.map((name) => [name, judge(name)]));
}

it("no model is left out", () => {
  expect(families.flat().sort()).toEqual([...memoryModels].sort());
});

describe(`checker and oracle agree ${withSeed}`, () => {
  describe.each(kinds)("on random histories %s", (_, histories) => {
    it.each(families.map((models) => ({ models, names: models.join(", ") })))(
      "about $names",
      ({ models }) => {
        fc.assert(
          fc.property(histories, ({ history }) => {
            const oracle = oracleOf(history, { init: INIT });
            const found = verdictsOf(models, (model) => isValid(model, history));
            expect(found).toEqual(verdictsOf(models, (model) => oracle.allows(model)));
          }),
          random,
        );
      },
    );

    it("about sets of session guarantees in every reading", () => {
      fc.assert(
        fc.property(histories, fc.constantFrom(...guaranteeSets), ({ history }, set) => {
          const oracle = oracleOf(history, { init: INIT });
          for (const reading of ["arbitration", "views", undefined] as const) {
            const truth = oracle.allowsSet(set, reading);
            expect(isValidSet(set, reading, history), `${set.join("+")} ${reading}`).toBe(truth);
          }
        }),
        random,
      );
    });
  });
});
