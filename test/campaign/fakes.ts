/** A pool whose runs come out by their seed alone, and land in an order of its own. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { CampaignOutcome } from "../../src/campaign/ledger.js";
import { type Order, orderOf } from "../../src/campaign/order.js";
import type { RunSpec } from "../../src/campaign/prepare.js";
import type { RunReport } from "../../src/campaign/run-one.js";
import type { Pool, RunOutcome } from "../../src/campaign/run-pool.js";
import { hashText, mix } from "../../src/random/mix.js";

/** A fresh folder, removed when the test file is done. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "faultline-campaign-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Of a hundred runs so many fail, stay undecided, or break the harness. */
const odds = { failing: 10, unknown: 3, broken: 3 };

export function wordOf({ seed, system, workload = "" }: RunSpec, salt = 0): number {
  return mix(mix(hashText(`${system}/${workload}`), seed), salt) >>> 0;
}

export function outcomeOf(spec: RunSpec): RunOutcome {
  const draw = wordOf(spec) % 100;
  if (draw < odds.broken) return { broken: `broke at ${spec.seed}` };
  const valid = draw < odds.broken + odds.unknown ? "unknown" : draw < 100 - odds.failing;
  return { report: reportOf(spec, valid) };
}

export function reportOf(spec: RunSpec, valid: RunReport["valid"]): RunReport {
  const { seed, system, workload = "register" } = spec;
  const name = `${system} ${workload} ${seed}`;
  return {
    valid,
    exactness: "bit",
    traceHash: wordOf(spec, 1).toString(16),
    historyHash: wordOf(spec, 2).toString(16),
    workload,
    nemesis: ["swarm"],
    signature: valid === false ? `linearizable/${workload}/stale-read` : null,
    anomalies: valid === false ? ["stale-read"] : [],
    headline: valid === true ? "" : `about ${name}`,
    probes: { [`probe ${seed % 3}`]: 1 },
    virtualUs: 1_000_000,
    ...(valid === false ? { caseText: `case of ${name}\n` } : {}),
  };
}

export interface FakePool extends Pool {
  /** How many were under way at a time, at most. */
  readonly mostAtOnce: number;
  readonly ran: number;
}

/** `turns`: how many turns of the event loop a run takes. */
export function fakePool(jobs: number, turns: (spec: RunSpec) => number = () => 0): FakePool {
  let underWay = 0;
  const pool = {
    jobs,
    mostAtOnce: 0,
    ran: 0,
    run: async (spec: RunSpec) => {
      pool.ran++;
      pool.mostAtOnce = Math.max(pool.mostAtOnce, ++underWay);
      for (let i = turns(spec); i > 0; i--) await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return outcomeOf(spec);
    },
    audit: async () => undefined,
    close: async () => undefined,
  };
  return pool;
}

export function someOrder(seeds: number, from = 1): Order {
  const subjects = ["raft", "quorum"].map((system) => ({ system, workload: "kv", seed: 0 }));
  return orderOf(subjects, { from, to: from + seeds - 1 });
}

/** What must not depend on how a campaign was carried out. */
export function essence(outcome: CampaignOutcome): object {
  const file = (path: string): string => path.replace(/^.*\/cases\//, "");
  const withFile = <T extends { case?: string }>(entry: T) =>
    entry.case === undefined ? entry : { ...entry, case: file(entry.case) };
  return {
    ...outcome,
    failures: outcome.failures.map(withFile),
    harnessFailures: outcome.harnessFailures.map(withFile),
    headlines: Object.values(outcome.headlines),
  };
}
