/**
 * A history of sends and polls, read: every operation as what it sent and what it polled, every key
 * as a partition with numbered values.
 *
 * Two spellings are understood. Jepsen's (jepsen.tests.kafka): `txn`, `send` and `poll` of
 * micro-operations, `["send", key, value]` completed as `["send", key, [offset, value]]` and
 * `["poll"]` as `["poll", {key: [[offset, value] …]}]`. Maelstrom's: `send` under a key, completed
 * as `[offset, value]`, and `poll`, completed as `{key: [[offset, value] …]}`. `assign` and
 * `subscribe` say which keys a process polls from then on; whatever else there is is passed over.
 * What a poll returned is believed even where its transaction failed: a log shows consumers only what
 * is committed, whatever becomes of the consumer. O(history).
 */

import type { History, Operation } from "../../histories/history.js";
import { EventError } from "../../src/base/errors.js";
import {
  canonical,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonEquals,
} from "../../src/base/json.js";
import { show } from "../describe.js";
import { identity } from "../identity.js";

/** One key of the log. */
export class Partition {
  readonly values: Json[] = [];
  /** By value: who sent it, and the first ok transaction that polled it. */
  readonly writers: (LogTransaction | undefined)[] = [];
  readonly readers: (LogTransaction | undefined)[] = [];
  readonly #ids = new Map<string | number | boolean, number>();

  constructor(readonly name: string) {}

  idOf(value: Json): number {
    const id = identity(value);
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    this.#ids.set(id, this.values.length);
    return this.values.push(value) - 1;
  }
}

/** A value of a partition, at an offset where it is known. */
export interface Entry {
  partition: Partition;
  offset: number | undefined;
  value: number;
}

export interface LogTransaction {
  operation: Operation;
  /** In program order. */
  sends: Entry[];
  polls: Entry[];
  /** Keys that were rebalanced under way (Jepsen's `rebalance-log`): their polls may jump. */
  rebalanced: ReadonlySet<string>;
  /** What it returned that is no message. */
  malformed: Json[];
}

export interface Subscription {
  operation: Operation;
  via: "assign" | "subscribe";
  keys: readonly string[];
  /** Where the process goes on, by key, as far as it was told. */
  offsets: { readonly [key: string]: number };
}

export interface LogHistory {
  partitions: readonly Partition[];
  transactions: readonly LogTransaction[];
  /** Of each process, in its own order. */
  processes: ReadonlyMap<number, readonly (LogTransaction | Subscription)[]>;
}

export function isSubscription(step: LogTransaction | Subscription): step is Subscription {
  return "via" in step;
}

/** @throws UsageError for a value sent twice to one key, and for what is no micro-operation. */
export function readLog(history: History): LogHistory {
  const partitions = new Map<string, Partition>();
  const partitionOf = (name: string): Partition => {
    let partition = partitions.get(name);
    if (partition === undefined) partitions.set(name, (partition = new Partition(name)));
    return partition;
  };
  const transactions: LogTransaction[] = [];
  const processes = new Map<number, (LogTransaction | Subscription)[]>();
  for (const operation of history.operations) {
    const { f } = operation;
    let step: LogTransaction | Subscription;
    if (f === "assign" || f === "subscribe") step = subscriptionOf(operation, f);
    else if (f === "txn" || f === "send" || f === "poll") {
      step = transactionOf(operation, partitionOf);
      step.rebalanced = rebalancedKeys(history, operation);
      transactions.push(step);
      link(step);
    } else continue;
    const steps = processes.get(operation.process);
    if (steps === undefined) processes.set(operation.process, [step]);
    else steps.push(step);
  }
  return { partitions: [...partitions.values()], transactions, processes };
}

/** Notes writers and readers of its values. */
function link(transaction: LogTransaction): void {
  const { operation } = transaction;
  for (const { partition, value } of transaction.sends) {
    const other = partition.writers[value];
    if (other !== undefined) {
      throw new EventError(
        operation.invoked,
        `process ${operation.process} sends ${show(partition.values[value])} to key ${partition.name} a second time (first: event ${other.operation.invoked}): send every value once`,
      );
    }
    partition.writers[value] = transaction;
  }
  if (operation.outcome !== "ok") return;
  for (const { partition, value } of transaction.polls) partition.readers[value] ??= transaction;
}

