/**
 * What is spread: items by name, each with the stamp of its latest version. A removed item stays as a
 * version without a value, its tombstone, since others may still tell of it. Versions are ordered, the
 * later wins, and an order is all that gossip needs: it does not matter who tells what, or when.
 *
 * Kept in a file of accepted versions; a sum over names and stamps tells in O(1) whether two nodes
 * hold the same.
 */

import { canonical, type Json } from "../../src/base/json.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import { hashText } from "../../src/random/mix.js";
import { compareStamps, firstStamp, HybridClock, type Stamp } from "../stamps.js";

export type Item = { name: string; stamp: Stamp; value: Json };

/** The stamp of every item that a node holds, by name. */
export type Digest = { [name: string]: Stamp };

const FILE = "items";

export class Items {
  readonly #context: NodeContext;
  readonly #clock: HybridClock;
  readonly #items = new Map<string, Item>();
  #sum = 0;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#clock = new HybridClock(context.id);
    for (const item of context.disk.records(FILE) as Item[]) this.#put(item);
    if (this.#items.size > 0) context.probe("a node restarted with its items");
  }

  /** The same wherever the same versions are held, and hardly anywhere else. */
  get sum(): number {
    return this.#sum;
  }

  get digest(): Digest {
    const items = [...this.#items.values()];
    const told = this.#context.bugs.has("forgets-removals")
      ? items.filter(({ value }) => value !== null)
      : items;
    return Object.fromEntries(told.map(({ name, stamp }) => [name, stamp]));
  }

  get(name: string): Item | undefined {
    return this.#items.get(name);
  }

  /** Those whose names begin so, tombstones left out, in the order of their names. O(items). */
  under(prefix: string): Item[] {
    return [...this.#items.values()]
      .filter(({ name, value }) => name.startsWith(prefix) && value !== null)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** A new version, later than all that were seen here. */
  make(name: string, value: Json): Item {
    const item = { name, stamp: this.#clock.next(0), value };
    this.#keep(item);
    return item;
  }

  /** Keeps the version if it is the later one: then it was news. */
  accept(item: Item): boolean {
    const known = this.#items.get(item.name);
    if (known !== undefined && compareStamps(item.stamp, known.stamp) <= 0) return false;
    this.#keep(item);
    return true;
  }

  /** Keeps a version that another has been asked for, or sent after a comparison. */
  replace(item: Item): void {
    this.#keep(item);
  }

  /** The bug `forgets-removals`: what is removed, and told of, is not worth remembering. */
  forget(name: string): void {
    const known = this.#items.get(name);
    if (known?.value !== null) return;
    this.#items.delete(name);
    this.#sum ^= hashOf(known);
  }

  stampOf(name: string): Stamp {
    return this.#items.get(name)?.stamp ?? firstStamp;
  }

  #keep(item: Item): void {
    this.#put(item);
    this.#context.disk.append(FILE, item);
  }

  #put(item: Item): void {
    const known = this.#items.get(item.name);
    if (known !== undefined) this.#sum ^= hashOf(known);
    this.#clock.witness(item.stamp);
    this.#items.set(item.name, item);
    this.#sum ^= hashOf(item);
  }
}

function hashOf({ name, stamp }: Item): number {
  return hashText(canonical([name, stamp]));
}
