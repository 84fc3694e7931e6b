/**
 * Values that only grow, in two shapes.
 *
 * A counter per key: `increment` returns the new value (or `{value, timestamp}`), `read` the current
 * one, and every increment adds one. Anomalies:
 * - lost-update: two increments returned the same value.
 * - nonmonotonic-read, nonmonotonic-increment: a process saw less than it had seen before (an
 *   increment: not more).
 * - stale-read: the same between processes, in real time; only where that is promised.
 * - reordered-increment: an increment with a later timestamp returned a smaller value.
 * - lost-increment: a final read below what an increment before it had returned.
 * - overcount: more than all increments begun until then can reach; invalid-value: no whole number.
 * A log of rows, as Jepsen's monotonic test of CockroachDB has it: `add` (or `insert`) stores the
 * next value together with the database's timestamp, `read` returns all rows. Rows are `[value,
 * timestamp]`, `{value, timestamp}` or Jepsen's `{val, sts}`. In the last read, values must grow with
 * the timestamps (reordered-insert; rows of one timestamp may come in any order), every acknowledged
 * row is there (lost-insert), once (duplicate-insert), and rows of nobody are no more than the
 * inserts of unknown outcome (garbage-row).
 * O(n log n).
 */

import type { History, Operation } from "../histories/history.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, keyName, show, who } from "./describe.js";
import { Findings } from "./findings.js";
import { byKey } from "./keys.js";
import { compareTimestamps, type Row, rowOf } from "./rows.js";

export interface MonotonicOptions {
  /**
   * Whose earlier reads and increments bind the later ones: nobody's (`data`), those of the same
   * process, or of all that had completed before (`realtime`).
   */
  order?: "data" | "process" | "realtime";
}

export function monotonicWith({ order = "process" }: MonotonicOptions): Checker {
  return {
    name: "monotonic",
    summary: "what only grows is never seen to shrink, by a process or by its timestamps",
    check: (history) => check(history, order),
  };
}

export const monotonic = monotonicWith({});

type Order = NonNullable<MonotonicOptions["order"]>;

function check(history: History, order: Order): Verdict {
  const findings = new Findings();
  let judged = 0;
  for (const { key, operations } of byKey(history.operations)) {
    const last = operations.findLast(
      ({ f, outcome, output }) => f === "read" && outcome === "ok" && Array.isArray(output),
    );
    if (last === undefined) judged += judgeCounter(keyName(key), operations, order, findings);
    else judged += judgeRows(operations, last, findings);
  }
  const open = judged > 0 ? undefined : "nothing was read that could have grown";
  return findings.verdict({ values: judged }, open);
}

/** What an operation learned of the counter. */
interface Glimpse {
  operation: Operation;
  value: number;
}

function judgeCounter(
  name: string,
  operations: readonly Operation[],
  order: Order,
  findings: Findings,
): number {
  const glimpses: Glimpse[] = [];
  const stamped: Row[] = [];
  for (const operation of operations) {
    const { f, outcome, output } = operation;
    if (outcome !== "ok" || (f !== "read" && f !== "increment")) continue;
    const row = f === "read" && output === null ? { value: 0, operation } : rowOf(operation);
    if (row === undefined) {
      const message = `${told(operation)} ${show(output)} from ${name}, which is no whole number`;
      findings.add("invalid-value", () => ({ message, ops: [operation.invoked] }));
      continue;
    }
    glimpses.push({ operation, value: row.value });
    if (row.timestamp !== undefined) stamped.push(row);
  }
  findLostUpdates(name, glimpses, findings);
  if (order !== "data") findRegressions(name, glimpses, findings);
  if (order === "realtime") findStale(name, glimpses, findings);
  findReordered("reordered-increment", name, stamped, findings);
  findMiscounts(name, operations, glimpses, findings);
  return glimpses.length;
}

function findLostUpdates(name: string, glimpses: readonly Glimpse[], findings: Findings): void {
  const holders = new Map<number, Operation>();
  for (const { operation, value } of glimpses) {
    if (operation.f !== "increment") continue;
    const holder = holders.get(value);
    if (holder === undefined) holders.set(value, operation);
    else {
      findings.add("lost-update", () => ({
        message: `${who(holder)} and ${who(operation)} both incremented ${name} to ${value}`,
        ops: indexes([holder, operation]),
      }));
    }
  }
}

/** By process, in its own order. */
function findRegressions(name: string, glimpses: readonly Glimpse[], findings: Findings): void {
  const highest = new Map<number, Glimpse>();
  for (const glimpse of glimpses) {
    const { operation, value } = glimpse;
    const before = highest.get(operation.process);
    if (before !== undefined && isBehind(glimpse, before.value)) {
      findings.add(`nonmonotonic-${operation.f}`, () => ({
        message: `${told(operation)} ${value} from ${name} after it had seen ${before.value} itself`,
        ops: indexes([before.operation, operation]),
      }));
    }
    if (before === undefined || value > before.value) highest.set(operation.process, glimpse);
  }
}

/** In real time: against the highest value of all that had completed before. */
function findStale(name: string, glimpses: readonly Glimpse[], findings: Findings): void {
  const completed = [...glimpses].sort((a, b) => a.operation.completed - b.operation.completed);
  let next = 0;
  let highest: Glimpse | undefined;
  for (const glimpse of glimpses) {
    const { operation, value } = glimpse;
    for (; next < completed.length; next++) {
      const done = completed[next]!;
      if (done.operation.completed > operation.invoked) break;
      if (highest === undefined || done.value > highest.value) highest = done;
    }
    const known = highest;
    if (known === undefined || !isBehind(glimpse, known.value)) continue;
    if (known.operation.process === operation.process) continue;
    findings.add("stale-read", () => ({
      message: `${told(operation)} ${value} from ${name} after ${who(known.operation)} had seen ${known.value}`,
      ops: indexes([known.operation, operation]),
    }));
  }
}

