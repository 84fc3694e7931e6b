/**
 * What happened and what clients said of it, before it becomes events: easy to make and to spoil.
 */

import type { TransactionService } from "../../../../histories/transactions.js";
import type { Json } from "../../../../src/base/json.js";

/** A micro-operation with its result: what was read, or what was to be written. */
export interface TaleMicro {
  f: "r" | "append" | "w";
  key: string;
  value: Json;
}

/** What becomes events: a transaction with its results, whoever got to know them. */
export interface TaleTransaction {
  process: number;
  outcome: "ok" | "fail" | "info" | "pending";
  micros: TaleMicro[];
  /** Whether a completion that is not ok tells what was read, all the same. */
  isTalkative: boolean;
}

/** Transactions, and the order of their invocations and completions. */
export interface Tale {
  service: TransactionService;
  transactions: TaleTransaction[];
  /** Numbers of transactions; each stands here twice. */
  moments: number[];
}
