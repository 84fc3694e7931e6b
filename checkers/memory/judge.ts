/**
 * A recorded history held against a memory model: from columns to a verdict with its evidence.
 *
 * A violation is shown by its smallest part, judged again on its own; what a positive verdict of
 * sequential consistency, TSO or PSO rests on is replayed on a machine that knows nothing of how it was
 * found. A verdict that fails its own evidence is our fault, never the history's.
 */

import type { Columns } from "../../histories/columns.js";
import { assert } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import type { Anomaly, CheckOptions, Verdict } from "../checker.js";
import { type Accesses, THIN_AIR } from "./accesses.js";
import { restrict } from "./accesses-of.js";
import { type Chosen, decideChoices } from "./choices.js";
import { type Decide, STEPS_MAX, type Violation } from "./decision.js";
import { closedWithin, minimal, placesIn } from "./minimal.js";
import { type Readings, readingsOf } from "./readings.js";
import { type Machine, replayFault } from "./replay.js";
import { failedWriter, phrase, sentence, stepLines } from "./sentence.js";
import { shapeOf } from "./shape.js";
import { type Ordered, ordersOf, type Versions } from "./versions.js";

/** A memory model as it is decided. */
export interface MemoryRule {
  name: string;
  /** In a sentence: "sequential consistency". */
  what: string;
  decide: Decide;
  /** The machine that a positive verdict's order is replayed on. */
  machine?: Machine;
}

export interface MemoryOptions extends CheckOptions {
  /** Tell the order that explains a valid history. */
  witness?: boolean;
  /** What the store says of the order of writes, per operation. */
  versions?: Versions;
  /** Anomalies that are looked for; 4 unless told. */
  anomaliesMax?: number;
}

/** What a person may want to see of an anomaly. */
export interface Evidence {
  /** Places in the columns of the operations of the smallest part. */
  operations: number[];
  /** The argument, a line each step. */
  steps: string[];
  isMinimal: boolean;
}

export interface MemoryVerdict extends Verdict {
  /** One for each anomaly. */
  evidence: Evidence[];
  /** Event index of each operation's invocation, and whether it was issued or reached the memory. */
  order?: { op: number; event: "issued" | "in-memory" }[];
}

const ANOMALIES_MAX = 4;
/** Accesses judged while one violation is made smaller. */
const SHRINKING_MAX = 3_000_000;
/** Histories up to this size are searched for more than one anomaly. */
const MORE_MAX = 50_000;
/** Judging choices of sources: accesses in all, one step of a search each. */
const CHOICES_MAX = 2_000_000;

/** @throws EventError for operations that no memory model speaks of. */
export function judgeMemory(
  columns: Columns,
  rule: MemoryRule,
  options: MemoryOptions = {},
): MemoryVerdict {
  const readings = readingsOf(columns, options.init ?? null);
  return judgeReadings(columns, readings, rule, options);
}

export function judgeReadings(
  columns: Columns,
  readings: Readings,
  rule: MemoryRule,
  options: MemoryOptions,
): MemoryVerdict {
  const judge = judgeOf(rule, { ...versionsIn(columns), ...options });
  const chosen = judge(readings);
  const { decision, accesses } = chosen;
  const notes: { [name: string]: Json } = {
    sessions: readings.sessions,
    keys: readings.keys,
    ...(readings.choices.size === 0 ? {} : { repeatedValues: readings.choices.size }),
  };
  switch (decision.holds) {
    case "unknown":
      return { valid: "unknown", anomalies: [], evidence: [], reason: decision.reason, notes };
    case true: {
      const { order } = decision;
      if (order === undefined || rule.machine === undefined) {
        return { valid: true, anomalies: [], evidence: [], notes };
      }
      const fault = replayFault(accesses, rule.machine, order);
      assert(fault === undefined, `the witness of ${rule.name} does not hold: ${fault}`);
      const told = options.witness ? { order: tell(columns, accesses, order) } : {};
      return {
        valid: true,
        anomalies: [],
        evidence: [],
        notes: { ...notes, witness: "replayed" },
        ...told,
      };
    }
    default:
      return violated({ columns, readings, rule, judge, notes }, chosen, options);
  }
}

