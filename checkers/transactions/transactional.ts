/**
 * Transactional histories against the models of isolation: from columns, or from a history in
 * memory, to a verdict with what shows it. Every "valid" that rests on an order has been replayed by
 * the verifier before it is told.
 */

import { outcomes } from "../../histories/columns.js";
import type { History } from "../../histories/history.js";
import type { Transactions } from "../../histories/transactions.js";
import { transactionsOf } from "../../histories/transactions-builder.js";
import { assert, UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import type { Anomaly, Checker, Verdict } from "../checker.js";
import { modelEntry, ruledOut, type Standing, strongest, weakest } from "../lattice/lattice.js";
import { verifyOrder } from "./certificate/verify-order.js";
import { cycleMessage } from "./explain/message.js";
import type { Analysis, Finding } from "./findings.js";
import {
  type CycleFound,
  type ModelDecision,
  namesIn,
  type ProvenOrder,
  TransactionJudge,
} from "./judge.js";
import { analyseListAppend } from "./list-append/analysis.js";
import { rules } from "./rules.js";
import { type Assumption, analyseRegisters } from "./rw-register/analysis.js";

export interface TransactionOptions {
  /** Steps for each question put to the graph before the answer is unknown. */
  stepsMax?: number;
  /** Where the versions of a register are taken to follow each other, beside what is certain. */
  assume?: readonly Assumption[];
  /** The commit order that the database claims, by transaction; NaN where it claims none. */
  claimed?: Float64Array;
}

/** What was found, with the transactions it is about. */
export type Found = { finding: Finding } | { found: CycleFound };

export interface TransactionVerdict extends Verdict {
  /** What each of `anomalies` stands on, in the same order. */
  found: readonly Found[];
  analysis: Analysis;
  /** The order that proves "valid", where there is one; it was replayed. */
  proof?: ProvenOrder;
}

/** How many anomalies of a verdict are told. */
const TOLD_MAX = 16;

/** @throws UsageError for options that mean nothing to the service. */
export function analyse(transactions: Transactions, options: TransactionOptions = {}): Analysis {
  const { assume, claimed } = options;
  if (transactions.service === "rw-register") {
    return analyseRegisters(transactions, {
      ...(assume === undefined ? {} : { assume }),
      ...(claimed === undefined ? {} : { claimed }),
    });
  }
  if ((assume !== undefined && assume.length > 0) || claimed !== undefined) {
    const option = claimed === undefined ? "--assume" : "--claimed";
    throw new UsageError(
      `${option} says nothing of lists, whose reads tell the order of versions: leave it out`,
    );
  }
  return analyseListAppend(transactions);
}

/** What only objects have says nothing of transactions, and must not seem to. */
const OF_OBJECTS = ["type", "init", "witness"] as const;

/** @throws UsageError for options of models of objects. */
export function refuseOptionsOfObjects(options: object): void {
  const idle = OF_OBJECTS.find((name) => name in options);
  if (idle !== undefined)
    throw new UsageError(`--${idle} says nothing of transactions: leave it out`);
}

/** @param model a transactional model of the lattice, by its name there. */
export function judgeTransactions(
  transactions: Transactions,
  model: string,
  options: TransactionOptions = {},
): TransactionVerdict {
  const analysis = analyse(transactions, options);
  const judge = new TransactionJudge(analysis, options.stepsMax);
  const decision = rules.has(model) ? judge.decide(model) : followed(judge, model);
  return verdictOf(analysis, decision);
}

/** The checker of a transactional model, for histories in memory. */
export function transactional(model: string, options: TransactionOptions = {}): Checker {
  return {
    name: model,
    summary: modelEntry(model)?.summary ?? model,
    check: (history: History, { stepsMax } = {}) => {
      const limits = stepsMax === undefined ? {} : { stepsMax };
      const transactions = transactionsOf(history);
      const verdict = judgeTransactions(transactions, model, { ...options, ...limits });
      const { valid, anomalies, reason, notes } = verdict;
      return {
        valid,
        anomalies,
        ...(reason === undefined ? {} : { reason }),
        ...(notes === undefined ? {} : { notes }),
      };
    },
  };
}

export interface ModelStanding extends Standing {
  /** The strongest models that hold. */
  strongest: string[];
  /** Why models were not decided, where their own budget ended. */
  reasons: ReadonlyMap<string, string>;
}

/** Where a history stands with every model. */
export function transactionStanding(
  transactions: Transactions,
  options: TransactionOptions = {},
): ModelStanding {
  const judge = new TransactionJudge(analyse(transactions, options), options.stepsMax);
  const known = judge.standing();
  return { ...known, strongest: strongest(known.satisfied) };
}

/** A model without a rule of its own holds with one that implies it, and falls with one it implies. */
function followed(judge: TransactionJudge, model: string): ModelDecision {
  const { satisfied, violated } = judge.standing();
  if (satisfied.has(model)) return { valid: true };
  if (!violated.has(model)) {
    return {
      valid: "unknown",
      reason: "it follows neither from what holds nor from what does not",
    };
  }
  const fallen = [...rules.keys()].find((name) => violated.has(name) && implies(model, name));
  assert(fallen !== undefined, `${model} is violated by a model that it implies`);
  return judge.decide(fallen);
}

function implies(model: string, weaker: string): boolean {
  return weakest(new Set([model, weaker])).join() === weaker;
}

function verdictOf(analysis: Analysis, decision: ModelDecision): TransactionVerdict {
  const { transactions, service } = analysis;
  const about = { type: service, transactions: counts(analysis) };
  if (decision.valid === "unknown") {
    const { reason } = decision;
    return { valid: "unknown", anomalies: [], reason, notes: about, found: [], analysis };
  }
  const names = Object.keys(analysis.counts);
  if (decision.valid === true) {
    const { order } = decision;
    if (order !== undefined) replay(transactions, order);
    const notes: { [name: string]: Json } = { ...about, certificate: certificateNote(order) };
    if (names.length > 0) notes["not"] = weakest(ruledOut(names));
    const proof = order === undefined ? {} : { proof: order };
    return { valid: true, anomalies: [], notes, found: [], analysis, ...proof };
  }
  const all: Found[] = [
    ...decision.findings.map((finding) => ({ finding })),
    ...decision.cycles.map((found) => ({ found })),
  ];
  const found = leading(all);
  const notes: { [name: string]: Json } = {
    ...about,
    found: tally(analysis, decision),
    not: weakest(ruledOut([...names, ...namesIn(decision)])),
  };
  const [first] = decision.cycles;
  if (first !== undefined) {
    notes["components"] = first.components;
    notes["affected"] = first.affected;
  }
  return {
    valid: false,
    anomalies: found.map((one) => anomalyOf(analysis, one)),
    notes,
    found,
    analysis,
  };
}

/** Some of every type before a second of any. */
function leading(all: readonly Found[]): Found[] {
  const seen = new Map<string, number>();
  const ranked = all.map((one, place) => {
    const type = typeOf(one);
    const rank = seen.get(type) ?? 0;
    seen.set(type, rank + 1);
    return { one, rank, place };
  });
  ranked.sort((a, b) => a.rank - b.rank || a.place - b.place);
  return ranked.slice(0, TOLD_MAX).map(({ one }) => one);
}

function typeOf(one: Found): string {
  return "finding" in one ? one.finding.type : one.found.cycle.type;
}

function anomalyOf(analysis: Analysis, one: Found): Anomaly {
  const { invoked } = analysis.transactions;
  if ("finding" in one) {
    const { type, message, transactions } = one.finding;
    return { type, message, ops: transactions.map((t) => invoked[t]!) };
  }
  const { cycle } = one.found;
  const message = cycleMessage(analysis, one.found);
  return { type: cycle.type, message, ops: cycle.edges.map(({ from }) => invoked[from]!) };
}

/** How many of each type: exact for findings; of cycles those told, one a class and component. */
function tally(
  { counts }: Analysis,
  { findings, cycles }: ModelDecision & { valid: false },
): { [type: string]: Json } {
  const result: { [type: string]: number } = {};
  for (const { type } of findings) result[type] = counts[type] ?? (result[type] ?? 0) + 1;
  for (const { cycle } of cycles) result[cycle.type] = (result[cycle.type] ?? 0) + 1;
  return result;
}

function counts({ transactions: { size, outcome }, graph: { present } }: Analysis): Json {
  const result = { ok: 0, fail: 0, info: 0, seen: 0 };
  for (let t = 0; t < size; t++) {
    if (outcome[t] === outcomes.ok) result.ok += 1;
    else if (outcome[t] === outcomes.fail) result.fail += 1;
    else {
      result.info += 1;
      result.seen += present[t]!;
    }
  }
  return result;
}

/** @throws HarnessError when the checker found an order that is none: our own fault. */
function replay(transactions: Transactions, { form, relation, order }: ProvenOrder): void {
  const shape = form === "prefix" || form === "snapshot" ? form : "serial";
  const verified = verifyOrder(transactions, { form: shape, order, relation });
  assert(verified === true, `the order that was found does not explain the history: ${verified}`);
}

function certificateNote(order: ProvenOrder | undefined): Json {
  if (order === undefined) return "none: the model demands no single order";
  const words = order.form === "any" ? "a serial order" : "an order of snapshots and commits";
  return `${words}, replayed`;
}
