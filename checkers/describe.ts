/** How anomalies speak of operations: processes, keys, values and times in the same words everywhere. */

import type { Operation } from "../histories/history.js";
import { canonical, type Json } from "../src/base/json.js";

const SHOWN_MAX = 80;

/** A value as text, cut when it is long. */
export function show(value: Json | undefined): string {
  const text = canonical(value);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX - 1)}…`;
}

/** A few values as text: "1, 2 or 3". */
export function showAny(values: readonly Json[], shownMax = 4): string {
  const shown = values.slice(0, shownMax).map(show);
  if (values.length > shownMax) shown.push(`${values.length - shownMax} other values`);
  const last = shown.pop() ?? "nothing";
  return shown.length === 0 ? last : `${shown.join(", ")} or ${last}`;
}

/** "key x", or "the object" when the history has no keys. */
export function keyName(key: Json | undefined): string {
  if (key === undefined) return "the object";
  // A key may hold anything, a terminal's commands included.
  const isPlain = typeof key === "string" && !/[\p{C}\p{Z}]/u.test(key.replaceAll(" ", ""));
  return `key ${isPlain ? key : canonical(key)}`;
}

/**
 * Nanoseconds as milliseconds, with as many digits as the recorder gave but at most three decimals;
 * what would vanish stays in nanoseconds.
 */
export function ms(timeNs: number): string {
  if (timeNs !== 0 && Math.abs(timeNs) < 1_000) return `${timeNs} ns`;
  return `${Number((timeNs / 1e6).toFixed(3))} ms`;
}

/** In a history without times each event has its position as its time: no duration is known. */
export function isTimed(operation: Operation): boolean {
  const { invoked, invokedAt, completed, completedAt } = operation;
  return invokedAt !== invoked || completedAt !== completed;
}

/** "12.5 ms", or "event 3" in a history without times. */
export function invocationTime(operation: Operation): string {
  return isTimed(operation) ? ms(operation.invokedAt) : `event ${operation.invoked}`;
}

/** Of an operation that has returned: "12.5 ms", or "event 3" in a history without times. */
export function completionTime(operation: Operation): string {
  return isTimed(operation) ? ms(operation.completedAt) : `event ${operation.completed}`;
}

/** "process 3" */
export function who(operation: Operation): string {
  return `process ${operation.process}`;
}

/** Indexes of the invocations, ascending and without repetitions. */
export function indexes(operations: Iterable<Operation>): number[] {
  return [...new Set([...operations].map((operation) => operation.invoked))].sort((a, b) => a - b);
}
