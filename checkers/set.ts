/**
 * Accounting for sets of elements: what was added must be found in the end, and nothing else.
 *
 * Holds eventually consistent sets to what they promise too: reads made during the run may lag. In
 * the manner of Jepsen's set-full, with duplicates reported. Of several final reads by one process
 * the last counts. Anomalies:
 * - lost-element: an add was acknowledged before a final read that lacks the element, nobody tried
 *   to remove it, and no final read contains it.
 * - stale-element: the same, but another final read contains it.
 * - resurrected-element: in a final read, although a remove was acknowledged before that read and
 *   began after all adds of the element had completed (with an add open or unknown, either is right).
 * - garbage-element: in a read, and nobody tried to add it; aborted-element: only failed adds did;
 *   future-element: read before its first add began; duplicate-element: twice in one read.
 * A set with acknowledged adds and no final read can only be found invalid, or else unknown.
 * O(operations + total length of the reads).
 */

import type { History, Operation } from "../histories/history.js";
import { canonical, type Json } from "../src/base/json.js";
import type { Anomaly, Checker, Verdict } from "./checker.js";
import { indexes, keyName, who } from "./describe.js";
import { byKey, type KeyedOperations } from "./keys.js";

export interface SetFunctions {
  name: string;
  summary: string;
  add: string;
  remove?: string;
  /**
   * What an acknowledged remove promises: "all" (left out), that the element is gone; "observed",
   * that those adds are gone which its replica had seen, as in an OR-Set, so that the element may
   * well be there.
   */
  removes?: "all" | "observed";
  read: string;
}

/** A checker for any service that collects elements, whatever its functions are called. */
export function setAccounting(functions: SetFunctions): Checker {
  const { name, summary } = functions;
  return { name, summary, check: (history) => check(history, functions) };
}

export const set = setAccounting({
  name: "set",
  summary: "acknowledged elements are found in the end, once each, and nothing else is",
  add: "add",
  remove: "remove",
  read: "read",
});

interface Element {
  text: string;
  adds: Operation[];
  removes: Operation[];
}

/** Findings of one kind about one set are one anomaly. */
interface Finding {
  element: string;
  ops: Operation[];
}

type Findings = Map<string, Finding[]>;

interface Account {
  anomalies: Anomaly[];
  finalReads: number;
  counts: { acknowledged: number; unknown: number; recovered: number; lost: number; stale: number };
}

function check(history: History, functions: SetFunctions): Verdict {
  const { add, remove, read } = functions;
  const relevant = history.operations.filter(({ f }) => f === add || f === remove || f === read);
  const accounts = byKey(relevant).map((group) => accountFor(group, functions));
  const counts = { acknowledged: 0, unknown: 0, recovered: 0, lost: 0, stale: 0 };
  for (const account of accounts) {
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
      counts[name] += account.counts[name];
    }
  }
  const anomalies = accounts.flatMap((account) => account.anomalies);
  if (anomalies.length > 0) return { valid: false, anomalies, notes: counts };
  const isOpen = ({ finalReads, counts: { acknowledged } }: Account) =>
    finalReads === 0 && acknowledged > 0;
  const judged = accounts.filter(({ finalReads }) => finalReads > 0).length;
  if (judged > 0 && !accounts.some(isOpen)) return { valid: true, anomalies, notes: counts };
  const reason = "no final read of every set that was added to: whether elements were lost is open";
  return { valid: "unknown", anomalies, reason, notes: counts };
}

function accountFor({ key, operations }: KeyedOperations, functions: SetFunctions): Account {
  const elements = elementsAdded(operations, functions);
  const reads = operations.filter(({ f, outcome }) => f === functions.read && outcome === "ok");
  const finals = lastFinalReads(operations, functions.read);
  const findings: Findings = new Map();
  for (const read of reads) inspect(read, elements, findings);
  const contents: Contents[] = finals.map((read) => ({ read, texts: new Set(textsOf(read)) }));
  for (const element of elements.values()) {
    const holder = contents.find(({ texts }) => texts.has(element.text));
    const missed = element.removes.length === 0 ? findMiss(element, contents) : undefined;
    if (missed !== undefined) {
      const type = holder === undefined ? "lost-element" : "stale-element";
      report(findings, type, element.text, missed);
    }
    const removed = functions.removes === "observed" ? undefined : surelyRemoved(element);
    if (removed === undefined) continue;
    const risen = contents.find(
      ({ read, texts }) => texts.has(element.text) && removed.completed < read.invoked,
    );
    if (risen !== undefined) {
      report(findings, "resurrected-element", element.text, [removed, risen.read]);
    }
  }
  const anomalies = [...findings].map(([type, found]) => asAnomaly(type, key, found));
  return { anomalies, finalReads: finals.length, counts: countsOf(elements, reads, findings) };
}

interface Contents {
  read: Operation;
  texts: Set<string>;
}

