/**
 * How soon each strategy finds each bug: the number of runs to the first failing one, as the median
 * over independent campaigns on seed ranges of their own. All draw from the nemesis `swarm`, whatever
 * nemesis a bug would rather have, under the bug's own workload and options, so that what is compared
 * is the strategy. `guided + portfolio` is one campaign whose runs alternate between the two.
 *
 *     npm run bench -- strategies [--campaigns N] [--cap RUNS] [--from SEED] [--system NAME]
 *         [--strategies A,B] [--hard] [--keep FILE]
 *
 * `--hard` asks the others only about the bugs that plain chance takes more than twenty runs for.
 * `--keep` notes each campaign's outcome in a file, and takes those already in it from there. A
 * campaign is a sequence: as many go on at once as there are cores.
 */

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Guide, ISLAND_SEEDS } from "../src/campaign/guide.js";
import { openPool, type Pool } from "../src/campaign/pool.js";
import type { RunSpec } from "../src/campaign/prepare.js";
import type { RunReport } from "../src/campaign/run-one.js";
import { strategies } from "../strategies/index.js";
import { type System, systems } from "../systems/index.js";
import { type Row, table } from "./table.js";

const CAMPAIGNS = 5;
const CAP_RUNS = 256;
/** Far from the seeds that the other benches and the tests use. */
const FROM_SEED = 1 << 20;
/** Seeds that a campaign has for itself. */
const RANGE = 16 * ISLAND_SEEDS;
/** More runs than this of plain chance, and a bug is a hard one. */
const HARD_RUNS = 20;
const PLAIN = "random";
const ALTERNATING = "guided + portfolio";

export interface BugName {
  system: string;
  bug: string;
}

export interface StrategyQuestion {
  bugs: readonly BugName[];
  /** Campaigns for each bug and strategy. */
  campaigns: number;
  /** Runs after which a campaign gives up. */
  cap: number;
  from?: number;
  names?: readonly string[];
  /** Only plain chance for the bugs that it finds soon. */
  hard?: boolean;
  /** A file of outcomes that are known, and where further ones are noted. */
  keep?: string;
  /** Told of each campaign as it ends. */
  progress?: (line: string) => void;
}

export interface StrategyTable {
  rows: Row[];
  summary: string;
}

export async function strategiesBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      campaigns: { type: "string" },
      cap: { type: "string" },
      from: { type: "string" },
      system: { type: "string" },
      strategies: { type: "string" },
      hard: { type: "boolean" },
      keep: { type: "string" },
    },
  });
  const chosen = [...systems.values()].filter(
    ({ name }) => values.system === undefined || name === values.system,
  );
  const pool = await openPool({ cwd: process.cwd() });
  try {
    const { rows, summary } = await strategyRows(pool, {
      bugs: bugsOf(chosen),
      campaigns: Number(values.campaigns ?? CAMPAIGNS),
      cap: Number(values.cap ?? CAP_RUNS),
      from: Number(values.from ?? FROM_SEED),
      hard: values.hard ?? false,
      progress: (line) => process.stderr.write(`${line}\n`),
      ...(values.strategies === undefined ? {} : { names: values.strategies.split(",") }),
      ...(values.keep === undefined ? {} : { keep: values.keep }),
    });
    table("strategies: runs to the first failure, medians", rows);
    process.stdout.write(`\n${summary}\n`);
  } finally {
    await pool.close();
  }
}

export function bugsOf(chosen: readonly System[]): BugName[] {
  return chosen.flatMap(({ name, bugs }) =>
    Object.keys(bugs).map((bug) => ({ system: name, bug })),
  );
}

/** A row for each bug; and on how many hard ones alternating campaigns beat plain chance. */
export async function strategyRows(pool: Pool, question: StrategyQuestion): Promise<StrategyTable> {
  const names = question.names ?? [...strategies.keys(), ALTERNATING];
  const known = new Outcomes(question.keep);
  const measure = (bugs: readonly BugName[], which: readonly string[]): Promise<void> =>
    measureAll(pool, question, known, { bugs, names: which });
  const median = ({ system, bug }: BugName, name: string): number =>
    medianOf(campaignsOf(question, { system, bug, name }).map((campaign) => known.get(campaign)));
  await measure(question.bugs, [PLAIN]);
  const hard = question.bugs.filter((bug) => median(bug, PLAIN) > HARD_RUNS);
  const asked = question.hard === true ? hard : question.bugs;
  await measure(asked, names);
  const rows = question.bugs.map((bug): Row => {
    const cells = names.map((name): [string, string | number] => {
      if (name !== PLAIN && !asked.includes(bug)) return [name, "-"];
      const runs = median(bug, name);
      return [name, Number.isFinite(runs) ? runs : `>${question.cap}`];
    });
    return { ...bug, ...Object.fromEntries(cells) };
  });
  const beaten = (name: string): number =>
    hard.filter((bug) => median(bug, name) < median(bug, PLAIN)).length;
  const others = names.filter((name) => name !== PLAIN);
  const told = others.map((name) => `${name} on ${beaten(name)}`).join(", ");
  const summary = `of ${hard.length} bugs that ${PLAIN} needs more than ${HARD_RUNS} runs for, sooner found: ${told}`;
  return { rows, summary };
}

