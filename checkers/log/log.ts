/**
 * Append-only logs in the manner of Kafka: transactions send values to keys and poll them back, each
 * key a log with offsets.
 *
 * What is found is of the kinds of jepsen.tests.kafka: inconsistent-offsets, duplicate, G1a,
 * precommitted-read, lost-write, poll-skip, nonmonotonic-poll, int-poll-skip, int-nonmonotonic-poll,
 * nonmonotonic-send, int-send-skip, int-nonmonotonic-send and unseen; also garbage-read (nobody sent
 * it) and invalid-poll (no message at all). And cycles among the transactions: G0 and G1c, also with
 * processes and real time, over wr edges and, if asked for, ww edges between neighbours in the log.
 *
 * Not held against the service, but noted: int-send-skip and all kinds of G0 (sends of transactions
 * interleave), poll-skip and nonmonotonic-poll of consumers that subscribe (they are rebalanced),
 * all kinds of G1c where ww edges are asked for. Unlike Jepsen, unseen only counts where a final poll
 * of a process that was assigned the key has found no more: a history that just ends proves nothing. O(entries log entries).
 */

import type { History } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import type { Checker, Verdict } from "../checker.js";
import { Findings } from "../findings.js";
import type { Case } from "./cases.js";
import { cycleCases } from "./cycles.js";
import { unseenCases, unseenMessages, unseenNote, worstRealtimeLag } from "./lag.js";
import { ordersOf } from "./orders.js";
import { type LogTransaction, readLog } from "./partitions.js";
import { placeCases } from "./places.js";
import { progressCases } from "./progress.js";

export interface LogOptions {
  /** Types that are noted and not held against the service, beside those that never are. */
  allow?: readonly string[];
  /** Types that are held against the service although they usually are not. */
  forbid?: readonly string[];
  /** Look for cycles over the order of sends in the log, too; G1c is normal then, and allowed. */
  ww?: boolean;
  /** Count as unseen what nobody polled, even where no final poll looked for it. */
  unseen?: boolean;
}

/** What transactions of a log may show by design. */
const ALLOWED: readonly string[] = ["int-send-skip", "G0", "G0-process", "G0-realtime"];
const ALLOWED_WITH_WW: readonly string[] = ["G1c", "G1c-process", "G1c-realtime"];

export function logWith(options: LogOptions): Checker {
  return {
    name: "log",
    summary: "logs with offsets: what is sent is polled, once, in one order, without gaps",
    check: (history) => check(history, options),
  };
}

export const log = logWith({});

/** @throws UsageError for a value sent twice to one key, and for what is no micro-operation. */
function check(recorded: History, options: LogOptions): Verdict {
  const history = readLog(recorded);
  const orders = ordersOf(history);
  const unseen = unseenMessages(history);
  const cases = [
    ...placeCases(history, orders),
    ...progressCases(history, orders),
    ...unseenCases(unseen, options.unseen === true),
    ...cycleCases(history, orders, { ww: options.ww === true }),
  ];
  const { findings, allowed } = judged(cases, options);
  const polled = history.transactions.filter(
    ({ operation, polls }) => operation.outcome === "ok" && polls.length > 0,
  ).length;
  const notes: { [name: string]: Json } = {
    transactions: history.transactions.length,
    polled,
    keys: history.partitions.length,
    unseen: unseenNote(unseen),
    worstRealtimeLag: worstRealtimeLag(history, orders),
    ...(allowed.isEmpty ? {} : { allowed: allowed.counts }),
  };
  // A log to which nothing was sent has nothing to return.
  const isOpen = polled === 0 && history.transactions.some(mayHaveSent);
  const none = history.transactions.length === 0 ? "nothing was sent or polled" : undefined;
  return findings.verdict(notes, isOpen ? "no poll returned a message" : none);
}

function mayHaveSent({ operation, sends }: LogTransaction): boolean {
  return sends.length > 0 && operation.outcome !== "fail";
}

/** The worst of each type first; those of equal weight as they were found. */
function judged(
  cases: readonly Case[],
  { allow = [], forbid = [], ww = false }: LogOptions,
): { findings: Findings; allowed: Findings } {
  const findings = new Findings();
  const allowed = new Findings();
  const tolerated = new Set([...ALLOWED, ...(ww ? ALLOWED_WITH_WW : []), ...allow]);
  const forbidden = new Set(forbid);
  for (const { type, excuse, tell } of [...cases].sort((a, b) => b.weight - a.weight)) {
    const isAllowed = !forbidden.has(type) && (tolerated.has(type) || excuse !== undefined);
    (isAllowed ? allowed : findings).add(type, tell);
  }
  return { findings, allowed };
}