/** An acknowledged add and a final read that began afterwards and lacks the element. */
function findMiss({ text, adds }: Element, contents: readonly Contents[]): Operation[] | undefined {
  for (const { read, texts } of contents) {
    if (texts.has(text)) continue;
    const add = adds.find(({ outcome, completed }) => outcome === "ok" && completed < read.invoked);
    if (add !== undefined) return [add, read];
  }
  return undefined;
}

function elementsAdded(
  operations: readonly Operation[],
  { add, remove }: SetFunctions,
): Map<string, Element> {
  const elements = new Map<string, Element>();
  for (const operation of operations) {
    if (operation.f !== add && operation.f !== remove) continue;
    const text = canonical(operation.input);
    const element = elements.get(text) ?? { text, adds: [], removes: [] };
    elements.set(text, element);
    if (operation.f === add) element.adds.push(operation);
    else if (operation.outcome !== "fail") element.removes.push(operation);
  }
  return elements;
}

/** What is wrong with one read, whenever it was made. */
function inspect(read: Operation, elements: Map<string, Element>, findings: Findings): void {
  if (read.output !== null && !Array.isArray(read.output)) {
    report(findings, "garbage-element", canonical(read.output), [read]);
  }
  const seen = new Set<string>();
  for (const text of textsOf(read)) {
    if (seen.has(text)) report(findings, "duplicate-element", text, [read]);
    seen.add(text);
    const adds = elements.get(text)?.adds ?? [];
    const possible = adds.filter(({ outcome }) => outcome !== "fail");
    if (adds.length === 0) report(findings, "garbage-element", text, [read]);
    else if (possible.length === 0) report(findings, "aborted-element", text, [adds[0]!, read]);
    else if (possible[0]!.invoked > read.completed) {
      report(findings, "future-element", text, [possible[0]!, read]);
    }
  }
}

function textsOf({ output }: Operation): string[] {
  return Array.isArray(output) ? output.map(canonical) : [];
}

/** An acknowledged remove after which no add can have taken effect. */
function surelyRemoved({ adds, removes }: Element): Operation | undefined {
  return removes.find(
    (remove) =>
      remove.outcome === "ok" &&
      adds.every(({ outcome, completed }) => outcome === "fail" || completed < remove.invoked),
  );
}

function report(findings: Findings, type: string, element: string, ops: Operation[]): void {
  const found = findings.get(type);
  if (found === undefined) findings.set(type, [{ element, ops }]);
  else found.push({ element, ops });
}

const PHRASES: { [type: string]: string } = {
  "lost-element": "was acknowledged, but is in no final read of",
  "stale-element": "was acknowledged and is in one final read, but not in another of",
  "resurrected-element": "is in a final read after its acknowledged removal from",
  "garbage-element": "was read, though nobody added it to",
  "aborted-element": "was read, though its add had failed, from",
  "future-element": "was read before its add began from",
  "duplicate-element": "was listed twice in one read of",
};

function asAnomaly(type: string, key: Json | undefined, findings: readonly Finding[]): Anomaly {
  const [first] = findings;
  const reader = first!.ops.at(-1)!;
  const names = [...new Set(findings.map(({ element }) => element))];
  const more =
    names.length > 1 ? ` (and ${names.length - 1} more: ${names.slice(1, 5).join(", ")})` : "";
  return {
    type,
    message: `element ${first!.element}${more} ${PHRASES[type]} ${keyName(key)}, by ${who(reader)}`,
    ops: indexes(findings.slice(0, 3).flatMap(({ ops }) => ops)),
  };
}

/** `recovered`: of unknown outcome, and there; `stale`: acknowledged, and missing from a later read during the run. */
function countsOf(
  elements: ReadonlyMap<string, Element>,
  reads: readonly Operation[],
  findings: Findings,
): Account["counts"] {
  const acknowledgedAt = new Map<string, number>();
  const unknown = new Set<string>();
  for (const { text, adds, removes } of elements.values()) {
    const ok = adds.filter(({ outcome }) => outcome === "ok");
    if (ok.length > 0 && removes.length === 0) {
      acknowledgedAt.set(text, Math.min(...ok.map(({ completed }) => completed)));
    } else if (adds.some(({ outcome }) => outcome === "info")) {
      unknown.add(text);
    }
  }
  const stale = new Set<string>();
  const recovered = new Set<string>();
  for (const read of reads) {
    const texts = new Set(textsOf(read));
    for (const text of texts) if (unknown.has(text)) recovered.add(text);
    if (read.final) continue;
    for (const [text, at] of acknowledgedAt) {
      if (at < read.invoked && !texts.has(text)) stale.add(text);
    }
  }
  return {
    acknowledged: acknowledgedAt.size,
    unknown: unknown.size,
    recovered: recovered.size,
    lost: findings.get("lost-element")?.length ?? 0,
    stale: stale.size,
  };
}

/** The last completed final read of every process: what it believed in the end. */
function lastFinalReads(operations: readonly Operation[], read: string): Operation[] {
  const last = new Map<number, Operation>();
  for (const operation of operations) {
    if (operation.f !== read || !operation.final || operation.outcome !== "ok") continue;
    last.set(operation.process, operation);
  }
  return [...last.values()];
}
