/**
 * Whether transactions see the effects of others as a whole: once a transaction has seen anything
 * of another one, its reads must not miss what that one appended. What counts as seen: what an
 * earlier read returned (monotonic-atomic-view), what any of its reads returned (read-atomic), or
 * also what those it saw had seen before (causal).
 *
 * A read can only miss an append that stands before it in a sequence that agrees with ww and wr
 * (arrangement.ts); mostly no read does. For the others the versions are looked at that were missed
 * and stand before the reader: O(versions missed * micro-operations of their transactions), counted
 * as steps. Where that is too much, and for causality, what is known is carried along (carried.ts).
 */

import type { DependencyGraph } from "../dependencies.js";
import { element, list, whichKey, whose } from "../describe.js";
import { FINDINGS_SHOWN_MAX, type Finding, type VisibilityLevel } from "../findings.js";
import { type Arrangement, arrange } from "./arrangement.js";
import { readsThatMissed } from "./carried.js";
import { Causes } from "./causes.js";
import { eachMissed, suspiciousReads } from "./missed.js";
import type { Proofs } from "./proofs.js";
import { Seen } from "./seen.js";
import type { VersionOrders } from "./version-orders.js";

const NONE = -1;

export class Visibility {
  readonly #proofs: Proofs;
  readonly #orders: VersionOrders;
  readonly #graph: DependencyGraph;
  /** Null when the history is not read-committed: then nothing of this means anything. */
  #arrangement: Arrangement | null | undefined;
  #suspicious: readonly number[] | undefined;

  /** @param isCommitted whether no read alone shows that the history is not read-committed. */
  constructor(proofs: Proofs, graph: DependencyGraph, isCommitted: boolean) {
    this.#proofs = proofs;
    this.#orders = proofs.orders;
    this.#graph = graph;
    if (!isCommitted) this.#arrangement = null;
  }

  /** "unknown" when the steps do not suffice, or when the history is not read-committed. */
  check(level: VisibilityLevel, steps: number): true | Finding[] | "unknown" {
    if (this.#arrangement === undefined) this.#arrangement = arrange(this.#graph) ?? null;
    const arrangement = this.#arrangement;
    if (arrangement === null) return "unknown";
    if (arrangement.waived === 0) return true;
    const suspicious = (this.#suspicious ??= suspiciousReads(this.#orders, arrangement));
    if (suspicious.length === 0) return true;
    if (level === "causal") return this.#carried(arrangement, level, suspicious, steps);
    // Half of the steps for the way that is mostly short, the other half for that which never is.
    const half = Math.floor(steps / 2);
    const answer = this.#direct(arrangement, level, suspicious, half);
    return answer === "unknown" ? this.#carried(arrangement, level, suspicious, half) : answer;
  }

  #direct(
    arrangement: Arrangement,
    level: VisibilityLevel,
    suspicious: readonly number[],
    steps: number,
  ): true | Finding[] | "unknown" {
    const { transactionOf, transactions } = this.#orders;
    const seen = new Seen(this.#orders);
    const findings: Finding[] = [];
    let left = steps;
    for (const read of suspicious) {
      const finding = this.#missedOf(arrangement, level, read, seen, (missed) => {
        const writer = transactionOf[missed]!;
        left -= transactions.from[writer + 1]! - transactions.from[writer]!;
        return left >= 0;
      });
      if (finding !== undefined) findings.push(finding);
      if (left < 0 || findings.length === FINDINGS_SHOWN_MAX) break;
    }
    if (findings.length > 0) return findings;
    return left < 0 ? "unknown" : true;
  }

  #carried(
    arrangement: Arrangement,
    level: VisibilityLevel,
    suspicious: readonly number[],
    steps: number,
  ): true | Finding[] | "unknown" {
    const reads = readsThatMissed(this.#orders, arrangement, level, suspicious, steps);
    if (reads === "unknown") return "unknown";
    if (reads.length === 0) return true;
    const shown = reads.slice(0, FINDINGS_SHOWN_MAX);
    const causes = new Causes(this.#proofs, arrangement);
    if (level === "causal") return shown.map((read) => causes.finding(read));
    const seen = new Seen(this.#orders);
    return shown.map((read) => this.#missedOf(arrangement, level, read, seen, () => true)!);
  }

  /** What a read missed although its transaction had seen some of it; while `goesOn`. */
  #missedOf(
    arrangement: Arrangement,
    level: VisibilityLevel,
    read: number,
    seen: Seen,
    goesOn: (missed: number) => boolean,
  ): Finding | undefined {
    const { transactionOf, transactions } = this.#orders;
    const t = transactionOf[read]!;
    seen.upTo(t, level === "read-atomic" ? transactions.from[t + 1]! : read);
    let finding: Finding | undefined;
    eachMissed(this.#orders, arrangement, read, (missed) => {
      if (!goesOn(missed)) return true;
      const shown = seen.anyOf(transactionOf[missed]!);
      if (shown !== NONE) finding = this.#finding(level, read, missed, shown, seen);
      return shown !== NONE;
    });
    return finding;
  }

  #finding(level: VisibilityLevel, read: number, missed: number, shown: number, seen: Seen) {
    const { transactions, transactionOf } = this.#orders;
    const { key, value, length } = transactions;
    const [t, writer] = [transactionOf[read]!, transactionOf[missed]!];
    const seenBy = seen.readOf(key[shown]!);
    const proof = this.#proofs.witness(key[read]!, missed);
    const effect = `${element(transactions, value[shown]!)} of ${whichKey(transactions, key[shown]!)}`;
    const who = `${whose(transactions, t)} read ${effect}, which ${whose(transactions, writer)} appended`;
    const stale = list(transactions, read, length[read]! - 1);
    const then = level === "read-atomic" ? "but" : "but afterwards";
    const lost = `without ${element(transactions, value[missed]!)} of the same transaction`;
    return {
      type: level === "read-atomic" ? "fractured-read" : "observed-transaction-vanishes",
      ...{ key: key[read]!, transactions: [t, writer], values: [value[missed]!, value[shown]!] },
      micros: [read, missed, seenBy, shown, ...(proof === undefined ? [] : [proof])],
      message: `${who}, ${then} ${stale} of ${whichKey(transactions, key[read]!)}, ${lost}`,
    };
  }
}
