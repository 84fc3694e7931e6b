/**
 * How far consumers are behind: acknowledged messages that nobody has polled in the end, and the
 * worst lag of a poll in real time.
 *
 * The lag of a process in a key is how long, at the least, the newest message that it has seen had
 * not been the last of the log when its poll began. O(entries log entries + polls * keys assigned).
 */

import type { Json } from "../../src/base/json.js";
import { indexes, show } from "../describe.js";
import { type Case, whose } from "./cases.js";
import type { Orders, PartitionOrder } from "./orders.js";
import {
  isSubscription,
  type LogHistory,
  type LogTransaction,
  type Partition,
  type Subscription,
} from "./partitions.js";

/** An acknowledged message that no ok transaction polled. */
export interface Unseen {
  partition: Partition;
  value: number;
  writer: LogTransaction;
  /** A final poll after the acknowledgement that found the end of the key without it. */
  end: LogTransaction | undefined;
}

export function unseenMessages({ partitions, processes }: LogHistory): Unseen[] {
  const ends = endsOf(processes);
  const unseen: Unseen[] = [];
  for (const partition of partitions) {
    partition.writers.forEach((writer, value) => {
      if (writer?.operation.outcome !== "ok" || partition.readers[value] !== undefined) return;
      const { completed } = writer.operation;
      const end = ends.find(
        ({ poll, keys }) =>
          poll.operation.invoked > completed &&
          keys.has(partition.name) &&
          poll.polls.every((entry) => entry.partition !== partition),
      );
      unseen.push({ partition, value, writer, end: end?.poll });
    });
  }
  return unseen;
}

interface End {
  poll: LogTransaction;
  /** What the process was assigned. */
  keys: ReadonlySet<string>;
}

/** The last final poll of every process, and the keys that it was assigned: what it lacks there is not to come. */
function endsOf(processes: LogHistory["processes"]): End[] {
  const ends: End[] = [];
  for (const steps of processes.values()) {
    let keys: ReadonlySet<string> = new Set();
    let end: End | undefined;
    for (const step of steps) {
      const { outcome, final, f } = step.operation;
      if (outcome !== "ok") continue;
      if (isSubscription(step)) keys = step.via === "assign" ? new Set(step.keys) : new Set();
      else if (final && f === "poll") end = { poll: step, keys };
    }
    if (end !== undefined) ends.push(end);
  }
  return ends;
}

export function unseenCases(unseen: readonly Unseen[], always: boolean): Case[] {
  return unseen
    .filter(({ end }) => always || end !== undefined)
    .map(({ partition, value, writer, end }) => ({
      type: "unseen",
      weight: 0,
      tell: () => ({
        message: `nobody polled ${show(partition.values[value])} of key ${partition.name}, acknowledged to ${whose(writer)}${
          end === undefined ? "" : `, and ${whose(end)} found no more in the end`
        }`,
        ops: indexes([writer.operation, ...(end === undefined ? [] : [end.operation])]),
      }),
    }));
}

const SAMPLES_MAX = 8;

/** By key: how many, and the first few; null when there are none. */
export function unseenNote(unseen: readonly Unseen[]): Json {
  if (unseen.length === 0) return null;
  const byKey = new Map<string, Json[]>();
  for (const { partition, value } of unseen) {
    const values = byKey.get(partition.name) ?? [];
    byKey.set(partition.name, values);
    values.push(partition.values[value]!);
  }
  return Object.fromEntries(
    [...byKey].map(([key, values]) => [
      key,
      { count: values.length, first: values.slice(0, SAMPLES_MAX) },
    ]),
  );
}

interface Lag {
  lagNs: number;
  process: number;
  key: string;
  /** Nanoseconds: when the poll began. */
  atNs: number;
}

/** The worst of all polls; null when there was none, or none could be late. */
export function worstRealtimeLag({ transactions, processes }: LogHistory, orders: Orders): Json {
  const known = new Map([...orders.values()].map((order) => [order, knownSince(order)]));
  noteTimes(transactions, orders, known);
  for (const times of known.values()) {
    for (let i = times.length - 2; i >= 0; i--) times[i] = Math.min(times[i]!, times[i + 1]!);
  }
  const byName = new Map([...orders.values()].map((order) => [order.partition.name, order]));
  let worst: Lag | undefined;
  for (const steps of processes.values()) {
    let positions = new Map<string, number>();
    for (const step of steps) {
      const { operation } = step;
      if (operation.outcome !== "ok") continue;
      if (isSubscription(step)) {
        positions = positionsAfter(step, positions);
        continue;
      }
      if (operation.f === "send") continue;
      for (const { partition, offset } of step.polls) {
        const position = positions.get(partition.name) ?? -1;
        positions.set(partition.name, Math.max(position, offset ?? -1));
      }
      for (const [key, position] of positions) {
        const order = byName.get(key);
        if (order === undefined) continue;
        const expired = known.get(order)![order.indexAbove(position)];
        const lagNs = operation.invokedAt - (expired ?? Number.POSITIVE_INFINITY);
        if (lagNs <= (worst?.lagNs ?? 0)) continue;
        worst = { lagNs, process: operation.process, key, atNs: operation.invokedAt };
      }
    }
  }
  return worst === undefined ? null : { ...worst };
}

function knownSince(order: PartitionOrder): Float64Array {
  return new Float64Array(order.offsets.length).fill(Number.POSITIVE_INFINITY);
}

/** By index: when it was first known that something is there. */
function noteTimes(
  transactions: readonly LogTransaction[],
  orders: Orders,
  known: ReadonlyMap<PartitionOrder, Float64Array>,
): void {
  for (const { operation, sends, polls } of transactions) {
    if (operation.outcome !== "ok") continue;
    for (const entry of [...sends, ...polls]) {
      if (entry.offset === undefined) continue;
      const order = orders.get(entry.partition)!;
      const times = known.get(order)!;
      const index = order.indexOf(entry)!;
      times[index] = Math.min(times[index]!, operation.completedAt);
    }
  }
}

/** Keys given up are forgotten, new ones begin where the process was told, or else at the beginning. */
function positionsAfter(
  { via, keys, offsets }: Subscription,
  positions: ReadonlyMap<string, number>,
): Map<string, number> {
  if (via === "subscribe") return new Map();
  return new Map(keys.map((key) => [key, positions.get(key) ?? (offsets[key] ?? 0) - 1] as const));
}
