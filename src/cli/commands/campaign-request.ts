/** What a campaign is asked for: its options, how they are kept with it, and the runs they mean. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { strategies } from "../../../strategies/index.js";
import { type System, systems } from "../../../systems/index.js";
import { UsageError } from "../../base/errors.js";
import { type Json, jsonEquals } from "../../base/json.js";
import type { LedgerOptions } from "../../campaign/ledger.js";
import { mixesOf } from "../../campaign/mixes.js";
import { type Order, orderOf, type Shard, shareOf, sizeOf } from "../../campaign/order.js";
import { RUN_TIMEOUT_MS } from "../../campaign/pool.js";
import type { RunSpec, Workshop } from "../../campaign/prepare.js";
import { findSystem } from "../../config/config.js";
import { budgetOf, defaults } from "../../controller/index.js";
import { expectedProbes } from "../../controller/probes.js";
import { processFaultKinds } from "../../hosts/process/index.js";
import type { FaultKind } from "../../plan/fault.js";
import { parseReports, type ReportRequest } from "../../report/index.js";
import { simulatedFaultKinds } from "../../sim/inject.js";
import { fileStem } from "../../store/files.js";
import {
  addRunOptions,
  duration,
  positive,
  type RunOptions,
  seedRange,
  specOf,
  upTo,
} from "../options.js";

export interface CampaignOptions extends RunOptions {
  seeds?: { from: number; to: number };
  duration?: number;
  untilFailure?: boolean;
  maxFailures?: number;
  shard?: Shard;
  strategy?: string;
  runTimeout: number;
  jobs?: number;
  resume?: string;
  merge?: string[];
  queue?: string;
  report?: ReportRequest[];
}

/** What decides the outcome of a campaign; kept with it. */
export type Asked = { systems: readonly string[] } & Omit<CampaignOptions, NotDeciding>;

/** How and where runs are carried out and told, whatever they are. */
const notDeciding = ["json", "quiet", "jobs", "resume", "merge", "queue", "report"] as const;
type NotDeciding = (typeof notDeciding)[number] | "out";

const SEEDS = { from: 1, to: 100 };

export function addCampaignOptions(command: Command): Command {
  return addRunOptions(command)
    .option("--seeds <A..B>", "both ends included (default: 1..100)", seedRange)
    .option("--duration <time>", "no run begins later than that; seeds without end", duration)
    .option("--until-failure", "ends with the first run that fails; seeds without end")
    .option("--max-failures <n>", "stop after the first n failures in order of seeds", positive)
    .option("--shard <i/n>", "one of n equal parts, to be put together by --merge", shardOf)
    .option("--jobs <n>", "runs at the same time (default: one a core; 1 with --bin)", jobsOf)
    .addOption(runTimeout())
    .option("--resume <dir>", "go on with a campaign that was cut off")
    .option("--merge <dirs...>", "the outcome of all shards of a campaign")
    .option("--queue <url>", "hand the runs to `faultline worker` processes: redis://HOST[:PORT]")
    .option(
      "--report <list>",
      "junit=FILE, sarif=FILE, github, markdown[=FILE]; with commas between them",
      reportList,
    );
}

/** @throws UsageError for what makes no sense, and for a summary that has nowhere to go. */
export function reportList(text: string, previous?: ReportRequest[]): ReportRequest[] {
  return parseReports(text, process.env, previous);
}

/** Real time for one run. */
export function runTimeout(): Option {
  return new Option("--run-timeout <time>", "real time after which a run is given up")
    .argParser(duration)
    .default(RUN_TIMEOUT_MS, `${RUN_TIMEOUT_MS / 1000}s`);
}

/** More threads than this are a slip of the finger. */
const JOBS_MAX = 512;
export const jobsOf = upTo(JOBS_MAX);

function shardOf(text: string): Shard {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index !== undefined && of !== undefined && index >= 1 && index <= of) return { index, of };
  throw new InvalidArgumentError("expected i/n, with i from 1 to n");
}

export function askedOf(names: readonly string[], options: CampaignOptions): Asked {
  const asked = { systems: names, ...options } as { [name: string]: unknown };
  for (const name of [...notDeciding, "out"]) delete asked[name];
  return asked as Asked;
}

