/**
 * The page of experiments: of each the claim, every letter, the derivation, the source, its figure and
 * what was measured with seed 1.
 *
 *     npm run bench -- experiments --write docs/experiments.md
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { experiments } from "../experiments/index.js";
import type { Experiment } from "../src/experiment/experiment.js";
import { type Judged, judge } from "../src/experiment/judge.js";
import { toSvg } from "../src/experiment/plot.js";
import { rowsOf } from "../src/experiment/rows.js";

export const SEED = 1;
const FIGURES = "figures";

export async function experimentsBench(args: readonly string[]): Promise<void> {
  const page = args[args.indexOf("--write") + 1];
  if (!args.includes("--write") || page === undefined) {
    process.stderr.write("which page? bench -- experiments --write docs/experiments.md\n");
    process.exitCode = 2;
    return;
  }
  const folder = join(dirname(page), FIGURES);
  mkdirSync(folder, { recursive: true });
  const sections: string[] = [];
  for (const experiment of experiments.values()) {
    const judged = await measure(experiment);
    writeFileSync(join(folder, `${experiment.name}.svg`), toSvg(judged.outcome.plot));
    sections.push(sectionOf(judged));
  }
  writeFileSync(page, `${PREAMBLE}\n${sections.join("\n")}`);
}

/** Judged alone, so that no other experiment changes its section. */
async function measure(experiment: Experiment): Promise<Judged> {
  const outcome = await experiment.measure({ seed: SEED });
  const [judged] = judge([{ experiment, outcome }]);
  if (judged?.holds !== true) throw new Error(`${experiment.name} does not hold with seed ${SEED}`);
  return judged;
}

const PREAMBLE = `# Experiments

Closed forms of the textbook, measured in the simulator: by the kernel, the network and the clocks that
tests run on. Where both agree, the simulator is what the theory speaks of, and the theory is what you
will see.

\`\`\`sh
npx faultline experiment quorum-latency
npx faultline experiment --all --seed 7
\`\`\`

An experiment prints what is predicted beside what was measured, with its 95 % interval, and keeps a
figure: lines are predictions, points measurements. One of twenty such intervals misses, so the verdict
is by wider ones: all comparisons of a call hold together with 99.9 % where the theory is right (after
Bonferroni; Student's t for means and slopes, Clopper and Pearson for shares). What grows like a power or a
logarithm is judged by the slope of a line through its points, given with R². An exact claim must hold at
every point of its grid; where that are many, the table has one row for all, which says at how many points
what was predicted. Where a grid is not the whole product of what is varied, what is taken for granted, or the
other rows, say which points it has. The exit code is 1 where something did not hold. Interrupted, it prints
what is measured by then, judged without the rest, names what is missing, and exits with 3.

What follows is seed ${SEED}, written by one command:

\`\`\`sh
npm run bench -- experiments --write docs/experiments.md
\`\`\`
`;

/** One experiment's part of the page. */
export function sectionOf(judged: Judged): string {
  const { experiment, outcome } = judged;
  const figure = `![${outcome.plot.title}](${FIGURES}/${experiment.name}.svg)`;
  return `${factsOf(experiment)}\n${figure}\n\n${tableOf(judged)}`;
}

/** What is said of an experiment before it is measured. */
export function factsOf(experiment: Experiment): string {
  const { name, summary, formula, quantities, derivation, source, assumes } = experiment;
  const letters = quantities.map(({ symbol, meaning, unit }) => row([symbol, meaning, unit]));
  return [
    `## \`${name}\``,
    "",
    `Claim: ${summary}.`,
    "",
    "```text",
    formula,
    "```",
    "",
    row(["where", "is", "in"]),
    "|---|---|---|",
    ...letters,
    "",
    ...derivation.map((line, i) => `${i + 1}. ${line}`),
    "",
    `Source: ${source}.`,
    ...(assumes === undefined ? [] : ["", `Taken for granted: ${assumes}`]),
    "",
  ].join("\n");
}

/** What was measured. */
export function tableOf({ comparisons }: Judged): string {
  const rows = rowsOf(comparisons).map(({ of, at, predicted, measured, interval, n }) =>
    row([of, at, predicted, measured, interval, n]),
  );
  return [
    row(["of", "at", "predicted", "measured", "95 % interval", "n"]),
    "|---|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

/** Bars would end a cell, and stars and underscores are letters of formulas. */
function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/[|*_]/g, "\\$&")).join(" | ")} |`;
}
