/** From a gate's command line and configuration to what it runs, and the tools that it runs it with. */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { systems } from "../../systems/index.js";
import { UsageError } from "../base/errors.js";
import { runCampaign } from "../campaign/campaign.js";
import { Guide } from "../campaign/guide.js";
import type { Pool } from "../campaign/pool.js";
import type { Workshop } from "../campaign/prepare.js";
import { findSystem } from "../config/config.js";
import type { GateSettings } from "../config/gate-settings.js";
import {
  type Canary,
  canaryFrom,
  canarySpec,
  commitOf,
  firstSeedOf,
  formatBaseline,
  type GateOutcome,
  type GateRequest,
  type GateTools,
  headOf,
  type KnownGroup,
  kindsOf,
  parseBaseline,
  readCases,
  realClock,
  saveGroup,
  shrinkFailure,
  usualCanary,
} from "../gate/index.js";
import { parseCase } from "../store/case-file.js";
import { makeFolder, readJson, readText, writeText } from "../store/files.js";
import { type Program, programOf, subjectsOf } from "./commands/campaign-request.js";
import type { GateFacts } from "./gate-text.js";
import { duration, type RunOptions } from "./options.js";

export interface GateOptions extends RunOptions {
  time?: number;
  cases?: string;
  seeds?: { from: number; to: number };
  seedFromCommit?: string | true;
  canary?: string;
  baseline?: string;
  updateBaseline?: boolean;
  save: boolean;
  maxFailures?: number;
  jobs?: number;
  runTimeout?: number;
}

export interface GateSetup {
  request: GateRequest;
  facts: GateFacts;
  /** What gets fresh seeds. */
  subjects: { system: string; workload: string }[];
  /** What people should know before it begins, a line each. */
  warnings: string[];
  runTimeoutMs: number;
  tools(pool: Pool, signal: AbortSignal, note: (text: string) => void): GateTools;
  /** Writes what is to be written at the end, and clears up; says what it could not, in lines. */
  end(outcome: GateOutcome): string[];
}

const TIME_MS = 60_000;
const CASES = "faultline/cases";
const BASELINE = "faultline/baseline.json";

/** A run gets half of the time, so that one that hangs is seen to, but within these. */
const RUN_TIMEOUT_MS = { min: 10_000, max: 60_000 };

/** @throws UsageError for anything that is asked for wrongly, before anything has run. */
export async function setUpGate(
  names: readonly string[],
  options: GateOptions,
  workshop: Workshop,
): Promise<GateSetup> {
  const settings = workshop.config.gate ?? {};
  const warnings: string[] = [];
  const timeMs = options.time ?? timeOf(settings);
  const folder = options.cases ?? settings.cases;
  const casesFolder = folder ?? CASES;
  if (folder !== undefined && !existsSync(folder)) {
    throw new UsageError(`${folder}: no such folder of cases`);
  }
  const saved = existsSync(casesFolder) ? readCases(casesFolder) : { cases: [], refused: [] };
  const baseline = baselineOf(options, settings);
  const canary = await chosenCanary(options.canary ?? settings.canary, workshop);
  if (canary === undefined) {
    warnings.push("without a canary nothing shows whether a bug would have been caught");
  } else await workshop.plan(canarySpec(canary));
  const seeds = await seedsOf(options, workshop.source.cwd, warnings);
  const fresh = await freshRuns(names, options, workshop, seeds);
  const keep = keepingOf(options, casesFolder);

  return {
    request: {
      timeMs,
      ...saved,
      known: baseline.groups,
      subjects: subjectsOf(fresh),
      updateBaseline: options.updateBaseline ?? false,
      ...(canary === undefined ? {} : { canary }),
    },
    facts: {
      seeds,
      timeMs,
      cases: casesFolder,
      ...(baseline.file === undefined ? {} : { baseline: baseline.file }),
    },
    subjects: subjectsOf(fresh),
    warnings,
    runTimeoutMs: options.runTimeout ?? runTimeoutWithin(timeMs),
    tools: (pool, signal, note) => ({
      clock: realClock,
      pool,
      campaign: ({ mayBegin, progress }) =>
        runCampaign(
          {
            ...{ ...fresh.order, ...fresh.ledger, out: keep.raw, signal, mayBegin, progress },
            ...(fresh.guided ? { guide: new Guide(fresh.order.run) } : {}),
          },
          pool,
        ),
      found: (failure) => ({
        seed: failure.seed,
        system: failure.system,
        workload: failure.workload,
        signature: failure.signature,
        kinds: kindsOf(parseCase(readJson(failure.case), failure.case).plan),
        failure,
      }),
      shrink: ({ failure }, untilMs) =>
        shrinkFailure(failure, { workshop, signal, stop: () => realClock.now() >= untilMs }),
      save: (group) => {
        const file = saveGroup(keep.shrunk, group, ({ failure }) => readText(failure.case));
        return relative(process.cwd(), file);
      },
      phase: (name) => note(phases[name]),
    }),
    end: ({ baseline: { updated }, groups }) => {
      keep.end(groups.length > 0);
      if (updated === undefined || baseline.file === undefined) return [];
      try {
        writeText(baseline.file, formatBaseline(updated));
        return [];
      } catch (error) {
        if (error instanceof UsageError) return [error.message];
        throw error;
      }
    },
  };
}

