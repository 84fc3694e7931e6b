/**
 * What is shown of a violation: its smallest part, its name, a sentence. Of a small history several are
 * shown, each without the reads of those before it.
 */

import type { Columns } from "../../histories/columns.js";
import { assert } from "../../src/base/errors.js";
import type { Anomaly } from "../checker.js";
import { type Accesses, isRead, THIN_AIR } from "./accesses.js";
import { restrict } from "./accesses-of.js";
import type { Chosen } from "./choices.js";
import type { Violation } from "./decision.js";
import { closedWithin, minimal, placesIn } from "./minimal.js";
import type { Readings } from "./readings.js";
import type { MemoryRule } from "./rule.js";
import { failedWriter, phrase, type Subject, sentence, stepLines } from "./sentence.js";
import { shapeOf } from "./shape.js";

/** What a person may want to see of an anomaly. */
export interface Evidence {
  /** Places in the columns of the operations of the smallest part. */
  operations: number[];
  /** The argument, a line each step. */
  steps: string[];
  isMinimal: boolean;
}

export interface Shown {
  anomaly: Anomaly;
  evidence: Evidence;
  /** Places in the columns of the reads in it. */
  reads: number[];
}

export interface Question {
  columns: Columns;
  readings: Readings;
  rule: MemoryRule;
  judge: (readings: Readings) => Chosen;
  /** The same with few steps: many parts are asked about. */
  judgePart: (readings: Readings) => Chosen;
}

/** Accesses judged while one violation is made smaller. */
const SHRINKING_MAX = 1_500_000;
/** Histories up to this size are searched for more than one anomaly. */
const MORE_MAX = 2_000;

/** At least one, at most so many. */
export function allShown(question: Question, first: Chosen, anomaliesMax: number): Shown[] {
  const shown: Shown[] = [];
  let { readings } = question;
  let chosen = first;
  while (chosen.decision.holds === false) {
    const one = smallest({ ...question, readings }, chosen);
    shown.push(one);
    if (shown.length >= anomaliesMax || question.readings.size > MORE_MAX) break;
    const rest = without(readings, placesIn(readings, one.reads));
    if (rest.size === readings.size || rest.size === 0) break;
    readings = rest;
    chosen = question.judge(readings);
  }
  return shown;
}

function smallest({ columns, readings, rule, judgePart }: Question, chosen: Chosen): Shown {
  const core = violationOf(chosen).accesses.map((access) => chosen.accesses.operation[access]!);
  const found = minimal(readings, chosen, placesIn(readings, core), judgePart, SHRINKING_MAX);
  const { accesses } = found.chosen;
  const subject = { columns, accesses };
  const { violation, title } = named(subject, violationOf(found.chosen), rule);
  const said = textOf(subject, violation, rule.what);
  const operations = [...found.readings.operation].sort((a, b) => a - b);
  return {
    anomaly: {
      type: violation.type,
      message: isNews(title, violation.type) ? `${title}: ${said}` : said,
      ops: operations.map((i) => columns.invoked[i]!).sort((a, b) => a - b),
    },
    evidence: { operations, steps: stepLines(subject, violation), isMinimal: found.isMinimal },
    reads: [...accesses.operation].filter((_, access) => isRead(accesses.kind[access]!)),
  };
}

/** Whether a title says more than the name, which stands before it. */
function isNews(title: string | undefined, name: string): boolean {
  return title !== undefined && title !== name && title.replaceAll(" ", "-") !== name;
}

/** Under its best name; only what has no name of its own is called by the shape of its circle. */
function named(
  { columns, accesses }: Subject,
  violation: Violation,
  { name }: MemoryRule,
): { violation: Violation; title?: string } {
  if (violation.type === "ThinAirRead" && isOfFailed(columns, accesses)) {
    return { violation: { ...violation, type: "aborted-read" } };
  }
  if (!violation.type.startsWith("non-")) return { violation };
  const shape = shapeOf(accesses, violation.path, name);
  if (shape === undefined) return { violation };
  const path = shape.path.length > 0 ? shape.path : violation.path;
  return { violation: { ...violation, type: shape.name, path }, title: shape.title };
}

function textOf(
  subject: { columns: Columns; accesses: Accesses },
  violation: Violation,
  what: string,
): string {
  if (violation.type !== "version-conflict") return sentence(subject, violation, what);
  const [first, second] = violation.accesses.map((access) => phrase(subject, access));
  return `${first} and ${second}, and the versions that were told for these contradict each other`;
}

function violationOf({ decision }: Chosen): Violation {
  assert(decision.holds === false, "a violation was expected");
  return decision.violation;
}

function isOfFailed(columns: Columns, { source, operation }: Accesses): boolean {
  const read = source.indexOf(THIN_AIR);
  return read >= 0 && failedWriter(columns, operation[read]!) !== undefined;
}

/** The rest of a history without some reads, and without what may have read from them. */
function without(readings: Readings, reads: readonly number[]): Readings {
  const kept = new Uint8Array(readings.size).fill(1);
  for (const read of reads) kept[read] = 0;
  return restrict(readings, closedWithin(readings, kept));
}
