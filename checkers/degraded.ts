/**
 * Degraded reads: answers that a service marks as perhaps old, since it could not reach enough replicas
 * to know. A marked answer is `{value, degraded: true}`.
 *
 * Marked reads are held to little: what they return was written, by something that did not fail, and
 * that began before they ended. The rest is counted: how many reads were marked, and how many of these
 * certainly old, that is overwritten by a write which began after theirs had completed, and completed
 * before the read began. All other checkers judge the history without marked reads: leaving out reads
 * makes no history better or worse for the operations that stay. O(n log n); a
 * value that is written more than once, null, or what keys start with, is never called old. Where
 * something else than writes may have changed a key, it is left open who wrote what.
 */

import type { History, Operation } from "../histories/history.js";
import { isJsonObject, type Json, jsonEquals } from "../src/base/json.js";
import type { Checker, CheckOptions, Verdict } from "./checker.js";
import { indexes, keyName, show, who } from "./describe.js";
import { Findings } from "./findings.js";
import { identity } from "./identity.js";
import { byKey, type KeyedOperations } from "./keys.js";

export const degraded: Checker = {
  name: "degraded",
  summary:
    "reads marked as degraded return something written; how many were marked, and how many old",
  check,
};

/** Whether it is a read whose answer was marked. */
export function isDegraded({ f, output }: Operation): boolean {
  return f === "read" && isJsonObject(output) && output["degraded"] === true;
}

/** The checker, on what is left of a history without marked reads. */
export function unmarked(checker: Checker): Checker {
  return {
    ...checker,
    check: (history, options) => {
      const operations = history.operations.filter((operation) => !isDegraded(operation));
      return checker.check({ ...history, operations }, options);
    },
  };
}

/** By which operations a value can have come to be, and what is to be said of them. */
interface Origin {
  first: Operation;
  count: number;
  /** The first event of one that did not fail; Infinity without any. */
  begun: number;
}

function check({ operations }: History, { init = null }: CheckOptions = {}): Verdict {
  const findings = new Findings();
  let open: string | undefined;
  const notes = { reads: 0, degraded: 0, stale: 0 };
  for (const group of byKey(operations)) {
    const reads = group.operations.filter(({ f, outcome }) => f === "read" && outcome === "ok");
    const marked = reads.filter(isDegraded);
    notes.reads += reads.length;
    notes.degraded += marked.length;
    if (marked.length === 0) continue;
    const other = group.operations.find(({ f }) => f !== "read" && f !== "write");
    if (other === undefined) notes.stale += judge(group, marked, init, findings);
    else open = `${keyName(group.key)} may have been changed by ${other.f}, too`;
  }
  return findings.verdict(notes, open);
}

/** How many of the marked reads are certainly old. */
function judge(
  group: KeyedOperations,
  marked: readonly Operation[],
  init: Json,
  findings: Findings,
): number {
  const origins = originsOf(group);
  const lastBegun = lastBegunBefore(group.operations);
  let stale = 0;
  for (const read of marked) {
    const value = valueRead(read);
    if (value === null || jsonEquals(value, init)) continue;
    const origin = origins.get(identity(value));
    const what = `${who(read)} read ${show(value)} from ${keyName(group.key)}, marked as degraded`;
    const ops = indexes(origin === undefined ? [read] : [read, origin.first]);
    if (origin === undefined) {
      findings.add("garbage-read", () => ({ message: `${what}, which nobody wrote`, ops }));
    } else if (origin.begun === Number.POSITIVE_INFINITY) {
      findings.add("aborted-read", () => ({ message: `${what}, but its write failed`, ops }));
    } else if (origin.begun > read.completed) {
      findings.add("future-read", () => ({ message: `${what}, before it was written`, ops }));
    } else if (origin.count === 1 && lastBegun(read.invoked) > origin.first.completed) {
      stale += 1;
    }
  }
  return stale;
}

function valueRead({ output }: Operation): Json {
  return isJsonObject(output) ? (output["value"] ?? null) : output;
}

function originsOf({ operations }: KeyedOperations): Map<string | number | boolean, Origin> {
  const origins = new Map<string | number | boolean, Origin>();
  for (const operation of operations) {
    if (operation.f !== "write") continue;
    const { input, outcome, invoked } = operation;
    const begun = outcome === "fail" ? Number.POSITIVE_INFINITY : invoked;
    const known = origins.get(identity(input));
    if (known === undefined) origins.set(identity(input), { first: operation, count: 1, begun });
    else {
      known.count++;
      known.begun = Math.min(known.begun, begun);
    }
  }
  return origins;
}

/** Of the writes completed before an event: where the one that began last began; -1 without any. */
function lastBegunBefore(operations: readonly Operation[]): (event: number) => number {
  const writes = operations
    .filter(({ f, outcome }) => f === "write" && outcome === "ok")
    .sort((a, b) => a.completed - b.completed);
  const begun: number[] = [];
  for (const { invoked } of writes) begun.push(Math.max(invoked, begun.at(-1) ?? -1));
  return (event) => {
    let [low, high] = [0, writes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((writes[middle]?.completed ?? 0) < event) low = middle + 1;
      else high = middle;
    }
    return begun[low - 1] ?? -1;
  };
}
