/** An explanation for people: short sentences, times in seconds, drawings of plain characters. */

import { curve } from "./curve.js";
import type {
  Divergence,
  ExplainedOperation,
  Explanation,
  Likelihood,
  Neighbour,
  TraceLine,
  Without,
} from "./explanation.js";
import { counted, instant, seconds, seedWords, shown } from "./words.js";

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
}

const OPERATIONS_TOLD = 40;
const FAULTS_TOLD = 40;

/** Several lines, without the last line break. */
export function explanationText(explanation: Explanation, paint: Paint): string {
  const { neighbour, likelihood, diagram, missing } = explanation;
  const sections: (readonly [title: string, body: string])[] = [
    ["What went wrong", problemText(explanation, paint)],
    ["The faults it takes", faultsText(explanation, paint)],
    ["The operations", operationsText(explanation, paint)],
    ["In real-time order", explanation.timeline],
    ["The nearest run that passes", neighbour === null ? "" : neighbourText(neighbour, paint)],
    [
      "How likely it was as time went on",
      likelihood === null ? "" : likelihoodText(likelihood, paint),
    ],
    [`Messages from ${seconds(diagram.fromUs)} to ${seconds(diagram.toUs)}`, diagram.text],
    ["Not told", missing.map(({ part, why }) => `${part}: ${why}`).join("\n")],
  ];
  return sections
    .filter(([, body]) => body !== "")
    .map(([title, body]) => `${paint.bold(title)}\n${indented(body)}`)
    .join("\n\n");
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}

function problemText({ problem, run, shrunk }: Explanation, paint: Paint): string {
  const { type, message, signature, group, atUs, observations } = problem;
  const bugs = run.bugs.length === 0 ? "" : ` · bugs ${run.bugs.join(", ")}`;
  const from =
    shrunk === null
      ? []
      : [
          `shrunk from ${counted(shrunk.from.faults, "fault")} and ${counted(shrunk.from.operations, "operation")} in ${counted(shrunk.runs, "run")}${shrunk.minimal ? "" : ", not minimal"}`,
        ];
  return [
    `${paint.red(type)}: ${message}`,
    ...observations.map(({ timeUs, node, text }) => `${node}: ${text} at ${seconds(timeUs)}`),
    `It is beyond repair from ${seconds(atUs)} on.`,
    paint.dim(`signature ${signature}, group ${group}`),
    ...[
      `${run.system} · ${run.workload} · ${seedWords(run.seed, shrunk?.from.seed)} · ${run.nodes.length} nodes${bugs}`,
      ...from,
    ].map((line) => paint.dim(line)),
  ].join("\n");
}

function faultsText({ faults }: Explanation, paint: Paint): string {
  if (faults.length === 0) return "None: it fails without any fault.";
  const told = faults
    .slice(0, FAULTS_TOLD)
    .map(({ words, kind, without }, i) => [
      `${i + 1}. ${words}`,
      ...(isByzantine(kind) ? [paint.dim(STAYS_SOUND)] : []),
      ...proof(without, paint),
    ])
    .map((lines) => lines.join("\n   "));
  const more = faults.length - told.length;
  return [...told, ...(more > 0 ? [`… and ${counted(more, "fault")} more`] : [])].join("\n");
}

/** Why a verdict may call such a node as a witness. */
const STAYS_SOUND =
  "only what it sends is altered, on its way out: its own state stays sound, and so does what it says it decided";

function isByzantine(kind: string): boolean {
  return kind === "equivocate" || kind === "lie" || kind === "mute";
}

function proof(without: Without | null, paint: Paint): string[] {
  if (without === null) return [];
  return [without.passes ? paint.green(without.words) : paint.dim(without.words)];
}

function operationsText({ operations }: Explanation, paint: Paint): string {
  const worth = operations.length <= OPERATIONS_TOLD ? operations : operations.filter(isTelling);
  const told = worth.slice(0, OPERATIONS_TOLD).map((operation) => operationText(operation, paint));
  const more = operations.length - told.length;
  return [...told, ...(more > 0 ? [`… and ${counted(more, "operation")} more`] : [])].join("\n");
}

function isTelling({ involved, reads }: ExplainedOperation): boolean {
  return involved || reads.some(({ sound }) => !sound);
}

function operationText(operation: ExplainedOperation, paint: Paint): string {
  const { words, involved, without, reads } = operation;
  const head = involved ? paint.red(`! ${words}`) : `  ${words}`;
  const lines = reads.map(({ sound, possible, key, returned, micro, tried }) => {
    const values = possible.map((value) => value.words).join(" | ");
    const of = micro === null ? "" : ` of key ${shown(key)} (got ${shown(returned)})`;
    if (possible.length === 0) return `none of the ${tried} values tried was possible${of}`;
    const text = `a correct system could have returned${of}: ${values}`;
    return sound ? paint.dim(text) : paint.red(text);
  });
  return [head, ...lines, ...proof(without, paint)].join("\n      ");
}

function neighbourText({ change, parting }: Neighbour, paint: Paint): string {
  const { first, consequence } = parting;
  return [
    `It passes when ${paint.bold(change.words)}.`,
    "",
    `The two runs differ first at: ${first.words}.`,
    ...(consequence === null || consequence.words === first.words
      ? sideBySide(first)
      : [`What comes of it first: ${consequence.words}.`, ...sideBySide(consequence)]),
  ].join("\n");
}

const COLUMN = 58;

function sideBySide({ failing, passing, failingAt, passingAt }: Divergence): string[] {
  const length = Math.max(failing.length, passing.length);
  const cell = (line: TraceLine | undefined, isPlace: boolean): string => {
    if (line === undefined) return "";
    const text = `${isPlace ? ">" : " "} ${instant(line.timeUs)} ${line.kind} ${line.who} ${line.text}`;
    return text.length <= COLUMN ? text : `${text.slice(0, COLUMN - 1)}…`;
  };
  const rows = Array.from({ length }, (_, i) =>
    `${cell(failing[i], i === failingAt).padEnd(COLUMN)} │ ${cell(passing[i], i === passingAt)}`.trimEnd(),
  );
  return [`${"  failing".padEnd(COLUMN)} │   passing`, ...rows];
}

function likelihoodText({ futures, series, inevitable }: Likelihood, paint: Paint): string {
  const rows = series
    .filter(({ words }) => words !== null)
    .map(
      ({ atUs, failing, otherwise, words }) =>
        `${seconds(atUs).padEnd(10)} ${`${failing}/${futures}`.padEnd(7)} ${words}${otherwise > 0 ? ` (${otherwise} fail in another way)` : ""}`,
    );
  const verdict =
    inevitable === null
      ? "At no point tried did every future fail."
      : `Inevitable: ${inevitable.words}.${inevitable.event === null ? "" : ` Just before, ${inevitable.before} of ${futures} did.`}`;
  return [
    `Of ${futures} other futures from each moment, so many fail in the same way:`,
    curve(series),
    "",
    ...rows,
    "",
    paint.bold(verdict),
  ].join("\n");
}
