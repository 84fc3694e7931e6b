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
import type { Anomaly, Checker, CheckOptions, Verdict } from "./checker.js";
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
  const accounts = byKey(relevant).map((group) => accountFor(group, start, strict));
  const anomalies = accounts.flatMap((account) => account.anomalies);
  if (anomalies.length > 0) return { valid: false, anomalies };
  const open = accounts.find((account) => account.open !== undefined);
  const judged = accounts.some(({ finalReads }) => finalReads > 0);
  if (judged && open === undefined) return { valid: true, anomalies };
  return { valid: "unknown", anomalies, reason: open?.open ?? "no final read of any counter" };
}

interface Account {
  anomalies: Anomaly[];
  finalReads: number;
  /** What could not be decided. */
  open: string | undefined;
}

function accountFor({ key, operations }: KeyedOperations, start: number, strict: boolean): Account {
  const adds = operations.filter(({ f, outcome }) => f === "add" && outcome !== "fail");
  const reads = operations.filter(({ f, outcome }) => f === "read" && outcome === "ok");
  const finalReads = reads.filter(({ final }) => final).length;
  const anomalies: Anomaly[] = [];
  let open: string | undefined;
  if (finalReads === 0 && adds.some(({ outcome }) => outcome === "ok")) {
    open = `no final read of ${keyName(key)}`;
  }
  for (const read of reads) {
    const finding = inspect(read, adds, start, strict || read.final);
    if (finding === undefined) continue;
    if (finding === "undecided") {
      open = `more than ${SUMS_MAX} sums are possible for a read of ${keyName(key)}`;
      continue;
    }
    anomalies.push({
      type: finding.type,
      message: `${who(read)} read ${show(read.output)} from ${keyName(key)}, ${finding.message}`,
      ops: indexes([read]),
    });
  }
  return { anomalies, finalReads, open };
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
