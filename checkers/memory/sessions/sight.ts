/**
 * What a session has gathered, read by read, in a store in which the last write wins: with
 * monotonic reads all writes that it ever saw, otherwise (read your writes) its own writes and what they
 * bring with them. Asks of the order of the writes that what is gathered of a key is before the source
 * of each read of the key. Of every session's writes of a key the latest is enough: they are in order.
 */

import { type Accesses, INITIAL, isRead, isWrite } from "../accesses.js";
import type { Link } from "../views/account.js";
import { type Edges, NONE, OVERWRITES, READS_FROM, SESSION } from "../views/graph.js";
import type { Outline } from "../views/outline.js";
import type { Chosen } from "./guarantees.js";

/** A read of the initial value whose session sees a write of the key. */
export interface Unseen {
  read: number;
  write: number;
}

export class Sight {
  /** Nodes of the graph: writes, sums of reads, sums of gathered writes of one key. */
  nodes: number;
  readonly #accesses: Accesses;
  readonly #outline: Outline;
  readonly #set: Chosen;
  readonly #edges: Edges;
  #adds = true;
  #session = NONE;
  #round = 0;
  /** Node a is the write of access a, node size + a what read a and earlier ones of its session saw. */
  readonly #gathered: Int32Array;
  /** The node that brought it; NONE: it is an own write; -2 - read: an own read returned it. */
  readonly #via: Int32Array;
  readonly #pending: number[] = [];

  /** Per key the gathered writes that are not known to be before another one of them: a list. */
  readonly #keyRound: Int32Array;
  readonly #head: Int32Array;
  /** Sum of the writes from `summed` on, NONE without one. */
  readonly #sum: Int32Array;
  readonly #summed: Int32Array;
  #entryWrite: number[] = [];
  #entryNext: number[] = [];

  constructor(accesses: Accesses, outline: Outline, set: Chosen, edges: Edges) {
    const { size, keys } = accesses;
    this.nodes = 2 * size;
    this.#accesses = accesses;
    this.#outline = outline;
    this.#set = set;
    this.#edges = edges;
    this.#gathered = new Int32Array(2 * size);
    this.#via = new Int32Array(2 * size);
    this.#keyRound = new Int32Array(keys);
    this.#head = new Int32Array(keys);
    this.#sum = new Int32Array(keys);
    this.#summed = new Int32Array(keys);
  }

