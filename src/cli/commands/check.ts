/** `faultline check`: judges histories recorded anywhere. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type ConsistencyModel, models, type Verdict } from "../../../checkers/index.js";
import {
  FORMATS,
  type HistoryFormat,
  type Keyed,
  readHistoryFile,
} from "../../../histories/index.js";
import { UsageError } from "../../base/errors.js";
import type { Json } from "../../base/json.js";
import { lookUp } from "../../base/names.js";
import { codeOf, type ExitCode, exitCodes, worstCode } from "../exit.js";
import { addCommonOptions, type CommonOptions, positive } from "../options.js";
import { Terminal } from "../terminal.js";

interface Options extends CommonOptions {
  model: string;
  type?: string;
  init?: Json;
  format?: HistoryFormat;
  keyed?: Keyed;
  steps?: number;
}

interface Judged {
  file: string;
  valid: Verdict["valid"];
  model: string;
  anomalies: Verdict["anomalies"];
  ops: number;
  wallMs: number;
  reason?: string;
  notes?: Verdict["notes"];
}

export function addCheck(program: Command, done: (code: ExitCode) => void): void {
  addCommonOptions(program.command("check").summary("judge histories recorded anywhere"))
    .argument(
      "<histories...>",
      "files or folders (JSONL, Jepsen's EDN or text logs); - for standard input",
    )
    .option("--model <name>", "what must hold: see `list models`", "linearizable")
    .option("--type <type>", "the object's type: register, cas-register, kv … (default: inferred)")
    .option("--init <json>", "the value that every key starts with (default: null)", json)
    .option("--steps <n>", "search steps before the answer is unknown", positive)
    .addOption(
      new Option("--format <format>", "the files' format (default: found out)").choices(FORMATS),
    )
    .addOption(
      new Option("--keyed <when>", "whether [k v] values in Jepsen's formats hold keys")
        .choices(["auto", "true", "false"])
        .argParser((text) => (text === "auto" ? "auto" : text === "true")),
    )
    .action(async (sources: string[], options: Options) => done(await check(sources, options)));
}

async function check(sources: readonly string[], options: Options): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const model = lookUp("model", options.model, models);
  const files = sources.flatMap(expand);
  const judged: Judged[] = [];
  const codes: ExitCode[] = [];
  const progress = terminal.progress(files.length, "files");
  for (const file of files) {
    try {
      const result = await judge(file, options, model);
      judged.push(result);
      codes.push(codeOf(result.valid));
      if (!terminal.json) tell(terminal, result);
    } catch (error) {
      // One bad file among many must not hide what the others say.
      if (!(error instanceof UsageError) || files.length === 1) throw error;
      process.stderr.write(`faultline: ${error.message}\n`);
      codes.push(exitCodes.usage);
    }
    progress.update(judged.length, judged.filter(({ valid }) => valid === false).length);
  }
  progress.stop();
  if (terminal.json) terminal.document(files.length === 1 ? (judged[0] as Judged) : judged);
  else if (files.length > 1) {
    const of = (valid: Verdict["valid"]): number =>
      judged.filter((one) => one.valid === valid).length;
    terminal.say(
      `${judged.length} histories: ${of(true)} valid, ${of(false)} invalid, ${of("unknown")} unknown`,
    );
  }
  return worstCode(codes);
}

async function judge(file: string, options: Options, model: ConsistencyModel): Promise<Judged> {
  const started = performance.now();
  const { history, warnings } = await readHistoryFile(file, {
    ...(options.format === undefined ? {} : { format: options.format }),
    ...(options.keyed === undefined ? {} : { keyed: options.keyed }),
  });
  for (const warning of warnings) process.stderr.write(`faultline: ${warning}\n`);
  const checker = model.checker({
    ...(options.type === undefined ? {} : { type: options.type }),
    ...(options.init === undefined ? {} : { init: options.init }),
    ...(options.steps === undefined ? {} : { stepsMax: options.steps }),
  });
  const { valid, anomalies, reason, notes } = inFile(file, () => checker.check(history));
  return {
    file,
    valid,
    model: model.name,
    anomalies,
    ops: history.operations.length,
    wallMs: Math.round(performance.now() - started),
    ...(reason === undefined ? {} : { reason }),
    ...(notes === undefined ? {} : { notes }),
  };
}

/** A checker that refuses a history does not know which file it came from. */
function inFile<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
}

function tell(
  terminal: Terminal,
  { file, valid, model, anomalies, ops, reason, notes }: Judged,
): void {
  const { paint } = terminal;
  const verdict =
    valid === "unknown"
      ? paint.yellow("unknown")
      : valid
        ? paint.green("valid")
        : paint.red("INVALID");
  const type = typeof notes?.["type"] === "string" ? ` as ${notes["type"]}` : "";
  terminal.say(
    `${file}: ${verdict}: ${model}${type}, ${ops} operations${reason ? `: ${reason}` : ""}`,
  );
  for (const anomaly of anomalies) {
    terminal.say(`  ${paint.red(anomaly.type)}: ${anomaly.message}`);
    terminal.say(paint.dim(`    events ${anomaly.ops.join(", ")}`));
  }
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

function json(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new InvalidArgumentError("expected JSON, such as 0 or '\"a\"'");
  }
}
