/** `faultline litmus`: which final states memory models allow, by enumeration of all of them. */

import type { Command } from "commander";
import { UsageError } from "../../base/errors.js";
import { Expectations } from "../../litmus/expect.js";
import { type Subject, subjectsOfCycles, subjectsOfFiles } from "../../litmus/subjects.js";
import { type Result, runSuite, type SuiteOptions } from "../../litmus/suite.js";
import { type ExitCode, exitCodes, worstCode } from "../exit.js";
import { tellAlone, tellDifferences, tellLine, tellSummary } from "../litmus-text.js";
import { Terminal } from "../terminal.js";
import { DEFAULT_MODELS, type LitmusOptions, litmusCommand } from "./litmus-options.js";
import { isAgainstSystem, litmusAgainstSystem } from "./litmus-system.js";

export function addLitmus(program: Command, done: (code: ExitCode) => void): void {
  litmusCommand(program).action(async (sources: string[], options: LitmusOptions) =>
    done(await litmus(sources, options)),
  );
}

async function litmus(sources: readonly string[], options: LitmusOptions): Promise<ExitCode> {
  const subjects = [
    ...subjectsOfFiles(sources),
    ...(options.generate === undefined ? [] : subjectsOfCycles(options.generate)),
  ];
  if (subjects.length === 0) {
    throw new UsageError("no tests: give files or folders of them, or --generate 2..3");
  }
  return isAgainstSystem(options)
    ? litmusAgainstSystem(subjects, { ...options, ...claimOf(options) })
    : enumerate(subjects, options);
}

/** Of a system, one model is what it is held to. @throws UsageError for what no system can follow. */
function claimOf({ model, claim, expect }: LitmusOptions): { claim?: string } {
  if (expect !== undefined) {
    throw new UsageError("--expect is about models alone: leave it out, or leave the system out");
  }
  if (model === undefined) return {};
  const [only, ...others] = model;
  if (claim === undefined && only !== undefined && others.length === 0) return { claim: only };
  throw new UsageError("a system is held to one model: give --claim alone");
}

/** Of the models alone: no system is run. */
async function enumerate(subjects: readonly Subject[], options: LitmusOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const expectations = options.expect === undefined ? undefined : Expectations.read(options.expect);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const suite: SuiteOptions = {
    models: options.model ?? DEFAULT_MODELS,
    signal: interrupt.signal,
    ...(options.steps === undefined ? {} : { stepsMax: options.steps }),
    ...(expectations === undefined ? {} : { expectations }),
  };
  const started = performance.now();
  const progress = terminal.progress(subjects.length, "tests");
  const results: Result[] = [];
  const codes = new Set<ExitCode>();
  let failing = 0;
  for await (const result of runSuite(subjects, suite)) {
    results.push(result);
    codes.add(codeOf(result));
    tell(terminal, result, subjects.length, options);
    if (isDifferent(result)) failing++;
    progress.update(results.length, failing);
  }
  progress.stop();
  process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  if (results.length < subjects.length) codes.add(exitCodes.unknown);
  if (terminal.json) terminal.document(results.flatMap(documents));
  if (subjects.length > 1 || expectations !== undefined) {
    tellSummary(terminal, results, {
      planned: subjects.length,
      rowsUnmet: expectations?.unmet,
      wallMs: performance.now() - started,
    });
  }
  return worstCode(codes);
}

function tell(
  terminal: Terminal,
  result: Result,
  count: number,
  { expect, generate }: LitmusOptions,
): void {
  if ("refused" in result) {
    process.stderr.write(`faultline: ${result.refused}\n`);
    return;
  }
  tellDifferences(terminal, result);
  for (const { model, reason } of result.judgements) {
    if (reason !== undefined) terminal.say(`${result.file}: ${model} is unknown: ${reason}`);
  }
  if (terminal.json) return;
  if (count === 1) tellAlone(terminal, result);
  // Of a comparison, only what differs is news.
  else if (expect === undefined && generate === undefined) tellLine(terminal, result);
}

function isDifferent(result: Result): boolean {
  return "refused" in result || result.judgements.some((one) => one.differences.length > 0);
}

function codeOf(result: Result): ExitCode {
  if ("refused" in result) return exitCodes.usage;
  if (isDifferent(result)) return exitCodes.anomaly;
  const unknown = result.judgements.some(({ verdict }) => verdict === "unknown");
  return unknown ? exitCodes.unknown : exitCodes.valid;
}

/** As scripts read them: one for each file and model. */
function documents(result: Result): object[] {
  if ("refused" in result) return [];
  const { file, test, judgements } = result;
  return judgements.map(({ model, states, positive, negative, verdict, outcomes }) => ({
    file,
    name: test.name,
    model,
    condition: test.condition,
    states,
    positive,
    negative,
    verdict,
    outcomes,
  }));
}
