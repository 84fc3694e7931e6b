/** `faultline check`: judges histories recorded anywhere. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import {
  type ConsistencyModel,
  findModel,
  guarantees,
  type LinearizabilityVerdict,
  type MemoryVerdict,
  type ModelOptions,
  modelName,
  models,
  type Verdict,
} from "../../../checkers/index.js";
import { UsageError } from "../../base/errors.js";
import { lookUp } from "../../base/names.js";
import { asModel } from "../../check/checkers.js";
import { readClaims } from "../../check/claims.js";
import { judgeStream } from "../../check/live.js";
import { openSearches, type Searches } from "../../check/searches.js";
import { isOfTransactions } from "../../check/standard-input.js";
import { pages, type Told, tell as tellStories } from "../../check/stories.js";
import { type StrongestModels, strongestModels } from "../../check/strongest.js";
import { defaultModels, type Judgement, judgeFile, type Question } from "../../check/subject.js";
import { saveCertificate, tellTransactions } from "../../check/transactions.js";
import { codeOf, type ExitCode, exitCodes, worstCode } from "../exit.js";
import { Terminal } from "../terminal.js";
import { histories, type TellableVerdict, tellStrongest, tellVerdict } from "../verdict-text.js";
import { type CheckOptions, checkCommand } from "./check-options.js";

interface Judged extends TellableVerdict {
  wallMs: number;
  linearizations?: LinearizabilityVerdict["linearizations"];
  order?: MemoryVerdict["order"];
}

interface Ranked extends StrongestModels {
  file: string;
  ops: number;
  wallMs: number;
}

/** What was said of one file, and how that ends the program. */
type Answer = { code: ExitCode } & ({ judged: Judged } | { ranked: Ranked });

export function addCheck(program: Command, done: (code: ExitCode) => void): void {
  checkCommand(program).action(async (sources: string[], options: CheckOptions) =>
    done(await check(sources, options)),
  );
}

async function check(sources: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const question = questionOf(options);
  const files = sources.flatMap(expand);
  if (options.certificate !== undefined && files.length > 1) {
    throw new UsageError("--certificate is of one history: give one file");
  }
  const answers: Answer[] = [];
  const codes: ExitCode[] = [];
  const progress = terminal.progress(files.length, "files");
  const searches = openSearches(options.jobs ?? availableParallelism());
  for (const file of files) {
    try {
      const answer = options.strongest
        ? await rank(file, options, question, searches)
        : await judge(file, options, question, searches);
      answers.push(answer);
      codes.push(answer.code);
      if (terminal.json) continue;
      if ("judged" in answer) tellVerdict(terminal, answer.judged);
      else tellStrongest(terminal, answer.ranked);
    } catch (error) {
      // One bad file among many must not hide what the others say.
      if (!(error instanceof UsageError) || files.length === 1) throw error;
      process.stderr.write(`faultline: ${error.message}\n`);
      codes.push(exitCodes.usage);
    }
    progress.update(
      answers.length,
      answers.filter(({ code }) => code === exitCodes.anomaly).length,
    );
  }
  progress.stop();
  await searches.close();
  const documents = answers.map((answer) => ("judged" in answer ? answer.judged : answer.ranked));
  if (terminal.json) terminal.document(files.length === 1 ? documents[0]! : documents);
  else if (files.length > 1 && !options.strongest) tellAll(terminal, answers);
  return worstCode(codes);
}

function tellAll(terminal: Terminal, answers: readonly Answer[]): void {
  const judged = answers.flatMap((answer) => ("judged" in answer ? [answer.judged] : []));
  const of = (valid: Verdict["valid"]): number =>
    judged.filter((one) => one.valid === valid).length;
  terminal.say(
    `${histories(judged.length)}: ${of(true)} valid, ${of(false)} invalid, ${of("unknown")} unknown`,
  );
}

