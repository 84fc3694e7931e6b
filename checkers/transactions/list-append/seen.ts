/** What the reads of one transaction returned so far. */

import { microKinds } from "../../../histories/transactions.js";
import { type VersionOrders, versionRead } from "./version-orders.js";

const NONE = -1;

export class Seen {
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
