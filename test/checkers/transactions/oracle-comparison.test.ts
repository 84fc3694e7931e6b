/** Every transactional model says what its definition says, on every small history. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Verdict } from "../../../checkers/checker.js";
import { models } from "../../../checkers/index.js";
import type { HistoryEvent } from "../../../histories/history.js";
import { toHistory } from "../../../histories/index.js";
import { dearRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../oracle/runs.js";
import { cycleClasses, cycleClassesOf, worstClassesOf } from "./oracle/cycle-classes.js";
import { type Case, caseOf, definitions, transactionModels } from "./oracle/models.js";
import { nonCycleAnomalies } from "./oracle/non-cycle.js";
import { anyTransactions } from "./oracle/random-transactions.js";

vi.setConfig({ testTimeout: 3 * oracleTimeoutMs });

const services = ["list-append", "rw-register"] as const;

describe.each(services)("on random %s histories, checkers and oracle agree", (service) => {
  it(`that each model holds or not, and anomalies say why ${withSeed}`, () => {
    onHistories(service, dearRuns, (events, small) => {
      const history = toHistory(events);
      for (const model of transactionModels) {
        const { valid, anomalies } = models.get(model)!.checker().check(history);
        expect(valid, model).toBe(definitions[model](small));
        expect(anomalies.length > 0, model).toBe(valid === false);
      }
    });
  });

  it(`which anomalies there are that are no cycles ${withSeed}`, () => {
    onHistories(service, dearRuns / 2, (events, small) => {
      const compared = (type: string) =>
        type in nonCycleAnomalies && (type !== "lost-update" || readsVersions(small));
      const found = typesOf(strictVerdict(events)).filter(compared).sort();
      expect(found).toEqual([...small.anomalies].filter(compared).sort());
    });
  });
});

describe.each(services)("on random %s histories, checkers", (service) => {
  it(`claim no class of cycles that some version order does without ${withSeed}`, () => {
    onHistories(service, dearRuns / 2, (events, small) => {
      // More of them have too many version orders.
      if (small.history.present.length > 4 || !readsVersions(small)) return;
      const types = typesOf(strictVerdict(events));
      const claimed = cycleClasses.find((name) => types.includes(name));
      if (claimed === undefined) return;
      for (const worst of worstClassesOf(small)) {
        expect(worst, `free of cycles, but ${claimed}`).toBeDefined();
        expect(cycleClasses.indexOf(worst!)).toBeLessThanOrEqual(cycleClasses.indexOf(claimed));
      }
    });
  });
});

describe("on random list-append histories, checkers and oracle agree", () => {
  it(`which cycles there are, and which class is the worst ${withSeed}`, () => {
    onHistories("list-append", dearRuns / 2, (events, small) => {
      const known = cycleClassesOf(small);
      if (known === undefined || !readsVersions(small)) return;
      const found = typesOf(strictVerdict(events)).filter((type) => cycleClasses.includes(type));
      expect([...known]).toEqual(expect.arrayContaining(found));
      const worst = (classes: readonly string[]) =>
        cycleClasses.find((name) => classes.includes(name));
      expect(worst(found)).toBe(worst([...known]));
    });
  });
});

/** Which version a read returned is open where it is wrong in such a way. */
function readsVersions({ anomalies }: Case): boolean {
  const open = ["garbage-read", "duplicate-elements", "G1a", "G1b", "incompatible-order"] as const;
  return !open.some((type) => anomalies.has(type));
}

function strictVerdict(events: readonly HistoryEvent[]): Verdict {
  return models.get("strict-serializable")!.checker().check(toHistory(events));
}

function typesOf({ anomalies }: Verdict): string[] {
  return [...new Set(anomalies.map(({ type }) => type))];
}

function onHistories(
  service: (typeof services)[number],
  numRuns: number,
  check: (events: readonly HistoryEvent[], small: Case) => void,
): void {
  const property = fc.property(anyTransactions(service), ({ events }) => {
    check(events, caseOf(events));
  });
  fc.assert(property, { seed: oracleSeed, numRuns: Math.ceil(numRuns) });
}
