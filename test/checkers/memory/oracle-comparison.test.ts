/** Every decision procedure for a memory model says what the definition says, on every small history. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { dearRuns, oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../oracle/runs.js";
import { isValid, isValidSet } from "./judged.js";
import { INIT } from "./notation.js";
import { memoryModels, oracleOf } from "./oracle/oracle.js";
import { anyHistory, type RandomHistory } from "./oracle/random-histories.js";
import { guaranteeSets } from "./oracle/sessions.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

const kinds: readonly (readonly [string, fc.Arbitrary<RandomHistory>])[] = [
  ["of all kinds", anyHistory({ operationsMax: 10 })],
  ["full of updates and fences", anyHistory({ operationsMax: 8, updatePercent: 60 })],
  ["with many answers lost", anyHistory({ operationsMax: 8, lostPercent: 25 })],
];

/** Of three kinds each. */
const numRuns = Math.ceil(oracleRuns / kinds.length);

describe(`checker and oracle agree ${withSeed}`, () => {
  describe.each(kinds)("on random histories %s", (_, histories) => {
    it.each(memoryModels)("about %s", (model) => {
      fc.assert(
        fc.property(histories, ({ history }) => {
          expect(isValid(model, history)).toBe(oracleOf(history, { init: INIT }).allows(model));
        }),
        { seed: oracleSeed, numRuns },
      );
    });

    it.each(["arbitration", "views", undefined] as const)(
      "about sets of session guarantees in the reading %s",
      (reading) => {
        fc.assert(
          fc.property(histories, fc.constantFrom(...guaranteeSets), ({ history }, set) => {
            const truth = oracleOf(history, { init: INIT }).allowsSet(set, reading);
            expect(isValidSet(set, reading, history), set.join("+")).toBe(truth);
          }),
          { seed: oracleSeed, numRuns: dearRuns },
        );
      },
    );
  });
});
