/**
 * Which accesses of one session a machine keeps in order, as edges of a graph with one event per
 * access: the moment when a read, update or fence acts and when a write reaches the memory. (Owens,
 * Sarkar, Sewell 2009; for PSO the SPARC V8 manual.)
 *
 *   sequential  everything.
 *   tso         what follows a read, an update or a fence; writes among each other; writes before an
 *               update or a fence. A read need not wait for its session's earlier writes.
 *   pso         as tso, but writes among each other only where they are of one key.
 *
 * A chain is a sequence of accesses in which each precedes the next: per session one for sequential,
 * loads and stores for tso, loads and the stores of each key for pso. O(accesses).
 */

import { type Accesses, kinds } from "../accesses.js";

export type Machine = "sequential" | "tso" | "pso";

export interface Chains {
  readonly count: number;
  /** By access. */
  readonly chain: Int32Array;
  /** By access: its place in its chain. */
  readonly place: Int32Array;
}

export function chainsOf(accesses: Accesses, machine: Machine): Chains {
  const { size, sessions, keys, starts, kind, key } = accesses;
  const chain = new Int32Array(size);
  const place = new Int32Array(size);
  const lengths: number[] = new Array<number>(sessions).fill(0);
  const storeChain = new Int32Array(machine === "pso" ? keys : 1);
  for (let session = 0; session < sessions; session++) {
    storeChain.fill(-1);
    for (let access = starts[session]!; access < starts[session + 1]!; access++) {
      let own = session;
      if (machine !== "sequential" && kind[access] === kinds.write) {
        const store = machine === "pso" ? key[access]! : 0;
        if (storeChain[store] === -1) storeChain[store] = lengths.push(0) - 1;
        own = storeChain[store]!;
      }
      chain[access] = own;
      place[access] = lengths[own]!++;
    }
  }
  if (machine === "pso") numberByKey(chain, accesses, lengths.length);
  return { count: lengths.length, chain, place };
}

/** Chains of stores stand behind those of loads, in the order of their keys. */
function numberByKey(
  chain: Int32Array,
  { size, sessions, keys, key }: Accesses,
  count: number,
): void {
  const keyOf = new Int32Array(count);
  for (let access = 0; access < size; access++) keyOf[chain[access]!] = key[access]!;
  const next = new Int32Array(keys + 1);
  for (let at = sessions; at < count; at++) next[keyOf[at]! + 1]!++;
  for (let at = 0; at < keys; at++) next[at + 1]! += next[at]!;
  const name = Int32Array.from(keyOf, (of, at) => (at < sessions ? at : sessions + next[of]!++));
  for (let access = 0; access < size; access++) chain[access] = name[chain[access]!]!;
}

/** Calls `add(before, after)` for edges whose closure is the program order that the machine keeps. */
export function eachKeptPair(
  accesses: Accesses,
  machine: Machine,
  add: (before: number, after: number) => void,
): void {
  const { sessions, keys, starts, kind, key } = accesses;
  const lastStore = new Int32Array(machine === "pso" ? keys : 1).fill(-1);
  /** Stores since the last fence or update that no later store follows yet. */
  let open: number[] = [];
  for (let session = 0; session < sessions; session++) {
    for (const store of open) lastStore[store] = -1;
    open = [];
    let lastLoad = -1;
    for (let access = starts[session]!; access < starts[session + 1]!; access++) {
      if (machine !== "sequential" && kind[access] === kinds.write) {
        const store = machine === "pso" ? key[access]! : 0;
        const previous = lastStore[store]!;
        if (previous >= 0) add(previous, access);
        else open.push(store);
        if (lastLoad > previous) add(lastLoad, access);
        lastStore[store] = access;
        continue;
      }
      if (lastLoad >= 0) add(lastLoad, access);
      if (kind[access] !== kinds.read) {
        for (const store of open) {
          if (lastStore[store]! >= 0) add(lastStore[store]!, access);
          lastStore[store] = -1;
        }
        open = [];
      }
      lastLoad = access;
    }
  }
}
