/**
 * Which transaction depends on which, in Adya's terms ("Weak Consistency", 1999), and what it means
 * to decide such a graph.
 *
 * Only dependencies through data are stored. Real-time order and the order within a process are
 * implied by the transactions themselves. Where every one of many readers precedes every one of many
 * writers, a virtual node stands between them, so that the graph stays linear: a path over it is one
 * rw dependency.
 */

import type { Transactions } from "../../histories/transactions.js";
import { assert } from "../../src/base/errors.js";

/** Of `kind`. VIA marks an edge out of a virtual node; the edge into it is an rw edge. */
export const edgeKinds = { ww: 1, wr: 2, rw: 4, process: 8, realtime: 16 } as const;
export const VIA = 0;

/** The `cause` of an edge that no data explains. */
export const NO_CAUSE = -1;

export interface DependencyGraph {
  transactions: Transactions;
  /** 1 for transactions that take part. */
  present: Uint8Array;
  /** Transactions first (0 up to `transactions.size`), then virtual nodes. */
  nodes: number;
  /** The edges of node v: `start[v]` up to `start[v + 1]`. Edges of several kinds may be parallel. */
  start: Int32Array;
  target: Int32Array;
  kind: Uint8Array;
  /** Whatever explains the edge to the one who made the graph. */
  cause: Int32Array;
  /** Version orders that are not fully known. */
  open: readonly OpenKey[];
}

/**
 * Versions of one key whose mutual order is free, as far as the graph allows. That the version of a
 * comes before that of b means ww a -> b, and rw r -> b for each reader r of a's version but b.
 */
export interface OpenKey {
  key: number;
  /** By version: the transaction that wrote it. */
  writers: Int32Array;
  /** By version: the transactions that read it, its writer left out. */
  readers: readonly Int32Array[];
}

/** Dependencies through data, and what else must be respected. Real time includes processes. */
export type RelationOrder = "data" | "process" | "realtime";

/**
 * Which cycles are forbidden. `ww` and `ww-wr`: those of such edges only. `one-rw`: those with at
 * most one rw edge. `snapshot`: those without two adjacent rw edges. `prefix`: those in which every
 * rw edge follows a wr edge. `any`: all. Edges of processes and real time count as wr edges do.
 */
export type CycleForm = "ww" | "ww-wr" | "one-rw" | "prefix" | "snapshot" | "any";

export interface Criterion {
  form: CycleForm;
  order: RelationOrder;
}

/** Between transactions: a virtual node is left out, and then `via` is the cause of its own edge. */
export interface CycleEdge {
  from: number;
  to: number;
  kind: number;
  cause: number;
  via?: number;
}

export interface Cycle {
  /** G0, G1c, G-single-item, G-nonadjacent-item or G2-item, with -process or -realtime. */
  type: string;
  /** Each begins where the one before it ends; the first begins at the smallest transaction. */
  edges: CycleEdge[];
}

/** Why no choice among the open version orders helps: every leaf is a cycle of its own. */
export type CaseTree =
  | { kind: "cycle"; cycle: Cycle }
  | {
      kind: "choice";
      key: number;
      /** The writers of two versions. */
      writers: readonly [number, number];
      /** What follows if the first comes first, and if the second does. */
      cases: readonly [CaseTree, CaseTree];
    };

export type GraphDecision =
  | {
      holds: true;
      /**
       * What respects all edges that count: of `any`, the transactions in serial order, and of `ww`
       * and `ww-wr` in some order. Of `snapshot` and `prefix`, two events of each: 2t is its snapshot
       * and 2t + 1 its commit.
       */
      order?: Int32Array;
      /** By open key: the places of its versions, first to last. */
      versions?: readonly Int32Array[];
    }
  | {
      holds: false;
      /**
       * Of each component one of every class that none of its other classes implies, the worst first;
       * of very many components only some, of every class some. Where a component is too large to
       * compare classes: its worst one, and if real time counts and that takes more than two
       * transactions, also one of two, if any.
       */
      cycles: Cycle[];
      /** Strongly connected components with a forbidden cycle, and the transactions in them. */
      components: number;
      affected: number;
      contradiction?: CaseTree;
    }
  | { holds: "unknown"; reason: string };