function isBehind({ operation, value }: Glimpse, known: number): boolean {
  return operation.f === "increment" ? value <= known : value < known;
}

/** Final reads against what was returned before them, and every value against what was tried. */
function findMiscounts(
  name: string,
  operations: readonly Operation[],
  glimpses: readonly Glimpse[],
  findings: Findings,
): void {
  const tried = operations
    .filter(({ f, outcome }) => f === "increment" && outcome !== "fail")
    .map(({ invoked }) => invoked);
  const increments = glimpses.filter(({ operation }) => operation.f === "increment");
  const finals = glimpses.filter(({ operation: { f, final } }) => f === "read" && final);
  for (const { operation: read, value } of finals) {
    const lost = increments.find(
      ({ operation, value: reached }) => operation.completed < read.invoked && reached > value,
    );
    if (lost === undefined) continue;
    findings.add("lost-increment", () => ({
      message: `${told(read)} ${value} from ${name} in the end, though ${who(lost.operation)} had incremented it to ${lost.value}`,
      ops: indexes([lost.operation, read]),
    }));
  }
  for (const { operation, value } of glimpses) {
    const most = countBefore(tried, operation.completed);
    if (value <= most) continue;
    findings.add("overcount", () => ({
      message: `${told(operation)} ${value} from ${name}, but ${most} increments had begun at most`,
      ops: [operation.invoked],
    }));
  }
}

/** How many of the ascending positions are below the bound. */
function countBefore(positions: readonly number[], bound: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (positions[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows by timestamp, each against the highest value of all earlier timestamps. */
function findReordered(type: string, name: string, rows: readonly Row[], findings: Findings): void {
  const stamped = rows.filter(({ timestamp }) => timestamp !== undefined);
  const ordered = stamped.sort((a, b) => compareTimestamps(a.timestamp!, b.timestamp!));
  let highest: Row | undefined;
  for (let from = 0, to = 0; from < ordered.length; from = to) {
    let group: Row = ordered[from]!;
    for (; to < ordered.length; to++) {
      const row = ordered[to]!;
      if (compareTimestamps(row.timestamp!, group.timestamp!) !== 0) break;
      const before = highest;
      if (before !== undefined && row.value <= before.value) {
        findings.add(type, () => ({
          message: `${row.value} has timestamp ${row.timestamp} in ${name}, but ${before.value} has the earlier ${before.timestamp}`,
          ops: indexes([before.operation, row.operation]),
        }));
      }
      if (row.value > group.value) group = row;
    }
    if (highest === undefined || group.value > highest.value) highest = group;
  }
}

/** The log of rows, as the last read has it. */
function judgeRows(operations: readonly Operation[], read: Operation, findings: Findings): number {
  const inserts = operations.filter(({ f }) => f === "add" || f === "insert");
  const rows: Row[] = [];
  for (const item of Array.isArray(read.output) ? read.output : []) {
    const row = rowOf({ ...read, output: item });
    if (row !== undefined) rows.push({ ...row, operation: read });
    else {
      const message = `${who(read)} read a row ${show(item)} without a whole number in it`;
      findings.add("invalid-value", () => ({ message, ops: [read.invoked] }));
    }
  }
  const owners = new Map<number, Operation>();
  for (const insert of inserts) {
    const row = insert.outcome === "ok" ? rowOf(insert) : undefined;
    if (row === undefined) continue;
    const holder = owners.get(row.value);
    if (holder === undefined) owners.set(row.value, insert);
    else {
      const message = `${who(holder)} and ${who(insert)} both inserted ${row.value}`;
      findings.add("duplicate-insert", () => ({ message, ops: indexes([holder, insert]) }));
    }
  }
  const owned = rows.map((row) => ({ ...row, operation: owners.get(row.value) ?? read }));
  findReordered("reordered-insert", "the rows", owned, findings);
  const present = new Map<number, number>();
  for (const { value } of rows) present.set(value, (present.get(value) ?? 0) + 1);
  for (const [value, count] of present) {
    if (count === 1) continue;
    const message = `${who(read)} read ${count} rows with the value ${value}`;
    findings.add("duplicate-insert", () => ({ message, ops: [read.invoked] }));
  }
  for (const [value, insert] of owners) {
    if (present.has(value) || insert.completed > read.invoked) continue;
    const message = `${who(insert)} inserted ${value}, which ${who(read)} did not read in the end`;
    findings.add("lost-insert", () => ({ message, ops: indexes([insert, read]) }));
  }
  const strange = [...present.keys()].filter((value) => !owners.has(value));
  const uncertain = inserts.filter(
    ({ outcome, invoked }) => outcome === "info" && invoked < read.completed,
  );
  if (strange.length > uncertain.length) {
    const message = `${who(read)} read ${strange.length} rows (${show(strange)}) that no acknowledged insert made, but only ${uncertain.length} inserts are of unknown outcome`;
    findings.add("garbage-row", () => ({ message, ops: [read.invoked] }));
  }
  return rows.length;
}

function told(operation: Operation): string {
  return `${who(operation)} ${operation.f === "increment" ? "got" : "read"}`;
}
