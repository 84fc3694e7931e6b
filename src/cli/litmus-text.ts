/** What litmus tests showed, as a person reads it. */

import type { Judgement, LitmusVerdict } from "../../checkers/litmus/judge.js";
import type { ModelJudgement, Result } from "../litmus/suite.js";
import type { Terminal } from "./terminal.js";
import { count } from "./verdict-text.js";

type Judged = Exclude<Result, { refused: string }>;

/** Of a single test: states that are listed under each model. */
const STATES_MAX = 40;

/** One test: under each model its final states, those in which the proposition holds marked. */
export function tellAlone(terminal: Terminal, { file, test, judgements }: Judged): void {
  terminal.say(`${file}: ${test.name}: ${test.condition}`);
  for (const judgement of judgements) {
    const { model, outcomes, positive } = judgement;
    terminal.say(`  ${model}: ${verdictText(terminal, judgement.verdict)}: ${shares(judgement)}`);
    for (const [i, outcome] of outcomes.slice(0, STATES_MAX).entries()) {
      terminal.say(`    ${i < positive ? "*" : " "} ${stateText(outcome)}`);
    }
    const more = outcomes.length - STATES_MAX;
    if (more > 0) terminal.say(`      and ${more} more (--json has them all)`);
  }
}

/** One of many: its verdicts, and under the first model that allows it a state that shows it. */
export function tellLine(terminal: Terminal, { file, judgements }: Judged): void {
  const witnessing = judgements.find(({ verdict }) => verdict === "allowed");
  const parts = judgements.map((judgement) => {
    const text = `${judgement.model} ${verdictText(terminal, judgement.verdict)}`;
    return judgement === witnessing ? `${text} (${stateText(judgement.outcomes[0]!)})` : text;
  });
  terminal.say(`${file}: ${parts.join(", ")}`);
}

export function tellDifferences(terminal: Terminal, { file, judgements }: Judged): void {
  for (const { model, differences } of judgements) {
    for (const { what, found, expected } of differences) {
      terminal.say(
        `${file}: ${terminal.paint.red("DIFFERENT")}: ${model}: ${what} ${found}, expected ${expected}`,
      );
    }
  }
}

export interface SuiteFigures {
  planned: number;
  /** Rows of the table that no test asked for; undefined without a table. */
  rowsUnmet: number | undefined;
  wallMs: number;
}

export function tellSummary(
  terminal: Terminal,
  results: readonly Result[],
  { planned, rowsUnmet, wallMs }: SuiteFigures,
): void {
  const judged = results.flatMap((result) => ("refused" in result ? [] : [result]));
  const refused = results.length - judged.length;
  if (results.length < planned) {
    terminal.say(terminal.paint.yellow(`interrupted after ${results.length} of ${planned} tests`));
  }
  const models = judged[0]?.judgements.map(({ model }) => model) ?? [];
  for (const model of models) {
    const of = judged.map((one) => one.judgements.find((other) => other.model === model)!);
    terminal.say(`${model}: ${tally(of)}`);
  }
  const compared = judged.filter((one) => one.compared);
  if (judged.some((one) => one.compared !== undefined)) {
    const differing = compared.filter((one) => one.judgements.some((it) => it.differences.length));
    const alone = judged.length - compared.length;
    const loose = [
      ...(alone > 0 ? [`${count(alone, "test")} without a row`] : []),
      ...(rowsUnmet ? [`${count(rowsUnmet, "row")} without a test`] : []),
    ];
    const found = `${count(compared.length, "test")} compared: ${differing.length} different`;
    terminal.say([found, ...loose].join(", "));
    tellLoose(terminal, judged);
  }
  const broken = refused === 0 ? "" : `, ${refused} not read`;
  terminal.say(`${count(judged.length, "test")}${broken}; ${(wallMs / 1000).toFixed(1)} s`);
}

/** Files without a row are listed up to here. */
const LOOSE_MAX = 10;

function tellLoose(terminal: Terminal, judged: readonly Judged[]): void {
  const loose = judged.filter((one) => one.compared === false).map(({ file }) => file);
  for (const file of loose.slice(0, LOOSE_MAX)) terminal.note(`no row for ${file}`);
  if (loose.length > LOOSE_MAX) terminal.note(`and for ${loose.length - LOOSE_MAX} more`);
}

function tally(judgements: readonly ModelJudgement[]): string {
  const verdicts: readonly LitmusVerdict[] = ["allowed", "forbidden", "required", "unknown"];
  return verdicts
    .map(
      (verdict) => [verdict, judgements.filter((one) => one.verdict === verdict).length] as const,
    )
    .filter(([verdict, number]) => number > 0 || verdict !== "unknown")
    .map(([verdict, number]) => `${number} ${verdict}`)
    .join(", ");
}

function verdictText({ paint }: Terminal, verdict: LitmusVerdict): string {
  if (verdict === "unknown") return paint.yellow(verdict);
  return verdict === "forbidden" ? verdict : paint.cyan(verdict);
}

function shares({ verdict, states, positive, reason }: Judgement): string {
  if (verdict === "unknown") return reason!;
  if (verdict === "allowed") return `in ${positive} of ${count(states, "final state")}`;
  return `${verdict === "required" ? "in all of" : "in none of"} ${count(states, "final state")}`;
}

function stateText(outcome: Judgement["outcomes"][number]): string {
  const parts = Object.entries(outcome).map(([name, value]) => `${name}=${value}`);
  return parts.length === 0 ? "(nothing is observed)" : parts.join(" ");
}
