/**
 * Every element of a set, and what became of it: stable, lost or never read, and after how long.
 *
 * An element is known when its add was acknowledged or a read that contains it completed, whichever
 * came first; from then on reads should contain it. With the last read that contains it and the last
 * one, begun after it was known, that lacks it ("last" by invocation), it is
 * - lost, when the latter began after the former had completed (or no read ever contained it);
 * - stable, when the former came last, or when the two overlap: then it is not gone. Its stable
 *   latency is the time from its being known to the last read that lacks it; an element that has one
 *   is stale, which is an anomaly only where reads are promised to be linearizable;
 * - never read, when no read began after it was known.
 * Where no element was ever known, none can be lost, and what reads show is all that there is to judge.
 * As Jepsen's set-full, with three differences: elements listed twice by a read are found (Jepsen
 * keeps multiplicities below one, of which there are none), elements that nobody added are, and an
 * absence is no loss while an overlapping read has the element. There are no removes.
 * Anomalies: lost-element, stale-element (linearizable), duplicate-element, garbage-element (nobody
 * tried to add it), aborted-element (its adds failed), future-element (its add had not begun).
 * Source: jepsen.checker/set-full. O(operations + total length of the reads).
 */

import type { History, Operation } from "../histories/history.js";
import type { Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, isTimed, keyName, ms, show, who } from "./describe.js";
import { Findings } from "./findings.js";
import { identity } from "./identity.js";
import { byKey } from "./keys.js";

export interface SetFullOptions {
  /** A read contains everything that was known when it began. */
  linearizable?: boolean;
}

export function setFullWith({ linearizable = false }: SetFullOptions): Checker {
  return {
    name: "set-full",
    summary: "every element that is known stays in the set, once; latencies of those that lag",
    check: (history) => check(history, linearizable),
  };
}

export const setFull = setFullWith({});

interface Element {
  value: Json;
  adds: Operation[];
  /** The operation whose completion made it known. */
  known: Operation | undefined;
  /** Positions in the list of reads, ascending and without repetitions. */
  reads: number[];
}

interface Latencies {
  stable: number[];
  lost: number[];
}

interface Tally {
  attempted: number;
  acknowledged: number;
  stable: number;
  lost: number;
  stale: number;
  neverRead: number;
}

function check(history: History, linearizable: boolean): Verdict {
  const findings = new Findings();
  const latencies: Latencies = { stable: [], lost: [] };
  const tally: Tally = {
    attempted: 0,
    acknowledged: 0,
    stable: 0,
    lost: 0,
    stale: 0,
    neverRead: 0,
  };
  const relevant = history.operations.filter(({ f }) => f === "add" || f === "read");
  let known = 0;
  for (const { key, operations } of byKey(relevant)) {
    const reads = operations.filter(({ f, outcome }) => f === "read" && outcome === "ok");
    const elements = elementsOf(operations, reads, keyName(key), findings);
    for (const element of elements.values()) {
      if (element.adds.length === 0) continue;
      tally.attempted++;
      if (element.known !== undefined) known++;
      if (element.adds.some(({ outcome }) => outcome === "ok")) tally.acknowledged++;
      judgeElement(
        { element, reads, name: keyName(key), linearizable },
        tally,
        latencies,
        findings,
      );
    }
  }
  const notes = {
    ...tally,
    stableLatenciesNs: distribution(latencies.stable),
    lostLatenciesNs: distribution(latencies.lost),
  };
  const isRead = relevant.some(({ f, outcome }) => f === "read" && outcome === "ok");
  const none = isRead ? undefined : "nothing was added for sure, and nothing was read";
  const open = known === 0 ? none : "no element was known and read afterwards";
  return findings.verdict(notes, tally.stable > 0 ? undefined : open);
}

