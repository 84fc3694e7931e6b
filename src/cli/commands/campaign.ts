/** `faultline campaign`: many seeds, every failure kept as a case. */

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { UsageError } from "../../base/errors.js";
import { canonical, isJsonObject, type Json } from "../../base/json.js";
import { version } from "../../base/version.js";
import { type CampaignOutcome, runCampaign } from "../../campaign/campaign.js";
import { Guide } from "../../campaign/guide.js";
import { Journal, type Kept, readKept } from "../../campaign/journal.js";
import { pathOf } from "../../campaign/ledger.js";
import { Lock } from "../../campaign/lock.js";
import { completeParts, mergeParts, type Part } from "../../campaign/merge.js";
import { openPool, type Pool } from "../../campaign/pool.js";
import { Workshop } from "../../campaign/prepare.js";
import type { ConfigSource } from "../../config/config.js";
import { parseQueueAddress } from "../../queue/address.js";
import { type Circumstances, reportCampaign, tellCampaign } from "../campaign-text.js";
import { type ExitCode, exitCodes, worstCode } from "../exit.js";
import { oneSubject } from "../options.js";
import { Terminal } from "../terminal.js";
import {
  type Asked,
  addCampaignOptions,
  askedOf,
  type CampaignOptions,
  type Program,
  programOf,
  refuseOthers,
  subjectsOf,
} from "./campaign-request.js";

export function addCampaign(program: Command, done: (code: ExitCode) => void): void {
  addCampaignOptions(
    program
      .command("campaign")
      .summary("many seeds")
      .argument("[systems...]", "default: all systems"),
  ).action(async (names: string[], options: CampaignOptions, command: Command) => {
    const asked = askedOf(names, options);
    const terminal = new Terminal(options);
    if (options.merge !== undefined)
      return done(await merge(options.merge, asked, options, terminal, command));
    if (options.resume !== undefined) {
      return done(await resume(options.resume, asked, options, terminal, command));
    }
    done(await begin(asked, options, terminal));
  });
}

async function begin(
  asked: Asked,
  options: CampaignOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  oneSubject(asked.systems, asked.bin);
  const workshop = await workshopOf(asked);
  const program = await programOf(asked, workshop);
  // What is asked for wrongly is said before any worker starts.
  const warnings = new Set<string>();
  for (let i = 0; i < program.subjects; i++) {
    const plan = await workshop.plan(program.order.run(i));
    for (const warning of await workshop.warnings(plan)) warnings.add(warning);
  }
  terminal.warn(warnings);
  // Found out now, and not when the first failure has nowhere to go.
  const above = join(options.out, "campaigns");
  const journal = Journal.begin(above, program.name, asked as unknown as Json);
  return carryOut({ asked, program, journal, out: options.out }, options, terminal);
}

async function resume(
  place: string,
  asked: Asked,
  options: CampaignOptions,
  terminal: Terminal,
  command: Command,
): Promise<ExitCode> {
  const dir = oneUnfinished(place);
  const { request, version: made, ended } = readKept(dir);
  refuseVersion(dir, made);
  const kept = askedIn(request, dir);
  refuseOthers(asked, kept, command);
  const program = await programOf(kept, await workshopOf(kept));
  const out = outOf(dir);
  if (ended) return tellEnded(readKept(dir), program, out, terminal, options);
  const gone = Journal.goOn(dir);
  return carryOut({ asked: kept, program, ...gone, out }, options, terminal);
}

interface Undertaking {
  asked: Asked;
  program: Program;
  journal: Journal;
  /** What was done before. */
  kept?: Kept;
  out: string;
}

