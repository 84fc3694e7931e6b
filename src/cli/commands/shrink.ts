/** `faultline shrink`: the smallest plan that still fails in the same way, as a case of its own. */

import { existsSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../../base/errors.js";
import { Workshop } from "../../campaign/prepare.js";
import { execute } from "../../controller/index.js";
import { countsOf, type Progress, type Shrunk, shrink } from "../../shrink/index.js";
import { freeName, makeFolder, writeText } from "../../store/files.js";
import { formatCase, type Recorded, readRecorded } from "../../store/run-dir.js";
import { type ExitCode, exitCodes } from "../exit.js";
import { addCommonOptions, type CommonOptions, upTo } from "../options.js";
import { count, tellShrunk } from "../shrink-text.js";
import { Terminal } from "../terminal.js";

interface Options extends CommonOptions {
  out?: string;
  runsMax?: number;
}

const RUNS_MAX = 100_000_000;

export function addShrink(program: Command, done: (code: ExitCode) => void): void {
  addCommonOptions(
    program.command("shrink").summary("the smallest plan that still fails the same way"),
  )
    .argument("<case|run-dir>", "a case file, or the directory of a failing run")
    .option("--out <file>", "where the smaller case goes (default: beside it, NAME-min.json)")
    .option("--runs-max <n>", "runs to spend at most", upTo(RUNS_MAX))
    .action(async (source: string, options: Options) => done(await smaller(source, options)));
}

/** @throws UsageError when it does not fail as it is recorded, or the case cannot be written. */
async function smaller(source: string, options: Options): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const recorded = readRecorded(source);
  if (options.out !== undefined) checkPlace(options.out);
  const started = performance.now();
  const shrunk = await shrunkFrom(recorded, options, terminal);
  const out = options.out ?? besides(source);
  const { execution, mark, proof, complete, flaky } = shrunk;
  // A case that was shrunk before tells where it began, not where it was on the way.
  const from = recorded.shrunk?.from ?? mark.from;
  writeText(out, formatCase(execution, { shrunk: { ...mark, from } }));
  const before = countsOf(recorded.plan);
  const after = countsOf(execution.plan);
  const wallMs = Math.round(performance.now() - started);
  if (terminal.json) {
    terminal.document({
      case: source,
      out,
      signature: recorded.expected.signature,
      group: mark.group,
      before,
      after,
      seed: { before: recorded.plan.seed, after: execution.plan.seed },
      runs: mark.runs,
      minimal: complete,
      flaky,
      proof,
      wallMs,
    });
  } else
    tellShrunk(terminal, { shrunk, before, after, seedBefore: recorded.plan.seed, out, wallMs });
  return exitCodes.valid;
}

async function shrunkFrom(
  { source, plan, expected }: Recorded,
  { config, runsMax }: Options,
  terminal: Terminal,
): Promise<Shrunk> {
  const { signature, valid } = expected;
  if (signature === null) {
    const verdict = valid === true ? "valid" : "undecided";
    throw new UsageError(`${source}: it does not fail: it is recorded as ${verdict}`);
  }
  const workshop = await Workshop.open({
    cwd: process.cwd(),
    ...(config === undefined ? {} : { file: config }),
  });
  const hosting = await workshop.options(plan);
  const interrupt = new AbortController();
  const { signal } = interrupt;
  process.once("SIGINT", () => interrupt.abort()).once("SIGTERM", () => interrupt.abort());
  return shrink({
    plan,
    signature,
    // A signal of its own for every run: thousands would else listen to one.
    execute: (candidate) => execute(candidate, { ...hosting, signal: AbortSignal.any([signal]) }),
    ...(hosting.system === undefined ? {} : { nodeCounts: hosting.system.nodeCounts }),
    ...(runsMax === undefined ? {} : { runsMax }),
    signal,
    progress: newsOn(terminal),
  }).catch((error: unknown) => {
    throw error instanceof UsageError ? new UsageError(`${source}: ${error.message}`) : error;
  });
}

const NEWS_EVERY_MS = 2_000;

/** A line now and then on how far it is. */
function newsOn(terminal: Terminal): (state: Progress) => void {
  let toldAt = performance.now();
  return ({ runs, faults, operations }) => {
    const now = performance.now();
    if (now - toldAt < NEWS_EVERY_MS) return;
    toldAt = now;
    const left = `${count(faults, "fault")} and ${count(operations, "operation")}`;
    terminal.note(`${count(runs, "run")}: ${left} left`);
  };
}

/** Before the work rather than after it. @throws UsageError when nothing can be written there. */
function checkPlace(file: string): void {
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new UsageError(`${file}: cannot write: is a directory (--out takes a file)`);
  }
  makeFolder(dirname(file));
}

/** Beside the case, or in the run's directory; never over a file that is there. */
function besides(source: string): string {
  const [folder, name] = statSync(source).isDirectory()
    ? [source, "case"]
    : [dirname(source), basename(source).replace(/\.json$/, "")];
  return freeName(folder, `${name}-min`, ".json");
}
