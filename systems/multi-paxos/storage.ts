/**
 * What a replica keeps on its disk.
 *
 * Promises and accepts must be durable before anybody hears of them: what a replica has to say about
 * them is handed to `whenDurable`. What is known to be chosen is written too, but never waited for:
 * it can be learnt again.
 */

import type { Disk, Json } from "../../src/hosts/ts/node.js";
import { CHOSEN, type Entry, type Lives, type Value } from "./messages.js";

/** Which life of this replica it is, and whether it may vote in it; see rejoin.ts. */
export type Identity = { life: number; voter: boolean };

export interface StorageOptions {
  /** Promises are kept in memory only: the bug `promise-not-durable`. */
  forgetPromises: boolean;
}

export class Storage {
  readonly #disk: Disk;
  readonly #options: StorageOptions;
  /** The latest accepted in each instance that is not known to be chosen. */
  readonly #accepted = new Map<number, Entry>();
  readonly #chosen: Value[];
  #promised: number;
  #identity: Identity | undefined;
  #lives: Lives;

  constructor(disk: Disk, options: StorageOptions) {
    this.#disk = disk;
    this.#options = options;
    this.#promised = Number(disk.read("promised") ?? 0);
    this.#identity = disk.read("identity") as Identity | undefined;
    this.#lives = (disk.read("lives") ?? {}) as Lives;
    this.#chosen = disk.records("chosen") as Value[];
    for (const record of disk.records("accepted")) {
      const entry = record as Entry;
      if (entry.slot > this.learnt) this.#accepted.set(entry.slot, entry);
      this.#promiseWith(entry);
    }
  }

  /** Undefined on a blank disk. */
  get identity(): Identity | undefined {
    return this.#identity;
  }

  get isVoter(): boolean {
    return this.#identity?.voter ?? false;
  }

  /** The highest ballot promised. */
  get promised(): number {
    return this.#promised;
  }

  /** All instances up to this one are known to be chosen. */
  get learnt(): number {
    return this.#chosen.length;
  }

  get lives(): Readonly<Lives> {
    return this.#lives;
  }

  /** At most `count` chosen values from `slot` on, among those up to `learnt`. O(count). */
  chosen(slot: number, count = this.learnt): Value[] {
    return this.#chosen.slice(slot - 1, slot - 1 + count);
  }

  /** What is accepted beyond `learnt`, in no particular order. */
  get accepted(): Iterable<Entry> {
    return this.#accepted.values();
  }

  identify(identity: Identity): void {
    this.#identity = identity;
    this.#disk.write("identity", identity);
  }

  promise(ballot: number): void {
    if (ballot <= this.#promised) return;
    this.#promised = ballot;
    if (!this.#options.forgetPromises) this.#disk.write("promised", ballot);
  }

  /** Accepts, unless it has accepted for that instance in a higher ballot, or knows what is chosen. */
  accept(entry: Entry): void {
    const known = this.#accepted.get(entry.slot);
    if (entry.slot <= this.learnt || (known !== undefined && known.ballot > entry.ballot)) return;
    this.#promiseWith(entry);
    this.#accepted.set(entry.slot, entry);
    this.#disk.append("accepted", entry);
  }

  /** Whoever accepted in a ballot has promised it; what is known to be chosen is of no ballot. */
  #promiseWith({ ballot }: Entry): void {
    if (ballot !== CHOSEN) this.#promised = Math.max(this.#promised, ballot);
  }

  /** The value chosen in the instance after `learnt`. */
  learn(value: Value): void {
    this.#chosen.push(value);
    this.#accepted.delete(this.#chosen.length);
    this.#disk.append("chosen", value as Json);
  }

  /** A replica has begun a life; false when that was known. */
  noteLife(replica: string, life: number): boolean {
    if ((this.#lives[replica] ?? -1) >= life) return false;
    this.#lives = { ...this.#lives, [replica]: life };
    this.#disk.write("lives", this.#lives);
    return true;
  }

  /** Runs `action` once everything written so far is durable. */
  whenDurable(action: () => void): void {
    this.#disk.fsync(action);
  }
}
