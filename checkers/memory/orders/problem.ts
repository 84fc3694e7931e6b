/**
 * A history and a machine as one question: can these edges be completed, by an order of the writes of
 * each key, to an acyclic graph?
 *
 * Nodes are the accesses and behind them one barrier per key, which the reads of the initial value
 * precede and all writes of the key follow. Edges from the start: the program order that the machine
 * keeps, reads-from (but of a session's own earlier write: its buffer may have answered), the initial
 * value before all writes, and, since a buffer answers before the memory does, a session's latest own
 * write of the key before whatever else its read returned. A completion orders the writes of each key,
 * and with each write all its readers go before the next. It is acyclic iff a run of the machine gives
 * every read its source (Alglave 2012 for TSO; the order of nodes is the run).
 *
 * O(accesses * log + sessions * keys).
 */

import { type Accesses, INITIAL, isRead, isWrite, type KeyOrders, kinds } from "../accesses.js";
import { Edges, relations } from "./edges.js";
import { type Chains, chainsOf, eachKeptPair, type Machine } from "./program-order.js";

export interface Problem {
  readonly accesses: Accesses;
  readonly machine: Machine;
  readonly chains: Chains;
  readonly edges: Edges;
  /** Accesses and barriers. */
  readonly nodes: number;
  /** By key, keys + 1 places: its groups, each the writes of the key in one chain. */
  readonly groupStarts: Int32Array;
  readonly groupChain: Int32Array;
  /** By group, and one more: its writes in `groupWrites`, in the order of the chain. */
  readonly writeStarts: Int32Array;
  readonly groupWrites: Int32Array;
  /** By access, and one more: of a write the last reader in each chain, in `readers`. */
  readonly readerStarts: Int32Array;
  readonly readers: Int32Array;
}

export function problemOf(
  accesses: Accesses,
  machine: Machine,
  orders: KeyOrders | undefined,
): Problem {
  const { size, keys, source } = accesses;
  const chains = chainsOf(accesses, machine);
  const nodes = size + keys;
  const edges = new Edges(nodes, size * 4 + 16);
  const problem = {
    accesses,
    machine,
    chains,
    edges,
    nodes,
    ...groupsOf(accesses, chains),
    ...readersOf(accesses, chains),
  };
  eachKeptPair(accesses, machine, (from, to) => edges.add(from, to, relations.session));
  for (let access = 0; access < size; access++) {
    const writer = source[access]!;
    if (writer >= 0 && !isOwnEarlier(accesses, writer, access)) {
      edges.add(writer, access, relations.readsFrom);
    }
  }
  addInitial(problem);
  if (machine !== "sequential") addOwnWrites(problem);
  if (orders !== undefined) addOrders(problem, orders);
  return problem;
}

function isOwnEarlier({ session }: Accesses, writer: number, reader: number): boolean {
  return session[writer] === session[reader] && writer < reader;
}

function groupsOf(
  { size, keys, kind, key }: Accesses,
  { count, chain }: Chains,
): Pick<Problem, "groupStarts" | "groupChain" | "writeStarts" | "groupWrites"> {
  // Two stable counting sorts: by chain, then by key.
  const writes: number[] = [];
  for (let access = 0; access < size; access++) if (isWrite(kind[access]!)) writes.push(access);
  const byChain = sorted(writes, chain, count).items;
  const { items: groupWrites } = sorted(byChain, key, keys);
  const groupStarts = new Int32Array(keys + 1);
  const groupChain: number[] = [];
  const writeStarts: number[] = [];
  let previous = -1;
  groupWrites.forEach((write, i) => {
    if (previous < 0 || key[previous] !== key[write] || chain[previous] !== chain[write]) {
      groupChain.push(chain[write]!);
      writeStarts.push(i);
      groupStarts[key[write]! + 1]!++;
    }
    previous = write;
  });
  writeStarts.push(groupWrites.length);
  for (let at = 0; at < keys; at++) groupStarts[at + 1]! += groupStarts[at]!;
  return {
    groupStarts,
    groupChain: Int32Array.from(groupChain),
    writeStarts: Int32Array.from(writeStarts),
    groupWrites,
  };
}

