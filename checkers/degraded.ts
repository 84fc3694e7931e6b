/**
 * Degraded reads: answers that a service marks as perhaps old, since it could not reach enough replicas
 * to know. A marked answer is `{value, degraded: true}`.
 *
 * Marked reads are held to little: what they return was written, by something that did not fail, and
 * that began before they ended. The rest is counted: how many reads were marked, and how many of these
 * certainly old, that is overwritten by a write which began after theirs had completed, and completed
 * before the read began. All other checkers judge the history without marked reads: leaving out reads
 * makes no history better or worse for the operations that stay. O(n log n), values being unique; a
 * value that is written more than once, or null, is never called old.
 */

import type { History, Operation } from "../histories/history.js";
import { isJsonObject, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
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

function check({ operations }: History): Verdict {
  const findings = new Findings();
  const notes = { reads: 0, degraded: 0, stale: 0 };
  for (const group of byKey(operations)) {
    const reads = group.operations.filter(({ f, outcome }) => f === "read" && outcome === "ok");
    const marked = reads.filter(isDegraded);
    notes.reads += reads.length;
    notes.degraded += marked.length;
    if (marked.length > 0) notes.stale += judge(group, marked, findings);
  }
  return findings.verdict(notes);
}

/** How many of the marked reads are certainly old. */
function judge(group: KeyedOperations, marked: readonly Operation[], findings: Findings): number {
  const writers = writersOf(group);
  const lastBegun = lastBegunBefore(group.operations);
  let stale = 0;
  for (const read of marked) {
    const value = valueRead(read);
    if (value === null) continue;
    const attempts = writers.get(identity(value)) ?? [];
    const what = `${who(read)} read ${show(value)} from ${keyName(group.key)}, marked as degraded`;
    const ops = indexes([read, ...attempts]);
    const alive = attempts.filter(({ outcome }) => outcome !== "fail");
    if (attempts.length === 0) {
      findings.add("garbage-read", () => ({ message: `${what}, which nobody wrote`, ops }));
    } else if (alive.length === 0) {
      findings.add("aborted-read", () => ({ message: `${what}, but its write failed`, ops }));
    } else if (alive.every(({ invoked }) => invoked > read.completed)) {
      findings.add("future-read", () => ({ message: `${what}, before it was written`, ops }));
    } else if (attempts.length === 1 && lastBegun(read.invoked) > (attempts[0]?.completed ?? 0)) {
      stale += 1;
    }
  }
  return stale;
}

function valueRead({ output }: Operation): Json {
  return isJsonObject(output) ? (output["value"] ?? null) : output;
}

function writersOf({ operations }: KeyedOperations): Map<string | number | boolean, Operation[]> {
  const writers = new Map<string | number | boolean, Operation[]>();
  for (const operation of operations) {
    if (operation.f !== "write") continue;
    const value = identity(operation.input);
    const same = writers.get(value);
    if (same === undefined) writers.set(value, [operation]);
    else same.push(operation);
  }
  return writers;
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
