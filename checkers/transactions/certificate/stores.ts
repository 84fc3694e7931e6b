/**
 * Lists and registers as they are while transactions are executed. A list is two numbers: how long
 * it is, and how much of it is as in the longest list that was ever read of its key. A read can be
 * right only if all of what it returned is as in there. Every operation is O(1).
 */

import { type Transactions, UNKNOWN } from "../../../histories/transactions.js";

/** Executes micro-operations by their numbers. */
export interface Store {
  write(micro: number): void;
  /** Takes back the last write that was not taken back. */
  unwrite(micro: number): void;
  /** Whether a read returned what is there, if anybody knows what it returned. */
  agrees(micro: number): boolean;
}

const NONE = -1;

export class Lists implements Store {
  readonly #transactions: Transactions;
  /** By key: its longest chain. */
  readonly #longest: Int32Array;
  /** By chain: how many elements it begins with that its key's longest begins with, too. */
  readonly #shared: Int32Array;
  /** By key: how long the list is now, and how many of its elements are as in the longest chain. */
  readonly #length: Int32Array;
  readonly #matched: Int32Array;

  constructor(transactions: Transactions) {
    const { keys, chainKey, chainStart } = transactions;
    this.#transactions = transactions;
    this.#longest = new Int32Array(keys.length).fill(NONE);
    this.#length = new Int32Array(keys.length);
    this.#matched = new Int32Array(keys.length);
    const lengthOf = (chain: number) => chainStart[chain + 1]! - chainStart[chain]!;
    for (let chain = 0; chain < chainKey.length; chain++) {
      const longest = this.#longest[chainKey[chain]!]!;
      if (longest === NONE || lengthOf(chain) > lengthOf(longest)) {
        this.#longest[chainKey[chain]!] = chain;
      }
    }
    this.#shared = Int32Array.from(chainKey, (key, chain) =>
      commonPrefix(transactions, chain, this.#longest[key]!),
    );
  }

  write(micro: number): void {
    const { key, value, chainStart, chainElements } = this.#transactions;
    const k = key[micro]!;
    const at = this.#length[k]!;
    this.#length[k] = at + 1;
    const chain = this.#longest[k]!;
    if (this.#matched[k] !== at || chain === NONE) return;
    const place = chainStart[chain]! + at;
    if (place < chainStart[chain + 1]! && chainElements[place] === value[micro]) {
      this.#matched[k] = at + 1;
    }
  }

  unwrite(micro: number): void {
    const k = this.#transactions.key[micro]!;
    const length = this.#length[k]! - 1;
    this.#length[k] = length;
    if (this.#matched[k]! > length) this.#matched[k] = length;
  }

  agrees(micro: number): boolean {
    const { key, value, length } = this.#transactions;
    const returned = length[micro]!;
    if (returned === UNKNOWN) return true;
    const k = key[micro]!;
    if (returned !== this.#length[k]) return false;
    return (
      returned === 0 || (this.#matched[k] === returned && this.#shared[value[micro]!]! >= returned)
    );
  }
}

function commonPrefix(transactions: Transactions, one: number, other: number): number {
  const { chainStart, chainElements } = transactions;
  const [a, b] = [chainStart[one]!, chainStart[other]!];
  const room = Math.min(chainStart[one + 1]! - a, chainStart[other + 1]! - b);
  let length = 0;
  while (length < room && chainElements[a + length] === chainElements[b + length]) length++;
  return length;
}

export class Registers implements Store {
  readonly #transactions: Transactions;
  /** By key: an id; 0 is that of null, the initial state. */
  readonly #value: Int32Array;
  /** What the writes that can be taken back overwrote. */
  readonly #overwritten: number[] = [];
  readonly #takesBack: boolean;

  constructor(transactions: Transactions, takesBack: boolean) {
    this.#transactions = transactions;
    this.#value = new Int32Array(transactions.keys.length);
    this.#takesBack = takesBack;
  }

  write(micro: number): void {
    const { key, value } = this.#transactions;
    if (this.#takesBack) this.#overwritten.push(this.#value[key[micro]!]!);
    this.#value[key[micro]!] = value[micro]!;
  }

  unwrite(micro: number): void {
    this.#value[this.#transactions.key[micro]!] = this.#overwritten.pop()!;
  }

  agrees(micro: number): boolean {
    const { key, value } = this.#transactions;
    return value[micro] === UNKNOWN || value[micro] === this.#value[key[micro]!];
  }
}
