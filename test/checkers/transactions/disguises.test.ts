/** No verdict depends on names, nor on the order of neighbouring events that tells nothing. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { models } from "../../../checkers/index.js";
import type { HistoryEvent } from "../../../histories/history.js";
import { toHistory } from "../../../histories/index.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../oracle/runs.js";
import { disguises } from "./oracle/disguises.js";
import { caseOf, transactionModels, verdictsOf } from "./oracle/models.js";
import { anyTransactions } from "./oracle/random-transactions.js";

vi.setConfig({ testTimeout: 3 * oracleTimeoutMs });

const services = ["list-append", "rw-register"] as const;

type Judge = (events: readonly HistoryEvent[]) => object;

const judges: readonly [name: string, judge: Judge, share: number][] = [
  ["checkers", judged, 40],
  ["oracle", (events) => Object.fromEntries(verdictsOf(caseOf(events))), 40],
];

describe.each(judges)("the verdicts of the %s", (_, judge, share) => {
  for (const service of services) {
    it.each(Object.keys(disguises))(`do not depend on %s (${service}) ${withSeed}`, (name) => {
      const property = fc.property(anyTransactions(service), fc.nat(23), ({ events }, pick) => {
        expect(judge(disguises[name]!(events, pick))).toEqual(judge(events));
      });
      fc.assert(property, { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / share) });
    });
  }
});

function judged(events: readonly HistoryEvent[]): object {
  const history = toHistory(events);
  return Object.fromEntries(
    transactionModels.map((model) => [model, models.get(model)!.checker().check(history).valid]),
  );
}
