/**
 * Eventual consistency: when writes and faults have ended, everybody reads the same, and it is
 * something that was written (Terry et al. 1995; Vogels 2009).
 *
 * A recorded history can only refute it. It does so by
 * - a read of what nobody wrote (ThinAirRead), or of what only failed writes wrote (aborted-read),
 *   whenever it was made;
 * - final reads of one key that differ (divergence; which reads count is told in convergence.ts);
 * - final reads that all return the initial value of a key with an acknowledged write (lost-write);
 * - of collections, elements that are missing, twice there, or of nobody (as in set.ts): what was
 *   added with an unknown outcome may be there or not.
 * What replicas agree on may be any of the values written, an overwritten one too: eventual
 * consistency does not say which (strong convergence does). Keys whose operations are of another
 * kind, as those of counters, need only agree. O(n log n).
 */

import type { History, Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Checker, CheckOptions, Verdict } from "../../checker.js";
import { disagreement, readerOf, settledReads } from "../../convergence.js";
import { show } from "../../describe.js";
import { Findings } from "../../findings.js";
import { byKey } from "../../keys.js";
import { elementAnomalies, isCollection } from "./elements.js";
import { isRegister, lostWrite, unwrittenReads } from "./registers.js";

export interface EventualOptions extends CheckOptions {}

/** Keys and readers that the notes list. */
const KEYS_SHOWN_MAX = 20;
const READERS_SHOWN_MAX = 8;

export function eventual(options: EventualOptions = {}): Checker {
  return {
    name: "eventual",
    summary: "replicas agree in the end, on something written, and keep everything acknowledged",
    check: (history, given) => check(history, { ...options, ...given }),
  };
}

function check({ operations, events }: History, { init = null }: EventualOptions): Verdict {
  const findings = new Findings();
  const agreed: { [key: string]: Json } = {};
  let judged = 0;
  for (const group of byKey(withoutFences(operations))) {
    const reads = settledReads(group);
    if (reads.length > 0) judged += 1;
    const split = reads.length > 0 ? disagreement(group, reads) : undefined;
    if (split !== undefined) findings.add(split.type, () => split);
    if (isRegister(group)) {
      for (const { type, ...told } of unwrittenReads(group, init)) findings.add(type, () => told);
      const lost = split === undefined ? lostWrite(group, reads, init) : undefined;
      if (lost !== undefined) findings.add(lost.type, () => lost);
    } else if (isCollection(group)) {
      for (const found of elementAnomalies(group, events)) findings.add(found.type, () => found);
    }
    const [first] = reads;
    if (first === undefined || split !== undefined || judged > KEYS_SHOWN_MAX) continue;
    const by = reads.slice(0, READERS_SHOWN_MAX).map(readerOf);
    agreed[nameOf(group.key)] = { on: show(first.output), by };
  }
  const notes = { keys: judged, agreed };
  return findings.verdict(notes, judged > 0 ? undefined : "no final read after the last write");
}

/** Barriers order sessions, and change nothing. */
export function withoutFences(operations: readonly Operation[]): Operation[] {
  return operations.filter(({ f }) => f !== "fence");
}

function nameOf(key: Json | undefined): string {
  return typeof key === "string" ? key : key === undefined ? "the object" : show(key);
}
