/** Chains of a key-value store: a missing key reads null or "". */

import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { kvChains } from "../../../../checkers/linearizability/algorithms/kv-chains.js";
import type { HistoryEvent } from "../../../../histories/history.js";
import { historyOf } from "../../oracle/notation.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../../oracle/runs.js";
import { expectRight } from "./rule-against-oracle.js";
import { registerView, smallHistory } from "./small-registers.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

const shape = { functions: ["read", "write", "cas"], operationsMax: 8, repeats: 5 };

/** Some reads of nothing answer "", and the value `written` is "" wherever it occurs. */
function withTexts(events: readonly HistoryEvent[], written: number): HistoryEvent[] {
  return events.map((event) => {
    const isAnswer = event.f === "read" && event.type === "ok";
    if (isAnswer && event.value === null && event.index % 2 === 0) return { ...event, value: "" };
    if (event.value === written) return { ...event, value: "" };
    return event;
  });
}

it.each([
  ["never", 0],
  ["at times", 1],
])(`agree with the oracle when "" is %s written ${withSeed}`, (_, written) => {
  const count = { true: 0, false: 0, "not-applicable": 0 };
  fc.assert(
    fc.property(smallHistory(shape), fc.constantFrom(null, 9, ""), ({ events }, init) => {
      count[`${expectRight(kvChains, withTexts(events, written), init, "kv")}`] += 1;
    }),
    { seed: oracleSeed, numRuns: oracleRuns },
  );
  expect(count.true).toBeGreaterThan(0);
  expect(count.false).toBeGreaterThan(0);
});

it('leave it open which of null and "" was read when both can have been there', () => {
  const text = '0 invoke write "" \n 0 ok \n 1 invoke read \n 1 ok ""';
  expect(kvChains.examine(registerView(historyOf(text))).valid).toBe("not-applicable");
  expect(kvChains.examine(registerView(historyOf(text), 7)).valid).toBe(true);
});
