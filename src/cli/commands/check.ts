/** `faultline check`: judges histories recorded anywhere. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type ConsistencyModel,
  type LinearizabilityVerdict,
  type ModelOptions,
  models,
  type Verdict,
} from "../../../checkers/index.js";
import { FORMATS, type HistoryFormat, type Keyed } from "../../../histories/index.js";
import { UsageError } from "../../base/errors.js";
import type { Json } from "../../base/json.js";
import { lookUp } from "../../base/names.js";
import { judgeStream } from "../../check/live.js";
import { openSearches, type Searches } from "../../check/searches.js";
import { tell as tellStories } from "../../check/stories.js";
import { type Judgement, judgeFile } from "../../check/subject.js";
import { codeOf, type ExitCode, exitCodes, worstCode } from "../exit.js";
import { addCommonOptions, type CommonOptions, positive } from "../options.js";
import { Terminal } from "../terminal.js";
import { histories, type TellableVerdict, tellVerdict } from "../verdict-text.js";

interface Options extends CommonOptions {
  model: string;
  type?: string;
  init?: Json;
  format?: HistoryFormat;
  keyed?: Keyed;
  steps?: number;
  jobs?: number;
  k?: number;
  /** Nanoseconds. */
  delta?: number;
  witness?: boolean;
  out: string;
  page: boolean;
}

interface Judged extends TellableVerdict {
  wallMs: number;
  linearizations?: LinearizabilityVerdict["linearizations"];
}

export function addCheck(program: Command, done: (code: ExitCode) => void): void {
  addCommonOptions(program.command("check").summary("judge histories recorded anywhere"))
    .argument(
      "<histories...>",
      "files or folders (JSONL, Jepsen's EDN or text logs); - for standard input, while it is written",
    )
    .option("--model <name>", "what must hold: see `list models`", "linearizable")
    .option("--type <type>", "the object's type: see `list types` (default: inferred)")
    .option(
      "--init <json>",
      "what every object starts with, such as a semaphore's permits (default: null)",
      json,
    )
    .option("--steps <n>", "search steps before the answer is unknown", positive)
    .option(
      "--jobs <n>",
      "threads for objects that must be searched (default: all cores)",
      positive,
    )
    .option("--witness", "show a linearization of every object when valid (in --json)")
    .option("--k <n>", "for k-atomic: versions that a read may lag behind, plus one", positive)
    .option(
      "--delta <duration>",
      "for delta-atomic: by how much a read may lag behind, such as 300us or 5ms",
      nanoseconds,
    )
    .option("--out <dir>", "where pages about violations are written", ".faultline")
    .option("--no-page", "write no page about violations")
    .addOption(
      new Option("--format <format>", "the files' format (default: found out)").choices(FORMATS),
    )
    .option(
      "--keyed <when>",
      "whether [k v] values in Jepsen's formats hold keys: auto, true or false (default: auto)",
      keyed,
    )
    .action(async (sources: string[], options: Options) => done(await check(sources, options)));
}

async function check(sources: readonly string[], options: Options): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const model = lookUp("model", options.model, models);
  refuseIdle(options, model);
  const files = sources.flatMap(expand);
  const judged: Judged[] = [];
  const codes: ExitCode[] = [];
  const progress = terminal.progress(files.length, "files");
  const searches = openSearches(options.jobs ?? availableParallelism());
  for (const file of files) {
    try {
      const result = await judge(file, options, model, searches);
      judged.push(result);
      codes.push(codeOf(result.valid));
      if (!terminal.json) tellVerdict(terminal, result);
    } catch (error) {
      // One bad file among many must not hide what the others say.
      if (!(error instanceof UsageError) || files.length === 1) throw error;
      process.stderr.write(`faultline: ${error.message}\n`);
      codes.push(exitCodes.usage);
    }
    progress.update(judged.length, judged.filter(({ valid }) => valid === false).length);
  }
  progress.stop();
  await searches.close();
  if (terminal.json) terminal.document(files.length === 1 ? (judged[0] as Judged) : judged);
  else if (files.length > 1) {
    const of = (valid: Verdict["valid"]): number =>
      judged.filter((one) => one.valid === valid).length;
    terminal.say(
      `${histories(judged.length)}: ${of(true)} valid, ${of(false)} invalid, ${of("unknown")} unknown`,
    );
  }
  return worstCode(codes);
}

