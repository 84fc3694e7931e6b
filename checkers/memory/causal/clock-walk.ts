/**
 * A walk that knows the past of each node when it visits it: a vector clock per session, whose entry t
 * counts the nodes of session t that are in the past. The clock of a node is kept only until the last
 * of those that depend on it has been visited, and shared with its session until that learns more: so
 * the memory taken is by the versions that are still to be read, not by the history.
 *
 * O(k) for each dependency, k sessions; O(k) bytes, 2 k or 4 k by the length of sessions, for each
 * clock kept. A session's own entry is not maintained: it is the place of the node.
 */

import type { Arcs } from "./arcs.js";
import { type Nodes, READS } from "./nodes.js";
import { SessionWalk } from "./session-walk.js";

export type Clock = Uint8Array | Uint16Array | Int32Array;

interface Row {
  clock: Clock;
  /** The session itself, and every dependency on a node with this clock that is still to come. */
  holders: number;
}

/** A clock that nobody ever gives back. */
const FOREVER = 2 ** 40;

export type Visitor = (node: number, clock: Clock, walk: ClockWalk) => void;

export class ClockWalk extends SessionWalk {
  readonly #width: number;
  readonly #visitor: Visitor;
  /** By node: dependencies on it. */
  readonly #dependants: Int32Array;
  /** By session, and by node while something that depends on it is to come. */
  readonly #running: Row[];
  readonly #kept: (Row | undefined)[];
  readonly #free: Row[] = [];
  readonly #empty: Row;
  readonly #newClock: () => Clock;

  constructor(nodes: Nodes, visitor: Visitor, arcs?: Arcs) {
    super(nodes, arcs);
    const { accesses, of, flags } = nodes;
    this.#width = accesses.sessions;
    this.#visitor = visitor;
    this.#dependants = new Int32Array(nodes.size);
    for (let a = 0; a < accesses.size; a++) {
      if (flags[a]! & READS && accesses.source[a]! >= 0)
        this.#dependants[of[accesses.source[a]!]!]!++;
    }
    for (let i = 0; i < (arcs?.size ?? 0); i++) this.#dependants[of[arcs!.from[i]!]!]!++;
    this.#newClock = clocksOf(nodes);
    this.#empty = { clock: this.#newClock(), holders: FOREVER };
    this.#running = new Array<Row>(this.#width).fill(this.#empty);
    this.#kept = new Array<Row | undefined>(nodes.size);
  }

  /** The clock of a node that the node being visited depends on. */
  clockOf(node: number): Clock {
    return this.#kept[node]!.clock;
  }

  protected visit(v: number): void {
    const { from, of, session, flags, accesses, starts } = this.nodes;
    const s = session[v]!;
    const first = from[v]!;
    const end = from[v + 1]!;
    let row = this.#running[s]!;
    for (let a = first; a < end; a++) {
      if (flags[a]! & READS && accesses.source[a]! >= 0)
        row = this.#joined(row, of[accesses.source[a]!]!, s);
    }
    if (this.arriving !== undefined) {
      const { start, order } = this.arriving;
      for (let i = start[v]!; i < start[v + 1]!; i++)
        row = this.#joined(row, of[this.arcs!.from[order[i]!]!]!, s);
    }
    this.#visitor(v, row.clock, this);
    for (let a = first; a < end; a++) {
      if (flags[a]! & READS && accesses.source[a]! >= 0) this.#release(of[accesses.source[a]!]!);
    }
    if (this.arriving !== undefined) {
      const { start, order } = this.arriving;
      for (let i = start[v]!; i < start[v + 1]!; i++)
        this.#release(of[this.arcs!.from[order[i]!]!]!);
    }
    this.#running[s] = row;
    if (this.#dependants[v]! > 0) {
      row.holders += this.#dependants[v]!;
      this.#kept[v] = row;
    }
    if (v + 1 === starts[s + 1]) {
      this.#running[s] = this.#empty;
      this.#drop(row);
    }
  }

  /** `row` of session s, with node q and its past added. */
  #joined(row: Row, q: number, s: number): Row {
    const { session, starts } = this.nodes;
    const t = session[q]!;
    if (t === s) return row;
    const width = this.#width;
    const other = this.#kept[q]!.clock;
    const counted = q - starts[t]! + 1;
    let own = row.clock;
    let i = 0;
    while (i < width && other[i]! <= own[i]!) i++;
    if (i === width && own[t]! >= counted) return row;
    if (row.holders > 1) {
      const copy = this.#copy(own);
      this.#drop(row);
      row = copy;
      own = row.clock;
    }
    for (; i < width; i++) if (other[i]! > own[i]!) own[i] = other[i]!;
    if (own[t]! < counted) own[t] = counted;
    return row;
  }

  #copy(clock: Clock): Row {
    const row = this.#free.pop() ?? { clock: this.#newClock(), holders: 0 };
    row.clock.set(clock);
    row.holders = 1;
    return row;
  }

  #release(node: number): void {
    const row = this.#kept[node]!;
    if (--this.#dependants[node]! === 0) this.#kept[node] = undefined;
    this.#drop(row);
  }

  #drop(row: Row): void {
    if (--row.holders === 0) this.#free.push(row);
  }
}

/** The smallest entries that count to the end of the longest session. */
function clocksOf({ starts, accesses: { sessions } }: Nodes): () => Clock {
  let longest = 0;
  for (let s = 0; s < sessions; s++) longest = Math.max(longest, starts[s + 1]! - starts[s]!);
  if (longest < 2 ** 8) return () => new Uint8Array(sessions);
  if (longest < 2 ** 16) return () => new Uint16Array(sessions);
  return () => new Int32Array(sessions);
}
