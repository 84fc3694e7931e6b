/**
 * What must come before what, whatever the order of versions: who wrote before who read it, and what
 * some rules make of that. A rule that leads to a circle is broken. For few transactions: every
 * question walks through all precedences.
 */

import type { Evidence, Read } from "./evidence.js";

/** Cases tried before a contradiction is given up for unknown. */
const CASES_MAX = 1_000;

/** One of two: `other` comes before `writer`, or after `updater`. No writer: the initial state. */
interface Alternative {
  writer: number | undefined;
  updater: number;
  other: number;
}

/** Whether somebody must lose what came between a read of a key and a write of it. */
export function hasCursorCircle(evidence: Evidence): boolean {
  const alternatives = evidence.reads.flatMap((read) => alternativesOf(evidence, read));
  return new Precedences(evidence).isRefuted(alternatives, { left: CASES_MAX });
}

function alternativesOf(evidence: Evidence, read: Read): Alternative[] {
  const { transaction, micro, key, elements } = read;
  const own = evidence.writesOf(transaction, key);
  // Of lists, what a transaction read after its own append counts for nothing.
  if (own.length === 0 || (evidence.isList && own[0]!.micro < micro)) return [];
  const last = elements.at(-1);
  const writer = last === undefined ? undefined : evidence.writeOf(key, last)?.transaction;
  if (writer === transaction) return [];
  return evidence.writes
    .filter((write) => write.key === key && !elements.includes(write.value))
    .map((write) => write.transaction)
    .filter((other) => other !== transaction && evidence.isPresent(other))
    .filter((other) => evidence.isList || other !== writer)
    .map((other) => ({
      writer: evidence.isList ? undefined : writer,
      updater: transaction,
      other,
    }));
}

/**
 * Whether transactions that must see others cannot all do so: a read of a key must not return what
 * is older than the write of somebody who is seen.
 */
export function hasVisibilityCircle(
  evidence: Evidence,
  seenBy: (read: Read) => ReadonlySet<number>,
): boolean {
  const precedences = new Precedences(evidence);
  for (const read of evidence.reads) {
    const { transaction, key, elements } = read;
    const last = elements.at(-1);
    const source = last === undefined ? undefined : evidence.writeOf(key, last)?.transaction;
    if (source === transaction) continue;
    const seen = seenBy(read);
    for (const write of evidence.writes) {
      const other = write.transaction;
      if (write.key !== key || other === transaction || other === source || !seen.has(other))
        continue;
      if (source === undefined) return true;
      precedences.add(other, source);
    }
  }
  return precedences.isCircular();
}

class Precedences {
  readonly #evidence: Evidence;
  readonly #after = new Map<number, Set<number>>();

  constructor(evidence: Evidence, copied?: Precedences) {
    this.#evidence = evidence;
    if (copied !== undefined) {
      for (const [one, after] of copied.#after) this.#after.set(one, new Set(after));
      return;
    }
    for (const { transaction, key, elements } of evidence.reads) {
      const writers = elements.map((id) => evidence.writeOf(key, id)?.transaction);
      for (const [i, writer] of writers.entries()) {
        if (writer === undefined) continue;
        this.add(writer, transaction);
        const next = writers[i + 1];
        if (next !== undefined) this.add(writer, next);
      }
      const last = evidence.isList ? writers.at(-1) : undefined;
      if (last === undefined) continue;
      // What was not in a list that was read came later.
      for (const write of evidence.writes) {
        if (write.key !== key || elements.includes(write.value)) continue;
        if (evidence.isPresent(write.transaction)) this.add(last, write.transaction);
      }
    }
  }

  /** What precedes itself is left out. */
  add(one: number, other: number): void {
    if (one === other) return;
    const after = this.#after.get(one) ?? new Set();
    this.#after.set(one, after.add(other));
  }

  leads(one: number, other: number): boolean {
    const reached = new Set(this.#after.get(one));
    // A set is walked in order of insertion, what is added meanwhile included.
    for (const next of reached) for (const more of this.#after.get(next) ?? []) reached.add(more);
    return reached.has(other);
  }

  isCircular(): boolean {
    return [...this.#after.keys()].some((one) => this.leads(one, one));
  }

  /** Whether the alternatives leave no order. Settles those that have one way left, then tries. */
  isRefuted(alternatives: readonly Alternative[], cases: { left: number }): boolean {
    let open = alternatives;
    for (let before = -1; before !== open.length; ) {
      before = open.length;
      open = open.filter((one) => !this.#isSettled(one));
      if (this.isCircular()) return true;
    }
    const [first, ...rest] = open;
    if (first === undefined || cases.left === 0) return false;
    cases.left -= 1;
    const { writer, updater, other } = first;
    const earlier = new Precedences(this.#evidence, this);
    if (writer !== undefined) earlier.add(other, writer);
    const later = new Precedences(this.#evidence, this);
    later.add(updater, other);
    return earlier.isRefuted(rest, cases) && later.isRefuted(rest, cases);
  }

  #isSettled({ writer, updater, other }: Alternative): boolean {
    if (writer === undefined || this.leads(writer, other)) {
      this.add(updater, other);
      return true;
    }
    if (!this.leads(other, updater)) return false;
    this.add(other, writer);
    return true;
  }
}