const CHUNK_MIN = 1 << 6;
const CHUNK_MAX = 1 << 16;

interface Chunk {
  from: Int32Array;
  target: Int32Array;
  cause: Int32Array;
  kind: Uint8Array;
}

/**
 * Collects edges in any order and seals them by counting sort. O(nodes + edges), 13 bytes an edge
 * meanwhile. The edges of a node keep the order in which they were added.
 */
export class GraphBuilder {
  readonly #full: Chunk[] = [];
  #last = emptyChunk(CHUNK_MIN);
  #filled = 0;
  #nodes: number;

  constructor(
    readonly transactions: Transactions,
    readonly present: Uint8Array,
  ) {
    this.#nodes = transactions.size;
  }

  /** All that is in another graph, to be added to. Its open keys are not taken over. */
  static extending(graph: DependencyGraph): GraphBuilder {
    const builder = new GraphBuilder(graph.transactions, graph.present);
    builder.#nodes = graph.nodes;
    for (let from = 0; from < graph.nodes; from++) {
      const end = graph.start[from + 1]!;
      for (let e = graph.start[from]!; e < end; e++)
        builder.add(from, graph.target[e]!, graph.kind[e]!, graph.cause[e]!);
    }
    return builder;
  }

  get nodes(): number {
    return this.#nodes;
  }

  /**
   * A new virtual node. Add an rw edge from each reader to it, and a VIA edge from it to each
   * writer. No transaction may be on both sides, it would depend on itself: link such a reader to
   * the other writers directly.
   */
  virtual(): number {
    return this.#nodes++;
  }

  /** What depends on itself is left out. */
  add(from: number, to: number, kind: number, cause: number): void {
    if (from === to) return;
    const { size } = this.transactions;
    assert(from >= size || this.present[from] === 1, "an edge out of an absent transaction");
    assert(to >= size || this.present[to] === 1, "an edge to an absent transaction");
    if (this.#filled === this.#last.from.length) {
      this.#full.push(this.#last);
      this.#last = emptyChunk(Math.min(2 * this.#filled, CHUNK_MAX));
      this.#filled = 0;
    }
    const i = this.#filled++;
    const last = this.#last;
    last.from[i] = from;
    last.target[i] = to;
    last.kind[i] = kind;
    last.cause[i] = cause;
  }

  seal(open: readonly OpenKey[] = []): DependencyGraph {
    const nodes = this.#nodes;
    const start = new Int32Array(nodes + 1);
    this.#each((chunk, filled) => {
      for (let i = 0; i < filled; i++) start[chunk.from[i]! + 1]!++;
    });
    for (let v = 0; v < nodes; v++) start[v + 1]! += start[v]!;
    const edges = start[nodes]!;
    const place = start.slice();
    const target = new Int32Array(edges);
    const kind = new Uint8Array(edges);
    const cause = new Int32Array(edges);
    this.#each((chunk, filled) => {
      for (let i = 0; i < filled; i++) {
        const e = place[chunk.from[i]!]!++;
        target[e] = chunk.target[i]!;
        kind[e] = chunk.kind[i]!;
        cause[e] = chunk.cause[i]!;
      }
    });
    return {
      transactions: this.transactions,
      present: this.present,
      nodes,
      start,
      target,
      kind,
      cause,
      open,
    };
  }

  #each(visit: (chunk: Chunk, filled: number) => void): void {
    for (const chunk of this.#full) visit(chunk, chunk.from.length);
    visit(this.#last, this.#filled);
  }
}

function emptyChunk(capacity: number): Chunk {
  return {
    from: new Int32Array(capacity),
    target: new Int32Array(capacity),
    cause: new Int32Array(capacity),
    kind: new Uint8Array(capacity),
  };
}
