/**
 * What follows from chains of updates standing together: a write that comes before one member of
 * another chain of its key comes, with its whole chain, before the head of that one. Rounds of vector
 * clocks over causality and all arcs so far, O(n k) each, until a cycle shows or nothing is added.
 */

import type { Arcs } from "./arcs.js";
import type { Chains } from "./chains.js";
import { type Clock, ClockWalk } from "./clock-walk.js";
import { type KeyWrites, keyWritesOf, lastBefore } from "./key-writes.js";
import { type Nodes, READS, WRITES } from "./nodes.js";

export class Saturation {
  readonly #nodes: Nodes;
  readonly #suggested: Int32Array;
  readonly #chains: Chains;
  readonly #arcs: Arcs;
  /** The writes of keys that are updated. */
  readonly writes: KeyWrites;

  constructor(nodes: Nodes, suggested: Int32Array, chains: Chains, arcs: Arcs) {
    this.#nodes = nodes;
    this.#suggested = suggested;
    this.#chains = chains;
    this.#arcs = arcs;
    const isUpdated = Uint8Array.from(nodes.accesses.key, (x) => chains.isUpdated[x] ?? 0);
    this.writes = keyWritesOf(nodes, isUpdated);
  }

  /** One write before another: so are their chains, whole. */
  apart(before: number, after: number, reason?: number): void {
    const { head, tail } = this.#chains;
    if (head[before] === head[after]) this.#arcs.push(before, after, "overwrites", reason);
    else this.#arcs.push(tail[before]!, head[after]!, "overwrites", reason);
  }

  /** Adds to the arcs what follows; the nodes of a cycle if one shows. `spend` counts nodes, and may stop it. */
  run(spend: (nodes: number) => boolean): number[] | undefined {
    for (;;) {
      const before = this.#arcs.size;
      const added = new Set<number>();
      const visit = (v: number, clock: Clock, walk: ClockWalk) =>
        this.#visit(v, clock, walk, added);
      const cycle = new ClockWalk(this.#nodes, visit, this.#arcs).all(this.#suggested);
      if (cycle !== undefined) return cycle;
      if (!spend(this.#nodes.size) || this.#arcs.size === before) return undefined;
    }
  }

  /** For a write: the last writes of its key before it, of each session, unless its source has them before it too. */
  #visit(v: number, clock: Clock, walk: ClockWalk, added: Set<number>): void {
    const { flags, starts, session, accesses } = this.#nodes;
    const { head, tail, isUpdated } = this.#chains;
    // Updates stand alone: a node is an access.
    if (!(flags[v]! & WRITES) || !isUpdated[accesses.key[v]!]) return;
    const x = accesses.key[v]!;
    const source = flags[v]! & READS ? accesses.source[v]! : -1;
    const sourceClock = source < 0 ? undefined : walk.clockOf(source);
    const first = head[v]!;
    for (let run = this.writes.starts[x]!; run < this.writes.starts[x + 1]!; run++) {
      const t = this.writes.session[run]!;
      const seen = t === session[v] ? v : starts[t]! + clock[t]!;
      const last = lastBefore(this.writes, run, seen);
      if (last < 0 || head[last] === first) continue;
      if (sourceClock !== undefined) {
        if (last < (t === session[source] ? source : starts[t]! + sourceClock[t]!)) continue;
      }
      const end = tail[last]!;
      if (first === v) {
        if (end === last) continue;
        const endSession = session[end]!;
        const isBefore =
          endSession === session[v] ? end < v : end - starts[endSession]! < clock[endSession]!;
        if (isBefore) continue;
      }
      const pair = end * accesses.size + first;
      if (added.has(pair)) continue;
      added.add(pair);
      this.#arcs.push(end, first, "overwrites", v);
    }
  }
}
