/**
 * What shrinking leaves of each bug's first failure, beside what the bug is documented to need.
 *
 *     npm run bench -- shrink [--system NAME] [--bug NAME]
 */

import { parseArgs } from "node:util";
import { execute, planRun } from "../src/controller/index.js";
import type { Plan } from "../src/plan/plan.js";
import { countsOf, shrink } from "../src/shrink/index.js";
import { signatureOf } from "../src/store/summary.js";
import { type System, systems } from "../systems/index.js";
import { type Row, table } from "./table.js";

/** A bug's first failure is looked for below this seed. */
const SEEDS = 299;

/** A failing run of a system with one bug switched on. */
export interface Found {
  system: System;
  bug: string;
  plan: Plan;
  signature: string;
}

export async function shrinkBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { system: { type: "string" }, bug: { type: "string" } },
  });
  const found: Found[] = [];
  for (const system of systems.values()) {
    if (values.system !== undefined && values.system !== system.name) continue;
    for (const bug of Object.keys(system.bugs)) {
      if (values.bug !== undefined && values.bug !== bug) continue;
      const first = await firstFailure(system, bug);
      if (first !== undefined) found.push(first);
    }
  }
  table("shrunk: the first failure of each bug", await shrinkRows(found));
}

/** One row for each failure; every run is made in this process. */
export async function shrinkRows(found: readonly Found[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { system, bug, plan, signature } of found) {
    const started = performance.now();
    const { execution, mark, complete } = await shrink({
      plan,
      signature,
      execute: (candidate) => execute(candidate, { system }),
      nodeCounts: system.nodeCounts,
    });
    const after = countsOf(execution.plan);
    const of = (what: keyof typeof after): string => `${mark.from[what]} → ${after[what]}`;
    rows.push({
      system: system.name,
      bug,
      seed: plan.seed,
      faults: of("faults"),
      operations: of("operations"),
      nodes: of("nodes"),
      clients: of("clients"),
      left: execution.plan.faults.map(({ kind }) => kind).join(" ") || "-",
      minimal: complete ? "yes" : "no",
      runs: mark.runs,
      seconds: ((performance.now() - started) / 1000).toFixed(1),
      needs: system.bugs[bug]?.needs ?? "",
    });
    process.stderr.write(`${system.name} ${bug}: ${mark.runs} runs\n`);
  }
  return rows;
}

/** The first seed under the bug's own nemesis and workload that fails. */
export async function firstFailure(system: System, bug: string): Promise<Found | undefined> {
  const { nemesis = "swarm", workload } = system.bugs[bug] ?? {};
  for (let seed = 1; seed <= SEEDS; seed++) {
    const plan = planRun({
      system,
      bugs: [bug],
      nemesis: [nemesis],
      seed,
      ...(workload === undefined ? {} : { workload }),
    });
    const { results } = await execute(plan, { system });
    const signature = signatureOf(results, plan.workload);
    if (signature !== null) return { system, bug, plan, signature };
  }
  return undefined;
}
