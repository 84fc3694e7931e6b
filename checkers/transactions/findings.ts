/**
 * What the inference from a transactional history hands to whoever judges it: the dependency graph,
 * the anomalies that are no cycles, the rules that can be decided without a search for an order, and
 * why each edge of the graph holds. One analysis per history; every answer is deterministic.
 *
 * Transactions, micro-operations, keys and values are the numbers that `Transactions` gives them.
 */

import type { TransactionService, Transactions } from "../../histories/transactions.js";
import type { CycleEdge, DependencyGraph } from "./dependencies.js";

/** Of how many findings of one type the details are kept; all of them are counted. */
export const FINDINGS_SHOWN_MAX = 32;

/** An anomaly that is shown by the reads themselves, without a cycle. */
export interface Finding {
  type: string;
  key?: number;
  /** Those concerned, the offender first. */
  transactions: number[];
  /** The micro-operations that show it. */
  micros: number[];
  /** The ids of the elements or values concerned. */
  values: number[];
  /** One sentence: who, which key, which values, what it means. */
  message: string;
}

/** How far a transaction must see what the transactions did whose effects it has observed. */
export type VisibilityLevel = "monotonic-atomic-view" | "read-atomic" | "causal";

export interface Analysis {
  service: TransactionService;
  transactions: Transactions;
  graph: DependencyGraph;
  /** In the order of the types, then of the offenders' invocations; at most FINDINGS_SHOWN_MAX of a type. */
  findings: readonly Finding[];
  /** How many of each type there are; types without any are absent. */
  counts: Readonly<Record<string, number>>;
  /**
   * Whether transactions see others as a whole, given that the history is read-committed: what
   * the level demands of reads and of the order of versions, without `internal`.
   */
  visibility(level: VisibilityLevel, steps: number): true | Finding[] | "unknown";
  /** Whether some order of the versions has no G-cursor, given that the history is read-committed. */
  cursor(): true | Finding[] | "unknown";
  /** Why an edge of a cycle holds, and the read that proves it. */
  step(edge: CycleEdge): Step;
}

export interface Step {
  from: number;
  to: number;
  kind: "ww" | "wr" | "rw" | "process" | "realtime";
  key?: number;
  /** ww: what `from` wrote; wr: what was read; rw: the version read, NULL_ID the initial one. */
  value?: number;
  /** ww and rw: what `to` wrote. */
  next?: number;
  fromMicro?: number;
  toMicro?: number;
  /** The read that proves the order of the two versions, where one is needed. */
  witness?: number;
  /** Reads disagree about the order of this key's versions: the edge rests on the longest of them. */
  contested?: boolean;
}
