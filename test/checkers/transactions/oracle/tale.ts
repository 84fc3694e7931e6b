/**
 * What happened and what clients said of it, before it becomes events: easy to make and to spoil.
 */

import type { HistoryEvent } from "../../../../histories/history.js";
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

/** Back from events. */
export function taleOf(service: TransactionService, events: readonly HistoryEvent[]): Tale {
  const open = new Map<HistoryEvent["process"], number>();
  const transactions: TaleTransaction[] = [];
  const moments = events.map(({ process, type, value }) => {
    if (type === "invoke") {
      open.set(process, transactions.length);
      const outcome = "pending";
      const micros = microsOf(value);
      transactions.push({ process: process as number, outcome, micros, isTalkative: false });
    } else {
      const transaction = transactions[open.get(process)!]!;
      transaction.outcome = type;
      transaction.micros = microsOf(value);
    }
    return open.get(process)!;
  });
  return { service, transactions, moments };
}

function microsOf(value: Json): TaleMicro[] {
  return (value as [TaleMicro["f"], string, Json][]).map(([f, key, result]) => ({
    f,
    key,
    value: result,
  }));
}
