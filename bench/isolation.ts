/**
 * Where the textbook's anomalies of transactions appear in `txn`, and where they never do: a workload for
 * each that provokes it, run at every level, under a swarm of faults, and judged by a model that forbids
 * it. What no level allows is shown with a bug switched on. The table of docs/isolation.md.
 *
 *     npm run bench -- isolation [runs]
 */

import { readFileSync, writeFileSync } from "node:fs";
import type { Checker } from "../checkers/index.js";
import { longFork, transactional, writeSkew } from "../checkers/index.js";
import type { History } from "../histories/index.js";
import { execute, planRun } from "../src/controller/index.js";
import type { OptionValue } from "../src/hosts/ts/node.js";
import { type IsolationLevel, isolationLevels } from "../systems/index.js";
import { txn } from "../systems/txn/index.js";

const RUNS = 20;
const PAGE = "docs/isolation.md";

type Options = { readonly [name: string]: OptionValue };

/** A way to run the store, a column of the table. */
export interface Way {
  name: string;
  level: IsolationLevel;
  options: Options;
}

export const ways: readonly Way[] = [
  at("read-committed"),
  at("snapshot-isolation"),
  at("serializable", "certification"),
  at("serializable", "ssi"),
  at("serializable", "locking"),
  at("strict-serializable"),
];

function at(level: IsolationLevel, serializableBy?: string): Way {
  if (serializableBy === undefined) return { name: level, level, options: { isolation: level } };
  return {
    name: `${level} (${serializableBy})`,
    level,
    options: { isolation: level, serializableBy },
  };
}

export interface Phenomenon {
  name: string;
  /** As Adya calls it, or those who named it. */
  symbol: string;
  /** The weakest level that forbids it. */
  forbiddenFrom: IsolationLevel;
  /** What provokes it. */
  workload: string;
  settings?: Options;
  /** A model that forbids it, and the types under which it is reported there. */
  judge: Checker;
  types: RegExp;
  /** A switch with which a level that forbids it shows it. */
  bug: string;
}

const lists = { workload: "list-append" };

export const phenomena: readonly Phenomenon[] = [
  {
    name: "dirty write",
    symbol: "G0",
    forbiddenFrom: "read-committed",
    ...lists,
    judge: transactional("read-uncommitted"),
    types: /^G0$/,
    bug: "commits-write-by-write",
  },
  {
    name: "aborted read",
    symbol: "G1a",
    forbiddenFrom: "read-committed",
    ...lists,
    judge: transactional("read-committed"),
    types: /^G1a$/,
    bug: "reads-uncommitted",
  },
  {
    name: "intermediate read",
    symbol: "G1b",
    forbiddenFrom: "read-committed",
    ...lists,
    judge: transactional("read-committed"),
    types: /^G1b$/,
    bug: "reads-uncommitted",
  },
  {
    name: "circular information flow",
    symbol: "G1c",
    forbiddenFrom: "read-committed",
    ...lists,
    // Long enough that two at one node see each other.
    settings: { stepMs: 30, microOpsMin: 4, microOpsMax: 6 },
    judge: transactional("read-committed"),
    types: /^G1c$/,
    bug: "reads-uncommitted",
  },
  {
    name: "lost update",
    symbol: "P4",
    forbiddenFrom: "snapshot-isolation",
    ...lists,
    judge: transactional("snapshot-isolation"),
    types: /^lost-update$/,
    bug: "no-first-committer-wins",
  },
  {
    name: "read skew",
    symbol: "G-single",
    forbiddenFrom: "snapshot-isolation",
    ...lists,
    judge: transactional("snapshot-isolation"),
    types: /^G-single-item$/,
    bug: "snapshot-per-read",
  },
  {
    name: "long fork",
    symbol: "G-nonadjacent",
    forbiddenFrom: "snapshot-isolation",
    workload: "long-fork",
    // Long enough for writes between the reads of one transaction.
    settings: { stepMs: 30, group: 8, groups: 1 },
    judge: longFork,
    types: /^long-fork$/,
    bug: "snapshot-per-read",
  },
  {
    name: "write skew",
    symbol: "G2-item",
    forbiddenFrom: "serializable",
    ...lists,
    judge: transactional("serializable"),
    types: /^G2-item$/,
    bug: "certifies-writes-only",
  },
  {
    name: "phantom",
    symbol: "G2",
    forbiddenFrom: "serializable",
    workload: "phantom",
    judge: writeSkew,
    types: /^write-skew$/,
    bug: "inserts-ignore-ranges",
  },
  {
    name: "stale read",
    symbol: "real time",
    forbiddenFrom: "strict-serializable",
    ...lists,
    // Of single operations, so that nothing but their order in time can be wrong.
    settings: { microOpsMax: 1 },
    judge: transactional("strict-serializable"),
    types: /-realtime$/,
    bug: "stale-replica-read",
  },
];

export function mayAppear({ forbiddenFrom }: Phenomenon, { level }: Way): boolean {
  return isolationLevels.indexOf(level) < isolationLevels.indexOf(forbiddenFrom);
}

export interface Runs {
  options?: Options;
  bugs?: readonly string[];
}

/** Histories by what made them: several phenomena are looked for in the same ones. */
export class Histories {
  readonly #known = new Map<string, Promise<History>>();

  /** Does the phenomenon show in the run of a seed? */
  async shows(phenomenon: Phenomenon, seed: number, { options = {}, bugs = [] }: Runs) {
    const { workload, settings = {}, judge, types } = phenomenon;
    const request = { seed, workload, options: { ...options, ...settings }, bugs };
    const key = JSON.stringify(request);
    const history =
      this.#known.get(key) ??
      execute(planRun({ system: txn, ...request }), { system: txn }).then((run) => run.history);
    this.#known.set(key, history);
    return judge.check(await history).anomalies.some(({ type }) => types.test(type));
  }
}

export async function isolationBench([runs]: readonly string[]): Promise<void> {
  const count = Number(runs ?? RUNS);
  const histories = new Histories();
  const shown = async (phenomenon: Phenomenon, how: Runs): Promise<number> => {
    let seen = 0;
    for (let seed = 1; seed <= count; seed++) {
      if (await histories.shows(phenomenon, seed, how)) seen++;
    }
    return seen;
  };
  const lines: string[] = [];
  for (const phenomenon of phenomena) {
    const { name, symbol, bug } = phenomenon;
    const cells: string[] = [];
    for (const way of ways) {
      const seen = await shown(phenomenon, way);
      cells.push(seen === 0 ? "never" : `${seen}`);
    }
    const broken = await shown(phenomenon, { bugs: [bug] });
    const line = [`${name} (${symbol})`, ...cells, `${broken} by \`${bug}\``];
    process.stdout.write(`${line.join("  ")}\n`);
    lines.push(`| ${line.join(" | ")} |\n`);
  }
  const page = readFileSync(PAGE, "utf8");
  writeFileSync(PAGE, withRows(page, count, lines.join("")));
}

const HEAD = `| runs of RUNS that show it | ${ways.map(({ name }) => name).join(" | ")} | with a bug |\n`;
const RULE = `|${"---|".repeat(ways.length + 2)}\n`;

/** The page with these rows in its table. */
function withRows(page: string, runs: number, rows: string): string {
  const head = `${HEAD.replace("RUNS", `${runs}`)}${RULE}`;
  return page.replace(/^\| runs of .*\n(\|.*\n)*/m, () => `${head}${rows}`);
}
