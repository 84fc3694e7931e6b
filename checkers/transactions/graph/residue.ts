/**
 * The part of a relation that lies on forbidden cycles, cut out and numbered anew: its transactions
 * in their order, then its virtual nodes, and only edges within a component. What is left of a
 * history of millions is mostly small.
 *
 * A component joins what shares a transaction: a walk with automaton states can have several
 * strongly connected components there. O(nodes + edges).
 */

import { assert } from "../../../src/base/errors.js";
import type { Components } from "./components.js";
import { NONE, type Relation } from "./relation.js";

export interface Residue extends Relation {
  /** By node: what it is called in the whole graph. */
  global: Int32Array;
  /** By edge: its place in the whole graph. */
  edge: Int32Array;
  /** By node. Components are numbered by their first transactions. */
  component: Int32Array;
  components: number;
  /** The transactions of component c: `members[memberStart[c]]` up to `memberStart[c + 1]`. */
  memberStart: Int32Array;
  members: Int32Array;
}

/** `next` stands for the relation's own, which may be empty. */
export function cutResidue(
  relation: Relation,
  shift: number,
  found: Components,
  next: Int32Array,
): Residue {
  const whole = joinComponents(relation, shift, found);
  const local = new Int32Array(relation.nodes).fill(NONE);
  let nodes = 0;
  let size = 0;
  for (let v = 0; v < relation.nodes; v++) {
    if (whole.component[v] === NONE) continue;
    local[v] = nodes++;
    if (v < relation.size) size = nodes;
  }
  const global = new Int32Array(nodes);
  const component = new Int32Array(nodes);
  const start = new Int32Array(nodes + 1);
  const isTimed = relation.end.length > 0;
  const begin = new Int32Array(isTimed ? size : 0);
  const end = new Int32Array(isTimed ? size : 0);
  const nextHere = new Int32Array(next.length > 0 ? size : 0).fill(NONE);
  let edges = 0;
  for (let v = 0; v < relation.nodes; v++) {
    const x = local[v]!;
    if (x === NONE) continue;
    const c = whole.component[v]!;
    global[x] = v;
    component[x] = c;
    const last = relation.start[v + 1]!;
    for (let e = relation.start[v]!; e < last; e++)
      if (whole.component[relation.target[e]!] === c) edges++;
    start[x + 1] = edges;
    if (x >= size) continue;
    if (isTimed) {
      begin[x] = relation.begin[v]!;
      end[x] = relation.end[v]!;
    }
    const after = next.length > 0 ? next[v]! : NONE;
    if (after !== NONE && whole.component[after] === c) nextHere[x] = local[after]!;
  }
  const target = new Int32Array(edges);
  const kind = new Uint8Array(edges);
  const edge = new Int32Array(edges);
  let place = 0;
  for (let x = 0; x < nodes; x++) {
    const last = relation.start[global[x]! + 1]!;
    for (let e = relation.start[global[x]!]!; e < last; e++) {
      const y = local[relation.target[e]!]!;
      if (y === NONE || component[y] !== component[x]) continue;
      target[place] = y;
      kind[place] = relation.kind[e]!;
      edge[place++] = e;
    }
  }
  return {
    size,
    nodes,
    present: new Uint8Array(size).fill(1),
    start,
    target,
    kind,
    next: nextHere,
    begin,
    end,
    barriers: relation.barriers,
    global,
    edge,
    component,
    components: whole.count,
    ...membersOf(component, size, whole.count),
  };
}

function joinComponents(
  relation: Relation,
  shift: number,
  found: Components,
): { component: Int32Array; count: number } {
  const { nodes, size } = relation;
  const parent = new Int32Array(found.count);
  for (let c = 0; c < found.count; c++) parent[c] = c;
  const rootOf = (c: number): number => {
    let at = c;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  const component = new Int32Array(nodes).fill(NONE);
  const states = 1 << shift;
  for (let v = 0; v < nodes; v++) {
    for (let state = 0; state < states; state++) {
      const c = found.of[(v << shift) | state]!;
      if (c === NONE) continue;
      if (component[v] === NONE) component[v] = c;
      else parent[rootOf(c)] = rootOf(component[v]!);
    }
  }
  const number = new Int32Array(found.count).fill(NONE);
  let count = 0;
  for (let v = 0; v < nodes; v++) {
    if (component[v] === NONE) continue;
    const root = rootOf(component[v]!);
    if (number[root] === NONE) {
      assert(v < size, "a component without transactions");
      number[root] = count++;
    }
    component[v] = number[root]!;
  }
  return { component, count };
}

function membersOf(
  component: Int32Array,
  size: number,
  count: number,
): Pick<Residue, "members" | "memberStart"> {
  const memberStart = new Int32Array(count + 1);
  for (let t = 0; t < size; t++) memberStart[component[t]! + 1]!++;
  for (let c = 0; c < count; c++) {
    assert(memberStart[c + 1]! > 1, "a transaction that depends on itself");
    memberStart[c + 1]! += memberStart[c]!;
  }
  const place = memberStart.slice();
  const members = new Int32Array(size);
  for (let t = 0; t < size; t++) members[place[component[t]!]!++] = t;
  return { memberStart, members };
}
