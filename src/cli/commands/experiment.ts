/** `faultline experiment`: a closed form of the textbook against what the simulator does. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { experiments } from "../../../experiments/index.js";
import { UsageError } from "../../base/errors.js";
import { lookUp } from "../../base/names.js";
import { type Judged, judge, type Measured } from "../../experiment/judge.js";
import { makeFolder } from "../../store/files.js";
import { type ExitCode, exitCodes, worstCode } from "../exit.js";
import { textOf } from "../experiment-text.js";
import { oneByOne } from "../one-by-one.js";
import { addCommonOptions, type CommonOptions, seed } from "../options.js";
import { Terminal } from "../terminal.js";

/** Judged, and where its figure is. */
type Kept = Judged & { figure: string };

interface ExperimentOptions extends CommonOptions {
  all?: boolean;
  seed: number;
  out: string;
}

export function addExperiment(program: Command, done: (code: ExitCode) => void): void {
  addCommonOptions(
    program.command("experiment").summary("a textbook formula against the simulator"),
  )
    .argument("[names...]", "which: see `list experiments`")
    .option("--all", "every one of them")
    .option("--seed <n>", "all that is random comes from it", seed, 1)
    .option("--out <dir>", "where the figures are kept", ".faultline")
    .action(async (names: string[], options: ExperimentOptions) =>
      done(await experiment(names, options)),
    );
}

async function experiment(names: readonly string[], options: ExperimentOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const chosen = chooseFrom(names, options.all === true);
  const folder = join(options.out, "experiments");
  // Before anything is measured: that takes a while.
  makeFolder(folder);
  const measured: Measured[] = [];
  const left = await oneByOne(terminal, {
    items: chosen,
    unit: "experiments",
    // One takes seconds: what is at work when it is interrupted is finished, and counts.
    act: async (one) => {
      measured.push({ experiment: one, outcome: await one.measure({ seed: options.seed }) });
      return true;
    },
  });
  const judged = judge(measured);
  // The library that draws takes longer to load than all else: only who draws waits for it.
  const { toSvg } = await import("../../experiment/plot.js");
  const kept = judged.map((one) => {
    const { name } = one.experiment;
    return { ...one, figure: keep(name, toSvg(one.outcome.plot), folder) };
  });
  if (terminal.json) terminal.document(kept.map(documentOf));
  else tell(terminal, kept);
  if (left.length > 0) {
    const missing = left.map(({ name }) => name).join(", ");
    terminal.say(`interrupted: not measured: ${missing}`);
  }
  return worstCode([
    kept.every(({ holds }) => holds) ? exitCodes.valid : exitCodes.anomaly,
    left.length === 0 ? exitCodes.valid : exitCodes.unknown,
  ]);
}

/** An experiment after the other, as people read them. */
function tell(terminal: Terminal, judged: readonly Kept[]): void {
  for (const one of judged) terminal.say(`${textOf(one)}\n  figure: ${one.figure}\n`);
  const failed = judged.filter(({ holds }) => !holds).map((one) => one.experiment.name);
  const verdict = failed.length === 0 ? "all hold" : `${failed.join(", ")} did not hold`;
  if (judged.length > 1) terminal.say(`${judged.length} experiments: ${verdict}`);
}

function chooseFrom(names: readonly string[], all: boolean) {
  if (all && names.length > 0) {
    throw new UsageError(`give names or --all, not both (${names.join(", ")})`);
  }
  if (!all && names.length === 0) {
    throw new UsageError(
      `which experiment? one of ${[...experiments.keys()].join(", ")}, or --all`,
    );
  }
  if (all) return [...experiments.values()];
  return [...new Set(names)].map((name) => lookUp("experiment", name, experiments));
}

/** Writes the figure and says where it is. @throws UsageError where nothing can be written. */
function keep(name: string, svg: string, folder: string): string {
  const file = join(folder, `${name}.svg`);
  try {
    writeFileSync(file, svg);
  } catch (error) {
    throw new UsageError(
      `${file}: cannot be written (${(error as Error).message}): choose another --out`,
    );
  }
  return file;
}

function documentOf({ experiment, comparisons, holds, figure }: Kept): object {
  const { name, summary, formula, quantities, derivation, source } = experiment;
  return { name, summary, formula, quantities, derivation, source, holds, comparisons, figure };
}