/** A campaign that was kept goes on as it was: what is asked for again must be the same. */
export function refuseOthers(asked: Asked, kept: Asked, command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== "cli") continue;
    if (notDeciding.some((free) => free === name)) continue;
    if (name !== "out" && same(asked, kept, name)) continue;
    throw new UsageError(
      `${option.long}: the campaign was begun with another value, and keeps it: leave the option out`,
    );
  }
  if (asked.systems.length === 0 || same(asked, kept, "systems")) return;
  throw new UsageError(
    `${asked.systems.join(" ")}: the campaign was begun with ${kept.systems.join(" ") || "all systems"}: leave the names out`,
  );
}

function same(asked: object, kept: object, name: string): boolean {
  const field = (of: object): Json => (of as { [name: string]: Json })[name] ?? null;
  return jsonEquals(field(asked), field(kept));
}

/** The runs of a campaign, and what is expected of them. */
export interface Program {
  order: Order;
  subjects: number;
  guided: boolean;
  mine?: (ordinal: number) => boolean;
  /** How many runs it has, at most. */
  planned: number;
  ledger: LedgerOptions;
  /** What its directory is called. */
  name: string;
}

/** @throws UsageError for what does not exist or makes no sense. */
export async function programOf(asked: Asked, workshop: Workshop): Promise<Program> {
  const { systems: names, bin, shard, maxFailures, untilFailure = false } = asked;
  const chosen = bin !== undefined ? ["bin"] : names.length > 0 ? names : [...systems.keys()];
  const found: (System | undefined)[] = [];
  const specs: RunSpec[] = [];
  for (const system of chosen) {
    const own =
      bin === undefined ? await findSystem(system, workshop.config, workshop.source) : undefined;
    found.push(own);
    for (const workload of asked.workload ?? own?.workloads ?? [undefined]) {
      specs.push(specOf({ ...asked, out: "" }, { system, workload, seed: 0 }));
    }
  }
  const mixes = await mixesOf(asked.mix, specs, workshop);
  const subjects = specs.map((spec, i) => ({ ...spec, ...mixes[i] }));
  const endless = asked.duration !== undefined || untilFailure;
  const seeds = asked.seeds ?? (endless ? { from: 1, to: Number.POSITIVE_INFINITY } : SEEDS);
  const order = orderOf(subjects, seeds);
  const guided = strategies.get(asked.strategy ?? "")?.guided === true;
  const world = bin === undefined ? simulatedFaultKinds : processFaultKinds;
  const kinds = world.filter((kind) => asked.beyond || found.some((own) => bears(own, kind)));
  return {
    order,
    subjects: subjects.length,
    guided,
    ...(shard === undefined ? {} : { mine: shareOf(shard, order, guided) }),
    planned: shard === undefined ? order.count : sizeOf(shard, order, guided),
    ledger: {
      probes: expectedProbes(found, asked.nemesis ?? defaults.nemesis, kinds),
      untilFailure,
      ...(maxFailures === undefined ? {} : { maxFailures }),
    },
    name: nameOf(asked, seeds),
  };
}

/** Whether a system survives a kind of fault in a cluster of any size that it is run in. */
function bears(system: System | undefined, kind: FaultKind): boolean {
  const sizes = system?.nodeCounts ?? [1];
  return sizes.some((nodeCount) => budgetOf(system, nodeCount).kinds.has(kind));
}

/** What is run with every seed, as reports call it. */
export function subjectsOf({ order, subjects }: Program): { system: string; workload: string }[] {
  return Array.from({ length: subjects }, (_, i) => {
    const { system, bin, workload = "" } = order.run(i);
    return { system: bin ?? system, workload };
  });
}

function nameOf({ systems: names, shard, bin }: Asked, { from, to }: typeof SEEDS): string {
  const [first = bin === undefined ? "all" : "bin"] = names;
  const who = names.length > 1 ? `${names.length}-systems` : fileStem(first);
  const until = Number.isFinite(to) ? String(to) : "";
  const part = shard === undefined ? "" : `-shard${shard.index}of${shard.of}`;
  return `${who}-seeds${from}-${until}${part}`;
}
