/** `faultline litmus … --system S`: litmus tests put to a system, under faults. */

import { type Command, Option } from "commander";
import { LitmusError } from "../../../checkers/litmus/parse/parse.js";
import { printLitmus } from "../../../checkers/litmus/print.js";
import type { Service } from "../../../systems/system.js";
import { maelstromWorkloads } from "../../../workloads/index.js";
import { UsageError } from "../../base/errors.js";
import { openPool } from "../../campaign/pool.js";
import { type RunSpec, Workshop } from "../../campaign/prepare.js";
import { type ConfigSource, findSystem, loadConfig } from "../../config/config.js";
import type { OptionValue } from "../../hosts/ts/node.js";
import type { Subject } from "../../litmus/subjects.js";
import { runTrials, Trial, type TrialReport } from "../../litmus/system/index.js";
import { makeFolder, readText } from "../../store/files.js";
import { type ExitCode, exitCodes, worstCode } from "../exit.js";
import { tellSkipped, tellTrial, tellTrials } from "../litmus-system-text.js";
import {
  type CommonOptions,
  collect,
  names,
  oneSubject,
  positive,
  seedRange,
  setting,
  upTo,
} from "../options.js";
import { Terminal } from "../terminal.js";

export interface SystemOptions extends CommonOptions {
  system?: string;
  bin?: string;
  claim?: string;
  seeds: { from: number; to: number };
  instances: number;
  nemesis?: string[];
  nodes?: number;
  bug: string[];
  set: { [name: string]: OptionValue };
  jobs?: number;
  out: string;
}

export function addSystemOptions(command: Command): Command {
  return command
    .option("--system <name>", "put the tests to this system: see `list systems`")
    .option("--bin <command>", "… or to a program that speaks Maelstrom's lin-kv")
    .option("--claim <model>", "what to hold the system to (default: what it promises)")
    .option("--seeds <A..B>", "each placement of each test is run with these", seedRange, {
      from: 1,
      to: 3,
    })
    .option("--instances <n>", "how often a run repeats its test", upTo(100_000), 100)
    .option("--nemesis <names>", "which faults: see `list nemeses` (default: swarm)", names)
    .option("--nodes <n>", "size of the cluster, at most 100", upTo(100))
    .option("--bug <name>", "switch a documented bug of the system on (repeatable)", collect, [])
    .addOption(
      new Option("--set <key=value>", "an option of the system (repeatable)")
        .argParser(setting)
        .default({}, "none"),
    )
    .option("--jobs <n>", "runs at the same time (default: one a core; 1 with --bin)", positive)
    .option("--out <dir>", "where cases are kept", ".faultline");
}

/** @throws UsageError for options that only a system could follow. */
export function isAgainstSystem({ system, bin, claim, nemesis, nodes }: SystemOptions): boolean {
  if (system !== undefined || bin !== undefined) return true;
  const alone = Object.entries({ claim, nemesis, nodes }).find(([, value]) => value !== undefined);
  if (alone === undefined) return false;
  throw new UsageError(
    `--${alone[0]} is about a system: add --system NAME or --bin "COMMAND", or leave it out`,
  );
}

