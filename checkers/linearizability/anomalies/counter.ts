/**
 * Names for violations of counters.
 *
 * - impossible-count: a read of something that is no whole number.
 * - overcount, undercount: a read of more (less) than any adds that could have been counted sum up
 *   to: those acknowledged before it began, plus the increments (decrements) among those that were
 *   open during it.
 * - non-linearizable: within these bounds, and impossible all the same.
 */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { indexes, keyName, show, who } from "../../describe.js";
import { nonLinearizable, type Violation } from "./violation.js";

export function nameCounterViolation(violation: Violation): Anomaly {
  const { key, init, operations } = violation;
  for (const read of operations) {
    if (read.f !== "read" || read.outcome !== "ok") continue;
    const value = read.output ?? 0;
    const { low, high } = boundsOf(read, operations, init);
    const finding = (type: string, than: string): Anomaly => ({
      type,
      message: `${who(read)} read ${show(value)} from ${keyName(key)}, ${than}`,
      ops: indexes([read]),
    });
    if (!Number.isInteger(value)) return finding("impossible-count", "which is no whole number");
    if ((value as number) > high)
      return finding("overcount", `more than the ${high} that adds reach`);
    if ((value as number) < low) {
      return finding("undercount", `less than the ${low} that adds had reached`);
    }
  }
  return nonLinearizable(violation);
}

function boundsOf(
  read: Operation,
  operations: readonly Operation[],
  init: Json,
): { low: number; high: number } {
  const start = typeof init === "number" ? init : 0;
  let [low, high] = [start, start];
  for (const { f, input, outcome, invoked, completed } of operations) {
    if (f !== "add" || outcome === "fail" || invoked > read.completed) continue;
    const delta = input as number;
    const counted = outcome === "ok" && completed < read.invoked;
    low += counted ? delta : Math.min(delta, 0);
    high += counted ? delta : Math.max(delta, 0);
  }
  return { low, high };
}
