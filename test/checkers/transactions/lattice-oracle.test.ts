/** The lattice of models says of random histories what the definitions say. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { implied, modelEntry, ruledOut } from "../../../checkers/lattice/lattice.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../oracle/runs.js";
import { cycleClassesOf } from "./oracle/cycle-classes.js";
import { type Case, caseOf, definitions, transactionModels, verdictsOf } from "./oracle/models.js";
import { anyTransactions } from "./oracle/random-transactions.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

const services = ["list-append", "rw-register"] as const;

describe.each(services)("on random %s histories", (service) => {
  it(`a model of the lattice holds only where all hold that it implies ${withSeed}`, () => {
    onCases(service, (small) => {
      const verdicts = verdictsOf(small);
      for (const model of transactionModels.filter((name) => verdicts.get(name))) {
        const weaker = implied(modelEntry(model)!.name);
        for (const other of transactionModels.filter((name) => weaker.has(name))) {
          expect(verdicts.get(other), `${model} implies ${other}`).toBe(true);
        }
      }
    });
  });

  it(`no model holds that the lattice says an anomaly rules out ${withSeed}`, () => {
    onCases(service, (small) => {
      const out = ruledOut(anomaliesOf(small));
      for (const model of transactionModels.filter((name) => out.has(name))) {
        expect(definitions[model](small), model).toBe(false);
      }
    });
  });
});

/** Those that say more of cycles than their classes. */
const local = new Set([
  "monotonic-atomic-view",
  "read-atomic",
  "causal-cerone",
  "update-atomic",
  "cursor-stability",
  "prefix",
]);

describe("on random list-append histories without free version orders", () => {
  it(`every model holds that the lattice says no anomaly rules out ${withSeed}`, () => {
    onCases("list-append", (small) => {
      if (cycleClassesOf(small) === undefined) return;
      const out = ruledOut(anomaliesOf(small));
      for (const model of transactionModels.filter((name) => !out.has(name) && !local.has(name))) {
        expect(definitions[model](small), model).toBe(true);
      }
    });
  });
});

function anomaliesOf(small: Case): string[] {
  return [...small.anomalies, ...(cycleClassesOf(small) ?? [])];
}

function onCases(service: (typeof services)[number], check: (small: Case) => void): void {
  const property = fc.property(anyTransactions(service), ({ events }) => check(caseOf(events)));
  fc.assert(property, { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 4) });
}