function elementsOf(
  operations: readonly Operation[],
  reads: readonly Operation[],
  name: string,
  findings: Findings,
): Map<string | number | boolean, Element> {
  const elements = new Map<string | number | boolean, Element>();
  const elementOf = (value: Json): Element => {
    const id = identity(value);
    let element = elements.get(id);
    if (element === undefined) {
      elements.set(id, (element = { value, adds: [], known: undefined, reads: [] }));
    }
    return element;
  };
  for (const operation of operations) {
    if (operation.f !== "add") continue;
    const element = elementOf(operation.input);
    element.adds.push(operation);
    if (operation.outcome === "ok") noteKnown(element, operation);
  }
  reads.forEach((read, position) => {
    const { output } = read;
    if (output !== null && !Array.isArray(output)) {
      const message = `${who(read)} read ${show(output)} from ${name}, which is no list of elements`;
      findings.add("garbage-element", () => ({ message, ops: [read.invoked] }));
    }
    const repeated = new Set<Element>();
    for (const value of Array.isArray(output) ? output : []) {
      const element = elementOf(value);
      if (element.reads.at(-1) === position) {
        repeated.add(element);
        continue;
      }
      element.reads.push(position);
      noteKnown(element, read);
      judgeOrigin(element, read, name, findings);
    }
    for (const { value } of repeated) {
      const message = `${who(read)} read element ${show(value)} more than once from ${name}`;
      findings.add("duplicate-element", () => ({ message, ops: [read.invoked] }));
    }
  });
  return elements;
}

function noteKnown(element: Element, operation: Operation): void {
  if (element.known === undefined || operation.completed < element.known.completed) {
    element.known = operation;
  }
}

/** Whether an element that was read can be there at all. */
function judgeOrigin(
  { value, adds }: Element,
  read: Operation,
  name: string,
  findings: Findings,
): void {
  const what = `${who(read)} read element ${show(value)} from ${name}`;
  const possible = adds.find(({ outcome }) => outcome !== "fail");
  if (adds.length === 0) {
    findings.add("garbage-element", () => ({
      message: `${what}, which nobody tried to add`,
      ops: [read.invoked],
    }));
  } else if (possible === undefined) {
    findings.add("aborted-element", () => ({
      message: `${what}, whose add by ${who(adds[0]!)} had failed`,
      ops: indexes([adds[0]!, read]),
    }));
  } else if (possible.invoked > read.completed) {
    findings.add("future-element", () => ({
      message: `${what} before ${who(possible)} began to add it`,
      ops: indexes([possible, read]),
    }));
  }
}

interface Case {
  element: Element;
  reads: readonly Operation[];
  name: string;
  linearizable: boolean;
}

function judgeElement(
  { element, reads, name, linearizable }: Case,
  tally: Tally,
  latencies: Latencies,
  findings: Findings,
): void {
  const { known, value } = element;
  const present = element.reads.length > 0 ? reads[element.reads.at(-1)!] : undefined;
  const absent = known === undefined ? undefined : lastAbsence(element, known, reads);
  if (known === undefined || (present === undefined && absent === undefined)) {
    tally.neverRead++;
    return;
  }
  const learned = `${known.f === "add" ? "acknowledged to" : "read by"} ${who(known)}`;
  const isLost =
    absent !== undefined && (present === undefined || present.completed < absent.invoked);
  if (isLost) {
    tally.lost++;
    latencies.lost.push(Math.max(0, (present?.invokedAt ?? known.completedAt) - known.completedAt));
    findings.add("lost-element", () => ({
      message: `element ${show(value)}, ${learned}, is missing from ${name} in the read by ${who(absent)} and in all later ones`,
      ops: indexes(present === undefined ? [known, absent] : [known, present, absent]),
    }));
    return;
  }
  tally.stable++;
  const latency = absent === undefined ? 0 : absent.invokedAt - known.completedAt;
  latencies.stable.push(latency);
  if (absent === undefined) return;
  tally.stale++;
  if (!linearizable) return;
  findings.add("stale-element", () => ({
    message: `element ${show(value)}, ${learned}, was missing from ${name} ${isTimed(absent) ? `${ms(latency)} later in a` : "in a later"} read by ${who(absent)}`,
    ops: indexes([known, absent]),
  }));
}

/** The last read, begun after the element was known, that lacks it. O(reads that contain it). */
function lastAbsence(
  element: Element,
  known: Operation,
  reads: readonly Operation[],
): Operation | undefined {
  let position = reads.length - 1;
  for (let i = element.reads.length - 1; i >= 0 && element.reads[i] === position; i--) position--;
  const read = reads[position];
  return read !== undefined && read.invoked > known.completed ? read : undefined;
}

/** Quantiles of times in nanoseconds, by rank; null where there are none. */
function distribution(times: readonly number[]): Json {
  if (times.length === 0) return null;
  const sorted = [...times].sort((a, b) => a - b);
  const quantile = (percent: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]!;
  return {
    min: quantile(0),
    p50: quantile(50),
    p95: quantile(95),
    p99: quantile(99),
    max: sorted.at(-1)!,
  };
}
