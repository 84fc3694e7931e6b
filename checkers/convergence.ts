/**
 * Convergence: once the faults are over and no write is in flight, everybody reads the same.
 *
 * Judged on final reads (`final: true`) of each key; of a process with several at one node, the last
 * counts. A read that began before the last acknowledged change of its key had completed says
 * nothing. A change of unknown outcome is taken to be over by the time of the final reads: that is
 * what "final" means. Lists of elements (a key with adds, removes or broadcasts) compare without
 * order. Where nothing was changed, and nobody looked in the end, there is nothing to agree on.
 * O(n log n).
 */

import type { History, Operation } from "../histories/history.js";
import { canonical, type Json } from "../src/base/json.js";
import type { Anomaly, Checker, Verdict } from "./checker.js";
import { indexes, keyName, show } from "./describe.js";
import { byKey, type KeyedOperations } from "./keys.js";

export const convergence: Checker = {
  name: "convergence",
  summary: "after healing, final reads of one key agree",
  check,
};

const READS = new Set(["read", "get"]);
const COLLECTS = new Set(["add", "remove", "broadcast"]);
const GROUPS_SHOWN_MAX = 4;

function check(history: History): Verdict {
  const anomalies: Anomaly[] = [];
  let judged = 0;
  for (const group of byKey(history.operations)) {
    const reads = settledReads(group);
    if (reads.length === 0) continue;
    judged += 1;
    const anomaly = disagreement(group, reads);
    if (anomaly !== undefined) anomalies.push(anomaly);
  }
  const notes = { keys: judged };
  if (anomalies.length > 0) return { valid: false, anomalies, notes };
  if (judged > 0 || !isAtStake(history.operations)) return { valid: true, anomalies, notes };
  return { valid: "unknown", anomalies, reason: "no final read after the last write", notes };
}

/** May anything have been changed, or did anybody want to see what had become of it? */
function isAtStake(operations: readonly Operation[]): boolean {
  return operations.some(({ f, final, outcome }) =>
    READS.has(f) ? final === true : outcome !== "fail",
  );
}

/** Of every process at every node the last final read that began when no acknowledged change was open. */
export function settledReads({ operations }: KeyedOperations): Operation[] {
  const lastChange = operations.reduce(
    (last, { f, outcome, completed }) =>
      READS.has(f) || outcome !== "ok" ? last : Math.max(last, completed),
    -1,
  );
  const last = new Map<string, Operation>();
  for (const operation of operations) {
    const { f, final, outcome, invoked } = operation;
    if (READS.has(f) && final && outcome === "ok" && invoked > lastChange)
      last.set(readerOf(operation), operation);
  }
  return [...last.values()];
}

/** Undefined where the reads, of one key, agree. */
export function disagreement(
  { key, operations }: KeyedOperations,
  reads: readonly Operation[],
): Anomaly | undefined {
  const unordered = operations.some(({ f }) => COLLECTS.has(f));
  const groups = new Map<string, Operation[]>();
  for (const read of reads) {
    const text = contentOf(read.output, unordered);
    const same = groups.get(text);
    if (same === undefined) groups.set(text, [read]);
    else same.push(read);
  }
  if (groups.size < 2) return undefined;
  const shown = [...groups.values()].slice(0, GROUPS_SHOWN_MAX);
  const sides = shown.map(
    (readers) => `${show(readers[0]!.output)} (${readers.map(readerOf).slice(0, 5).join(", ")})`,
  );
  return {
    type: "divergence",
    message: `final reads of ${keyName(key)} do not agree: ${sides.join(", ")}`,
    ops: indexes(shown.map((readers) => readers[0]!)),
  };
}

/** "process 1 at n2" */
export function readerOf({ process, node }: Operation): string {
  return node === undefined ? `process ${process}` : `process ${process} at ${node}`;
}

function contentOf(output: Json, unordered: boolean): string {
  if (!unordered) return canonical(output);
  const elements = output ?? [];
  return Array.isArray(elements) ? elements.map(canonical).sort().join(" ") : canonical(elements);
}
