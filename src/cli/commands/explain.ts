/** `faultline explain`: the story of a failure, in text or as a document. */

import type { Command } from "commander";
import { UsageError } from "../../base/errors.js";
import { Workshop } from "../../campaign/prepare.js";
import { type ExecuteOptions, execute } from "../../controller/index.js";
import { explain, explainDefaults, explanationText } from "../../explain/index.js";
import type { Plan } from "../../plan/plan.js";
import { shrink } from "../../shrink/index.js";
import type { ShrunkMark } from "../../store/case-file.js";
import { writeText } from "../../store/files.js";
import { type Recorded, readRecorded } from "../../store/run-dir.js";
import { signatureOf } from "../../store/summary.js";
import { type ExitCode, exitCodes } from "../exit.js";
import { addCommonOptions, type CommonOptions, upTo } from "../options.js";
import { Terminal } from "../terminal.js";

interface Options extends CommonOptions {
  shrink: boolean;
  points: number;
  futures: number;
  out?: string;
}

const COUNT_MAX = 10_000;

export function addExplain(program: Command, done: (code: ExitCode) => void): void {
  const { points, futures } = explainDefaults;
  addCommonOptions(
    program
      .command("explain")
      .summary("why a run failed: what it takes, and the nearest run that passes"),
  )
    .argument("<case|run-dir>", "a case file, or the directory of a failing run")
    .option("--no-shrink", "explain the plan as it is, even if it was never shrunk")
    .option("--points <n>", "moments at which the likelihood is asked", upTo(COUNT_MAX), points)
    .option("--futures <n>", "other futures at each of them", upTo(COUNT_MAX), futures)
    .option("--out <file>", "also write the JSON document there")
    .action(async (source: string, options: Options) => done(await tell(source, options)));
}

/** @throws UsageError when what it names does not fail. */
async function tell(source: string, options: Options): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const recorded = readRecorded(source);
  const workshop = await Workshop.open({
    cwd: process.cwd(),
    ...(options.config ? { file: options.config } : {}),
  });
  const hosting = await workshop.options(recorded.plan);
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort()).once("SIGTERM", () => interrupt.abort());
  const work: Work = { hosting, signal: interrupt.signal, news: new News(terminal) };
  const { plan, shrunk } =
    recorded.shrunk === undefined && options.shrink
      ? await shrunkFrom(recorded, work)
      : { plan: recorded.plan, shrunk: recorded.shrunk };
  const explanation = await explain({
    plan,
    source,
    shrunk,
    hosting,
    points: options.points,
    futures: options.futures,
    signal: interrupt.signal,
    progress: ({ part, runs }) => work.news.tell(`explaining: ${part}`, runs),
  });
  if (options.out !== undefined) {
    writeText(options.out, `${JSON.stringify(explanation, null, 2)}\n`);
  }
  if (terminal.json) terminal.document(explanation);
  else terminal.say(explanationText(explanation, terminal.paint));
  return exitCodes.valid;
}

interface Work {
  hosting: ExecuteOptions;
  signal: AbortSignal;
  news: News;
}

async function shrunkFrom(
  { source, plan }: Recorded,
  { hosting, signal, news }: Work,
): Promise<{ plan: Plan; shrunk: ShrunkMark }> {
  const run = await execute(plan, hosting);
  const signature = signatureOf(run.results, plan.workload);
  if (run.valid !== false || signature === null) {
    throw new UsageError(
      `${source}: the run does not fail (its verdict is ${run.valid}): there is nothing to explain`,
    );
  }
  const { execution, mark } = await shrink({
    plan,
    signature,
    execute: (candidate) => execute(candidate, hosting),
    ...(hosting.system === undefined ? {} : { nodeCounts: hosting.system.nodeCounts }),
    signal,
    progress: ({ runs, faults, operations }) =>
      news.tell(`shrinking: ${faults} faults and ${operations} operations left`, runs),
  });
  return { plan: execution.plan, shrunk: mark };
}

const NEWS_EVERY_MS = 2_000;

/** A line now and then on how far it is. */
class News {
  #toldAt = performance.now();

  constructor(private readonly terminal: Terminal) {}

  tell(what: string, runs: number): void {
    const now = performance.now();
    if (now - this.#toldAt < NEWS_EVERY_MS) return;
    this.#toldAt = now;
    this.terminal.note(`${what} (${runs} runs)`);
  }
}
