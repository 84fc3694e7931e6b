/** The oracle agrees with itself: with the lattice, and with the definitions put another way. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { oracleRuns, oracleSeed, oracleTimeoutMs, withSeed } from "../oracle/runs.js";
import {
  isPrefixBySplitGraph,
  isSerializableByFormula,
  isSnapshotByFormula,
  isSnapshotBySplitGraph,
} from "./oracle/formulas.js";
import {
  type Case,
  caseOf,
  definitions,
  type TransactionModel,
  transactionModels,
  verdictsOf,
} from "./oracle/models.js";
import { anyTransactions } from "./oracle/random-transactions.js";
import { hasSerialExecution } from "./oracle/replays.js";
import { isBeforeInRealTime } from "./oracle/small-history.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

const services = ["list-append", "rw-register"] as const;
const runs = { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 5) };

/** Each model with those that it directly implies. */
const implications: readonly [TransactionModel, readonly TransactionModel[]][] = [
  ["read-committed", ["read-uncommitted"]],
  ["monotonic-atomic-view", ["read-committed"]],
  ["read-atomic", ["monotonic-atomic-view"]],
  ["causal-cerone", ["read-atomic"]],
  ["update-atomic", ["read-atomic"]],
  ["cursor-stability", ["read-committed"]],
  ["consistent-view", ["cursor-stability", "monotonic-atomic-view"]],
  ["parallel-snapshot-isolation", ["consistent-view", "causal-cerone", "update-atomic"]],
  ["prefix", ["causal-cerone"]],
  ["snapshot-isolation", ["parallel-snapshot-isolation", "prefix"]],
  ["repeatable-read", ["consistent-view"]],
  ["serializable", ["repeatable-read", "snapshot-isolation"]],
  ["strong-session-read-uncommitted", ["read-uncommitted"]],
  ["strong-read-uncommitted", ["strong-session-read-uncommitted"]],
  ["strong-session-read-committed", ["read-committed", "strong-session-read-uncommitted"]],
  ["strong-read-committed", ["strong-session-read-committed", "strong-read-uncommitted"]],
  ["strong-session-snapshot-isolation", ["snapshot-isolation", "strong-session-read-committed"]],
  ["strong-snapshot-isolation", ["strong-session-snapshot-isolation", "strong-read-committed"]],
  ["strong-session-serializable", ["serializable", "strong-session-snapshot-isolation"]],
  ["strict-serializable", ["strong-session-serializable", "strong-snapshot-isolation"]],
];

describe.each(services)("the oracle, on random %s histories", (service) => {
  it(`lets a model hold only where the models hold that it implies ${withSeed}`, () => {
    onCases(service, (small) => {
      const verdicts = verdictsOf(small);
      for (const [stronger, weaker] of implications) {
        if (!verdicts.get(stronger)) continue;
        for (const model of weaker) {
          expect(verdicts.get(model), `${stronger} implies ${model}`).toBe(true);
        }
      }
    });
  });

  it(`finds serial executions where the dependencies are acyclic ${withSeed}`, () => {
    onCases(service, (small) => {
      expect(isSerializableByFormula(small, "none")).toBe(definitions.serializable(small));
      expect(isSerializableByFormula(small, "process")).toBe(
        definitions["strong-session-serializable"](small),
      );
      expect(isSerializableByFormula(small, "realtime")).toBe(
        definitions["strict-serializable"](small),
      );
    });
  });

  it(`finds snapshots where no cycle is without adjacent rw ${withSeed}`, () => {
    onCases(service, (small) => {
      for (const [order, model] of [
        ["none", "snapshot-isolation"],
        ["process", "strong-session-snapshot-isolation"],
        ["realtime", "strong-snapshot-isolation"],
      ] as const) {
        const holds = definitions[model](small);
        expect(isSnapshotByFormula(small, order), model).toBe(holds);
        expect(isSnapshotBySplitGraph(small, order), model).toBe(holds);
      }
    });
  });

  it(`finds prefixes where the split graph is acyclic ${withSeed}`, () => {
    onCases(service, (small) => {
      expect(isPrefixBySplitGraph(small)).toBe(definitions.prefix(small));
    });
  });

  it(`need not try unobserved transactions of unknown outcome ${withSeed}`, () => {
    onCases(service, (small) => {
      for (const [model, precedes] of [
        ["serializable", () => false],
        ["strict-serializable", isBeforeInRealTime],
      ] as const) {
        const { transactions } = small.history;
        const ok = transactions.filter(({ outcome }) => outcome === "ok");
        const info = transactions.filter(({ outcome }) => outcome === "info");
        const executes = subsets(info).some((some) =>
          hasSerialExecution(small.history, [...ok, ...some], precedes),
        );
        expect(definitions[model](small), model).toBe(executes);
      }
    });
  });
});

describe.each(services)("random %s histories", (service) => {
  it("are often valid and often not, for each model (of one fixed seed)", () => {
    const sample = fc.sample(anyTransactions(service), { seed: 1, numRuns: 400 });
    const cases = sample.map(({ events }) => caseOf(events));
    for (const model of transactionModels) {
      const valid = cases.filter((small) => definitions[model](small)).length;
      expect(valid, model).toBeGreaterThan(400 / 4);
      expect(valid, model).toBeLessThan(400 * 0.98);
    }
  });

  it("tell one model from the next (of one fixed seed)", () => {
    const sample = fc.sample(anyTransactions(service), { seed: 2, numRuns: 400 });
    const cases = sample.map(({ events }) => caseOf(events));
    // Blind writes may come in any order: only lists contradict the order of clients here.
    const isFree = (model: string) => service === "rw-register" && /uncommitted/.test(model);
    for (const [stronger, weaker] of implications) {
      for (const model of weaker.filter((name) => !isFree(name) || !isFree(stronger))) {
        const between = (small: Case) => definitions[model](small) && !definitions[stronger](small);
        expect(cases.some(between), `${model}, but not ${stronger}`).toBe(true);
      }
    }
  });
});

function onCases(service: (typeof services)[number], check: (small: Case) => void): void {
  const property = fc.property(anyTransactions(service), ({ events }) => check(caseOf(events)));
  fc.assert(property, runs);
}

function subsets<T>(all: readonly T[]): T[][] {
  const [first, ...rest] = all;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((some) => [some, [first, ...some]]);
}
