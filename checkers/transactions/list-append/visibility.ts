/**
 * Whether transactions see the effects of others as a whole: once a transaction has seen anything
 * of another one, its reads must not miss what that one appended. What counts as seen: what an
 * earlier read returned (monotonic-atomic-view), what any of its reads returned (read-atomic), or
 * also what those it saw had seen before (causal, see causes.ts).
 *
 * A read can only miss an append that stands before it in a sequence that agrees with ww and wr
 * (arrangement.ts); mostly no read does. For the others each version that was missed and stands
 * before the reader is looked at: O(versions missed * micro-operations of their transactions),
 * counted as steps. The definitions are those of AWDIT (Møldrup, Pavlogiannis, PLDI 2025) and Plume
 * (Liu et al., OOPSLA 2024), for a version order that is known.
 */

import { microKinds } from "../../../histories/transactions.js";
import type { DependencyGraph } from "../dependencies.js";
import { FINDINGS_SHOWN_MAX, type Finding, type VisibilityLevel } from "../findings.js";
import { type Arrangement, arrange } from "./arrangement.js";
import { CausalPast } from "./causes.js";
import { element, list, whichKey, whose } from "./describe.js";
import { eachMissed, suspiciousReads } from "./missed.js";
import type { Proofs } from "./proofs.js";
import { type VersionOrders, versionRead } from "./version-orders.js";

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
    if (this.#arrangement === null) return "unknown";
    if (this.#arrangement.waived === 0) return true;
    const suspicious = (this.#suspicious ??= suspiciousReads(this.#orders, this.#arrangement));
    if (suspicious.length === 0) return true;
    if (level !== "causal") return this.#atomic(level, suspicious, steps);
    return new CausalPast(this.#proofs, this.#arrangement).check(suspicious, steps);
  }

  #atomic(level: VisibilityLevel, suspicious: readonly number[], steps: number) {
    const { transactionOf, transactions } = this.#orders;
    const seen = new Seen(this.#orders);
    const findings: Finding[] = [];
    let left = steps;
    for (const read of suspicious) {
      const t = transactionOf[read]!;
      seen.upTo(t, level === "read-atomic" ? transactions.from[t + 1]! : read);
      const found = eachMissed(this.#orders, this.#arrangement!, read, (missed) => {
        const writer = transactionOf[missed]!;
        left -= transactions.from[writer + 1]! - transactions.from[writer]!;
        if (left < 0) return true;
        const shown = seen.anyOf(writer);
        if (shown !== NONE) findings.push(this.#finding(level, read, missed, shown, seen));
        return shown !== NONE;
      });
      if (left < 0) return findings.length > 0 ? findings : "unknown";
      if (found && findings.length === FINDINGS_SHOWN_MAX) break;
    }
    return findings.length === 0 ? true : findings;
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

/** What the reads of one transaction returned, up to one of its micro-operations. */
class Seen {
  readonly #orders: VersionOrders;
  #transaction = NONE;
  #next = 0;
  /** By key: of which transaction, the highest version it read, and that read. */
  readonly #of: Int32Array;
  readonly #version: Int32Array;
  readonly #read: Int32Array;

  constructor(orders: VersionOrders) {
    this.#orders = orders;
    this.#of = new Int32Array(orders.known.length).fill(NONE);
    this.#version = new Int32Array(orders.known.length);
    this.#read = new Int32Array(orders.known.length);
  }

  /** Transactions, and places in each, are to come in ascending order. */
  upTo(transaction: number, end: number): void {
    const { kind, key, length, from } = this.#orders.transactions;
    if (transaction !== this.#transaction) {
      this.#transaction = transaction;
      this.#next = from[transaction]!;
    }
    for (; this.#next < end; this.#next++) {
      if (kind[this.#next] !== microKinds.read || length[this.#next]! <= 0) continue;
      const k = key[this.#next]!;
      const version = versionRead(this.#orders, this.#next);
      if (this.#of[k] === transaction && this.#version[k]! >= version) continue;
      this.#of[k] = transaction;
      this.#version[k] = version;
      this.#read[k] = this.#next;
    }
  }

  /** An append of a transaction that was seen, or NONE. */
  anyOf(writer: number): number {
    const { transactions, numberOf } = this.#orders;
    for (let m = transactions.from[writer]!; m < transactions.from[writer + 1]!; m++) {
      const k = transactions.key[m]!;
      if (numberOf[m]! <= 0 || this.#of[k] !== this.#transaction) continue;
      if (numberOf[m]! <= this.#version[k]!) return m;
    }
    return NONE;
  }

  readOf(key: number): number {
    return this.#read[key]!;
  }
}
