/**
 * The columns of transactions and of their micro-operations while they grow, each array to twice
 * its size when it is full: O(1) on average. See transactions.ts for what each of them holds.
 */

import { UsageError } from "../src/base/errors.js";
import { OPERATIONS_MAX } from "./clients.js";
import type { Transactions } from "./transactions.js";
import { doubled } from "./values.js";

/** Micro-operations that a transaction mostly has. */
const MICROS_USUAL = 4;

type Column =
  | "outcome"
  | "process"
  | "invoked"
  | "completed"
  | "invokedAt"
  | "completedAt"
  | "from"
  | "kind"
  | "key"
  | "value"
  | "length";

export class GrowingTransactions implements Pick<Transactions, Column> {
  size = 0;
  outcome: Uint8Array;
  process: Float64Array;
  invoked: Int32Array;
  completed: Int32Array;
  invokedAt: Float64Array;
  completedAt: Float64Array;
  /** Of the transactions so far; `endOf` knows where the last one ends. */
  from: Int32Array;

  micros = 0;
  kind: Uint8Array;
  key: Int32Array;
  value: Int32Array;
  length: Int32Array;

  /** @param capacity how many transactions are expected. */
  constructor(capacity: number) {
    this.outcome = new Uint8Array(capacity);
    this.process = new Float64Array(capacity);
    this.invoked = new Int32Array(capacity);
    this.completed = new Int32Array(capacity);
    this.invokedAt = new Float64Array(capacity);
    this.completedAt = new Float64Array(capacity);
    this.from = new Int32Array(capacity);
    this.kind = new Uint8Array(capacity * MICROS_USUAL);
    this.key = new Int32Array(capacity * MICROS_USUAL);
    this.value = new Int32Array(capacity * MICROS_USUAL);
    this.length = new Int32Array(capacity * MICROS_USUAL);
  }

  /** Makes room for one more transaction of so many micro-operations. */
  reserve(micros: number): void {
    if (this.size === this.outcome.length) this.#growTransactions();
    while (this.micros + micros > this.kind.length) this.#growMicros();
  }

  /** Where the micro-operations of a transaction end. */
  endOf(transaction: number): number {
    return transaction + 1 < this.size ? this.from[transaction + 1]! : this.micros;
  }

  /** The transaction of a micro-operation. O(log transactions). */
  transactionOf(micro: number): number {
    let [low, high] = [0, this.size];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.from[middle]! <= micro) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The columns without the room for more, one after another: the old one may go at once. */
  trimmed(): Pick<Transactions, "size" | Column> {
    const { size, micros } = this;
    const from = new Int32Array(size + 1);
    from.set(this.from.subarray(0, size));
    from[size] = micros;
    return {
      size,
      outcome: (this.outcome = trimmed(this.outcome, size)),
      process: (this.process = trimmed(this.process, size)),
      invoked: (this.invoked = trimmed(this.invoked, size)),
      completed: (this.completed = trimmed(this.completed, size)),
      invokedAt: (this.invokedAt = trimmed(this.invokedAt, size)),
      completedAt: (this.completedAt = trimmed(this.completedAt, size)),
      from: (this.from = from),
      kind: (this.kind = trimmed(this.kind, micros)),
      key: (this.key = trimmed(this.key, micros)),
      value: (this.value = trimmed(this.value, micros)),
      length: (this.length = trimmed(this.length, micros)),
    };
  }

  #growTransactions(): void {
    if (this.size >= OPERATIONS_MAX) {
      throw new UsageError(`more than ${OPERATIONS_MAX} transactions: split the history`);
    }
    this.outcome = doubled(this.outcome, Uint8Array);
    this.process = doubled(this.process, Float64Array);
    this.invoked = doubled(this.invoked, Int32Array);
    this.completed = doubled(this.completed, Int32Array);
    this.invokedAt = doubled(this.invokedAt, Float64Array);
    this.completedAt = doubled(this.completedAt, Float64Array);
    this.from = doubled(this.from, Int32Array);
  }

  #growMicros(): void {
    this.kind = doubled(this.kind, Uint8Array);
    this.key = doubled(this.key, Int32Array);
    this.value = doubled(this.value, Int32Array);
    this.length = doubled(this.length, Int32Array);
  }
}

export function trimmed<Numbers extends Uint8Array | Int32Array | Float64Array>(
  numbers: Numbers,
  size: number,
): Numbers {
  return numbers.length === size ? numbers : (numbers.slice(0, size) as Numbers);
}
