/**
 * The tables that prove the harness.
 *
 * `stories`: every bug of every reference system is found under the nemesis that should find it,
 * shrunk, and explained. `silent`: every correct system, in each of its modes, stays silent under a
 * swarm. `strategies`: the median number of runs to the first catch, by bug and strategy.
 *
 *     npm run bench -- bugs [stories] [silent] [strategies] [--system NAME] [--bug NAME]
 *         [--seeds N] [--campaigns N] [--cap RUNS]
 */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Piscina } from "piscina";
import { runCampaign } from "../src/campaign/campaign.js";
import { openPool, type Pool } from "../src/campaign/pool.js";
import type { RunSpec } from "../src/campaign/prepare.js";
import type { OptionValue } from "../src/hosts/ts/node.js";
import { type System, systems } from "../systems/index.js";
import { wantedParts } from "./parts.js";
import type { Story, StoryRequest } from "./story.js";
import { strategyRows } from "./strategies.js";
import { type Row, table } from "./table.js";

/** For each system, mode and workload: above 20,000 runs in all. */
const SILENT_SEEDS = 400;
const CAMPAIGNS = 5;
const CAP_RUNS = 256;
const PARTS = ["stories", "silent", "strategies"] as const;

/** Prints the tables; the exit code is 1 when a bug escapes or a correct system is accused. */
export async function bugsBench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seeds: { type: "string" },
      system: { type: "string" },
      bug: { type: "string" },
      campaigns: { type: "string" },
      cap: { type: "string" },
    },
  });
  const wants = wantedParts(positionals, PARTS);
  if (wants === undefined) return;
  const chosen = [...systems.values()].filter(
    ({ name }) => values.system === undefined || name === values.system,
  );
  const bugs = chosen.flatMap(({ name, bugs: all }) =>
    Object.keys(all)
      .filter((bug) => values.bug === undefined || bug === values.bug)
      .map((bug) => ({ system: name, bug })),
  );
  if (wants("stories")) await tellStories(bugs);
  const pool = await openPool({ cwd: process.cwd() });
  try {
    if (wants("silent")) await tellSilence(chosen, Number(values.seeds ?? SILENT_SEEDS), pool);
    if (wants("strategies")) {
      const { rows, summary } = await strategyRows(pool, {
        bugs,
        campaigns: Number(values.campaigns ?? CAMPAIGNS),
        cap: Number(values.cap ?? CAP_RUNS),
      });
      table("runs to the first catch, medians", rows);
      process.stdout.write(`${summary}\n`);
    }
  } finally {
    await pool.close();
  }
}

async function tellStories(bugs: readonly StoryRequest[]): Promise<void> {
  const filename = fileURLToPath(new URL("./story.js", import.meta.url));
  if (!existsSync(filename)) throw new Error("build first: the bench runs from dist");
  const workers = new Piscina<StoryRequest, Story>({
    filename,
    maxThreads: availableParallelism(),
    minThreads: 1,
  });
  try {
    const stories = await Promise.all(
      bugs.map(async (bug) => {
        const story = await workers.run(bug);
        process.stderr.write(`${bug.system} ${bug.bug}: ${story.row["seed"]}\n`);
        return story;
      }),
    );
    table(
      "bugs: found, shrunk, explained",
      stories.map(({ row }) => row),
    );
    const whole = stories.filter((story) => story.whole).length;
    process.stdout.write(
      `${whole} of ${stories.length} found as documented, minimal and explained\n`,
    );
    if (whole < stories.length) process.exitCode = 1;
  } finally {
    await workers.destroy();
  }
}

async function tellSilence(chosen: readonly System[], seeds: number, pool: Pool): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), "faultline-bugs-"));
  try {
    const rows = await silentRows(chosen, seeds, pool, out);
    table("correct systems: swarm seeds without an anomaly", rows);
    const runs = rows.reduce((sum, row) => sum + Number(row["runs"]), 0);
    process.stdout.write(`${runs} runs\n`);
    if (rows.some((row) => row["invalid"] !== 0 || row["unknown"] !== 0)) process.exitCode = 1;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
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
        const spec = { system: system.name, workload, nemesis: ["swarm"], options };
        const run = (ordinal: number): RunSpec => ({ ...spec, seed: ordinal + 1 });
        const outcome = await runCampaign({ count, run, out, probes: [] }, pool);
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
