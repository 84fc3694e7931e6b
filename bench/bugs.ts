/**
 * The table that proves the harness: every bug of every reference system, under the nemesis that
 * should find it, with the first seed that does; and every correct system, in each of its modes,
 * with the number of swarm seeds on which it stayed silent.
 *
 *     npm run bench -- bugs [--seeds N] [--system NAME]
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type CampaignRequest, runCampaign } from "../src/campaign/campaign.js";
import { openPool, type Pool } from "../src/campaign/pool.js";
import type { RunSpec } from "../src/campaign/prepare.js";
import type { OptionValue } from "../src/hosts/ts/node.js";
import { type System, systems } from "../systems/index.js";
import { type Row, table } from "./table.js";

/** A bug counts as caught when a seed below this shows it. */
const BUG_SEEDS = 299;
const SILENT_SEEDS = 2_000;

/** Prints both tables; the exit code is 1 when a bug is missed or a correct system accused. */
export async function bugsBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { seeds: { type: "string" }, system: { type: "string" } },
  });
  const chosen = [...systems.values()].filter(
    ({ name }) => values.system === undefined || name === values.system,
  );
  const out = mkdtempSync(join(tmpdir(), "faultline-bugs-"));
  const pool = await openPool({ cwd: process.cwd() });
  try {
    const bugs = await bugRows(chosen, pool, out);
    const silent = await silentRows(chosen, Number(values.seeds ?? SILENT_SEEDS), pool, out);
    table("bugs: first seed that shows each", bugs);
    table("correct systems: swarm seeds without an anomaly", silent);
    const missed = bugs.some((row) => row["first seed"] === "missed");
    const accused = silent.some((row) => row["invalid"] !== 0 || row["unknown"] !== 0);
    if (missed || accused) process.exitCode = 1;
  } finally {
    await pool.close();
    rmSync(out, { recursive: true, force: true });
  }
}

async function bugRows(chosen: readonly System[], pool: Pool, out: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const system of chosen) {
    for (const [bug, { nemesis = "swarm", workload, anomalies }] of Object.entries(system.bugs)) {
      const started = performance.now();
      const runs = seeds(BUG_SEEDS, {
        system: system.name,
        workload: workload ?? (system.workloads[0] as string),
        nemesis: [nemesis],
        bugs: [bug],
      });
      const outcome = await runCampaign({ ...runs, out, maxFailures: 1, probes: [] }, pool);
      const first = outcome.failures[0];
      const named = first?.anomalies.some((type) => anomalies.includes(type)) ?? false;
      rows.push({
        system: system.name,
        bug,
        nemesis,
        "first seed": first?.seed ?? "missed",
        anomaly: first === undefined ? "-" : first.anomalies.join(" "),
        "as documented": first === undefined ? "-" : named ? "yes" : "no",
        seconds: ((performance.now() - started) / 1000).toFixed(1),
      });
      process.stderr.write(`${system.name} ${bug}: ${first?.seed ?? "missed"}\n`);
    }
  }
  return rows;
}

async function silentRows(
  chosen: readonly System[],
  count: number,
  pool: Pool,
  out: string,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const system of chosen) {
    for (const { label, options } of modesOf(system)) {
      for (const workload of system.workloads) {
        const started = performance.now();
        const runs = seeds(count, { system: system.name, workload, nemesis: ["swarm"], options });
        const outcome = await runCampaign({ ...runs, out, probes: [] }, pool);
        rows.push({
          system: system.name,
          mode: label,
          workload,
          runs: outcome.runs,
          valid: outcome.valid,
          invalid: outcome.invalid + outcome.broken,
          unknown: outcome.unknown,
          "first failing seed": outcome.failures[0]?.seed ?? outcome.undecided[0]?.seed ?? "-",
          seconds: ((performance.now() - started) / 1000).toFixed(1),
        });
        process.stderr.write(`${system.name} ${label} ${workload}: ${outcome.invalid} invalid\n`);
      }
    }
  }
  return rows;
}

/** The defaults, and each other value of each option that has a closed list of them. */
function modesOf(system: System): { label: string; options: { [name: string]: OptionValue } }[] {
  const others = Object.entries(system.options).flatMap(([name, { values = [], default: usual }]) =>
    values
      .filter((value) => value !== usual)
      .map((value) => ({ label: `${name}=${value}`, options: { [name]: value } })),
  );
  return [{ label: "default", options: {} }, ...others];
}

function seeds(count: number, spec: Omit<RunSpec, "seed">): Pick<CampaignRequest, "count" | "run"> {
  return { count, run: (ordinal) => ({ ...spec, seed: ordinal + 1 }) };
}
