/**
 * Orders between accesses that are in force beside session order and reads-from, each with the read
 * that demands it. Four numbers an arc, in arrays that grow.
 */

import type { Relation } from "../decision.js";
import type { Nodes } from "./nodes.js";

/** No access is the reason. */
export const NO_REASON = -1;

const relations: readonly Relation[] = ["overwrites", "causes", "reads-from"];

export class Arcs {
  size = 0;
  from = new Int32Array(64);
  to = new Int32Array(64);
  /** The read, or the member of a chain of updates, that the order follows from; or NO_REASON. */
  reason = new Int32Array(64);
  /** Places in `relations`. */
  relation = new Uint8Array(64);

  push(from: number, to: number, relation: Relation, reason = NO_REASON): void {
    if (this.size === this.from.length) {
      this.from = doubled(this.from);
      this.to = doubled(this.to);
      this.reason = doubled(this.reason);
      const relationsBefore = this.relation;
      this.relation = new Uint8Array(relationsBefore.length * 2);
      this.relation.set(relationsBefore);
    }
    this.from[this.size] = from;
    this.to[this.size] = to;
    this.reason[this.size] = reason;
    this.relation[this.size] = relations.indexOf(relation);
    this.size++;
  }

  append(others: Arcs): void {
    for (let i = 0; i < others.size; i++)
      this.push(others.from[i]!, others.to[i]!, others.relationOf(i), others.reason[i]!);
  }

  relationOf(place: number): Relation {
    return relations[this.relation[place]!]!;
  }

  /** Forgets all but the first `size`. */
  truncate(size: number): void {
    this.size = size;
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Places of `arcs` by the node at one of their ends: those of node v are order[start[v]] to order[start[v + 1] - 1]. */
export interface ArcsByNode {
  readonly start: Int32Array;
  readonly order: Int32Array;
}

/** O(nodes + arcs); within a node in the order of `arcs`. */
export function byNode(nodes: Nodes, arcs: Arcs, end: "from" | "to"): ArcsByNode {
  const access = arcs[end];
  const start = new Int32Array(nodes.size + 2);
  for (let i = 0; i < arcs.size; i++) start[nodes.of[access[i]!]! + 2]!++;
  for (let v = 2; v < start.length; v++) start[v]! += start[v - 1]!;
  const order = new Int32Array(arcs.size);
  for (let i = 0; i < arcs.size; i++) order[start[nodes.of[access[i]!]! + 1]!++] = i;
  return { start: start.subarray(0, nodes.size + 1), order };
}
