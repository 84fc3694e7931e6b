/**
 * Whether processes move forward through the log, within one transaction (int-) and from one to the
 * next: poll-skip, nonmonotonic-poll, nonmonotonic-send and the int- kinds of both.
 *
 * Assigning or subscribing makes a process forget where it was in keys that it gives up. O(entries).
 */

import { indexes } from "../describe.js";
import { type Case, placed, whose } from "./cases.js";
import type { Orders, PartitionOrder } from "./orders.js";
import {
  type Entry,
  isSubscription,
  type LogHistory,
  type LogTransaction,
  type Partition,
} from "./partitions.js";

export function progressCases({ transactions, processes }: LogHistory, orders: Orders): Case[] {
  const cases: Case[] = [];
  for (const transaction of transactions) {
    const { polls, sends, rebalanced } = transaction;
    within(transaction, "poll", polls, rebalanced, orders, cases);
    // What a failed transaction sent is nowhere.
    if (transaction.operation.outcome !== "fail") {
      within(transaction, "send", sends, new Set(), orders, cases);
    }
  }
  for (const steps of processes.values()) {
    const polled = new Map<Partition, Mark>();
    const sent = new Map<Partition, Mark>();
    let excuse: string | undefined;
    for (const step of steps) {
      const { outcome } = step.operation;
      if (isSubscription(step)) {
        if (outcome === "fail") continue;
        if (step.via === "subscribe") excuse = "the consumer subscribes, and may be rebalanced";
        const kept = new Set(step.keys);
        for (const partition of [...polled.keys()]) {
          if (!kept.has(partition.name)) polled.delete(partition);
        }
        continue;
      }
      const before = cases.length;
      between(step, "poll", step.polls, polled, orders, cases);
      if (excuse !== undefined) for (const found of cases.slice(before)) found.excuse = excuse;
      if (outcome === "ok") mark(step, step.polls, polled);
      if (outcome === "fail") continue;
      between(step, "send", step.sends, sent, orders, cases);
      mark(step, step.sends, sent);
    }
  }
  return cases;
}

/** Where a process was last in a partition. */
interface Mark {
  transaction: LogTransaction;
  entry: Entry;
}

function mark(
  transaction: LogTransaction,
  entries: readonly Entry[],
  marks: Map<Partition, Mark>,
): void {
  for (const entry of entries) marks.set(entry.partition, { transaction, entry });
}

/** Each pair of neighbours in one transaction, key by key. */
function within(
  transaction: LogTransaction,
  kind: "poll" | "send",
  entries: readonly Entry[],
  exempt: ReadonlySet<string>,
  orders: Orders,
  cases: Case[],
): void {
  const last = new Map<Partition, Entry>();
  for (const entry of entries) {
    const before = last.get(entry.partition);
    last.set(entry.partition, entry);
    if (before === undefined || exempt.has(entry.partition.name)) continue;
    const marked = { transaction, entry: before };
    judge(`int-${kind}`, marked, { transaction, entry }, orders.get(entry.partition)!, cases);
  }
}

/** The first entry of each key against where the process was. */
function between(
  transaction: LogTransaction,
  kind: "poll" | "send",
  entries: readonly Entry[],
  marks: ReadonlyMap<Partition, Mark>,
  orders: Orders,
  cases: Case[],
): void {
  const met = new Set<Partition>();
  for (const entry of entries) {
    const before = marks.get(entry.partition);
    if (before === undefined || met.has(entry.partition)) continue;
    met.add(entry.partition);
    judge(kind, before, { transaction, entry }, orders.get(entry.partition)!, cases);
  }
}

type Kind = "poll" | "send" | "int-poll" | "int-send";

const skips = { poll: "poll-skip", "int-poll": "int-poll-skip", "int-send": "int-send-skip" };
const retreats = {
  poll: "nonmonotonic-poll",
  send: "nonmonotonic-send",
  "int-poll": "int-nonmonotonic-poll",
  "int-send": "int-nonmonotonic-send",
};

function judge(kind: Kind, from: Mark, to: Mark, order: PartitionOrder, cases: Case[]): void {
  const [start, end] = [order.indexOf(from.entry), order.indexOf(to.entry)];
  if (start === undefined || end === undefined) return;
  const step = end - start;
  // From one transaction to the next others send in between: that is no skip.
  if (step === 1 || (step > 1 && kind === "send")) return;
  cases.push({
    type: step > 1 && kind !== "send" ? skips[kind] : retreats[kind],
    weight: Math.abs(step - 1),
    tell: () => {
      const verb = kind.endsWith("send") ? "sent" : "polled";
      const skipped = step === 2 ? "a message" : `${step - 1} messages`;
      const how = step > 1 ? `skipping ${skipped} in between` : "which does not come after it";
      return {
        message: `${whose(to.transaction)} ${verb} ${placed(from.entry)} and next ${placed(to.entry)}, ${how}`,
        ops: indexes([from.transaction.operation, to.transaction.operation]),
      };
    },
  });
}
