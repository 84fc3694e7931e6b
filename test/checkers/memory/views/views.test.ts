import { describe, expect, it } from "vitest";
import type { Accesses } from "../../../../checkers/memory/accesses.js";
import { type Decide, STEPS_MAX } from "../../../../checkers/memory/decision.js";
import { pram, processor, slow } from "../../../../checkers/memory/views/index.js";
import { pramRules } from "../../../../checkers/memory/views/rules.js";
import { oracleRuns, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";
import { literallyHolds, literallyProcessor, restricted } from "./literal.js";
import { anyLimits, everyHistory } from "./random-accesses.js";
import { expectWellFormed } from "./well-formed.js";

const holds = (decide: Decide, accesses: Accesses) => {
  const decision = decide(accesses, { stepsMax: STEPS_MAX });
  if (decision.holds === false) expectWellFormed(accesses, decision.violation);
  return decision.holds;
};

describe(`views of small histories ${withSeed}`, () => {
  it(
    "of pipelined memory exist when some order of the definition does",
    { timeout: oracleTimeoutMs },
    () =>
      everyHistory(anyLimits, 3 * oracleRuns, (accesses) => {
        expect(holds(pram, accesses)).toBe(literallyHolds(accesses, pramRules));
      }),
  );

  it("of slow memory are those of pipelined memory, key by key", { timeout: oracleTimeoutMs }, () =>
    everyHistory(anyLimits, 3 * oracleRuns, (accesses) => {
      const keys = Array.from({ length: accesses.keys }, (_, key) => key);
      const isSlow = keys.every((key) => literallyHolds(restricted(accesses, key), pramRules));
      expect(holds(slow, accesses)).toBe(isSlow);
    }),
  );

  it(
    "agree on the order of the writes of each key when some orders of the definition do",
    {
      timeout: oracleTimeoutMs,
    },
    () =>
      everyHistory({ ...anyLimits, accessesMax: 7 }, oracleRuns, (accesses) => {
        expect(holds(processor, accesses)).toBe(literallyProcessor(accesses, pramRules));
      }),
  );
});
