/**
 * One component of a residue as a residue of its own, so that what is asked of it costs no more than
 * it is large. O(transactions + edges).
 */

import { NEVER, NONE } from "./relation.js";
import type { Residue } from "./residue.js";
import type { Link } from "./walk.js";

export class Parts {
  /** By node: its number in the part that is being cut out. */
  readonly #local: Int32Array;

  constructor(private readonly residue: Residue) {
    this.#local = new Int32Array(residue.nodes).fill(NONE);
  }

  /** `global` and `edge` of the part are the numbers of the residue. */
  cut(c: number): Residue {
    const { residue } = this;
    const local = this.#local;
    const members = residue.members.subarray(residue.memberStart[c]!, residue.memberStart[c + 1]!);
    const nodes: number[] = [...members];
    const starts = [0];
    const edges: number[] = [];
    members.forEach((t, i) => {
      local[t] = i;
    });
    // Virtual nodes are appended as edges lead to them.
    for (let i = 0; i < nodes.length; i++) {
      for (let e = residue.start[nodes[i]!]!; e < residue.start[nodes[i]! + 1]!; e++) {
        const y = residue.target[e]!;
        edges.push(e);
        if (local[y] !== NONE) continue;
        local[y] = nodes.length;
        nodes.push(y);
      }
      starts.push(edges.length);
    }
    const next = residue.next.length === 0 ? residue.next : new Int32Array(members.length);
    next.forEach((_, i) => {
      const after = residue.next[members[i]!]!;
      next[i] = after === NONE ? NONE : local[after]!;
    });
    const part: Residue = {
      size: members.length,
      nodes: nodes.length,
      present: new Uint8Array(members.length).fill(1),
      start: Int32Array.from(starts),
      target: Int32Array.from(edges, (e) => local[residue.target[e]!]!),
      kind: Uint8Array.from(edges, (e) => residue.kind[e]!),
      next,
      ...barriersOf(residue, members),
      global: Int32Array.from(nodes),
      edge: Int32Array.from(edges),
      component: new Int32Array(nodes.length),
      components: 1,
      memberStart: Int32Array.of(0, members.length),
      members: Int32Array.from(members.keys()),
    };
    for (const v of nodes) local[v] = NONE;
    return part;
  }
}

/** The links of a walk in a part, in the numbers of its residue. */
export function linksOutside(part: Residue, walk: readonly Link[]): readonly Link[] {
  const edgeOf = (edge: number): number => (edge === NONE ? NONE : part.edge[edge]!);
  return walk.map(({ from, to, kind, edge, via }) => ({
    from: part.global[from]!,
    to: part.global[to]!,
    kind,
    edge: edgeOf(edge),
    via: edgeOf(via),
  }));
}

/** Only the barriers at which one of these begins are left. */
function barriersOf(
  { begin, end }: Residue,
  members: Int32Array,
): Pick<Residue, "begin" | "end" | "barriers"> {
  if (begin.length === 0) return { begin, end, barriers: 0 };
  const left = [...new Set(Array.from(members, (t) => begin[t]!))];
  const firstNotBefore = (barrier: number): number => {
    let lo = 0;
    let hi = left.length;
    while (lo < hi) {
      const middle = (lo + hi) >> 1;
      if (left[middle]! < barrier) lo = middle + 1;
      else hi = middle;
    }
    return lo === left.length ? NEVER : lo;
  };
  return {
    begin: Int32Array.from(members, (t) => firstNotBefore(begin[t]!)),
    end: Int32Array.from(members, (t) => firstNotBefore(end[t]!)),
    barriers: left.length - 1,
  };
}
