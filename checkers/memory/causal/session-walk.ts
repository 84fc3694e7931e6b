/**
 * A walk over nodes in an order that keeps session order, reads-from and given arcs: a node is visited
 * after all that it depends on. It goes by demand: whoever needs a node has its session run up to it,
 * so that a suggested order is followed as closely as dependencies allow, and only the past of what is
 * demanded is visited. A session that is demanded while it waits itself closes a cycle.
 *
 * O(nodes + arcs), on a stack of sessions.
 */

import type { Arcs, ArcsByNode } from "./arcs.js";
import { byNode } from "./arcs.js";
import { type Nodes, READS } from "./nodes.js";

const NOTHING = -1;

export abstract class SessionWalk {
  readonly nodes: Nodes;
  protected readonly arcs: Arcs | undefined;
  /** Arcs by the node they lead to. */
  protected readonly arriving: ArcsByNode | undefined;
  /** By session: the node to be visited next. */
  readonly next: Int32Array;
  readonly #goal: Int32Array;
  readonly #isWaiting: Uint8Array;
  /** By session: arcs into its next node that are known to be satisfied. */
  readonly #satisfied: Int32Array;
  readonly #stack: Int32Array;

  constructor(nodes: Nodes, arcs?: Arcs) {
    this.nodes = nodes;
    const sessions = nodes.accesses.sessions;
    this.arcs = arcs;
    this.arriving = arcs === undefined || arcs.size === 0 ? undefined : byNode(nodes, arcs, "to");
    this.next = nodes.starts.slice(0, sessions);
    this.#goal = new Int32Array(sessions);
    this.#isWaiting = new Uint8Array(sessions);
    this.#satisfied = new Int32Array(sessions);
    this.#stack = new Int32Array(sessions);
  }

  protected abstract visit(node: number): void;

  /**
   * Visits all nodes, those of `suggested` as early as they come there. Returns undefined, or the nodes
   * that wait for each other in a cycle.
   */
  all(suggested?: ArrayLike<number>): number[] | undefined {
    for (let i = 0; i < (suggested?.length ?? 0); i++) {
      const cycle = this.upTo(suggested![i]!);
      if (cycle !== undefined) return cycle;
    }
    const { starts } = this.nodes;
    for (let s = 0; s + 1 < starts.length; s++) {
      if (starts[s] === starts[s + 1]) continue;
      const cycle = this.upTo(starts[s + 1]! - 1);
      if (cycle !== undefined) return cycle;
    }
    return undefined;
  }

  /** Visits a node and its past, as far as that has not been done. */
  upTo(node: number): number[] | undefined {
    const { session } = this.nodes;
    const [goal, stack, isWaiting] = [this.#goal, this.#stack, this.#isWaiting];
    let depth = 0;
    stack[depth++] = session[node]!;
    goal[session[node]!] = node;
    isWaiting[session[node]!] = 1;
    while (depth > 0) {
      const s = stack[depth - 1]!;
      const v = this.next[s]!;
      if (v > goal[s]!) {
        isWaiting[s] = 0;
        depth--;
        continue;
      }
      const needed = this.#needed(v, s);
      if (needed === NOTHING) {
        this.visit(v);
        this.next[s] = v + 1;
        this.#satisfied[s] = 0;
        continue;
      }
      const t = session[needed]!;
      if (isWaiting[t]) {
        const waiting = Array.from(stack.subarray(stack.indexOf(t), depth));
        return waiting.map((each) => this.next[each]!);
      }
      isWaiting[t] = 1;
      goal[t] = needed;
      stack[depth++] = t;
    }
    return undefined;
  }

  /** A node that `v` depends on and that has not been visited. */
  #needed(v: number, s: number): number {
    const { from, of, session, flags, accesses } = this.nodes;
    for (let a = from[v]!; a < from[v + 1]!; a++) {
      if (!(flags[a]! & READS)) continue;
      const source = accesses.source[a]!;
      if (source < 0) continue;
      const node = of[source]!;
      if (node >= this.next[session[node]!]!) return node;
    }
    if (this.arriving === undefined) return NOTHING;
    const { start, order } = this.arriving;
    for (let i = start[v]! + this.#satisfied[s]!; i < start[v + 1]!; i++) {
      const node = of[this.arcs!.from[order[i]!]!]!;
      if (node >= this.next[session[node]!]!) {
        this.#satisfied[s] = i - start[v]!;
        return node;
      }
    }
    return NOTHING;
  }
}

/** A walk for its order alone. */
export class OrderWalk extends SessionWalk {
  /** By node: its place in the order. */
  readonly place = new Int32Array(this.nodes.size);
  #visited = 0;

  protected visit(node: number): void {
    this.place[node] = this.#visited++;
  }
}
