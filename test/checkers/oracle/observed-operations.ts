/**
 * What the clients' processes did, read from events and not from paired operations, so that
 * pairing is not taken for granted; what nodes and the nemesis recorded is left out.
 */

import type { HistoryEvent } from "../../../histories/history.js";
import type { EffectiveOperation } from "./sequential/sequential-object.js";

export interface ObservedOperation extends EffectiveOperation {
  outcome: "ok" | "fail" | "info";
  /** Positions in the list of events; `completed` is Infinity unless the outcome is known. */
  invoked: number;
  completed: number;
}

export function observedOperations(events: readonly HistoryEvent[]): ObservedOperation[] {
  const operations: ObservedOperation[] = [];
  for (const [invoked, event] of events.entries()) {
    if (event.type !== "invoke" || typeof event.process === "string") continue;
    const completed = events.findIndex(
      (later, at) => at > invoked && later.process === event.process,
    );
    const completion = events[completed];
    const outcome = completion === undefined ? "info" : completion.type;
    if (outcome === "invoke") throw new Error(`process ${event.process} has two operations open`);
    const known = outcome === "ok" || outcome === "fail";
    operations.push({
      process: event.process,
      f: event.f,
      key: event.key,
      input: event.value,
      output: known ? completion?.value : undefined,
      outcome,
      invoked,
      completed: known ? completed : Infinity,
    });
  }
  return operations;
}

export function precedes(earlier: ObservedOperation, later: ObservedOperation): boolean {
  return earlier.completed < later.invoked;
}

export function subsets<T>(items: readonly T[]): T[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without, ...without.map((subset) => [first, ...subset])];
}