  /** Follows a session, up to a read of the initial value that cannot be. */
  look(session: number): Unseen | undefined {
    const { starts, kind, source, key } = this.#accesses;
    this.#session = session;
    this.#round++;
    this.#entryWrite = [];
    this.#entryNext = [];
    let end = starts[session + 1]!;
    while (end > starts[session]! && !isRead(kind[end - 1]!)) end--;
    for (let a = starts[session]!; a < end; a++) {
      if (isRead(kind[a]!)) {
        if (source[a] === INITIAL) {
          const head = this.#headOf(key[a]!);
          if (head !== NONE) return { read: a, write: this.#entryWrite[head]! };
        } else this.#read(a, source[a]!);
      }
      if (isWrite(kind[a]!) && this.#set.readYourWrites) this.#gather(a, NONE);
    }
    return undefined;
  }

  /** How the session of a read came to see a write, node by node. */
  path(write: number, read: number): Link[] {
    const { size, source } = this.#accesses;
    if (this.#session !== this.#accesses.session[read]) {
      this.#adds = false;
      this.look(this.#accesses.session[read]!);
      this.#adds = true;
    }
    const links: Link[] = [];
    let node = write;
    for (let via = this.#via[node]!; via >= 0; via = this.#via[node]!) {
      const isSource = via >= size && node < size && source[via - size] === node;
      links.push({ from: node, to: via, relation: isSource ? READS_FROM : SESSION });
      node = via;
    }
    const via = this.#via[node]!;
    if (via !== NONE) {
      links.push({ from: node, to: -2 - via, relation: READS_FROM });
      node = -2 - via;
    }
    links.push({ from: node, to: read, relation: SESSION });
    return links;
  }

  /** A cycle in which writes that are in a sum are followed by the write which the sum precedes. */
  withoutSums(cycle: readonly Link[]): Link[] {
    const first = cycle.findIndex(({ from }) => from < 2 * this.#accesses.size);
    const links: Link[] = [];
    for (const link of [...cycle.slice(first), ...cycle.slice(0, first)]) {
      const last = links.at(-1);
      if (last !== undefined && last.to >= 2 * this.#accesses.size) last.to = link.to;
      else links.push({ ...link });
    }
    return links;
  }

  #headOf(key: number): number {
    if (this.#keyRound[key] !== this.#round) {
      this.#keyRound[key] = this.#round;
      this.#head[key] = NONE;
      this.#sum[key] = NONE;
      this.#summed[key] = NONE;
    }
    return this.#head[key]!;
  }

  #read(read: number, write: number): void {
    const key = this.#accesses.key[read]!;
    let entry = this.#headOf(key);
    if (!this.#set.monotonicReads && this.#gathered[write] !== this.#round) {
      if (entry !== NONE) this.#add(this.#sumOf(key, read), write, read);
      return;
    }
    for (; entry !== NONE; entry = this.#entryNext[entry]!)
      this.#add(this.#entryWrite[entry]!, write, read);
    // What it brings is before it anyway.
    if (this.#set.monotonicReads) this.#gather(write, -2 - read);
    this.#head[key] = NONE;
    this.#sum[key] = NONE;
    this.#summed[key] = NONE;
    this.#list(write);
  }

  #add(before: number, after: number, read: number): void {
    if (this.#adds && before !== after) this.#edges.add(before, after, OVERWRITES, read);
  }

  /** A node after all writes of the key's list. */
  #sumOf(key: number, read: number): number {
    const head = this.#head[key]!;
    const summed = this.#summed[key]!;
    if (head === summed) return this.#sum[key]!;
    const sum = this.#adds ? this.nodes++ : 0;
    for (let entry = head; entry !== summed; entry = this.#entryNext[entry]!)
      this.#add(this.#entryWrite[entry]!, sum, read);
    if (summed !== NONE) this.#add(this.#sum[key]!, sum, read);
    this.#sum[key] = sum;
    this.#summed[key] = head;
    return sum;
  }

  #list(write: number): void {
    const { key, session } = this.#accesses;
    const x = key[write]!;
    const head = this.#headOf(x);
    if (head !== NONE && head !== this.#summed[x]) {
      const other = this.#entryWrite[head]!;
      if (session[other] === session[write]) {
        this.#entryWrite[head] = Math.max(other, write);
        return;
      }
    }
    this.#entryNext.push(head);
    this.#head[x] = this.#entryWrite.length;
    this.#entryWrite.push(write);
  }

  /** A write and all that comes with it. */
  #gather(write: number, via: number): void {
    const { size, source } = this.#accesses;
    const { previousWrite, previousRead, lastRead } = this.#outline;
    const { monotonicWrites, writesFollowReads, readYourWrites } = this.#set;
    this.#visit(write, via);
    while (this.#pending.length > 0) {
      const node = this.#pending.pop()!;
      if (node < size) {
        this.#list(node);
        if (monotonicWrites && previousWrite[node] !== NONE)
          this.#visit(previousWrite[node]!, node);
        if (writesFollowReads && lastRead[node] !== NONE) this.#visit(size + lastRead[node]!, node);
        continue;
      }
      const read = node - size;
      const previous = previousRead[read]!;
      if (previous !== NONE) this.#visit(size + previous, node);
      if (source[read]! >= 0) this.#visit(source[read]!, node);
      if (!readYourWrites) continue;
      for (
        let own = previousWrite[read]!;
        own !== NONE && own >= previous;
        own = previousWrite[own]!
      )
        this.#visit(own, node);
    }
  }

  #visit(node: number, via: number): void {
    if (this.#gathered[node] === this.#round) return;
    this.#gathered[node] = this.#round;
    this.#via[node] = via;
    this.#pending.push(node);
  }
}
