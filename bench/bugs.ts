/**
 * The tables that prove the harness.
 *
 * `catches`: every bug of every reference system, and how many runs it takes to catch it. `silent`:
 * every correct system, in each of its modes, stays silent. `--write FILE` keeps both as a page, in which
 * what was not measured this time stays as it was.
 * Only when named: `stories`, in which every bug is found, shrunk and explained, and `strategies`, the
 * median number of runs to the first catch by bug and strategy.
 *
 *     npm run bench -- bugs [catches] [silent] [stories] [strategies] [--system NAMES] [--bug NAME]
 *         [--ranges N] [--cap RUNS] [--runs N] [--campaigns N] [--write FILE]
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Piscina } from "piscina";
import { openPool, type Pool } from "../src/campaign/pool.js";
import { systems } from "../systems/index.js";
import { bugsPage, catchRows, silenceRows } from "./bugs-page.js";
import { type Caught, catchBugs, medianRuns } from "./catches.js";
import { wantedParts } from "./parts.js";
import { keepSilence, type Silence } from "./silence.js";
import type { Story, StoryRequest } from "./story.js";
import { type BugName, bugsOf, strategyRows } from "./strategies.js";
import { table } from "./table.js";

const RANGES = 5;
/** Runs after which a range counts as without a catch. */
const CATCH_CAP = 200;
/** For each correct system, over all its settings. */
const SILENT_RUNS = 2_000;
const CAMPAIGNS = 5;
const STRATEGY_CAP = 256;
const PARTS = ["catches", "silent", "stories", "strategies"] as const;
const USUAL = ["catches", "silent"] as const;

/** Prints the tables; the exit code is 1 when a bug escapes or a correct system is accused. */
export async function bugsBench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      system: { type: "string" },
      bug: { type: "string" },
      ranges: { type: "string" },
      cap: { type: "string" },
      runs: { type: "string" },
      campaigns: { type: "string" },
      write: { type: "string" },
    },
  });
  const wants = wantedParts(positionals.length === 0 ? USUAL : positionals, PARTS);
  if (wants === undefined) return;
  const named = values.system?.split(",");
  const chosen = [...systems.values()].filter(({ name }) => named?.includes(name) ?? true);
  const bugs = bugsOf(chosen).filter(({ bug }) => values.bug === undefined || bug === values.bug);
  if (chosen.length === 0 || (values.bug !== undefined && bugs.length === 0)) {
    process.stderr.write("no such system or bug: see `faultline list bugs`\n");
    process.exitCode = 2;
    return;
  }
  if (wants("stories")) await tellStories(bugs);
  const pool = await openPool({ cwd: process.cwd() });
  try {
    const { cap, ranges = RANGES, runs = SILENT_RUNS } = values;
    const caught = wants("catches")
      ? await tellCatches(pool, bugs, { ranges: Number(ranges), cap: Number(cap ?? CATCH_CAP) })
      : [];
    const silences = wants("silent")
      ? await keepSilence(pool, chosen, Number(runs), ({ system, runs, valid }) => {
          process.stderr.write(`${system}: ${valid} of ${runs} silent\n`);
        })
      : [];
    if (silences.length > 0) tellSilence(silences);
    if (values.write !== undefined) {
      const before = existsSync(values.write) ? readFileSync(values.write, "utf8") : "";
      writeFileSync(values.write, bugsPage(caught, silences, before));
    }
    if (wants("strategies")) {
      const { rows, summary } = await strategyRows(pool, {
        bugs,
        campaigns: Number(values.campaigns ?? CAMPAIGNS),
        cap: Number(cap ?? STRATEGY_CAP),
      });
      table("runs to the first catch, medians", rows);
      process.stdout.write(`${summary}\n`);
    }
  } finally {
    await pool.close();
  }
}

async function tellCatches(
  pool: Pool,
  bugs: readonly BugName[],
  limits: { ranges: number; cap: number },
): Promise<Caught[]> {
  const progress = (caught: Caught): void => {
    process.stderr.write(`${caught.system} ${caught.bug}: ${medianRuns(caught)} runs\n`);
  };
  const all = await catchBugs(pool, { bugs, ...limits, progress });
  table(`bugs: runs to the first catch, over ${limits.ranges} ranges of seeds`, catchRows(all));
  const escaped = all.filter(({ catches }) => catches.some(({ runs }) => runs === null));
  const told = escaped.map(({ system, bug }) => `${system} ${bug}`).join(", ");
  process.stdout.write(
    `${all.length - escaped.length} of ${all.length} bugs caught in every range${told === "" ? "" : `; not: ${told}`}\n`,
  );
  if (escaped.length > 0) process.exitCode = 1;
  return all;
}

function tellSilence(silences: readonly Silence[]): void {
  table("correct systems: runs that stayed silent", silenceRows(silences));
  const runs = silences.reduce((sum, one) => sum + one.runs, 0);
  const silent = silences.reduce((sum, one) => sum + one.valid, 0);
  process.stdout.write(`${silent} of ${runs} runs silent\n`);
  if (silent < runs) process.exitCode = 1;
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
