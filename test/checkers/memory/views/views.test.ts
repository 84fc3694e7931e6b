import { describe, expect, it } from "vitest";
import { type Accesses, INITIAL, kinds } from "../../../../checkers/memory/accesses.js";
import { type Decide, STEPS_MAX } from "../../../../checkers/memory/decision.js";
import { pram, processor, slow } from "../../../../checkers/memory/views/index.js";
import { pramRules } from "../../../../checkers/memory/views/rules.js";
import { oracleRuns, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";
import { literallyHolds, literallyProcessor, restricted } from "./literal.js";
import { choicesOf } from "./named-accesses.js";
import { anyLimits, everyHistory } from "./random-accesses.js";
import { accessesOf, claimedOrders } from "./small-accesses.js";
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
      everyHistory(anyLimits, oracleRuns, (accesses) => {
        expect(holds(pram, accesses)).toBe(literallyHolds(accesses, pramRules));
      }),
  );

  it("of slow memory are those of pipelined memory, key by key", { timeout: oracleTimeoutMs }, () =>
    everyHistory(anyLimits, oracleRuns, (accesses) => {
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

  it("agree on the claimed orders, where they are told", { timeout: oracleTimeoutMs }, () =>
    everyHistory({ ...anyLimits, accessesMax: 7 }, 2 * oracleRuns, (accesses, random) => {
      const orders = claimedOrders(random, accesses);
      const { holds } = processor(accesses, { stepsMax: STEPS_MAX, orders });
      expect(holds).toBe(literallyProcessor(accesses, pramRules, orders));
    }),
  );
});

describe("violations of processor consistency", () => {
  it.each([
    ["of TSO", "P1: w(x,1) r(z)0 | P2: w(z,2) w(x,2) r(x)1"],
    ["of two keys", "P1: w(x,1) w(y,2) r(y)1 | P2: w(y,1) w(x,2) r(x)1"],
    ["of one key", "P1: w(x,1) | P2: w(x,2) | P3: r(x)1 r(x)2 | P4: r(x)2 r(x)1"],
  ])("%s are shown by a circle", (_, text) => {
    const [accesses] = choicesOf(text);
    const decision = processor(accesses!, { stepsMax: STEPS_MAX });
    if (decision.holds !== false) throw new Error("not refuted");
    expectWellFormed(accesses!, decision.violation);
    expect(decision.violation.path.length).toBeGreaterThan(1);
  });
});

describe("views of many sessions", () => {
  it("are decided where most of them wrote once", () => {
    const sessions = Array.from({ length: 1000 }, (_, s) => [
      { kind: kinds.write, key: s % 7, source: INITIAL },
    ]);
    const reads = sessions.map((_, s) => ({ kind: kinds.read, key: s % 7, source: s }));
    const straight = accessesOf([...sessions, reads, reads]);
    const crossed = accessesOf([...sessions, reads, [...reads].reverse()]);
    for (const decide of [pram, slow, processor]) expect(holds(decide, straight)).toBe(true);
    expect(holds(pram, crossed)).toBe(true);
    expect(holds(processor, crossed)).toBe(false);
  });
});