/** What the history itself says; what is claimed beside it comes first. */
function versionsIn({ versions }: Columns): Pick<MemoryOptions, "versions"> {
  return versions === undefined ? {} : { versions };
}

interface Case {
  columns: Columns;
  readings: Readings;
  rule: MemoryRule;
  judge: (readings: Readings) => Chosen;
  notes: { [name: string]: Json };
}

function judgeOf(rule: MemoryRule, { stepsMax = STEPS_MAX, versions }: MemoryOptions) {
  const decide = (accesses: Accesses) => {
    if (versions === undefined) return rule.decide(accesses, { stepsMax });
    const ordered: Ordered = ordersOf(accesses, versions);
    if ("orders" in ordered) return rule.decide(accesses, { stepsMax, orders: ordered.orders });
    if ("missing" in ordered) return rule.decide(accesses, { stepsMax });
    const { first, second } = ordered.conflict;
    const violation: Violation = { type: "version-conflict", path: [], accesses: [first, second] };
    return { holds: false, violation } as const;
  };
  const workMax = Math.min(stepsMax, CHOICES_MAX);
  return (readings: Readings): Chosen => decideChoices(readings, decide, workMax);
}

function violated(
  about: Case,
  first: Chosen,
  { anomaliesMax = ANOMALIES_MAX }: MemoryOptions,
): MemoryVerdict {
  const { notes, judge } = about;
  const anomalies: Anomaly[] = [];
  const evidence: Evidence[] = [];
  let readings = about.readings;
  let chosen = first;
  while (chosen.decision.holds === false) {
    const shown = smallest(about, readings, chosen);
    anomalies.push(shown.anomaly);
    evidence.push(shown.evidence);
    if (anomalies.length >= anomaliesMax || about.readings.size > MORE_MAX) break;
    const rest = without(readings, placesIn(readings, shown.reads));
    if (rest.size === readings.size || rest.size === 0) break;
    readings = rest;
    chosen = judge(readings);
  }
  const shown = evidence.every(({ isMinimal }) => isMinimal);
  return {
    valid: false,
    anomalies,
    evidence,
    notes: shown ? notes : { ...notes, minimal: "the search for a smaller part ran out of steps" },
  };
}

function smallest(
  { columns, rule, judge }: Case,
  readings: Readings,
  chosen: Chosen,
): { anomaly: Anomaly; evidence: Evidence; reads: number[] } {
  const core = violationOf(chosen).accesses.map((access) => chosen.accesses.operation[access]!);
  const found = minimal(readings, chosen, placesIn(readings, core), judge, SHRINKING_MAX);
  const { accesses } = found.chosen;
  const violation = violationOf(found.chosen);
  const subject = { columns, accesses };
  const operations = [...found.readings.operation].sort((a, b) => a - b);
  const isAborted = violation.type === "ThinAirRead" && isOfFailed(columns, accesses);
  const shape = shapeOf(accesses, violation.path);
  const type = isAborted
    ? "aborted-read"
    : ((isPlain(violation, rule) ? shape?.name : undefined) ?? violation.type);
  const said = textOf(subject, violation, rule.what);
  const message = shape === undefined || type === violation.type ? said : `${shape.title}: ${said}`;
  return {
    anomaly: {
      type,
      message,
      ops: operations.map((i) => columns.invoked[i]!).sort((a, b) => a - b),
    },
    evidence: { operations, steps: stepLines(subject, violation), isMinimal: found.isMinimal },
    reads: [...accesses.operation].filter(
      (_, access) => accesses.kind[access] === 0 || accesses.kind[access] === 2,
    ),
  };
}

/** Only what has no better name is called by the shape of its circle. */
function isPlain({ type }: Violation, { name }: MemoryRule): boolean {
  return type.startsWith("non-") && name !== "";
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

function tell(
  columns: Columns,
  { operation }: Accesses,
  order: Int32Array,
): MemoryVerdict["order"] {
  return Array.from(order, (event) => ({
    op: columns.invoked[operation[event >> 1]!]!,
    event: (event & 1) === 0 ? "issued" : "in-memory",
  }));
}