async function carryOut(
  { asked, program, journal, kept, out }: Undertaking,
  options: CampaignOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { order, mine, ledger, planned, guided } = program;
  const { duration = Number.POSITIVE_INFINITY } = asked;
  const jobs = options.jobs ?? (asked.bin === undefined ? undefined : 1);
  const pool = await poolFor(asked, options, jobs, terminal);
  const progress = terminal.progress(planned, "runs", {
    durationMs: duration,
    spentMs: () => journal.spentMs,
  });
  const interrupt = new Interrupt(() => progress.stop());
  let code: ExitCode = exitCodes.harness;
  try {
    const outcome = await runCampaign(
      {
        ...{ ...order, ...ledger, out, journal, signal: interrupt.signal },
        ...(mine === undefined ? {} : { mine }),
        ...(guided ? { guide: new Guide(order.run) } : {}),
        ...(kept === undefined ? {} : { done: kept.entries() }),
        mayBegin: () => journal.spentMs < duration,
        progress: ({ done, failures }) => progress.update(done, failures),
      },
      pool,
    );
    progress.stop();
    code = tell(terminal, outcome, {
      planned,
      wallMs: journal.spentMs,
      dir: pathOf(journal.dir),
      ...reported(program, options),
    });
    return code;
  } finally {
    progress.stop();
    interrupt.close();
    journal.close();
    await closeSoon(pool, code);
  }
}

/** Threads of this machine, or workers anywhere that take runs from a queue. */
async function poolFor(
  asked: Asked,
  { queue }: CampaignOptions,
  jobs: number | undefined,
  terminal: Terminal,
): Promise<Pool> {
  if (queue === undefined) {
    return openPool(sourceOf(asked), jobs, { runTimeoutMs: asked.runTimeout });
  }
  const address = parseQueueAddress(queue);
  const { openQueuePool } = await import("../../queue/queue-pool.js");
  return openQueuePool(address, {
    onIdle: (line) => terminal.note(line),
    ...(jobs === undefined ? {} : { inFlight: jobs }),
  });
}

/** What the reports tell of beside the outcome. */
function reported(
  program: Program,
  { report = [] }: CampaignOptions,
): Pick<Circumstances, "reports" | "subjects"> {
  return { reports: report, subjects: subjectsOf(program) };
}

/** The first signal lets runs under way end; the second ends the process at once. */
class Interrupt {
  readonly #first = new AbortController();
  readonly #atOnce: () => void;

