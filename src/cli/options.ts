/** The options that several commands share, and how their values are read. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { strategies } from "../../strategies/index.js";
import { random } from "../../strategies/random.js";
import { UsageError } from "../base/errors.js";
import { lookUp } from "../base/names.js";
import type { RunSpec } from "../campaign/prepare.js";
import type { OptionValue } from "../hosts/ts/node.js";
import { type Channel, channels } from "../plan/plan.js";
import { type TimingModel, timingModels } from "../plan/timing.js";

export interface CommonOptions {
  json?: boolean;
  quiet?: boolean;
  config?: string;
}

export interface RunOptions extends CommonOptions {
  bin?: string;
  workload?: string[];
  nemesis?: string[];
  strategy?: string;
  rate?: { [nemesis: string]: number };
  mix?: { [f: string]: number };
  nodes?: number;
  clients?: number;
  ops?: number;
  timeLimit?: number;
  timing?: TimingModel;
  bound?: number;
  channel?: Channel;
  beyond?: boolean;
  bug: string[];
  set: { [name: string]: OptionValue };
  out: string;
}

export function addCommonOptions(command: Command): Command {
  return command
    .option("--json", "one JSON document on stdout, nothing else there")
    .option("--quiet", "no progress")
    .option("--config <file>", "configuration file (default: faultline.config.* here)");
}

export function addRunOptions(command: Command): Command {
  return addCommonOptions(command)
    .option("--bin <command>", "a program that speaks the Maelstrom protocol, instead of a system")
    .option("--workload <names>", "what clients do: see `list workloads`", names)
    .option(
      "--nemesis <names>",
      "which faults: see `list nemeses`; none for none (default: swarm)",
      names,
    )
    .option(
      "--strategy <name>",
      "how trouble is looked for: see `list strategies` (default: random)",
    )
    .option(
      "--rate <name=percent,...>",
      "how often nemeses strike, in percent of the usual rate; 0 leaves one out",
      weights,
    )
    .option(
      "--mix <f=weight,...>",
      "how often clients choose each function of the workload; 0 leaves one out",
      weights,
    )
    .option("--nodes <n>", "size of the cluster, at most 100", upTo(100))
    .option("--clients <n>", "number of clients, at most 1000", upTo(1000))
    .option("--ops <n>", "operations over all clients, final reads not counted", upTo(1_000_000))
    .option(
      "--time-limit <duration>",
      "virtual time for operations and faults: 500ms, 60s, 2m",
      duration,
    )
    .addOption(
      new Option("--timing <model>", "how late messages may be (default: as links are)").choices(
        timingModels,
      ),
    )
    .addOption(
      new Option("--channel <kind>", "what nodes talk over (default: links with order)").choices(
        channels,
      ),
    )
    .option("--bound <duration>", "the bound of the timing model (default: 50ms)", duration)
    .option(
      "--beyond",
      "faults beyond what the system promises to survive; judged is what must hold even then",
    )
    .option("--bug <name>", "switch a documented bug on (repeatable)", collect, [])
    .addOption(
      new Option("--set <key=value>", "an option of the system or of the workload (repeatable)")
        .argParser(setting)
        .default({}, "none"),
    )
    .option("--out <dir>", "where runs and cases are kept", ".faultline");
}

/** What a run asks for, from the options of a command. */
export function specOf(
  options: RunOptions,
  about: { system: string; seed: number; workload?: string | undefined },
): RunSpec {
  return {
    ...about,
    ...defined({
      bin: options.bin,
      workload: about.workload,
      nemesis: options.nemesis,
      strategy: strategyOf(options.strategy),
      rates: options.rate,
      mix: options.mix,
      nodes: options.nodes,
      clients: options.clients,
      operations: options.ops,
      timeLimitMs: options.timeLimit,
      timing: options.timing,
      boundMs: options.bound,
      channel: options.channel,
      beyond: options.beyond,
    }),
    bugs: options.bug,
    options: options.set,
  } as RunSpec;
}

/** Plain chance is what happens anyhow: a plan says how it was drawn only where it is another way. */
function strategyOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const strategy = lookUp("strategy", name, strategies);
  return strategy === random ? undefined : strategy.name;
}

/** Without the fields that are undefined. */
function defined(fields: { [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export function names(text: string): string[] {
  const list = text.split(",").map((name) => name.trim());
  if (list.some((name) => name === "")) {
    throw new InvalidArgumentError("expected names with commas between them");
  }
  return list;
}

export function collect(value: string, previous: string[]): string[] {
  return [...previous, ...names(value)];
}

export function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("expected a whole number above 0");
}

/** A positive whole number that a run can bear. */
export function upTo(max: number): (text: string) => number {
  return (text) => {
    if (positive(text) <= max) return Number(text);
    throw new InvalidArgumentError(`expected at most ${max}`);
  };
}

export function seed(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("expected a whole number from 0 to 2^53 - 1");
}

/** `A..B`, both ends included, or a single seed. */
export function seedRange(text: string): { from: number; to: number } {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  if (match === null) throw new InvalidArgumentError("expected seeds as A..B, both ends included");
  const from = seed(match[1] as string);
  const to = match[2] === undefined ? from : seed(match[2]);
  if (to < from)
    throw new InvalidArgumentError(`${from}..${to} is empty: the first seed comes first`);
  if (to - from >= 10_000_000) throw new InvalidArgumentError("at most 10,000,000 seeds at once");
  return { from, to };
}

/** Milliseconds from `60s`, `500ms`, `2m`, `1h`. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[match?.[2] ?? ""];
  const value = Math.round(Number(match?.[1]) * (unit ?? Number.NaN));
  if (value > 0 && value <= 24 * 3_600_000) return value;
  throw new InvalidArgumentError("expected a duration such as 500ms, 60s or 2m, at most 24h");
}

/** `key=value`; numbers and booleans are taken as such. */
export function setting(
  text: string,
  previous: { [name: string]: OptionValue },
): { [name: string]: OptionValue } {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("expected key=value");
  const value = text.slice(at + 1);
  const parsed =
    value === "true" || value === "false"
      ? value === "true"
      : value !== "" && Number.isFinite(Number(value))
        ? Number(value)
        : value;
  const name = text.slice(0, at);
  if (Object.hasOwn(previous, name) && previous[name] !== parsed) {
    throw new InvalidArgumentError(`${name} was given as ${previous[name]} before: give it once`);
  }
  return { ...previous, [name]: parsed };
}

/** `name=number,...`; given several times, the last word on a name counts. */
export function weights(
  text: string,
  previous: { [name: string]: number } = {},
): { [name: string]: number } {
  const pairs = names(text).map((pair): [string, number] => {
    const match = /^([^=]+)=(\d+)$/.exec(pair);
    if (match === null) {
      throw new InvalidArgumentError("expected name=number, whole numbers, commas between them");
    }
    return [match[1] as string, Number(match[2])];
  });
  return { ...previous, ...Object.fromEntries(pairs) };
}

/** Either a system or a program, never both, never neither. */
export function oneSubject(systems: readonly string[], bin: string | undefined): void {
  if (bin === undefined || systems.length === 0) return;
  throw new UsageError(`give a system or --bin, not both (${systems.join(", ")} and "${bin}")`);
}
