/** `faultline run`: one run, kept in a directory of its own. */

import { join, relative } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../../base/errors.js";
import { Workshop } from "../../campaign/prepare.js";
import { execute } from "../../controller/index.js";
import { makeFolder } from "../../store/files.js";
import { makeRunDir, writeRunDir } from "../../store/run-dir.js";
import { summarize } from "../../store/summary.js";
import { codeOf, type ExitCode } from "../exit.js";
import { addRunOptions, oneSubject, type RunOptions, seed, specOf } from "../options.js";
import { tellRun } from "../story.js";
import { Terminal } from "../terminal.js";

interface Options extends RunOptions {
  seed: number;
}

export function addRun(program: Command, done: (code: ExitCode) => void): void {
  addRunOptions(
    program.command("run").summary("one run").argument("[system]", "see `list systems`"),
  )
    .option("--seed <n>", "everything random is decided by it", seed, 1)
    .action(async (system: string | undefined, options: Options) =>
      done(await run(system, options)),
    );
}

async function run(system: string | undefined, options: Options): Promise<ExitCode> {
  oneSubject(system === undefined ? [] : [system], options.bin);
  if (system === undefined && options.bin === undefined) {
    throw new UsageError(
      'run what? name a system (see `faultline list systems`) or give --bin "COMMAND"',
    );
  }
  if ((options.workload?.length ?? 0) > 1) throw new UsageError("one run has one --workload");
  const terminal = new Terminal(options);
  const workshop = await Workshop.open({
    cwd: process.cwd(),
    ...(options.config ? { file: options.config } : {}),
  });
  const plan = await workshop.plan(
    specOf(options, {
      system: system ?? "bin",
      seed: options.seed,
      workload: options.workload?.[0],
    }),
  );
  terminal.warn(await workshop.warnings(plan));
  makeFolder(options.out);
  const started = performance.now();
  const hosting = await workshop.options(plan);
  // Recording costs a simulated run half its speed: only a failing one pays, by running once more.
  const record = plan.bin !== undefined;
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort()).once("SIGTERM", () => interrupt.abort());
  const watch = new Watch(terminal, plan.timeLimitUs);
  const { signal } = interrupt;
  const first = await execute(plan, { ...hosting, record, signal, onStart: watch.start });
  watch.stop();
  const wallMs = performance.now() - started;
  const again = first.valid === false && !record && !interrupt.signal.aborted;
  const execution = again ? await execute(plan, { ...hosting, record: true }) : first;
  const dir = makeRunDir(join(options.out, "runs"), plan);
  const summary = summarize(execution, wallMs, relative(process.cwd(), dir) || dir);
  writeRunDir(dir, execution, summary);
  if (terminal.json) terminal.document(summary);
  else tellRun(terminal, summary);
  return codeOf(execution.valid);
}

const PROGRESS_EVERY_MS = 1_000;

/** Tells how far a run is that takes longer than a moment. */
class Watch {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly terminal: Terminal,
    private readonly timeLimitUs: number,
  ) {}

  readonly start = (virtualUs: () => number): void => {
    const tell = (): void =>
      this.terminal.note(
        `${inSeconds(virtualUs())} of ${inSeconds(this.timeLimitUs)} virtual seconds`,
      );
    this.#timer = setInterval(tell, PROGRESS_EVERY_MS).unref();
  };

  stop(): void {
    clearInterval(this.#timer);
  }
}

function inSeconds(us: number): string {
  return (us / 1_000_000).toFixed(1);
}
