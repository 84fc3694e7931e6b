/**
 * A transactional history in one line:
 *
 *     ax1ry12 | rx_ | fail ax3 | info wy1
 *
 * Micro-operations: `ax1` appends 1 to x, `rx12` reads x = [1, 2], `rx[10 11]` reads x = [10, 11],
 * `rx` reads x = []; of registers `wx12` writes 12 to x, `rx12` reads 12, `rx_` reads the initial
 * nil; `rx?` tells nothing. Spaces between them do not matter. Numbers written take all digits;
 * keys are one letter.
 *
 * Transactions: those with `|` between them are concurrent (all are invoked, then all complete, in
 * the order of the text); after `;` the next ones are invoked when all before have completed, and
 * `long` makes one last from the beginning to the end. Each has a process of its own unless `p0:`
 * names one. It is ok unless `fail`, `info` or `pending` (no completion) stands before it.
 */

import type { History, HistoryEvent } from "../../../histories/history.js";
import { toHistory } from "../../../histories/index.js";
import type { TransactionService } from "../../../histories/transactions.js";
import type { Json } from "../../../src/base/json.js";
import { renumbered } from "../oracle/notation.js";

export interface NotationOptions {
  /** Every `|` means `;`. */
  sequential?: boolean;
  /** Registers where `wx1` or `rx_` stands in the text, lists otherwise. */
  service?: TransactionService;
}

export type Outcome = "ok" | "fail" | "info" | "pending";

interface Written {
  process: number;
  outcome: Outcome;
  isLong: boolean;
  micros: Json[];
}

export function history(text: string, options: NotationOptions = {}): History {
  return toHistory(eventsOf(text, options));
}

/** @throws Error for a text that is not in the notation. */
export function eventsOf(text: string, options: NotationOptions = {}): HistoryEvent[] {
  const service = options.service ?? (/w[a-z]\d|_/.test(text) ? "rw-register" : "list-append");
  const groups = groupsOf(options.sequential === true ? text.replaceAll("|", ";") : text, service);
  const long = groups.flat().filter(({ isLong }) => isLong);
  const events = long.map(invocation);
  for (const group of groups) {
    const short = group.filter(({ isLong }) => !isLong);
    events.push(...short.map(invocation), ...short.flatMap(completion));
  }
  return renumbered([...events, ...long.flatMap(completion)]);
}

const transactionForm =
  /^(?:(?<long>long) )?(?:p(?<process>\d+): ?)?(?:(?<outcome>ok|fail|info|pending) )?(?<micros>.*)$/;

function groupsOf(text: string, service: TransactionService): Written[][] {
  const named = new Set([...text.matchAll(/p(\d+):/g)].map(([, process]) => Number(process)));
  let nextProcess = 0;
  const unnamed = () => {
    while (named.has(nextProcess)) nextProcess++;
    return nextProcess++;
  };
  return text.split(";").map((group) =>
    group.split("|").map((part) => {
      const fields = transactionForm.exec(part.trim())!.groups!;
      const process = fields["process"] === undefined ? unnamed() : Number(fields["process"]);
      return {
        process,
        outcome: (fields["outcome"] ?? "ok") as Outcome,
        isLong: fields["long"] !== undefined,
        micros: microsOf(fields["micros"]!.replaceAll(/ (?![^[]*\])/g, ""), service),
      };
    }),
  );
}

const microForm = /(?<f>[awr])(?<key>[a-z])(?<value>\d+|\[[\d ]*\]|_|\?|)/y;

function microsOf(text: string, service: TransactionService): Json[] {
  const micros: Json[] = [];
  microForm.lastIndex = 0;
  while (microForm.lastIndex < text.length) {
    const at = microForm.lastIndex;
    const fields = microForm.exec(text)?.groups;
    if (fields === undefined) throw new Error(`not a micro-operation: ${text.slice(at)}`);
    micros.push(microOf(fields["f"]!, fields["key"]!, fields["value"]!, service));
  }
  return micros;
}

function microOf(f: string, key: string, value: string, service: TransactionService): Json {
  if (f === "r") {
    return ["r", key, service === "list-append" ? listOf(value) : registerOf(value)];
  }
  if ((f === "a") !== (service === "list-append") || !/^\d+$/.test(value)) {
    throw new Error(`not a micro-operation of ${service}: ${f}${key}${value}`);
  }
  return [f === "a" ? "append" : "w", key, Number(value)];
}

function listOf(value: string): Json {
  if (value === "?") return null;
  if (value === "_") throw new Error("a list is empty, never nil: rx, not rx_");
  const numbers = value.startsWith("[") ? value.slice(1, -1).split(" ") : [...value];
  return numbers.filter((number) => number !== "").map(Number);
}

function registerOf(value: string): Json {
  if (value === "_" || value === "?") return null;
  if (!/^\d+$/.test(value)) throw new Error(`not a register's value: ${value}`);
  return Number(value);
}

function invocation({ process, micros }: Written): HistoryEvent {
  const value = micros.map((micro) => {
    const [f, key, written] = micro as [string, Json, Json];
    return [f, key, f === "r" ? null : written];
  });
  return { index: 0, time: 0, process, type: "invoke", f: "txn", value };
}

function completion({ process, outcome, micros }: Written): HistoryEvent[] {
  if (outcome === "pending") return [];
  return [{ index: 0, time: 0, process, type: outcome, f: "txn", value: micros }];
}
