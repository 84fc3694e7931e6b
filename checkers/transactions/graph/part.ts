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
    const nodes = Array.from(members);
    const starts = [0];
    const edges: number[] = [];
    const target: number[] = [];
    for (let i = 0; i < members.length; i++) local[members[i]!] = i;
    // Virtual nodes are appended as edges lead to them.
    for (let i = 0; i < nodes.length; i++) {
      const end = residue.start[nodes[i]! + 1]!;
      for (let e = residue.start[nodes[i]!]!; e < end; e++) {
        const y = residue.target[e]!;
        if (local[y] === NONE) {
          local[y] = nodes.length;
          nodes.push(y);
        }
        edges.push(e);
        target.push(local[y]!);
      }
      starts.push(edges.length);
    }
    const next = new Int32Array(residue.next.length === 0 ? 0 : members.length).fill(NONE);
    for (let i = 0; i < next.length; i++) {
      const after = residue.next[members[i]!]!;
      if (after !== NONE) next[i] = local[after]!;
    }
    const part: Residue = {
      size: members.length,
      nodes: nodes.length,
      present: new Uint8Array(members.length).fill(1),
      start: new Int32Array(starts),
      target: new Int32Array(target),
      kind: new Uint8Array(edges.map((e) => residue.kind[e]!)),
      next,
      ...barriersOf(residue, members),
      global: new Int32Array(nodes),
      edge: new Int32Array(edges),
      component: new Int32Array(nodes.length),
      components: 1,
      memberStart: Int32Array.of(0, members.length),
      members: Int32Array.from(members, (_, i) => i),
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
  const left: number[] = [];
  for (const t of members) if (left.at(-1) !== begin[t]) left.push(begin[t]!);
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
  const { length } = members;
  const part = { begin: new Int32Array(length), end: new Int32Array(length) };
  for (let i = 0; i < length; i++) {
    part.begin[i] = firstNotBefore(begin[members[i]!]!);
    part.end[i] = firstNotBefore(end[members[i]!]!);
  }
  return { ...part, barriers: left.length - 1 };
}