/** A bound that nothing is held against would pass for a verdict on it. */
function refuseIdle({ k, delta }: Options, { name }: ConsistencyModel): void {
  if (k !== undefined && name !== "k-atomic") {
    throw new UsageError(`--k says nothing to ${name}: add --model k-atomic`);
  }
  if (delta !== undefined && name !== "delta-atomic") {
    throw new UsageError(`--delta says nothing to ${name}: add --model delta-atomic`);
  }
}

async function judge(
  file: string,
  options: Options,
  model: ConsistencyModel,
  searches: Searches,
): Promise<Judged> {
  const started = performance.now();
  const judgement = await judgementOf(file, options, model, searches);
  for (const warning of judgement.warnings) process.stderr.write(`faultline: ${warning}\n`);
  const verdict: LinearizabilityVerdict = judgement.verdict;
  const { valid, anomalies, reason, notes, linearizations } = verdict;
  const folder = options.page ? join(options.out, "checks") : undefined;
  const about = { file, folder, init: options.init ?? null };
  const { told, trouble } = tellStories(anomalies, judgement, about);
  if (trouble !== undefined) process.stderr.write(`faultline: no page: ${trouble}\n`);
  return {
    file,
    valid,
    model: model.name,
    anomalies: told,
    ops: judgement.operations,
    wallMs: Math.round(performance.now() - started),
    ...(reason === undefined ? {} : { reason }),
    ...(notes === undefined ? {} : { notes }),
    ...(linearizations === undefined ? {} : { linearizations }),
  };
}

function judgementOf(
  file: string,
  options: Options,
  model: ConsistencyModel,
  searches: Searches,
): Promise<Judgement> {
  const about: ModelOptions = {
    ...(options.type === undefined ? {} : { type: options.type }),
    ...(options.init === undefined ? {} : { init: options.init }),
    ...(options.steps === undefined ? {} : { stepsMax: options.steps }),
    ...(options.witness === undefined ? {} : { witness: options.witness }),
    ...(options.k === undefined ? {} : { kMax: options.k }),
    ...(options.delta === undefined ? {} : { deltaMaxNs: options.delta }),
  };
  const reading = {
    ...(options.format === undefined ? {} : { format: options.format }),
    ...(options.keyed === undefined ? {} : { keyed: options.keyed }),
  };
  // Refused before a pipe is waited for.
  model.checker(about);
  if (file === "-" && model.judge !== undefined) {
    return judgeStream(process.stdin, "standard input", about, reading);
  }
  return judgeFile(file, model, about, reading, searches.search);
}

const EXTENSIONS = /\.(jsonl|ndjson|edn|log|txt)$/;

/** A folder stands for the history files in it, by name; everything else for itself. */
function expand(source: string): string[] {
  if (source === "-" || !existsSync(source) || !statSync(source).isDirectory()) return [source];
  const files = readdirSync(source)
    .filter((name) => EXTENSIONS.test(name))
    .sort()
    .map((name) => join(source, name));
  if (files.length > 0) return files;
  throw new UsageError(`${source}: no history in this folder (.jsonl, .edn, .log or .txt)`);
}

const NS_PER: { [unit: string]: number } = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9 };

/** Finer than other durations: what a read is late by is often less than a millisecond. */
function nanoseconds(text: string): number {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m)$/.exec(text) ?? [];
  const timeNs = Math.round(Number(count) * (NS_PER[unit] ?? Number.NaN));
  if (Number.isSafeInteger(timeNs)) return timeNs;
  throw new InvalidArgumentError("expected a duration such as 300us, 5ms or 1s");
}

function keyed(text: string): Keyed {
  if (text === "auto") return text;
  if (text === "true" || text === "false") return text === "true";
  throw new InvalidArgumentError("expected auto, true or false");
}

function json(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new InvalidArgumentError("expected JSON, such as 0 or '\"a\"'");
  }
}
