/**
 * Proves a "valid": executes all transactions in the order that a checker claims to have found, on
 * lists or registers of its own, and looks whether every read returns just what is there. It knows
 * histories only and shares nothing with the checkers, so that a mistake of theirs cannot hide.
 *
 * What happened is taken as: every ok transaction once, no failed one, one of unknown outcome at
 * most once; each of them as a whole. O(micro-operations + elements of chains): about 0.1 CPU s for
 * 1 M transactions, because a list that was read is a prefix of a chain: two numbers to compare.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions } from "../../../histories/transactions.js";
import { Lists, Registers, type Store } from "./stores.js";

export interface OrderCertificate {
  /**
   * serial: transactions one after the other. prefix: transaction t reads from a snapshot (2t in
   * `order`) and writes at its commit (2t + 1). snapshot: and of two transactions that write the
   * same key one commits before the other takes its snapshot (the first committer wins).
   */
  form: "serial" | "prefix" | "snapshot";
  order: Int32Array;
  /** What precedes what: of a session or in real time, the earlier's commit the later's snapshot. */
  relation: "data" | "process" | "realtime";
}

/** True, or the first thing that is wrong. */
export function verifyOrder(
  transactions: Transactions,
  certificate: OrderCertificate,
): true | string {
  const { form, order } = certificate;
  const replay = new Replay(transactions, certificate);
  for (let place = 0; place < order.length; place++) {
    const entry = order[place]!;
    const t = form === "serial" ? entry : entry >> 1;
    if (!(t >= 0 && t < transactions.size))
      return `place ${place} of the order names no transaction`;
    const fault =
      form === "serial"
        ? (replay.begin(t, place) ?? replay.execute(t) ?? replay.end(t))
        : (entry & 1) === 0
          ? (replay.begin(t, place) ?? replay.execute(t) ?? replay.takeBack(t))
          : (replay.end(t) ?? replay.install(t, place));
    if (fault !== undefined) return `the transaction of event ${transactions.invoked[t]} ${fault}`;
  }
  const missing = replay.missing();
  return missing === undefined || `the transaction of event ${missing} is not in the order`;
}

const NEVER = -1;

/** Its steps return what is wrong, undefined when nothing is. */
class Replay {
  readonly #transactions: Transactions;
  readonly #store: Store;
  readonly #firstCommitterWins: boolean;
  /** By transaction: the place of its snapshot, and whether it committed. */
  readonly #snapshotAt: Int32Array;
  readonly #committed: Uint8Array;
  /** By key: the place of the last commit that wrote it. */
  readonly #writtenAt: Int32Array;
  /** By transaction: those of a group may not come in another order than in time. */
  readonly #group: Int32Array | undefined;
  /** By group: the latest invocation of those that took their snapshots. */
  readonly #latest: Int32Array;

  constructor(transactions: Transactions, { form, relation }: OrderCertificate) {
    const { size, service, keys } = transactions;
    this.#transactions = transactions;
    this.#store =
      service === "list-append"
        ? new Lists(transactions)
        : new Registers(transactions, form !== "serial");
    this.#firstCommitterWins = form === "snapshot";
    this.#snapshotAt = new Int32Array(size).fill(NEVER);
    this.#committed = new Uint8Array(size);
    this.#writtenAt = new Int32Array(keys.length).fill(NEVER);
    if (relation === "realtime") this.#group = new Int32Array(size);
    if (relation === "process") this.#group = processNumbers(transactions);
    this.#latest = new Int32Array(size).fill(NEVER);
  }

  begin(t: number, place: number): string | undefined {
    const { outcome, invoked } = this.#transactions;
    if (outcome[t] === outcomes.fail) return "failed: it must not be in the order";
    if (this.#snapshotAt[t] !== NEVER) return "begins twice";
    this.#snapshotAt[t] = place;
    if (this.#group === undefined) return undefined;
    const group = this.#group[t]!;
    if (invoked[t]! > this.#latest[group]!) this.#latest[group] = invoked[t]!;
    return undefined;
  }

  execute(t: number): string | undefined {
    const { from, kind, outcome, length } = this.#transactions;
    const isKnown = outcome[t] === outcomes.ok;
    for (let micro = from[t]!; micro < from[t + 1]!; micro++) {
      if (kind[micro] !== microKinds.read) this.#store.write(micro);
      else if (isKnown && !this.#store.agrees(micro)) {
        const what = this.#store instanceof Lists ? ` ${length[micro]} elements of` : "";
        return `read${what} ${this.#keyOf(micro)}, which is not what is there at its place in the order`;
      }
    }
    return undefined;
  }

  takeBack(t: number): undefined {
    const { from, kind } = this.#transactions;
    for (let micro = from[t + 1]! - 1; micro >= from[t]!; micro--) {
      if (kind[micro] !== microKinds.read) this.#store.unwrite(micro);
    }
  }

  install(t: number, place: number): string | undefined {
    const { from, kind, key } = this.#transactions;
    for (let micro = from[t]!; micro < from[t + 1]!; micro++) {
      if (kind[micro] === microKinds.read) continue;
      const written = this.#writtenAt[key[micro]!]!;
      if (this.#firstCommitterWins && written > this.#snapshotAt[t]! && written !== place) {
        return `writes ${this.#keyOf(micro)}, which another one wrote between its snapshot and its commit`;
      }
      this.#writtenAt[key[micro]!] = place;
      this.#store.write(micro);
    }
    return undefined;
  }

  end(t: number): string | undefined {
    const { outcome, completed } = this.#transactions;
    if (this.#snapshotAt[t] === NEVER) return "commits before its snapshot is taken";
    if (this.#committed[t] === 1) return "commits twice";
    this.#committed[t] = 1;
    if (this.#group === undefined || outcome[t] !== outcomes.ok) return undefined;
    const latest = this.#latest[this.#group[t]!]!;
    if (latest <= completed[t]!) return undefined;
    return `comes after that of event ${latest}, although it had completed before`;
  }

  /** Where the first ok transaction was invoked that never committed. */
  missing(): number | undefined {
    const { size, outcome, invoked } = this.#transactions;
    for (let t = 0; t < size; t++) {
      if (outcome[t] === outcomes.ok && this.#committed[t] === 0) return invoked[t];
    }
    return undefined;
  }

  #keyOf(micro: number): string {
    const { values, keys, key } = this.#transactions;
    return `key ${JSON.stringify(values.value(keys[key[micro]!]!))}`;
  }
}

/** By transaction, its process as a number from 0. */
function processNumbers({ size, process }: Transactions): Int32Array {
  const numbers = new Map<number, number>();
  const numberOf = new Int32Array(size);
  for (let t = 0; t < size; t++) {
    let number = numbers.get(process[t]!);
    if (number === undefined) numbers.set(process[t]!, (number = numbers.size));
    numberOf[t] = number;
  }
  return numberOf;
}
