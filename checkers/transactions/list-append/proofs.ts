/**
 * Why an edge of the dependency graph holds: which appends and reads it is made of, and the read
 * that proves the order of two versions, which is the earliest completed one that contains both.
 * That nobody read an append is shown by the longest list that was read.
 *
 * The reads of each key are looked up once, O(micro-operations), when the first edge is asked for.
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
    if (numberOf[append]! > 0) least = appendOf.indexOf(append, start) - start + 1;
    return this.#earliest(key, chain, least);
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

  /** The read of a chain that was the first to return so many elements of it. */
  #earliest(key: number, chain: number, least: number): number {
    const { transactions, transactionOf } = this.orders;
    const { completed, value, length } = transactions;
    this.#readsByKey ??= readsByKey(transactions);
    const { start, reads } = this.#readsByKey;
    let first = NONE;
    for (let at = start[key]!; at < start[key + 1]!; at++) {
      const read = reads[at]!;
      if (value[read] !== chain || length[read]! < least) continue;
      if (first === NONE || completed[transactionOf[read]!]! < completed[transactionOf[first]!]!) {
        first = read;
      }
    }
    return first;
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
