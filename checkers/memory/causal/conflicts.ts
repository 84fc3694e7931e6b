/**
 * The one pass from which causal consistency and causal convergence are read off: for each read the
 * last writes of its key in its past, per session. Those that are not in the past of the write it
 * returned must be arbitrated before that write (the conflict relation CF); of a read of the initial
 * value there must be none.
 *
 * Source: Bouajjani, Enea, Guerraoui, Hamza, On verifying causal consistency, POPL 2017; only the last
 * write per session is looked at, as in AWDIT (arXiv 2504.06975). O(n k), k sessions.
 */

import { INITIAL } from "../accesses.js";
import { Arcs } from "./arcs.js";
import { type Clock, ClockWalk } from "./clock-walk.js";
import { type KeyWrites, keyWritesOf, lastBefore } from "./key-writes.js";
import { type Nodes, READS } from "./nodes.js";

export interface Conflicts {
  /** Nodes that are in their own past. */
  cycle?: number[];
  /** A write in the past of a read that returned the initial value. */
  initial?: { write: number; read: number };
  /** Overwritten → returned, for reads that had both in their past. */
  arcs: Arcs;
  /** By session: whether a read of it has a conflict. */
  isConflicted: Uint8Array;
}

/** `suggested`: an order of nodes to keep as far as possible; `sees`: writes that are in the past of reads. */
export function conflictsOf(nodes: Nodes, suggested: ArrayLike<number>, sees?: Arcs): Conflicts {
  const pass = new ConflictPass(nodes, keyWritesOf(nodes), new Arcs());
  const walk = new ClockWalk(nodes, (v, clock, at) => pass.visit(v, clock, at), sees);
  const cycle = walk.all(suggested);
  return {
    ...(cycle === undefined ? {} : { cycle }),
    ...(pass.initial === undefined ? {} : { initial: pass.initial }),
    arcs: pass.arcs,
    isConflicted: pass.isConflicted,
  };
}

/** Visits nodes with their clocks, and adds the conflicts of their reads to `arcs`. */
export class ConflictPass {
  readonly arcs: Arcs;
  readonly isConflicted: Uint8Array;
  initial: { write: number; read: number } | undefined;
  readonly #nodes: Nodes;
  readonly #writes: KeyWrites;
  /** By run: the arc found last, so that a session that reads one value often does not repeat it. */
  readonly #lastFrom: Int32Array;
  readonly #lastTo: Int32Array;

  constructor(nodes: Nodes, writes: KeyWrites, arcs: Arcs) {
    this.#nodes = nodes;
    this.#writes = writes;
    this.arcs = arcs;
    this.isConflicted = new Uint8Array(nodes.accesses.sessions);
    this.#lastFrom = new Int32Array(this.#writes.session.length).fill(-1);
    this.#lastTo = new Int32Array(this.#writes.session.length).fill(-1);
  }

  visit(v: number, clock: Clock, walk: ClockWalk): void {
    const { from, flags, accesses } = this.#nodes;
    for (let a = from[v]!; a < from[v + 1]!; a++) {
      if (!(flags[a]! & READS)) continue;
      const source = accesses.source[a]!;
      if (source >= 0) this.#read(a, source, v, clock, walk);
      else if (source === INITIAL && this.initial === undefined) this.#readInitial(a, v, clock);
    }
  }

  #readInitial(read: number, v: number, clock: Clock): void {
    const { from, starts, session, accesses } = this.#nodes;
    const writes = this.#writes;
    const x = accesses.key[read]!;
    for (let run = writes.starts[x]!; run < writes.starts[x + 1]!; run++) {
      const t = writes.session[run]!;
      const seen = t === session[v] ? from[v]! : from[starts[t]! + clock[t]!]!;
      const write = writes.writes[writes.from[run]!]!;
      if (write < seen) {
        this.initial = { write, read };
        return;
      }
    }
  }

  #read(read: number, source: number, v: number, clock: Clock, walk: ClockWalk): void {
    const { from, of, starts, session, accesses } = this.#nodes;
    const writes = this.#writes;
    const x = accesses.key[read]!;
    const own = session[v]!;
    const sourceNode = of[source]!;
    const sourceSession = session[sourceNode]!;
    const sourceClock = walk.clockOf(sourceNode);
    for (let run = writes.starts[x]!; run < writes.starts[x + 1]!; run++) {
      const t = writes.session[run]!;
      // Nothing of session t that the source had not seen.
      if (t !== own && t !== sourceSession && clock[t]! <= sourceClock[t]!) continue;
      const seen = t === own ? from[v]! : from[starts[t]! + clock[t]!]!;
      const known = t === sourceSession ? source : from[starts[t]! + sourceClock[t]!]!;
      if (seen <= known) continue;
      const last = lastBefore(writes, run, seen);
      if (last < known || last === source) continue;
      this.isConflicted[own] = 1;
      if (this.#lastFrom[run] === last && this.#lastTo[run] === source) continue;
      this.#lastFrom[run] = last;
      this.#lastTo[run] = source;
      this.arcs.push(last, source, "overwrites", read);
    }
  }
}

/** Whether a write that a read found overwritten was written by one who had seen the write returned. */
export interface Overwritten {
  source: number;
  overwriting: number;
  read: number;
}

/**
 * WriteCORead among conflicts: those whose overwriting write has the returned one in its past, the
 * first few of them. A pass of its own, because it is only wanted when the conflicts close a cycle.
 */
export function overwrittenReads(
  nodes: Nodes,
  arcs: Arcs,
  leaving: { start: Int32Array; order: Int32Array },
  atMost: number,
  sees?: Arcs,
): Overwritten[] {
  const found: Overwritten[] = [];
  const { of, session, starts } = nodes;
  const walk = new ClockWalk(
    nodes,
    (v, clock) => {
      for (let i = leaving.start[v]!; i < leaving.start[v + 1]! && found.length < atMost; i++) {
        const arc = leaving.order[i]!;
        const node = of[arcs.to[arc]!]!;
        const t = session[node]!;
        const isPast = t === session[v] ? node < v : node - starts[t]! < clock[t]!;
        if (!isPast) continue;
        const [source, overwriting] = [arcs.to[arc]!, arcs.from[arc]!];
        found.push({ source, overwriting, read: arcs.reason[arc]! });
      }
    },
    sees,
  );
  walk.all();
  return found;
}
