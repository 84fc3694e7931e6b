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
import type { CheckOptions, Verdict } from "../checker.js";
import type { Accesses } from "./accesses.js";
import { type Chosen, decideChoices } from "./choices.js";
import { type Decision, STEPS_MAX } from "./decision.js";
import { type Readings, readingsOf } from "./readings.js";
import { replayFault } from "./replay.js";
import type { MemoryRule } from "./rule.js";
import { allShown, type Evidence, type Question } from "./shown.js";
import { type Ordered, ordersOf, type Versions } from "./versions.js";

export interface MemoryOptions extends CheckOptions {
  /** Tell the order that explains a valid history. */
  witness?: boolean;
  /** What the store says of the order of writes, per operation. */
  versions?: Versions;
  /** Anomalies that are looked for; 4 unless told. */
  anomaliesMax?: number;
}

export interface MemoryVerdict extends Verdict {
  /** One for each anomaly. */
  evidence: Evidence[];
  /** Event index of each operation's invocation, and whether it was issued or reached the memory. */
  order?: { op: number; event: "issued" | "in-memory" }[];
}

const ANOMALIES_MAX = 4;
/** Search steps for one part of a history, while it is made smaller. */
const PART_STEPS_MAX = 200_000;
/** Judging choices of sources: accesses in all. */
const CHOICES_MAX = 2_000_000;

/** @throws EventError for operations that no memory model speaks of. */
export function judgeMemory(
  columns: Columns,
  rule: MemoryRule,
  options: MemoryOptions = {},
): MemoryVerdict {
  const readings = readingsOf(columns, options.init ?? null);
  const about = { ...versionsIn(columns), ...options };
  const judge = judgeOf(rule, about);
  const stepsMax = Math.min(options.stepsMax ?? STEPS_MAX, PART_STEPS_MAX);
  const judgePart = judgeOf(rule, { ...about, stepsMax });
  const chosen = judge(readings);
  const { decision } = chosen;
  const notes: { [name: string]: Json } = {
    sessions: readings.sessions,
    keys: readings.keys,
    ...(readings.choices.size === 0 ? {} : { repeatedValues: readings.choices.size }),
  };
  switch (decision.holds) {
    case "unknown":
      return { valid: "unknown", anomalies: [], evidence: [], reason: decision.reason, notes };
    case true:
      return {
        valid: true,
        anomalies: [],
        evidence: [],
        ...explained(columns, chosen, rule, options, notes),
      };
    default:
      return violated({ columns, readings, rule, judge, judgePart }, chosen, options, notes);
  }
}

/** What the history itself says; what is claimed beside it comes first. */
function versionsIn({ versions }: Columns): Pick<MemoryOptions, "versions"> {
  return versions === undefined ? {} : { versions };
}

function judgeOf(rule: MemoryRule, { stepsMax = STEPS_MAX, versions }: MemoryOptions) {
  const decide = (accesses: Accesses): Decision => {
    if (versions === undefined) return rule.decide(accesses, { stepsMax });
    const ordered: Ordered = ordersOf(accesses, versions);
    if ("orders" in ordered) return rule.decide(accesses, { stepsMax, orders: ordered.orders });
    if ("missing" in ordered) return rule.decide(accesses, { stepsMax });
    const { first, second } = ordered.conflict;
    const violation = { type: "version-conflict", path: [], accesses: [first, second] };
    return { holds: false, violation };
  };
  const workMax = Math.min(stepsMax, CHOICES_MAX);
  return (readings: Readings): Chosen => decideChoices(readings, decide, workMax);
}

type Notes = NonNullable<Verdict["notes"]>;

/** The order behind a positive verdict, replayed; not every model has one. */
function explained(
  columns: Columns,
  { accesses, decision }: Chosen,
  { machine, name }: MemoryRule,
  { witness = false }: MemoryOptions,
  notes: Notes,
): Pick<MemoryVerdict, "notes" | "order"> {
  const order = decision.holds === true ? decision.order : undefined;
  if (order === undefined || machine === undefined) return { notes };
  const fault = replayFault(accesses, machine, order);
  assert(fault === undefined, `the witness of ${name} does not hold: ${fault}`);
  const replayed = { notes: { ...notes, witness: "replayed" } };
  return witness ? { ...replayed, order: tell(columns, accesses, order) } : replayed;
}

function violated(
  question: Question,
  first: Chosen,
  { anomaliesMax = ANOMALIES_MAX }: MemoryOptions,
  notes: Notes,
): MemoryVerdict {
  const shown = allShown(question, first, anomaliesMax);
  const evidence = shown.map((one) => one.evidence);
  const minimal: Notes = evidence.every(({ isMinimal }) => isMinimal)
    ? {}
    : { minimal: "the search for a smaller part ran out of steps" };
  const anomalies = shown.map(({ anomaly }) => anomaly);
  return { valid: false, anomalies, evidence, notes: { ...notes, ...minimal } };
}

function tell(
  columns: Columns,
  { operation }: Accesses,
  order: Int32Array,
): NonNullable<MemoryVerdict["order"]> {
  return Array.from(order, (event) => ({
    op: columns.invoked[operation[event >> 1]!]!,
    event: (event & 1) === 0 ? "issued" : "in-memory",
  }));
}