function readersOf(
  { size, kind, source }: Accesses,
  { count, chain }: Chains,
): Pick<Problem, "readerStarts" | "readers"> {
  const all: number[] = [];
  for (let access = 0; access < size; access++) {
    if (isRead(kind[access]!) && source[access]! >= 0) all.push(access);
  }
  const byChain = sorted(all, chain, count).items;
  const { items } = sorted(byChain, source, size);
  const readerStarts = new Int32Array(size + 1);
  const readers: number[] = [];
  items.forEach((reader, i) => {
    const next = items[i + 1];
    if (next !== undefined && source[next] === source[reader] && chain[next] === chain[reader]) {
      return;
    }
    readers.push(reader);
    readerStarts[source[reader]! + 1]!++;
  });
  for (let access = 0; access < size; access++) readerStarts[access + 1]! += readerStarts[access]!;
  return { readerStarts, readers: Int32Array.from(readers) };
}

/** Stable counting sort of `items` by `ranks[item]`, 0 to `count` - 1. */
function sorted(
  items: ArrayLike<number>,
  ranks: Int32Array,
  count: number,
): { items: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < items.length; i++) starts[ranks[items[i]!]! + 1]!++;
  for (let rank = 0; rank < count; rank++) starts[rank + 1]! += starts[rank]!;
  const next = starts.slice();
  const result = new Int32Array(items.length);
  for (let i = 0; i < items.length; i++) result[next[ranks[items[i]!]!]!++] = items[i]!;
  return { items: result, starts };
}

/** Readers of the initial value precede all writes; an update among them is the first write. */
function addInitial({ accesses, edges, ...problem }: Problem): void {
  const { size, keys, kind, key, source } = accesses;
  // Of two such updates each has to be first: the edges to the groups' first writes close the cycle.
  const barrier = new Int32Array(keys).fill(-1);
  for (let access = 0; access < size; access++) {
    if (source[access] !== INITIAL || !isRead(kind[access]!)) continue;
    const at = key[access]!;
    if (kind[access] === kinds.update) barrier[at] = access;
    else if (barrier[at] === -1) barrier[at] = size + at;
  }
  for (let access = 0; access < size; access++) {
    if (source[access] !== INITIAL || !isRead(kind[access]!)) continue;
    const first = barrier[key[access]!]!;
    if (first !== access) edges.add(access, first, relations.replaced);
  }
  for (let at = 0; at < keys; at++) {
    const first = barrier[at]!;
    if (first === -1) continue;
    for (let group = problem.groupStarts[at]!; group < problem.groupStarts[at + 1]!; group++) {
      const write = problem.groupWrites[problem.writeStarts[group]!]!;
      if (write !== first) edges.add(first, write, relations.replaced);
    }
  }
}

/** What a read returned came after the session's own latest write of the key, or is that write. */
function addOwnWrites({ accesses, edges }: Problem): void {
  const { sessions, keys, starts, kind, key, source } = accesses;
  const own = new Int32Array(keys).fill(-1);
  for (let session = 0; session < sessions; session++) {
    const start = starts[session]!;
    for (let access = start; access < starts[session + 1]!; access++) {
      if (kind[access] === kinds.fence) continue;
      const at = key[access]!;
      const latest = own[at]!;
      if (kind[access] === kinds.read && latest >= start && source[access] !== latest) {
        if (source[access]! >= 0) {
          edges.add(latest, source[access]!, relations.overwrites, access);
        } else {
          // The initial value after an own write: a cycle of these two.
          edges.add(latest, access, relations.session);
          edges.add(access, latest, relations.replaced);
        }
      }
      if (isWrite(kind[access]!)) own[at] = access;
    }
  }
}

/** The writes of a key one after another, and the readers of each before the next. */
function addOrders({ accesses, edges, readerStarts, readers }: Problem, orders: KeyOrders): void {
  for (let at = 0; at < accesses.keys; at++) {
    const order = orders[at];
    for (let i = 0; order !== undefined && i + 1 < order.length; i++) {
      const write = order[i]!;
      const next = order[i + 1]!;
      edges.add(write, next, relations.overwrites);
      for (let j = readerStarts[write]!; j < readerStarts[write + 1]!; j++) {
        if (readers[j] !== next) edges.add(readers[j]!, next, relations.replaced);
      }
    }
  }
}
