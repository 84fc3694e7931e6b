/**
 * Every model, as its definition says, by brute force: for histories of about six transactions.
 *
 * The weaker models ask for version orders (with one choice for all of them) and look at simple
 * cycles; the serializable ones, snapshot isolation and prefix execute the transactions in all
 * orders and compare what is read (`formulas.ts` has them as cycles, for comparison).
 */

import type { HistoryEvent } from "../../../../histories/history.js";
import {
  agrees,
  antiDependencies,
  type ClientOrder,
  clientDependencies,
  hasAtMostOneRw,
  hasCycleOnlyOf,
  readDependencies,
  writeDependencies,
} from "./dependencies.js";
import { type NonCycleAnomaly, nonCycleAnomaliesOf } from "./non-cycle.js";
import {
  hasSerialExecution,
  hasSnapshotExecution,
  type Precedence,
  type SnapshotRule,
} from "./replays.js";
import {
  isBeforeInProcess,
  isBeforeInRealTime,
  readsOf,
  type SmallHistory,
  smallHistory,
  writesOf,
} from "./small-history.js";
import {
  type CommitOrder,
  commitOrders,
  type VersionOrders,
  versionRead,
} from "./version-orders.js";
import { isVisible, type Visibility } from "./visibility.js";

export const transactionModels = [
  "read-uncommitted",
  "strong-session-read-uncommitted",
  "strong-read-uncommitted",
  "read-committed",
  "strong-session-read-committed",
  "strong-read-committed",
  "monotonic-atomic-view",
  "read-atomic",
  "causal-cerone",
  "update-atomic",
  "cursor-stability",
  "consistent-view",
  "parallel-snapshot-isolation",
  "prefix",
  "snapshot-isolation",
  "strong-session-snapshot-isolation",
  "strong-snapshot-isolation",
  "repeatable-read",
  "serializable",
  "strong-session-serializable",
  "strict-serializable",
] as const;

export type TransactionModel = (typeof transactionModels)[number];

/** What is asked again and again of one history. */
export interface Case {
  history: SmallHistory;
  anomalies: ReadonlySet<NonCycleAnomaly>;
  /** Where every ww points forward: read uncommitted. */
  orders: readonly CommitOrder[];
}

export function caseOf(events: readonly HistoryEvent[]): Case {
  const history = smallHistory(events);
  return { history, anomalies: nonCycleAnomaliesOf(history), orders: commitOrders(history) };
}

export function holds(model: TransactionModel, events: readonly HistoryEvent[]): boolean {
  return definitions[model](caseOf(events));
}

export function verdictsOf(small: Case): Map<TransactionModel, boolean> {
  return new Map(transactionModels.map((model) => [model, definitions[model](small)]));
}

export type Definition = (small: Case) => boolean;

export const definitions: Record<TransactionModel, Definition> = {
  "read-uncommitted": (small) => isReadUncommitted(small, "none"),
  "strong-session-read-uncommitted": (small) => isReadUncommitted(small, "process"),
  "strong-read-uncommitted": (small) => isReadUncommitted(small, "realtime"),
  "read-committed": (small) => isReadCommitted(small, "none"),
  "strong-session-read-committed": (small) => isReadCommitted(small, "process"),
  "strong-read-committed": (small) => isReadCommitted(small, "realtime"),
  "monotonic-atomic-view": (small) => hasVisibility(small, "monotonic-atomic-view"),
  "read-atomic": isReadAtomic,
  "causal-cerone": isCausal,
  "update-atomic": (small) => isReadAtomic(small) && !small.anomalies.has("lost-update"),
  "cursor-stability": isCursorStable,
  "consistent-view": (small) => isConsistentView(small, () => true),
  "parallel-snapshot-isolation": isParallelSnapshot,
  prefix: (small) => isCausal(small) && executes(small, "prefix", nothing),
  "snapshot-isolation": (small) => isSnapshotIsolated(small, nothing),
  "strong-session-snapshot-isolation": (small) => isSnapshotIsolated(small, isBeforeInProcess),
  "strong-snapshot-isolation": (small) => isSnapshotIsolated(small, isBeforeInRealTime),
  "repeatable-read": isRepeatableRead,
  serializable: (small) => isSerializable(small, nothing),
  "strong-session-serializable": (small) => isSerializable(small, isBeforeInProcess),
  "strict-serializable": (small) => isSerializable(small, isBeforeInRealTime),
};

const nothing: Precedence = () => false;

/** No garbage-read, no duplicate-elements; acyclic(ww + the order that clients know). */
function isReadUncommitted(small: Case, order: ClientOrder): boolean {
  if (small.anomalies.has("garbage-read") || small.anomalies.has("duplicate-elements")) {
    return false;
  }
  return ordersWith(small, clientDependencies(small.history, order)).length > 0;
}