/** Runs every test in every placement. @throws UsageError for what cannot be asked. */
export async function litmusAgainstSystem(
  subjects: readonly Subject[],
  options: SystemOptions,
): Promise<ExitCode> {
  oneSubject(options.system === undefined ? [] : [options.system], options.bin);
  const terminal = new Terminal(options);
  const source: ConfigSource = {
    cwd: process.cwd(),
    ...(options.config ? { file: options.config } : {}),
  };
  const { service, nodes } = await subjectOf(options, source);
  const { trials, skipped, refused } = trialsOf(subjects, options, service, nodes);
  const [first] = trials;
  if (first === undefined) throw new UsageError(nothingToRun(skipped, refused));
  // What is asked for wrongly is said before any worker starts.
  await (await Workshop.open(source)).plan(first.specs[0] as RunSpec);
  makeFolder(options.out);
  const pool = await openPool(
    source,
    options.bin === undefined ? options.jobs : (options.jobs ?? 1),
  );
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const total = trials.reduce((sum, trial) => sum + trial.specs.length, 0);
  const progress = terminal.progress(total, "runs");
  const started = performance.now();
  const reports: TrialReport[] = [];
  try {
    const running = runTrials(trials, {
      pool,
      out: options.out,
      signal: interrupt.signal,
      progress: (runs, failures) => progress.update(runs, failures),
    });
    for await (const report of running) {
      reports.push(report);
      if (!terminal.json) tellTrial(terminal, report);
    }
  } finally {
    progress.stop();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    await pool.close();
  }
  for (const one of skipped) tellSkipped(terminal, one);
  tellTrials(terminal, reports, { planned: trials.length, wallMs: performance.now() - started });
  if (terminal.json) terminal.document([...reports, ...skipped]);
  return worstCode([
    ...reports.map(codeOf),
    refused > 0 ? exitCodes.usage : exitCodes.valid,
    reports.length < trials.length || interrupt.signal.aborted
      ? exitCodes.unknown
      : exitCodes.valid,
  ]);
}

/** A test that the system cannot be put to. */
export interface Skipped {
  file: string;
  name: string;
  system: string;
  /** What it would need. */
  skipped: string;
}

async function subjectOf(
  options: SystemOptions,
  source: ConfigSource,
): Promise<{ service: Service; nodes: number }> {
  if (options.bin !== undefined) {
    const operations = maelstromWorkloads.get("litmus")?.requires ?? [];
    return { service: { operations, consistency: "linearizable" }, nodes: options.nodes ?? 3 };
  }
  const system = await findSystem(String(options.system), await loadConfig(source), source);
  const nodes = options.nodes ?? (system.nodeCounts[0] as number);
  const defaults = Object.entries(system.options).map(([name, spec]) => [name, spec.default]);
  const settings = { ...Object.fromEntries(defaults), ...options.set };
  return { service: system.service(settings, nodes), nodes };
}

function trialsOf(
  subjects: readonly Subject[],
  options: SystemOptions,
  service: Service,
  nodes: number,
): { trials: Trial[]; skipped: Skipped[]; refused: number } {
  const { bin, instances, seeds, claim, nemesis, bug, set } = options;
  const system = options.system ?? "bin";
  const spec: Omit<RunSpec, "seed"> = {
    system,
    ...(bin === undefined ? {} : { bin }),
    ...(nemesis === undefined ? {} : { nemesis }),
    bugs: bug,
    options: set,
  };
  const trials: Trial[] = [];
  const skipped: Skipped[] = [];
  let refused = 0;
  for (const { file, cycle, read } of subjects) {
    try {
      const text = cycle === undefined ? readText(file) : printLitmus(read());
      const claimed = claim === undefined ? {} : { claim };
      const trial = new Trial({ file, text, spec, service, nodes, instances, seeds, ...claimed });
      const { lacking, test } = trial;
      if (test.locations.length > 0 && lacking.length === 0) trials.push(trial);
      else {
        const needs = lacking.length > 0 ? lacking.join(" and ") : "a location";
        skipped.push({ file, name: test.name, system: bin ?? system, skipped: `needs ${needs}` });
      }
    } catch (error) {
      if (!(error instanceof LitmusError)) throw error;
      process.stderr.write(`faultline: ${error.message}\n`);
      refused++;
    }
  }
  return { trials, skipped, refused };
}

function nothingToRun(skipped: readonly Skipped[], refused: number): string {
  const reasons = [
    ...(skipped[0] === undefined ? [] : [`${skipped[0].name} ${skipped[0].skipped}`]),
    ...(refused > 0 ? [`${refused} could not be read`] : []),
  ];
  return `no test can be put to this system: ${reasons.join(", ")}: give others`;
}

function codeOf({ valid, broken }: TrialReport): ExitCode {
  if (broken.length > 0) return exitCodes.harness;
  if (valid === false) return exitCodes.anomaly;
  return valid === true ? exitCodes.valid : exitCodes.unknown;
}