  constructor(atOnce: () => void) {
    this.#atOnce = atOnce;
    process.on("SIGINT", this.#onSignal).on("SIGTERM", this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#first.signal;
  }

  close(): void {
    process.off("SIGINT", this.#onSignal).off("SIGTERM", this.#onSignal);
  }

  readonly #onSignal = (): void => {
    if (this.#first.signal.aborted) {
      this.#atOnce();
      process.exit(KILLED);
    }
    this.#first.abort();
  };
}

/** What a shell gives for a process ended by Ctrl-C. */
const KILLED = 130;

const CLOSING_MS = 5_000;

/** A thread that is stuck in a system call would keep the process from ending. */
export async function closeSoon(pool: Pool, code: ExitCode): Promise<void> {
  const closed = pool.close().then(() => true);
  if (await Promise.race([closed, pause(CLOSING_MS, false, { ref: false })])) return;
  process.exit(code);
}

/** @throws UsageError when it could not go on, after what is known is told. */
function tell(
  terminal: Terminal,
  outcome: CampaignOutcome,
  circumstances: Circumstances,
): ExitCode {
  const { stopped, runs, broken, invalid, unknown, interrupted } = outcome;
  if (stopped === undefined || runs > 0) {
    tellCampaign(terminal, outcome, circumstances);
    reportCampaign(terminal, outcome, circumstances);
  }
  if (stopped !== undefined) throw new UsageError(stopped);
  return worstCode([
    broken > 0 ? exitCodes.harness : exitCodes.valid,
    invalid > 0 ? exitCodes.anomaly : exitCodes.valid,
    unknown > 0 || interrupted ? exitCodes.unknown : exitCodes.valid,
  ]);
}

/** The outcome of a campaign with nothing left to do. */
function tellEnded(
  kept: Kept,
  program: Program,
  out: string,
  terminal: Terminal,
  options: CampaignOptions,
): ExitCode {
  const part = { kept, shard: { index: 1, of: 1 }, out };
  const outcome = mergeParts([part], program.ledger, true);
  const { planned } = program;
  return tell(terminal, outcome, {
    planned,
    wallMs: kept.spentMs,
    dir: pathOf(kept.dir),
    ...reported(program, options),
  });
}

async function merge(
  places: readonly string[],
  asked: Asked,
  options: CampaignOptions,
  terminal: Terminal,
  command: Command,
): Promise<ExitCode> {
  const parts = places.flatMap(campaignsIn).map(partOf);
  const [first] = parts as [Shown, ...Shown[]];
  for (const { kept, common } of parts) {
    if (common !== first.common) {
      throw new UsageError(
        `${kept.dir}: a shard of another campaign than ${first.kept.dir}: they were asked for differently`,
      );
    }
  }
  const { shard: _shard, ...whole } = first.asked;
  refuseOthers(asked, whole, command);
  const program = await programOf(whole, await workshopOf(whole));
  const shards = completeParts(parts);
  const outcome = mergeParts(shards, program.ledger, whole.duration !== undefined);
  const wallMs = shards.reduce((sum, { kept }) => sum + kept.spentMs, 0);
  const { planned } = program;
  return tell(terminal, outcome, { planned, wallMs, dir: null, ...reported(program, options) });
}

interface Shown extends Part {
  asked: Asked;
  /** What all shards of one campaign have in common, as a text. */
  common: string;
}

function partOf(dir: string): Shown {
  const kept = readKept(dir);
  refuseVersion(dir, kept.version);
  const asked = askedIn(kept.request, dir);
  const { shard, ...common } = asked;
  if (shard === undefined) throw new UsageError(`${dir}: not a shard: it has nothing to merge`);
  return { kept, shard, out: outOf(dir), asked, common: canonical(common as unknown as Json) };
}

/** A campaign's own directory, or all those in a folder given by --out. */
function campaignsIn(place: string): string[] {
  if (existsSync(join(place, "campaign.json"))) return [place];
  const folder = join(place, "campaigns");
  const dirs = existsSync(folder) ? readdirSync(folder).sort() : [];
  if (dirs.length > 0) return dirs.map((name) => join(folder, name));
  throw new UsageError(`${place}: no campaign is kept here (no campaign.json, no campaigns/)`);
}

function oneUnfinished(place: string): string {
  const dirs = campaignsIn(place);
  if (dirs[0] === place) return place;
  const open = dirs.filter((dir) => !Lock.isTaken(dir) && !readKept(dir).ended);
  const [dir] = open;
  if (dir !== undefined && open.length === 1) return dir;
  throw new UsageError(
    dir === undefined
      ? `${place}: no unfinished campaign is kept here: name one by its own directory`
      : `${place}: ${open.length} unfinished campaigns are kept here: name one, such as ${dir}`,
  );
}

/** DIR is OUT/campaigns/NAME. */
function outOf(dir: string): string {
  return dirname(dirname(dir));
}

function refuseVersion(dir: string, made: string): void {
  if (made === version) return;
  throw new UsageError(
    `${dir}: kept by version ${made}, this is ${version}: runs are promised to repeat under one version`,
  );
}

function askedIn(request: Json, dir: string): Asked {
  const { systems, bug, set, runTimeout } = isJsonObject(request) ? request : {};
  if (Array.isArray(systems) && Array.isArray(bug) && isJsonObject(set) && Number(runTimeout) > 0) {
    return request as unknown as Asked;
  }
  throw new UsageError(`${join(dir, "campaign.json")}: its request is not that of a campaign`);
}

function sourceOf({ config }: Asked): ConfigSource {
  return { cwd: process.cwd(), ...(config === undefined ? {} : { file: config }) };
}

async function workshopOf(asked: Asked): Promise<Workshop> {
  return Workshop.open(sourceOf(asked));
}