const ruleOutReadCommitted = [
  "garbage-read",
  "duplicate-elements",
  "G1a",
  "G1b",
  "incompatible-order",
  "dirty-update",
  "future-read",
] as const;

/** RU, none of G1a G1b incompatible-order dirty-update future-read; acyclic(ww + wr + clients'). */
function isReadCommitted(small: Case, order: ClientOrder = "none"): boolean {
  return readCommittedOrders(small, order).length > 0;
}

function readCommittedOrders(small: Case, order: ClientOrder = "none"): CommitOrder[] {
  if (ruleOutReadCommitted.some((anomaly) => small.anomalies.has(anomaly))) return [];
  return ordersWith(small, [
    ...readDependencies(small.history),
    ...clientDependencies(small.history, order),
  ]);
}

/** The total orders in which these dependencies, too, point forward. */
function ordersWith(small: Case, dependencies: Parameters<typeof agrees>[1]): CommitOrder[] {
  return small.orders.filter(({ order }) => agrees(order, dependencies));
}

/**
 * RC, and a total order that contains wr and agrees with the version orders in which all that is
 * known is seen. What is asked of it beyond that depends on the version orders alone.
 */
function hasVisibility(small: Case, level: Visibility): boolean {
  const orders = distinctVersions(readCommittedOrders(small));
  return orders.some((versions) => isVisible(small.history, versions, level));
}

/** With what was observed in any micro-operation, and no internal. */
function isReadAtomic(small: Case): boolean {
  return !small.anomalies.has("internal") && hasVisibility(small, "read-atomic");
}

function isCausal(small: Case): boolean {
  return !small.anomalies.has("internal") && hasVisibility(small, "causal");
}

/** RC, no lost-update, no G-cursor. */
function isCursorStable(small: Case): boolean {
  if (small.anomalies.has("lost-update")) return false;
  const orders = distinctVersions(readCommittedOrders(small));
  return orders.some((versions) => !hasCursorAnomaly(small.history, versions));
}

/**
 * Lists: an ok transaction reads version i of k before any own write of k and writes k itself, and
 * version i + 1 is not its own. Registers: it reads version i, and its own version comes after
 * version i + 1 (a cycle of one rw on k and ww on k).
 */
function hasCursorAnomaly(history: SmallHistory, versions: VersionOrders): boolean {
  return history.present.some((reader) =>
    readsOf(reader).some((read) => {
      if (writesOf(reader, read.key).length === 0) return false;
      const order = versions.get(read.key)!;
      const version = versionRead(versions, read);
      if (version < 0) return false;
      if (history.service === "rw-register") {
        return order.findIndex(({ writer }) => writer === reader) > version;
      }
      const firstWrite = reader.micros.findIndex(
        ({ kind, key }) => kind === "write" && key === read.key,
      );
      return reader.micros.indexOf(read) < firstWrite && order[version]?.writer !== reader;
    }),
  );
}

/** RC, no cycle with at most one rw. */
function isConsistentView(small: Case, also: (versions: VersionOrders) => boolean): boolean {
  const orders = distinctVersions(readCommittedOrders(small));
  return orders.some((versions) => {
    const dependencies = [
      ...writeDependencies(versions),
      ...readDependencies(small.history),
      ...antiDependencies(small.history, versions),
    ];
    return also(versions) && !hasCycleOnlyOf(dependencies, hasAtMostOneRw);
  });
}

/** Consistent view, and in the same version orders read atomic. */
function isParallelSnapshot(small: Case): boolean {
  if (small.anomalies.has("internal")) return false;
  return isConsistentView(small, (versions) => isVisible(small.history, versions, "read-atomic"));
}

/** RC, no lost-update, acyclic(ww + wr + rw). */
function isRepeatableRead(small: Case): boolean {
  if (small.anomalies.has("lost-update")) return false;
  return readCommittedOrders(small).some(({ order, versions }) =>
    agrees(order, antiDependencies(small.history, versions)),
  );
}

/** RC, no internal, and an execution with snapshots in which the first committer wins. */
function isSnapshotIsolated(small: Case, precedes: Precedence): boolean {
  return executes(small, "snapshot", precedes);
}

function executes(small: Case, rule: SnapshotRule, precedes: Precedence): boolean {
  if (small.anomalies.has("internal") || !isReadCommitted(small)) return false;
  return hasSnapshotExecution(small.history, rule, precedes);
}

/** A serial execution; that is repeatable read without internal. */
function isSerializable(small: Case, precedes: Precedence): boolean {
  return hasSerialExecution(small.history, small.history.present, precedes);
}

/** Different total orders often imply the same version orders. */
export function distinctVersions(orders: readonly CommitOrder[]): VersionOrders[] {
  const distinct = new Map(
    orders.map(({ versions }) => [
      JSON.stringify([...versions].map(([key, order]) => [key, order.map(({ value }) => value)])),
      versions,
    ]),
  );
  return [...distinct.values()];
}
