/**
 * Chains of updates: an update follows the write that it read with no other write of the key between,
 * so a write, the update of it, the update of that … stand together in every order of the key, and the
 * chain from the initial value comes first. Linear.
 */

import { INITIAL, isWrite, kinds } from "../accesses.js";
import type { Violation } from "../decision.js";
import { Arcs } from "./arcs.js";
import type { KeyWrites } from "./key-writes.js";
import type { Nodes } from "./nodes.js";

export interface Chains {
  /** By write: the first and the last of its chain; itself where it stands alone. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
  /** By key: the first update of the initial value, or -1. */
  readonly initial: Int32Array;
  /** By key: whether it is updated at all. */
  readonly isUpdated: Uint8Array;
}

export function hasUpdates({ kind }: { kind: Uint8Array }): boolean {
  return kind.includes(kinds.update);
}

/** The chains, or two updates of one value. Causality must be acyclic. */
export function chainsOf({ accesses }: Nodes): Chains | Violation {
  const { size, keys, kind, key, source } = accesses;
  const successor = new Int32Array(size).fill(-1);
  const initial = new Int32Array(keys).fill(-1);
  const isUpdated = new Uint8Array(keys);
  for (let a = 0; a < size; a++) {
    if (kind[a] !== kinds.update) continue;
    isUpdated[key[a]!] = 1;
    const [slots, slot] = source[a] === INITIAL ? [initial, key[a]!] : [successor, source[a]!];
    if (slots[slot]! >= 0) return updatedTwice(source[a]!, slots[slot]!, a);
    slots[slot] = a;
  }
  const head = new Int32Array(size).fill(-1);
  const tail = new Int32Array(size).fill(-1);
  for (let a = 0; a < size; a++) {
    if (!isWrite(kind[a]!) || (kind[a] === kinds.update && source[a] !== INITIAL)) continue;
    let last = a;
    for (let b = a; b >= 0; b = successor[b]!) {
      head[b] = a;
      last = b;
    }
    for (let b = a; b >= 0; b = successor[b]!) tail[b] = last;
  }
  return { head, tail, initial, isUpdated };
}

export function isChains(found: Chains | Violation): found is Chains {
  return "head" in found;
}

/** The first update of each initial value before all else that is written to the key: by session, the first such write. */
export function initialArcs({ initial, head }: Chains, { starts, from, writes }: KeyWrites): Arcs {
  const arcs = new Arcs();
  initial.forEach((first, x) => {
    if (first < 0) return;
    for (let run = starts[x]!; run < starts[x + 1]!; run++) {
      let i = from[run]!;
      while (i < from[run + 1]! && head[writes[i]!] === first) i++;
      if (i < from[run + 1]!) arcs.push(first, writes[i]!, "overwrites", first);
    }
  });
  return arcs;
}

function updatedTwice(source: number, first: number, second: number): Violation {
  return {
    type: "lost-update",
    path: [
      { from: first, to: second, relation: "replaced" },
      { from: second, to: first, relation: "replaced" },
    ],
    accesses: [...(source >= 0 ? [source] : []), first, second].sort((a, b) => a - b),
  };
}
