/**
 * Accounting for counters, eventually consistent ones included.
 *
 * A final read must be a sum that can be reached: all adds acknowledged before it began, plus any
 * of those whose outcome is unknown or which overlap it. A read during the run may lag, but cannot
 * count what was never added: it lies between the sums of all decrements and of all increments
 * invoked before it completed. Anomalies: overcount, undercount (beyond these bounds; an undercount
 * of a final read means lost increments), impossible-count (no whole number, or a sum between the
 * bounds that no choice of adds reaches).
 * O(reads * adds), and O(reads * adds * sums) where outcomes are unknown.
 */

import type { History, Operation } from "../histories/history.js";
import { UsageError } from "../src/base/errors.js";
import type { Json } from "../src/base/json.js";
import { type Anomaly, type Checker, type CheckOptions, type Verdict, worst } from "./checker.js";
import { indexes, keyName, show, who } from "./describe.js";
import { byKey, type KeyedOperations } from "./keys.js";

export interface CounterOptions {
  /** Reads during the run must count every add acknowledged before they began. */
  strict?: boolean;
}

/** Distinct sums kept before a final read is left undecided. */
const SUMS_MAX = 1_000_000;

/** @throws UsageError (from `check`) for an add of anything but a whole number. */
export function counterAccounting({ strict = false }: CounterOptions = {}): Checker {
  return {
    name: "counter",
    summary:
      "final reads are sums that the adds can reach, and no read counts what was never added",
    check: (history, options) => check(history, strict, options),
  };
}

export const counter = counterAccounting();

type Finding = Pick<Anomaly, "type" | "message"> | "undecided" | undefined;

function check(history: History, strict: boolean, options: CheckOptions = {}): Verdict {
  const start = typeof options.init === "number" ? options.init : 0;
  const relevant = history.operations.filter(({ f }) => f === "add" || f === "read");
  for (const { f, input, invoked } of relevant) {
    if (f === "add" && !Number.isSafeInteger(input)) {
      throw new UsageError(`event ${invoked}: add takes a whole number, got ${show(input)}`);
    }
  }
  const groups = byKey(relevant);
  const verdicts = groups.map((group) => checkCounter(group, start, strict));
  const anomalies = verdicts.flatMap((verdict) => verdict.anomalies);
  const valid = groups.length === 0 ? "unknown" : worst(verdicts.map((verdict) => verdict.valid));
  if (valid !== "unknown") return { valid, anomalies };
  const reason = verdicts.find((verdict) => verdict.reason !== undefined)?.reason;
  return { valid, anomalies, reason: reason ?? "no counter was used" };
}

function checkCounter(
  { key, operations }: KeyedOperations,
  start: number,
  strict: boolean,
): Verdict {
  const adds = operations.filter(({ f, outcome }) => f === "add" && outcome !== "fail");
  const reads = operations.filter(({ f, outcome }) => f === "read" && outcome === "ok");
  const anomalies: Anomaly[] = [];
  let undecided = 0;
  for (const read of reads) {
    const finding = inspect(read, adds, start, strict || read.final);
    if (finding === undefined) continue;
    if (finding === "undecided") undecided += 1;
    else {
      anomalies.push({
        type: finding.type,
        message: `${who(read)} read ${show(read.output)} from ${keyName(key)}, ${finding.message}`,
        ops: indexes([read]),
      });
    }
  }
  const finals = reads.filter(({ final }) => final).length;
  if (anomalies.length > 0) return { valid: false, anomalies };
  if (finals === 0)
    return { valid: "unknown", anomalies, reason: `no final read of ${keyName(key)}` };
  if (undecided === 0) return { valid: true, anomalies };
  const reason = `more than ${SUMS_MAX} sums are possible for ${undecided} reads of ${keyName(key)}`;
  return { valid: "unknown", anomalies, reason };
}

function inspect(
  read: Operation,
  adds: readonly Operation[],
  start: number,
  mustCount: boolean,
): Finding {
  const value: Json = read.output ?? 0;
  if (!Number.isInteger(value))
    return { type: "impossible-count", message: "which is no whole number" };
  const count = value as number;
  let counted = start;
  const optional: number[] = [];
  for (const { input, invoked, completed } of adds) {
    const delta = input as number;
    if (mustCount && completed < read.invoked) counted += delta;
    else if (invoked < read.completed) optional.push(delta);
  }
  const high = optional.reduce((sum, delta) => sum + Math.max(0, delta), counted);
  const low = optional.reduce((sum, delta) => sum + Math.min(0, delta), counted);
  if (count > high) return { type: "overcount", message: `but the adds reach ${high} at most` };
  if (count < low) {
    const least = mustCount
      ? `but the acknowledged adds alone reach ${low}: increments were lost`
      : `but the adds reach ${low} at least`;
    return { type: "undercount", message: least };
  }
  if (!mustCount) return undefined;
  const sums = reachable(counted, optional);
  if (sums === undefined) return "undecided";
  if (sums.has(count)) return undefined;
  return {
    type: "impossible-count",
    message: "a sum that no choice of the uncertain adds reaches",
  };
}

/** Every sum of a base and some of the deltas; undefined when there are too many. */
function reachable(base: number, deltas: readonly number[]): Set<number> | undefined {
  const sums = new Set([base]);
  for (const delta of deltas) {
    for (const sum of [...sums]) sums.add(sum + delta);
    if (sums.size > SUMS_MAX) return undefined;
  }
  return sums;
}
