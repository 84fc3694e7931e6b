/**
 * Which consistency models each store keeps, and which it does not, as the checkers see it: a
 * Markdown table of systems (with options) by models, for sessions that stay at their nodes and for
 * sessions that move, without faults and under a swarm of them.
 *
 *     npm run bench -- classify [seeds] [--system NAME] [--nemesis none|swarm] [--sessions sticky|moving]
 *
 * "holds" means: never violated on these seeds. Else the share of runs that violate the model; a
 * "?" counts runs that were left open. What was violated once is not promised; what held may be luck.
 */

import { parseArgs } from "node:util";
import { memoryStanding, type Verdict } from "../checkers/index.js";
import { columnsOf } from "../histories/columns.js";
import { execute, planRun } from "../src/controller/index.js";
import type { OptionValue } from "../src/hosts/ts/node.js";
import { systems } from "../systems/index.js";
import { checkerOf } from "../workloads/session-promises.js";

type Options = { [name: string]: OptionValue };

const rows: readonly (readonly [system: string, options: Options])[] = [
  ["quorum", {}],
  ["quorum", { r: 1, w: 1 }],
  ["raft", {}],
  ["primary-backup", {}],
  ["primary-backup", { mode: "sync" }],
  ["primary-backup", { mode: "async" }],
  ["primary-backup", { reads: "backup" }],
  ["primary-backup", { mode: "async", reads: "backup" }],
  ["sequential-store", {}],
  ["tso-store", {}],
  ["causal-store", {}],
  ["lww-register", {}],
  ["multi-leader", {}],
];

/** Strongest first, as far as there is an order. */
const columns: readonly (readonly [model: string, short: string])[] = [
  ["linearizable", "lin"],
  ["sequential", "SC"],
  ["tso", "TSO"],
  ["pso", "PSO"],
  ["processor", "PC"],
  ["causal-memory", "CM"],
  ["causal-convergence", "CCv"],
  ["release-acquire", "RA"],
  ["causal", "CC"],
  ["coherence", "coh"],
  ["pram", "PRAM"],
  ["slow", "slow"],
  ["read-your-writes", "RYW"],
  ["monotonic-reads", "MR"],
  ["monotonic-writes", "MW"],
  ["writes-follow-reads", "WFR"],
  ["strong-convergence", "SEC"],
  ["eventual", "EC"],
];

/** Decided one by one; the memory models follow from each other where they can. */
const alone = ["linearizable", "eventual", "strong-convergence"];

const sessions: { readonly [name: string]: number } = { sticky: 0, moving: 20 };

const SEEDS = 20;

/** Search steps for each model and history: what a table of thousands of verdicts can afford. */
const STEPS_MAX = 100_000;

/** How often a model was violated and how often left open. */
interface Tally {
  violated: number;
  open: number;
}

export async function classifyBench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      system: { type: "string" },
      nemesis: { type: "string" },
      sessions: { type: "string" },
    },
  });
  const seeds = Number(positionals[0] ?? SEEDS);
  const chosen = rows.filter(([name]) => values.system === undefined || name === values.system);
  for (const nemesis of values.nemesis === undefined ? ["none", "swarm"] : [values.nemesis]) {
    for (const kind of values.sessions === undefined ? Object.keys(sessions) : [values.sessions]) {
      say(`\n### ${kind} sessions, nemesis ${nemesis}, ${seeds} seeds each\n`);
      say(line(["system", ...columns.map(([, short]) => short)]));
      say(line(["---", ...columns.map(() => "---")]));
      for (const [name, options] of chosen) {
        // Judged here: by the workload itself only for what costs nothing.
        const asked = { ...options, move: sessions[kind]!, model: "eventual" };
        const tallies = await classify(name, asked, nemesis, seeds);
        const cells = columns.map(([model]) => cell(tallies.get(model)!, seeds));
        say(line([labelOf(name, options), ...cells]));
      }
    }
  }
}

async function classify(
  name: string,
  options: Options,
  nemesis: string,
  seeds: number,
): Promise<Map<string, Tally>> {
  const system = systems.get(name)!;
  const tallies = new Map(columns.map(([model]) => [model, { violated: 0, open: 0 }]));
  for (let seed = 1; seed <= seeds; seed++) {
    const plan = planRun({
      seed,
      system,
      workload: "causal-sessions",
      nemesis: [nemesis],
      options,
    });
    const { history } = await execute(plan, { system });
    const decided = new Map<string, Verdict>(
      alone.map((model) => [model, checkerOf(model).check(history, { stepsMax: STEPS_MAX })]),
    );
    const { satisfied, violated } = memoryStanding(columnsOf(history), decided, {
      stepsMax: STEPS_MAX,
    });
    for (const [model, tally] of tallies) {
      if (violated.has(model)) tally.violated += 1;
      else if (!satisfied.has(model)) tally.open += 1;
    }
  }
  return tallies;
}

function cell({ violated, open }: Tally, seeds: number): string {
  if (violated === 0) return open === 0 ? "holds" : `${open}?`;
  const share = `${Math.round((100 * violated) / seeds)} %`;
  return open === 0 ? share : `${share}, ${open}?`;
}

function labelOf(name: string, options: Options): string {
  const settings = Object.entries(options).map(([option, value]) => `${option}=${value}`);
  return [name, ...settings].join(" ");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
