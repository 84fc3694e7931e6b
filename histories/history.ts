/**
 * What clients saw: Jepsen's model of operations.
 *
 * A history is a sequence of events. A client process invokes one operation at a time (`invoke`)
 * and learns that it happened (`ok`), that it did not (`fail`), or neither (`info`: it may take
 * effect at any later moment, or never). Real-time order is the order of the events. A process
 * whose operation ended in `info` never acts again. Processes with string names (nodes, the
 * nemesis) record observations: they never have an operation open.
 */

import type { Json } from "../src/base/json.js";

export type EventType = "invoke" | "ok" | "fail" | "info";

/** One line of a history file; see the history file format in docs/histories.md. */
export interface HistoryEvent {
  /** Position in the history, counted from 0. */
  index: number;
  /** Nanoseconds, virtual or wall. */
  time: number;
  /** A client (integer), or the name of a node or of the nemesis. */
  process: number | string;
  type: EventType;
  /** The function: read, write, cas, add, txn, leader … */
  f: string;
  /** Present for keyed services. */
  key?: Json;
  value: Json;
  error?: Json;
  /** A read made after quiescence. */
  final?: boolean;
  /** The node that the client talked to, where the recorder knows it; checkers do not need it. */
  node?: string;
  /**
   * Of a completed write or read: the store's own number for the version of the key, the greater the
   * later. What is no number says nothing.
   */
  version?: Json;
}

/** An invocation joined with its completion. */
export interface Operation {
  /** Ordinal among the client operations of the history, in order of invocation, from 0. */
  id: number;
  process: number;
  f: string;
  key?: Json;
  /** The value of the invocation. */
  input: Json;
  /** The value of the completion; null when there is none. */
  output: Json;
  /** `info` also when the completion is missing. */
  outcome: "ok" | "fail" | "info";
  error?: Json;
  final: boolean;
  /** Positions of the two events in `History.events`; `completed` is Infinity when outcome is `info`. */
  invoked: number;
  completed: number;
  /** Nanoseconds; `completedAt` is Infinity when outcome is `info`. */
  invokedAt: number;
  completedAt: number;
  node?: string;
  /** The store's own number for the version that was written or read. */
  version?: number;
}

/** A checked history: events well formed, operations paired. Made by `toHistory`. */
export interface History {
  events: readonly HistoryEvent[];
  operations: readonly Operation[];
  /** Events of string processes: what nodes and the nemesis recorded. */
  observations: readonly HistoryEvent[];
}
