/**
 * Registers with siblings (MV-Register): a read returns the values of all writes that no write made in
 * the knowledge of them has replaced.
 *
 * Written values are unique, a read returns a list of them, and an acknowledged write returns
 * `{value, replaced}`: the values that its replica held, which it stands in for from now on. Final
 * reads must return the maximal writes, no more and no less; a read during the run may lag, but what
 * it returns was written, and no value stands in for another one in it. A write of unknown outcome may
 * have replaced anything, if there is a trace of it: it is read in the end, or another has replaced it.
 * Anomalies:
 * - lost-write: an acknowledged value is missing in the end though no write has replaced it.
 * - resurrected-value: a value is read in the end, or beside the one that replaced it, all the same.
 * - garbage-read: nobody had begun to write the value, or all attempts failed; duplicate-value.
 * A register to which a value was written twice is not judged, nor a read that is no list.
 * O(reads * writes), and O(writes) more for each value that is missing and may be accounted for by a write
 * of unknown outcome.
 */

import type { History, Operation } from "../histories/history.js";
import { canonical, isJsonObject, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, keyName, who } from "./describe.js";
import { Findings } from "./findings.js";
import { byKey } from "./keys.js";

export const mvRegister: Checker = {
  name: "mv-register",
  summary: "final reads return all values that no write has replaced, and no others",
  anomalies: {
    "resurrected-value": "a value was read after, or beside, the one that replaced it",
    "duplicate-value": "one read lists a value twice",
  },
  check,
};

/** The writes of one key, by what they wrote. */
class Writes {
  readonly #byValue = new Map<string, Operation>();
  /** Value to the acknowledged writes that replaced it. */
  readonly #replacedBy = new Map<string, Operation[]>();
  /** A value that was written twice. */
  readonly repeated: string | undefined;

  constructor(operations: readonly Operation[]) {
    for (const operation of operations) {
      const { f, outcome, input } = operation;
      if (f !== "write" || outcome === "fail") continue;
      const written = canonical(input);
      if (this.#byValue.has(written)) this.repeated ??= written;
      this.#byValue.set(written, operation);
      for (const value of replacedIn(operation)) {
        const same = this.#replacedBy.get(value);
        if (same === undefined) this.#replacedBy.set(value, [operation]);
        else same.push(operation);
      }
    }
  }

  of(value: string): Operation | undefined {
    return this.#byValue.get(value);
  }

  replacing(value: string): readonly Operation[] {
    return this.#replacedBy.get(value) ?? [];
  }

  /** Acknowledged, with what they replaced known or not. */
  get acknowledged(): Operation[] {
    return [...this.#byValue.values()].filter(({ outcome }) => outcome === "ok");
  }

  /** What writes wrote that may have replaced anything, and of which there is a trace. */
  suspects(read: ReadonlySet<string>): string[] {
    return [...this.#byValue].flatMap(([value, operation]) => {
      const isTraced = operation.outcome === "ok" || read.has(value) || this.#replacedBy.has(value);
      return isTraced && !isKnown(operation) ? [value] : [];
    });
  }

  /**
   * Whether a value may be missing: for one that was read, that is missed itself, or that may be of an
   * unknown write, and that has replaced it, or what has.
   */
  isAccountedFor(
    value: string,
    { invoked: from, completed: to }: Operation,
    present: ReadonlySet<string>,
    suspects: readonly string[],
  ): boolean {
    const reached = new Set([value]);
    for (const next of reached) {
      const isMissed = (this.of(next)?.completed ?? 0) < from;
      if (next !== value && (present.has(next) || isMissed)) return true;
      if (this.#mayBeReplaced(next, suspects)) return true;
      for (const { input, invoked } of this.replacing(next)) {
        if (invoked < to) reached.add(canonical(input));
      }
    }
    return false;
  }

  /** Can one of these have replaced the value? */
  #mayBeReplaced(value: string, suspects: readonly string[]): boolean {
    if (suspects.length === 0) return false;
    const earlier = this.#before(value);
    return suspects.some((other) => !earlier.has(other));
  }

  /** The values that are known to have been written before, by what replaced what. */
  #before(value: string): Set<string> {
    const seen = new Set([value]);
    for (const next of seen) {
      const operation = this.#byValue.get(next);
      for (const replaced of operation === undefined ? [] : replacedIn(operation))
        seen.add(replaced);
    }
    return seen;
  }
}

function check(history: History): Verdict {
  const findings = new Findings();
  let finalReads = 0;
  let open: string | undefined;
  const relevant = history.operations.filter(({ f }) => f === "write" || f === "read");
  for (const { key, operations } of byKey(relevant)) {
    const writes = new Writes(operations);
    if (writes.repeated !== undefined) {
      open = `${writes.repeated} was written to ${keyName(key)} twice`;
      continue;
    }
    const reads = operations.filter(
      ({ f, outcome, output }) => f === "read" && outcome === "ok" && Array.isArray(output),
    );
    const finals = reads.filter(({ final }) => final).length;
    finalReads += finals;
    if (finals === 0 && writes.acknowledged.length > 0) open = `no final read of ${keyName(key)}`;
    for (const read of reads) judge(key, read, writes, findings);
  }
  const none = finalReads === 0 ? "no final read of any register" : undefined;
  return findings.verdict({ finalReads }, open ?? none);
}

function judge(key: Json | undefined, read: Operation, writes: Writes, findings: Findings): void {
  const values = Array.isArray(read.output) ? read.output.map(canonical) : [];
  const present = new Set(values);
  const report = (type: string, value: string, what: string, others: Operation[] = []): void =>
    findings.add(type, () => ({
      message: `${who(read)} read ${keyName(key)}: ${value} ${what}`,
      ops: indexes([...others, read]),
    }));
  if (present.size < values.length) report("duplicate-value", values.join(", "), "has one twice");
  for (const value of present) {
    const write = writes.of(value);
    if (write === undefined || write.invoked > read.completed) {
      report("garbage-read", value, "was there, which nobody had begun to write");
      continue;
    }
    const later = writes
      .replacing(value)
      .find(
        ({ completed, input }) =>
          (read.final && completed < read.invoked) || present.has(canonical(input)),
      );
    if (later === undefined) continue;
    const replaced = `was there, which ${canonical(later.input)} had replaced`;
    report("resurrected-value", value, replaced, [later]);
  }
  if (!read.final) return;
  const suspects = writes.suspects(present);
  for (const write of writes.acknowledged) {
    const value = canonical(write.input);
    if (present.has(value) || write.completed > read.invoked) continue;
    if (writes.isAccountedFor(value, read, present, suspects)) continue;
    report("lost-write", value, "was not there, which no write had replaced", [write]);
  }
}

function isKnown({ outcome, output }: Operation): boolean {
  return outcome === "ok" && isJsonObject(output) && Array.isArray(output["replaced"]);
}

function replacedIn(operation: Operation): string[] {
  const { output } = operation;
  if (!isKnown(operation) || !isJsonObject(output)) return [];
  return (output["replaced"] as Json[]).map(canonical);
}