const phases = {
  cases: "saved cases …",
  canary: "canary …",
  seeds: "fresh seeds …",
  shrinking: "shrinking what failed …",
};

function timeOf({ time }: GateSettings): number {
  if (time === undefined) return TIME_MS;
  try {
    return duration(time);
  } catch (error) {
    throw new UsageError(`gate.time "${time}" in the configuration: ${(error as Error).message}`);
  }
}

function runTimeoutWithin(timeMs: number): number {
  const { min, max } = RUN_TIMEOUT_MS;
  return Math.min(max, Math.max(min, Math.floor(timeMs / 2)));
}

function baselineOf(
  options: GateOptions,
  settings: GateSettings,
): { file?: string; groups: KnownGroup[] } {
  const { updateBaseline = false, save } = options;
  if (updateBaseline && !save) {
    throw new UsageError("--update-baseline writes a file, and --no-save allows none");
  }
  const asked = options.baseline ?? settings.baseline;
  const file = asked ?? BASELINE;
  if (existsSync(file)) return { file, groups: parseBaseline(readJson(file), file) };
  if (updateBaseline) return { file, groups: [] };
  if (asked === undefined) return { groups: [] };
  throw new UsageError(`${file}: no such baseline: --update-baseline makes one`);
}

async function chosenCanary(
  text: string | undefined,
  workshop: Workshop,
): Promise<Canary | undefined> {
  if (text === "none") return undefined;
  if (text === undefined) return usualCanary;
  return canaryFrom(
    text,
    async (name) => (await findSystem(name, workshop.config, workshop.source)).bugs,
  );
}

async function seedsOf(
  { seeds, seedFromCommit }: GateOptions,
  cwd: string,
  warnings: string[],
): Promise<GateFacts["seeds"]> {
  if (seeds !== undefined) {
    if (seedFromCommit === undefined) return seeds;
    throw new UsageError("give --seeds or --seed-from-commit, not both");
  }
  if (seedFromCommit !== undefined) {
    const commit = await commitOf(seedFromCommit === true ? "HEAD" : seedFromCommit, cwd);
    return { from: firstSeedOf(commit), commit };
  }
  const head = await headOf(cwd);
  if ("hash" in head) return { from: firstSeedOf(head.hash), commit: head.hash };
  warnings.push(`fresh seeds from 1, the same every time: ${head.problem}`);
  return { from: 1 };
}

/** What gets fresh seeds. @throws UsageError before any worker starts. */
async function freshRuns(
  names: readonly string[],
  options: GateOptions,
  workshop: Workshop,
  { from, to = Number.POSITIVE_INFINITY }: GateFacts["seeds"],
): Promise<Program> {
  const settings = workshop.config.gate ?? {};
  const { workload = settings.workloads, nemesis = settings.nemesis } = options;
  const { beyond = settings.beyond } = options;
  const program = await programOf(
    {
      ...options,
      systems: chosenSystems(names, options, workshop),
      seeds: { from, to },
      runTimeout: RUN_TIMEOUT_MS.max,
      ...(workload === undefined ? {} : { workload }),
      ...(nemesis === undefined ? {} : { nemesis }),
      ...(beyond === undefined ? {} : { beyond }),
    },
    workshop,
  );
  for (let i = 0; i < program.subjects; i++) await workshop.plan(program.order.run(i));
  return program;
}

/** Those named, else those of the configuration, else the user's own, else all. */
function chosenSystems(
  names: readonly string[],
  { bin }: GateOptions,
  { config }: Workshop,
): readonly string[] {
  if (bin !== undefined) return ["bin"];
  if (names.length > 0) return names;
  if (config.gate?.systems !== undefined) return config.gate.systems;
  return config.systems.length > 0 ? config.systems.map(({ name }) => name) : [...systems.keys()];
}

/** Where failures go: as they came, and the smallest of each new group. */
function keepingOf(
  { save, out }: GateOptions,
  cases: string,
): { raw: string; shrunk: string; end(used: boolean): void } {
  if (save) {
    // Found out now, and not when the first failure has nowhere to go.
    makeFolder(out);
    return { raw: out, shrunk: cases, end: () => undefined };
  }
  const folder = mkdtempSync(join(tmpdir(), "faultline-gate-"));
  return {
    raw: folder,
    shrunk: join(folder, "shrunk"),
    end: (used) => {
      if (!used) rmSync(folder, { recursive: true, force: true });
    },
  };
}
