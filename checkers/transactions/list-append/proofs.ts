/**
 * Why an edge of the dependency graph holds: which appends and reads it is made of, and the read
 * that proves the order of two versions, which is the earliest completed one that contains both.
 * That nobody read an append is shown by the longest list that was read.
 *
 * The reads of each key are looked up once, O(micro-operations), when the first edge is asked for,
 * and of a key that is asked for the earliest ones are kept: from then on an edge is O(1), or O(what
 * nobody committed in the list).
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions } from "../../../histories/transactions.js";
import { NULL_ID } from "../../../histories/values.js";
import { type CycleEdge, edgeKinds, NO_CAUSE } from "../dependencies.js";
import type { Step } from "../findings.js";
import { unreadAppendOf } from "./edges.js";
import { lastForeign, type VersionOrders, versionRead } from "./version-orders.js";

const NONE = -1;
const KINDS = ["ww", "wr", "rw", "process", "realtime"] as const;

export class Proofs {
  #readsByKey: { start: Int32Array; reads: Int32Array } | undefined;
  /** By key and length: the first read to return so many elements of the key's order at least. */
  readonly #earliest = new Map<number, Int32Array>();

  constructor(readonly orders: VersionOrders) {}

  step({ from, to, kind, cause }: CycleEdge): Step {
    const name = KINDS.find((each) => edgeKinds[each] === kind)!;
    if (cause === NO_CAUSE || kind >= edgeKinds.process) return { from, to, kind: name };
    const key = this.orders.transactions.key[cause]!;
    const step: Step = { from, to, kind: name, key };
    if (this.orders.contested[key] === 1) step.contested = true;
    if (kind === edgeKinds.ww) return this.#ww(step, cause);
    return kind === edgeKinds.wr ? this.#wr(step, cause) : this.#rw(step, cause);
  }

  /** The read that proves that one version follows another, or that nobody read it. */
  witness(key: number, append: number): number | undefined {
    const { transactions, numberOf, appendOf, mainChain, known } = this.orders;
    const chain = mainChain[key]!;
    if (chain === NONE || known[key] === 0) return undefined;
    const start = transactions.chainStart[chain]!;
    let least = transactions.chainStart[chain + 1]! - start;
    const number = numberOf[append]!;
    // As many elements stand before it at least.
    if (number > 0) least = appendOf.indexOf(append, start + number - 1) - start + 1;
    let earliest = this.#earliest.get(key);
    if (earliest === undefined) {
      earliest = this.#earliestReads(key, chain);
      this.#earliest.set(key, earliest);
    }
    return earliest[least]!;
  }

  #ww(step: Step, append: number): Step {
    const { transactions, transactionOf, numberOf, versions, start, known } = this.orders;
    const key = step.key!;
    const number = numberOf[append]! > 0 ? numberOf[append]! : known[key]! + 1;
    // Mostly the version before; where longest lists disagree, the last that they agree on.
    let at = start[key]! + number - 2;
    while (transactionOf[versions[at]!] !== step.from) at -= 1;
    const before = versions[at]!;
    step.value = transactions.value[before]!;
    step.next = transactions.value[append]!;
    step.fromMicro = before;
    step.toMicro = append;
    return this.#withWitness(step, append);
  }

  #wr(step: Step, read: number): Step {
    const append = lastForeign(this.orders, read);
    step.value = this.orders.transactions.value[append]!;
    step.fromMicro = append;
    step.toMicro = read;
    return step;
  }

  #rw(step: Step, read: number): Step {
    const { transactions, versions, start, known } = this.orders;
    const key = step.key!;
    const version = transactions.length[read]! > 0 ? versionRead(this.orders, read) : 0;
    const isKnown = version < known[key]!;
    const next = isKnown
      ? versions[start[key]! + version]!
      : unreadAppendOf(this.orders, key, step.to);
    step.value =
      version === 0 ? NULL_ID : transactions.value[versions[start[key]! + version - 1]!]!;
    step.next = transactions.value[next]!;
    step.fromMicro = read;
    step.toMicro = next;
    return this.#withWitness(step, next);
  }

  #withWitness(step: Step, append: number): Step {
    const witness = this.witness(step.key!, append);
    if (witness !== undefined) step.witness = witness;
    return step;
  }

  #earliestReads(key: number, chain: number): Int32Array {
    const { transactions, transactionOf } = this.orders;
    const { completed, chainStart, value, length } = transactions;
    this.#readsByKey ??= readsByKey(transactions);
    const { start, reads } = this.#readsByKey;
    const longest = chainStart[chain + 1]! - chainStart[chain]!;
    const earliest = new Int32Array(longest + 1).fill(NONE);
    const offer = (least: number, read: number): void => {
      const known = earliest[least]!;
      const difference =
        known === NONE ? -1 : completed[transactionOf[read]!]! - completed[transactionOf[known]!]!;
      if (difference < 0 || (difference === 0 && read < known)) earliest[least] = read;
    };
    for (let at = start[key]!; at < start[key + 1]!; at++) {
      const read = reads[at]!;
      if (value[read] === chain) offer(length[read]!, read);
    }
    for (let least = longest; least > 0; least--) offer(least - 1, earliest[least]!);
    return earliest;
  }
}

/** Lists that ok transactions read, in order of invocation. */
function readsByKey({ size, outcome, from, kind, key, keys, length }: Transactions) {
  const start = new Int32Array(keys.length + 1);
  const isCounted = (t: number, m: number) =>
    outcome[t] === outcomes.ok && kind[m] === microKinds.read && length[m]! >= 0;
  for (let t = 0; t < size; t++) {
    for (let m = from[t]!; m < from[t + 1]!; m++) if (isCounted(t, m)) start[key[m]! + 1]! += 1;
  }
  for (let k = 0; k < keys.length; k++) start[k + 1]! += start[k]!;
  const next = start.slice();
  const reads = new Int32Array(start[keys.length]!);
  for (let t = 0; t < size; t++) {
    for (let m = from[t]!; m < from[t + 1]!; m++) if (isCounted(t, m)) reads[next[key[m]!]!++] = m;
  }
  return { start, reads };
}
