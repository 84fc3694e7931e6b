/**
 * A transactional history of a few transactions, as the oracle sees it: plain objects, no indexes,
 * and the questions that every definition asks. Independent of what the checkers read.
 *
 * Take part ("are present"): all ok transactions, and the info ones of which some ok transaction
 * observed a write.
 */

import type { HistoryEvent } from "../../../../histories/history.js";
import type { TransactionService } from "../../../../histories/transactions.js";
import type { Json } from "../../../../src/base/json.js";

/** An element of a list, or what a register holds. */
export type Value = string | number;

export interface Write {
  kind: "write";
  key: string;
  value: Value;
}

export interface ListRead {
  kind: "list-read";
  key: string;
  list: readonly Value[];
}

export interface RegisterRead {
  kind: "register-read";
  key: string;
  /** Null is the initial nil. */
  value: Value | null;
}

export type Read = ListRead | RegisterRead;
export type Micro = Write | Read;

export interface Transaction {
  id: number;
  process: number;
  /** A transaction without completion is info, too. */
  outcome: "ok" | "fail" | "info";
  /** Positions of events; Infinity unless it is ok or fail. */
  invoked: number;
  completed: number;
  /** Those that are not ok tell no reads. */
  micros: readonly Micro[];
}

export interface SmallHistory {
  service: TransactionService;
  /** In order of invocation. */
  transactions: readonly Transaction[];
  present: readonly Transaction[];
  keys: readonly string[];
}

export function smallHistory(events: readonly HistoryEvent[]): SmallHistory {
  const service = serviceOf(events);
  const transactions = transactionsOf(events, service);
  const keys = new Set(transactions.flatMap(({ micros }) => micros.map(({ key }) => key)));
  return {
    service,
    transactions,
    present: transactions.filter((transaction) => isPresent(transaction, transactions)),
    keys: [...keys],
  };
}

type Told = [f: string, key: Json, value: Json];

/** A history that only reads nothing may be of either service. */
function serviceOf(events: readonly HistoryEvent[]): TransactionService {
  const told = events.flatMap(({ value }) => value as Told[]);
  const isList = told.some(([f, , value]) => f === "append" || Array.isArray(value));
  return isList ? "list-append" : "rw-register";
}

function transactionsOf(
  events: readonly HistoryEvent[],
  service: TransactionService,
): Transaction[] {
  return events
    .filter(({ type }) => type === "invoke")
    .map((invocation, id) => {
      const { process, index: invoked } = invocation;
      const end = events.find((event) => event.process === process && event.index > invoked);
      const outcome = end === undefined || end.type === "invoke" ? "info" : end.type;
      const told = (outcome === "ok" ? end!.value : invocation.value) as Told[];
      const micros = told.map((micro) => microOf(micro, service));
      return {
        id,
        process: process as number,
        outcome,
        invoked,
        completed: outcome === "info" ? Number.POSITIVE_INFINITY : end!.index,
        micros: outcome === "ok" ? micros : micros.filter(({ kind }) => kind === "write"),
      };
    });
}

function microOf([f, key, value]: Told, service: TransactionService): Micro {
  const name = JSON.stringify(key);
  if (f !== "r") return { kind: "write", key: name, value: value as Value };
  if (service === "rw-register")
    return { kind: "register-read", key: name, value: value as Value | null };
  return { kind: "list-read", key: name, list: (value ?? []) as Value[] };
}

function isPresent(transaction: Transaction, all: readonly Transaction[]): boolean {
  if (transaction.outcome !== "info") return transaction.outcome === "ok";
  const ok = all.filter(({ outcome }) => outcome === "ok");
  return ok.some((reader) => readsOf(reader).some((read) => tellsOf(read, transaction)));
}

export const isRead = (micro: Micro): micro is Read => micro.kind !== "write";
export const isWrite = (micro: Micro): micro is Write => micro.kind === "write";

export function readsOf({ micros }: Transaction, key?: string): Read[] {
  return micros.filter(isRead).filter((read) => key === undefined || read.key === key);
}

/** In program order. */
export function writesOf({ micros }: Transaction, key?: string): Write[] {
  return micros.filter(isWrite).filter((write) => key === undefined || write.key === key);
}

/** What a read shows: all elements of a list, the value of a register unless it is nil. */
export function shownBy(read: Read): readonly Value[] {
  if (read.kind === "list-read") return read.list;
  return read.value === null ? [] : [read.value];
}

/** Whether a read shows something that the transaction wrote. */
export function tellsOf(read: Read, writer: Transaction): boolean {
  return shownBy(read).some((value) => wrote(writer, read.key, value));
}

export function wrote(transaction: Transaction, key: string, value: Value): boolean {
  return transaction.micros.some(
    (micro) => micro.kind === "write" && micro.key === key && micro.value === value,
  );
}

/** Clients write each value of a key once. */
export function writerOf(
  transactions: readonly Transaction[],
  key: string,
  value: Value,
): Transaction | undefined {
  return transactions.find((transaction) => wrote(transaction, key, value));
}

export function okOf({ transactions }: SmallHistory): Transaction[] {
  return transactions.filter(({ outcome }) => outcome === "ok");
}

/** All reads of ok transactions; those of one key where it is given. */
export function readsOfAll(
  history: SmallHistory,
  key?: string,
): { reader: Transaction; read: Read }[] {
  return okOf(history).flatMap((reader) => readsOf(reader, key).map((read) => ({ reader, read })));
}

/** The longest list read; of several the one whose reader completed first, its earliest. */
export function longestRead(history: SmallHistory, key: string): readonly Value[] {
  return longestReads(history, key)[0]!;
}

/** All longest lists, the same ones again and again among them; the empty one where none was read. */
export function longestReads(history: SmallHistory, key: string): (readonly Value[])[] {
  const reads = readsOfAll(history, key).sort((a, b) => a.reader.completed - b.reader.completed);
  const lists = reads.map(({ read }) => shownBy(read));
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return longest === 0 ? [[]] : lists.filter(({ length }) => length === longest);
}

/** process: an ok transaction -> the next ones of the same process. */
export function isBeforeInProcess(a: Transaction, b: Transaction): boolean {
  return a.outcome === "ok" && a.process === b.process && a.invoked < b.invoked;
}

/** realtime: a -> b iff a is ok and its completion stands before b's invocation. */
export function isBeforeInRealTime(a: Transaction, b: Transaction): boolean {
  return a.outcome === "ok" && a.completed < b.invoked;
}
