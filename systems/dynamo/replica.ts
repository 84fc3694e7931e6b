/**
 * What a node keeps as a home: of every key the version with the highest tag, and a hash tree per range
 * that follows each change.
 *
 * A deleted key stays, as a version without value: a tombstone. Only its tag tells a replica that an
 * older value, brought by a repair or a hint, is not news.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { isNewer, unwritten, type Version } from "../quorum.js";
import { HashTree, leafOf } from "./hash-tree.js";
import type { Ring } from "./ring.js";
import type { Storage } from "./storage.js";

const FILE = "stores";

export type KeyedVersion = [key: string, version: Version];

export class Replica {
  readonly #context: NodeContext;
  readonly #storage: Storage;
  readonly #ring: Ring;
  readonly #versions = new Map<string, Version>();
  readonly #trees = new Map<number, HashTree>();

  constructor(context: NodeContext, ring: Ring, storage: Storage) {
    this.#context = context;
    this.#storage = storage;
    this.#ring = ring;
  }

  /** Reads the disk, as a node does at boot. */
  load(): void {
    for (const record of this.#storage.records(FILE)) {
      const [key, version] = record as KeyedVersion;
      this.#set(key, version);
    }
    if (this.#versions.size > 0) this.#context.probe("a replica restarted with its versions");
  }

  /** The version of the key; `unwritten` where there is none. */
  get(key: string): Version {
    return this.#versions.get(key) ?? unwritten;
  }

  /** Takes a version unless it knows that one or a later one. Durable after the next sync. */
  keep(key: string, version: Version): void {
    if (isNewer(version, this.get(key))) this.put(key, version);
  }

  /** Takes a version whatever it knows. */
  put(key: string, version: Version): void {
    if (version.value === null) this.#context.probe("a tombstone was stored");
    this.#set(key, version);
    this.#storage.append(FILE, [key, version]);
  }

  /** A tree that two homes of the range compare. */
  treeOf(range: number): HashTree {
    let tree = this.#trees.get(range);
    if (tree === undefined) this.#trees.set(range, (tree = new HashTree()));
    return tree;
  }

  /** All versions in one leaf of the range's tree. O(keys). */
  versionsIn(range: number, leaf: number): KeyedVersion[] {
    return [...this.#versions].filter(
      ([key]) => leafOf(key) === leaf && this.#ring.rangeOf(key) === range,
    );
  }

  #set(key: string, version: Version): void {
    const tree = this.treeOf(this.#ring.rangeOf(key));
    const before = this.#versions.get(key);
    if (before !== undefined) tree.toggle(key, tagOf(before));
    // A deleted key that is forgotten, tag and all, is open to every older value that comes along.
    if (version.value === null && this.#context.bugs.has("forgets-deletes")) {
      this.#versions.delete(key);
      return;
    }
    this.#versions.set(key, version);
    tree.toggle(key, tagOf(version));
  }
}

export function tagOf({ sequence, writer }: Version): string {
  return `${sequence}/${writer}`;
}
