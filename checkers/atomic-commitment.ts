/**
 * Atomic commitment: all nodes that have a part in a transaction come to one outcome (the conditions AC1
 * to AC5 of Bernstein, Hadzilacos and Goodman, "Concurrency Control and Recovery", 1987, chapter 7).
 *
 * Judged on what nodes record: `f: "vote"`, `value: {"transaction": "c1/16", "vote": "yes", "participants":
 * ["n1", "n3"]}`, where the vote is `yes`, `no`, or `read-only` of a participant that does not care for the
 * outcome; and `f: "outcome"`, `value: {"transaction": "c1/16", "outcome": "commit"}`, or `abort`. Whoever
 * votes yes owes an outcome once everything has healed and some time has passed; where it is not certain
 * that both have happened, nobody is accused. Nodes that record `f: "boot"` when they start would record
 * votes, had there been any. Left out: that an abort has a reason. O(observations).
 */

import type { History, HistoryEvent } from "../histories/history.js";
import { canonical, isJsonObject, type Json, type JsonObject } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { Findings } from "./findings.js";

export const atomicCommitment: Checker = {
  name: "atomic-commitment",
  summary: "participants of a transaction come to one outcome, from what nodes record",
  anomalies: {
    "split-decision": "one participant commits a transaction that another one aborts",
    "reversed-decision": "a node takes back the outcome of a transaction",
    "commit-without-consent":
      "a transaction is committed though not all participants agreed before",
    "partial-commit": "a participant that agreed never commits what others have committed",
    "blocked-transaction":
      "a participant that agreed never learns the outcome, though everything has healed",
  },
  check,
};

/** From the end of all faults, and from the vote, until an outcome is overdue: nanoseconds. */
const OVERDUE_NS = 2_500_000_000;

interface Transaction {
  name: string;
  participants: Set<string>;
  votes: HistoryEvent[];
  outcomes: HistoryEvent[];
}

function check(history: History): Verdict {
  const transactions = transactionsOf(history);
  if (transactions.length === 0 && !history.observations.some(({ f }) => f === "boot")) {
    const reason = "no node recorded a vote or an outcome, nor that it would";
    return { valid: "unknown", anomalies: [], reason };
  }
  const findings = new Findings();
  const settledNs = settledAt(history);
  for (const transaction of transactions) {
    judgeOutcomes(transaction, findings);
    judgeConsent(transaction, findings);
    judgeProgress(transaction, settledNs, findings);
  }
  const ended = transactions.filter(({ outcomes }) => outcomes.length > 0).length;
  return findings.verdict({ transactions: transactions.length, ended });
}

function transactionsOf({ observations }: History): Transaction[] {
  const transactions = new Map<string, Transaction>();
  for (const event of observations) {
    const { f, value } = event;
    if ((f !== "vote" && f !== "outcome") || !isJsonObject(value)) continue;
    if (value["transaction"] === undefined) continue;
    const named = value["transaction"];
    const name = typeof named === "string" ? named : canonical(named);
    const identity = canonical(named);
    const transaction = transactions.get(identity) ?? fresh(name);
    transactions.set(identity, transaction);
    transaction[f === "vote" ? "votes" : "outcomes"].push(event);
    for (const node of namesIn(value["participants"])) transaction.participants.add(node);
  }
  return [...transactions.values()];
}

function fresh(name: string): Transaction {
  return { name, participants: new Set(), votes: [], outcomes: [] };
}

function namesIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}

function said(event: HistoryEvent, field: "vote" | "outcome"): Json | undefined {
  return (event.value as JsonObject)[field];
}

/** AC1 and AC2: whoever decides decides alike, and once. */
function judgeOutcomes({ name, outcomes }: Transaction, findings: Findings): void {
  const commit = outcomes.find((event) => said(event, "outcome") === "commit");
  const abort = outcomes.find((event) => said(event, "outcome") === "abort");
  if (commit === undefined || abort === undefined) return;
  const isFor = (outcome: string) => (event: HistoryEvent) => said(event, "outcome") === outcome;
  const committed = new Set(outcomes.filter(isFor("commit")).map(({ process }) => process));
  const reversed = outcomes.filter(isFor("abort")).find(({ process }) => committed.has(process));
  const ops = [commit.index, abort.index].sort((a, b) => a - b);
  const [brokenAt] = ops.slice(-1);
  const about = { ops, ...(brokenAt === undefined ? {} : { brokenAt }) };
  if (commit.process !== abort.process) {
    const message = `${commit.process} committed transaction ${name}, ${abort.process} aborted it`;
    findings.add("split-decision", () => ({ message, ...about }));
  }
  if (reversed !== undefined) {
    const message = `${reversed.process} both committed and aborted transaction ${name}`;
    findings.add("reversed-decision", () => ({ message, ...about }));
  }
}

/** AC3: nobody commits before all have agreed. */
function judgeConsent(transaction: Transaction, findings: Findings): void {
  const { name, participants, votes, outcomes } = transaction;
  const commit = outcomes.find((event) => said(event, "outcome") === "commit");
  if (commit === undefined) return;
  const refusal = votes.find((event) => said(event, "vote") === "no");
  const agreed = new Set(
    votes.filter(({ index }) => index < commit.index).map(({ process }) => process),
  );
  const missing = [...participants].find((node) => !agreed.has(node));
  if (refusal === undefined && missing === undefined) return;
  const why = refusal === undefined ? `${missing} had not voted` : `${refusal.process} refused it`;
  findings.add("commit-without-consent", () => ({
    message: `${commit.process} committed transaction ${name}, and ${why}`,
    ops: [...(refusal === undefined ? [] : [refusal.index]), commit.index].sort((a, b) => a - b),
  }));
}

/** AC4 and AC5: whoever has agreed learns the outcome, once nothing stands in the way. */
function judgeProgress(
  { name, votes, outcomes }: Transaction,
  settledNs: number | undefined,
  findings: Findings,
): void {
  if (settledNs === undefined) return;
  const ended = new Set(outcomes.map(({ process }) => process));
  const bound = votes.find(
    (event) =>
      said(event, "vote") === "yes" && event.time <= settledNs && !ended.has(event.process),
  );
  if (bound === undefined) return;
  const commit = outcomes.find((event) => said(event, "outcome") === "commit");
  if (commit === undefined) {
    findings.add("blocked-transaction", () => ({
      message: `${bound.process} voted for transaction ${name} and never learned its outcome`,
      ops: [bound.index],
    }));
  } else {
    findings.add("partial-commit", () => ({
      message: `${commit.process} committed transaction ${name}, ${bound.process} voted for it and never did`,
      ops: [bound.index, commit.index].sort((a, b) => a - b),
    }));
  }
}

/**
 * Who voted by this time must have learned the outcome by the end of the history; undefined where faults
 * may still have been in the way, or have ended too late to tell.
 */
function settledAt({ events, observations }: History): number | undefined {
  const endNs = events.at(-1)?.time ?? 0;
  const last = observations.filter(({ process }) => process === "nemesis").at(-1);
  const healedNs = last === undefined ? 0 : last.f === "heal" ? last.time : endNs;
  return healedNs + OVERDUE_NS <= endNs ? endNs - OVERDUE_NS : undefined;
}