type PartitionOf = (name: string) => Partition;

function transactionOf(operation: Operation, partitionOf: PartitionOf): LogTransaction {
  const { f, key, input, output } = operation;
  const transaction: LogTransaction = {
    operation,
    sends: [],
    polls: [],
    rebalanced: new Set(),
    malformed: [],
  };
  if (f === "send" && key !== undefined) {
    transaction.sends.push(sent(partitionOf(keyText(key)), input, output));
  } else if (Array.isArray(input)) {
    input.forEach((micro, i) => {
      const done = Array.isArray(output) ? output[i] : undefined;
      addMicro(transaction, micro, Array.isArray(done) ? done : [], partitionOf);
    });
  } else if (f === "poll" && input === null) addPolls(transaction, output, partitionOf);
  else refuse(operation, input);
  return transaction;
}

function addMicro(
  transaction: LogTransaction,
  micro: Json,
  done: readonly Json[],
  partitionOf: PartitionOf,
): void {
  const [f, key, value] = Array.isArray(micro) ? micro : [];
  if (f === "send" && key !== undefined && value !== undefined) {
    transaction.sends.push(sent(partitionOf(keyText(key)), value, done[2]));
  } else if (f === "poll") addPolls(transaction, done[1] ?? null, partitionOf);
  else refuse(transaction.operation, micro);
}

function refuse({ invoked, process, f }: Operation, what: Json): never {
  throw new EventError(
    invoked,
    `process ${process}: ${f} takes micro-operations ["send", key, value] and ["poll"], got ${show(what)}`,
  );
}

/** The completion names the offset where it is `[offset, value]`. */
function sent(partition: Partition, value: Json, done: Json | undefined): Entry {
  const isPlaced = Array.isArray(done) && done.length === 2 && jsonEquals(done[1], value);
  const offset = isPlaced ? offsetOf(done[0]) : undefined;
  return { partition, offset, value: partition.idOf(value) };
}

function addPolls(transaction: LogTransaction, polled: Json, partitionOf: PartitionOf): void {
  if (polled === null) return;
  if (!isJsonObject(polled)) {
    transaction.malformed.push(polled);
    return;
  }
  for (const [key, entries] of Object.entries(polled)) {
    for (const entry of Array.isArray(entries) ? entries : [entries ?? null]) {
      if (!Array.isArray(entry) || entry.length !== 2) {
        transaction.malformed.push(entry);
        continue;
      }
      const partition = partitionOf(key);
      const [offset, value] = entry as [Json, Json];
      transaction.polls.push({
        partition,
        offset: offsetOf(offset),
        value: partition.idOf(value),
      });
    }
  }
}

function offsetOf(offset: Json | undefined): number | undefined {
  return Number.isSafeInteger(offset) ? (offset as number) : undefined;
}

/** As the keys of maps are read: by their names. */
function keyText(key: Json): string {
  return typeof key === "string" ? key : canonical(key);
}

function subscriptionOf(operation: Operation, via: Subscription["via"]): Subscription {
  const { input, output } = operation;
  if (!Array.isArray(input)) {
    throw new EventError(
      operation.invoked,
      `process ${operation.process}: ${via} takes a list of keys, got ${show(input)}`,
    );
  }
  const offsets: { [key: string]: number } = {};
  for (const [key, offset] of Object.entries(isJsonObject(output) ? output : {})) {
    const known = offsetOf(offset);
    if (known !== undefined) offsets[key] = known;
  }
  return { operation, via, keys: input.map(keyText), offsets };
}

function rebalancedKeys(history: History, { completed }: Operation): ReadonlySet<string> {
  const event = history.events[completed] as JsonObject | undefined;
  const log = event?.["rebalance-log"];
  const keys = new Set<string>();
  for (const entry of Array.isArray(log) ? log : []) {
    const named = isJsonObject(entry) ? entry["keys"] : undefined;
    for (const key of Array.isArray(named) ? named : []) keys.add(keyText(key));
  }
  return keys;
}
