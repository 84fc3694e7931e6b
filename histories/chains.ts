/**
 * The lists that reads returned, as prefixes of a few long ones. A list goes to the first chain of
 * its key with which it is compatible (one is a prefix of the other) and makes it longer where it
 * goes further; otherwise it opens a chain of its own. Chains of one key are therefore never
 * compatible with each other: they form a tree, in which each branches off an older one where the
 * two first differ. Walking down that tree takes O(length of the list), however many chains there
 * are, and ends at the oldest compatible one.
 */

import { doubled } from "./values.js";

const FREE = -1;
const CAPACITY_MIN = 4;

export class Chains {
  #count = 0;
  /** By key: its oldest chain. */
  #root = new Int32Array(64).fill(FREE);
  /** By chain: its key, where its elements are in `#pool`, how many, and room for how many. */
  #key = new Int32Array(64);
  #start = new Int32Array(64);
  #length = new Int32Array(64);
  #capacity = new Int32Array(64);
  /** By chain: the older one from which it branches off, and at which of its elements. */
  #parent = new Int32Array(64);
  #branch = new Int32Array(64);
  /** Chains with a parent, hashed by parent, branch and the element there. */
  #slots = new Int32Array(64).fill(FREE);
  #branches = 0;
  #pool = new Int32Array(1024);
  #used = 0;

  get count(): number {
    return this.#count;
  }

  /** The oldest chain of a key, for readers that guess what comes; negative when there is none. */
  rootOf(key: number): number {
    return this.#root[key] ?? FREE;
  }

  /** Where in `pool` a chain starts. */
  startOf(chain: number): number {
    return this.#start[chain]!;
  }

  lengthOf(chain: number): number {
    return this.#length[chain]!;
  }

  /** Replaced when it grows: not to be kept. */
  get pool(): Int32Array {
    return this.#pool;
  }

  /** The chain of a list that was read, elements from `from` up to `to`. O(to - from) on average. */
  read(key: number, elements: Int32Array, from: number, to: number): number {
    while (key >= this.#root.length) this.#growRoots();
    const length = to - from;
    let chain = this.#root[key]!;
    if (chain === FREE) {
      chain = this.#open(key, elements, from, to);
      this.#root[key] = chain;
      return chain;
    }
    for (let at = 0; ; ) {
      const pool = this.#pool;
      const start = this.#start[chain]!;
      const shared = Math.min(length, this.#length[chain]!);
      while (at < shared && pool[start + at] === elements[from + at]) at += 1;
      if (at === shared) {
        if (length > shared) this.#extend(chain, elements, from, to);
        return chain;
      }
      const slot = this.#slot(chain, at, elements[from + at]!);
      const branch = this.#slots[slot]!;
      if (branch === FREE) {
        const opened = this.#open(key, elements, from, to);
        this.#parent[opened] = chain;
        this.#branch[opened] = at;
        this.#slots[slot] = opened;
        this.#branches += 1;
        if (this.#branches * 2 > this.#slots.length) this.#growSlots();
        return opened;
      }
      chain = branch;
      at += 1;
    }
  }

  /** The chains without gaps between them. */
  compact(): CompactChains {
    const chainStart = new Int32Array(this.#count + 1);
    for (let c = 0; c < this.#count; c++) chainStart[c + 1] = chainStart[c]! + this.#length[c]!;
    const chainElements = new Int32Array(chainStart[this.#count]!);
    for (let c = 0; c < this.#count; c++) {
      const start = this.#start[c]!;
      chainElements.set(this.#pool.subarray(start, start + this.#length[c]!), chainStart[c]!);
    }
    return { chainStart, chainElements, chainKey: this.#key.slice(0, this.#count) };
  }

  #open(key: number, elements: Int32Array, from: number, to: number): number {
    const chain = this.#count;
    if (chain === this.#key.length) {
      this.#key = doubled(this.#key, Int32Array);
      this.#start = doubled(this.#start, Int32Array);
      this.#length = doubled(this.#length, Int32Array);
      this.#capacity = doubled(this.#capacity, Int32Array);
      this.#parent = doubled(this.#parent, Int32Array);
      this.#branch = doubled(this.#branch, Int32Array);
    }
    this.#count += 1;
    this.#key[chain] = key;
    this.#extend(chain, elements, from, to);
    return chain;
  }

  #extend(chain: number, elements: Int32Array, from: number, to: number): void {
    const length = to - from;
    const old = this.#length[chain]!;
    if (length > this.#capacity[chain]!) this.#move(chain, length);
    const start = this.#start[chain]!;
    for (let i = old; i < length; i++) this.#pool[start + i] = elements[from + i]!;
    this.#length[chain] = length;
  }

  /** Gives a chain room for so many elements at least. */
  #move(chain: number, length: number): void {
    const capacity = Math.max(CAPACITY_MIN, length, this.#length[chain]! * 2);
    const start = this.#used;
    this.#used += capacity;
    while (this.#used > this.#pool.length) this.#pool = doubled(this.#pool, Int32Array);
    const before = this.#start[chain]!;
    this.#pool.copyWithin(start, before, before + this.#length[chain]!);
    this.#start[chain] = start;
    this.#capacity[chain] = capacity;
  }

  #growRoots(): void {
    const grown = new Int32Array(this.#root.length * 2).fill(FREE);
    grown.set(this.#root);
    this.#root = grown;
  }

  #slot(parent: number, branch: number, element: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hash = Math.imul(parent ^ Math.imul(branch, 0x85ebca6b), 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ element, 0x9e3779b1);
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let chain = 0; (chain = slots[slot]!) !== FREE; slot = (slot + 1) & mask) {
      const found = this.#parent[chain] === parent && this.#branch[chain] === branch;
      if (found && this.#pool[this.#start[chain]! + branch] === element) break;
    }
    return slot;
  }

  #growSlots(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2).fill(FREE);
    for (const chain of old) {
      if (chain === FREE) continue;
      const branch = this.#branch[chain]!;
      const element = this.#pool[this.#start[chain]! + branch]!;
      this.#slots[this.#slot(this.#parent[chain]!, branch, element)] = chain;
    }
  }
}

/** As in `Transactions`. */
export interface CompactChains {
  chainStart: Int32Array;
  chainElements: Int32Array;
  chainKey: Int32Array;
}