/** A campaign for one bug with one strategy. */
interface Hunt extends BugName {
  name: string;
  firstSeed: number;
  cap: number;
}

async function measureAll(
  pool: Pool,
  question: StrategyQuestion,
  known: Outcomes,
  { bugs, names }: { bugs: readonly BugName[]; names: readonly string[] },
): Promise<void> {
  const hunts = bugs
    .flatMap((bug) => names.flatMap((name) => campaignsOf(question, { ...bug, name })))
    .filter((hunt) => !known.has(hunt));
  const lane = async (): Promise<void> => {
    for (let hunt = hunts.shift(); hunt !== undefined; hunt = hunts.shift()) {
      const runs = await runsToFailure(pool, hunt);
      known.note(hunt, runs);
      const { system, bug, name, cap } = hunt;
      question.progress?.(`${system} ${bug} ${name}: ${runs ?? `>${cap}`}`);
    }
  };
  await Promise.all(Array.from({ length: pool.jobs }, lane));
}

function campaignsOf(question: StrategyQuestion, about: BugName & { name: string }): Hunt[] {
  const { campaigns, cap, from = FROM_SEED } = question;
  return Array.from({ length: campaigns }, (_, i) => ({
    ...about,
    firstSeed: from + i * RANGE,
    cap,
  }));
}

/** @returns the number of runs up to the first that failed; null when none of the cap did. */
async function runsToFailure(pool: Pool, hunt: Hunt): Promise<number | null> {
  const guide = new Guide((ordinal) => specOf(hunt, ordinal));
  for (let ordinal = 0; ordinal < hunt.cap; ordinal++) {
    const guided = strategies.get(strategyAt(hunt.name, ordinal))?.guided === true;
    const spec = guided ? guide.propose(ordinal) : specOf(hunt, ordinal);
    const report = reportOf(await pool.run(spec), spec);
    if (report.valid === false) return ordinal + 1;
    if (guided) guide.learn(ordinal, report);
  }
  return null;
}

/** A run that the harness breaks would make the table a lie: it ends the bench. */
function reportOf(outcome: Awaited<ReturnType<Pool["run"]>>, spec: RunSpec): RunReport {
  if ("broken" in outcome) throw new Error(`${JSON.stringify(spec)}: ${outcome.broken}`);
  return outcome.report;
}

function strategyAt(name: string, ordinal: number): string {
  if (name !== ALTERNATING) return name;
  return ordinal % 2 === 0 ? "guided" : "portfolio";
}

function specOf({ system, bug, name, firstSeed }: Hunt, ordinal: number): RunSpec {
  const of = systems.get(system) as System;
  const strategy = strategyAt(name, ordinal);
  return {
    system,
    workload: of.bugs[bug]?.workload ?? (of.workloads[0] as string),
    nemesis: ["swarm"],
    bugs: [bug],
    seed: firstSeed + ordinal,
    ...(strategy === PLAIN ? {} : { strategy }),
  };
}

/** With an even number of campaigns the later of the two in the middle. */
function medianOf(runs: readonly (number | null)[]): number {
  const sorted = runs.map((count) => count ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.POSITIVE_INFINITY;
}

/** What came of a campaign: null when as many runs as its cap did not show the bug. */
interface Outcome {
  runs: number | null;
  cap: number;
}

/** Outcomes of campaigns, by what they are about; in a file, too, where one is given. */
class Outcomes {
  readonly #known = new Map<string, Outcome>();
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").split("\n")) {
      if (line === "") continue;
      const { runs, cap, ...about } = JSON.parse(line) as Hunt & Outcome;
      this.#known.set(keyOf(about), { runs, cap });
    }
  }

  /** A first failure is one for every cap; that there was none, is known up to the cap it had. */
  has(hunt: Hunt): boolean {
    const known = this.#known.get(keyOf(hunt));
    return known !== undefined && (known.runs !== null || known.cap >= hunt.cap);
  }

  get(hunt: Hunt): number | null {
    const runs = this.#known.get(keyOf(hunt))?.runs ?? null;
    return runs !== null && runs <= hunt.cap ? runs : null;
  }

  note(hunt: Hunt, runs: number | null): void {
    this.#known.set(keyOf(hunt), { runs, cap: hunt.cap });
    if (this.#file === undefined) return;
    appendFileSync(this.#file, `${JSON.stringify({ ...hunt, runs })}\n`);
  }
}

function keyOf({ system, bug, name, firstSeed }: Omit<Hunt, "cap">): string {
  return JSON.stringify([system, bug, name, firstSeed]);
}