/** @throws UsageError for options that say nothing to each other, before anything is read. */
function questionOf(options: CheckOptions): Question {
  const { k, delta, strongest, checker } = options;
  const chosen = ["model", "checker", "strongest"].filter((name) => name in options);
  if (chosen.length > 1) {
    const [first, second] = chosen;
    throw new UsageError(`--${first} and --${second} ask for different things: give one of them`);
  }
  if (strongest && options.certificate !== undefined) {
    throw new UsageError("--certificate proves one verdict: give --model in place of --strongest");
  }
  const model = checker === undefined ? modelOf(options) : asModel(checker);
  // A bound that nothing is held against would pass for a verdict on it.
  if (k !== undefined && model?.name !== "k-atomic") {
    throw new UsageError("--k is a bound of k-atomic: add --model k-atomic");
  }
  if (delta !== undefined && model?.name !== "delta-atomic") {
    throw new UsageError("--delta is a bound of delta-atomic: add --model delta-atomic");
  }
  if (options.reading !== undefined && !model?.name.split("+").every(isGuarantee)) {
    throw new UsageError(
      "--reading is of session guarantees: add --model read-your-writes, or several joined by +",
    );
  }
  const about: ModelOptions = {
    ...(options.type === undefined ? {} : { type: options.type }),
    ...(options.init === undefined ? {} : { init: options.init }),
    ...(options.steps === undefined ? {} : { stepsMax: options.steps }),
    ...(options.witness === undefined ? {} : { witness: options.witness }),
    ...(k === undefined ? {} : { kMax: k }),
    ...(delta === undefined ? {} : { deltaMaxNs: delta }),
    ...(options.assume === undefined ? {} : { assume: options.assume }),
    ...(options.reading === undefined ? {} : { reading: options.reading }),
  };
  // Refused before a pipe is waited for.
  (model ?? models.get("linearizable")!).checker(about);
  return {
    ...(model === undefined ? {} : { model }),
    options: about,
    ...(options.claimed === undefined ? {} : { claims: readClaims(options.claimed) }),
  };
}

function isGuarantee(name: string): boolean {
  return (guarantees as readonly string[]).includes(name);
}

function modelOf({ model }: CheckOptions): ConsistencyModel | undefined {
  if (model === undefined) return undefined;
  return findModel(model) ?? lookUp("model", modelName(model), models);
}

async function judge(
  file: string,
  options: CheckOptions,
  question: Question,
  searches: Searches,
): Promise<Answer> {
  const started = performance.now();
  const judgement = await judgementOf(file, options, question, searches);
  for (const warning of judgement.warnings) process.stderr.write(`faultline: ${warning}\n`);
  const verdict: LinearizabilityVerdict = judgement.verdict;
  const { valid, reason, notes, linearizations } = verdict;
  const folder = options.page ? join(options.out, "checks") : undefined;
  const order = judgement.memory?.order;
  const { write, trouble } = pages({ file, folder });
  const anomalies = toldOf(judgement, options, question, write);
  if (trouble() !== undefined) process.stderr.write(`faultline: no page: ${trouble()}\n`);
  const judged: Judged = {
    file,
    valid,
    model: judgement.model.name,
    anomalies,
    ops: judgement.operations,
    wallMs: Math.round(performance.now() - started),
    ...(reason === undefined ? {} : { reason }),
    ...(notes === undefined ? {} : { notes }),
    ...(linearizations === undefined ? {} : { linearizations }),
    ...(order === undefined ? {} : { order }),
  };
  return { judged, code: codeOf(valid) };
}

/** Saves the certificate, too, where one is asked for. */
function toldOf(
  judgement: Judgement,
  { certificate: saved }: CheckOptions,
  question: Question,
  write: ReturnType<typeof pages>["write"],
): Told[] {
  const { transactional, model } = judgement;
  if (transactional === undefined) {
    if (saved === undefined) return tellStories(judgement, question.options.init ?? null, write);
    throw new UsageError("--certificate is of histories of transactions: leave it out");
  }
  const { verdict, recorded, options } = transactional;
  const { told, certificate } = tellTransactions(verdict, model, options, write);
  if (saved === undefined) return told;
  const lack = saveCertificate(saved, recorded, verdict, certificate);
  if (lack !== undefined) process.stderr.write(`faultline: no certificate to save: ${lack}\n`);
  return told;
}

async function judgementOf(
  file: string,
  options: CheckOptions,
  question: Question,
  searches: Searches,
): Promise<Judgement> {
  const reading = readingOf(options);
  const isLive = question.model === undefined || question.model.name === defaultModels.operations;
  if (file === "-" && isLive && !(await isOfTransactions(process.stdin))) {
    return judgeStream(process.stdin, "standard input", question.options, reading);
  }
  return judgeFile(file, question, reading, searches.search);
}

async function rank(
  file: string,
  options: CheckOptions,
  question: Question,
  searches: Searches,
): Promise<Answer> {
  const started = performance.now();
  const reading = readingOf(options);
  const found = await strongestModels(file, question, reading, searches.search);
  const { answer, operations, warnings } = found;
  for (const warning of warnings) process.stderr.write(`faultline: ${warning}\n`);
  const wallMs = Math.round(performance.now() - started);
  const { violated, undecided } = answer;
  const code =
    violated.length > 0
      ? exitCodes.anomaly
      : undecided.length > 0
        ? exitCodes.unknown
        : exitCodes.valid;
  return { ranked: { file, ...answer, ops: operations, wallMs }, code };
}

function readingOf({ format, keyed, allowTruncated }: CheckOptions) {
  return {
    ...(format === undefined ? {} : { format }),
    ...(keyed === undefined ? {} : { keyed }),
    ...(allowTruncated === undefined ? {} : { allowTruncated }),
  };
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
