/**
 * A directed graph that grows at its end and shrinks there again: the youngest edge goes first, so that
 * a search can take back what it tried. Of each edge is known why it holds, and since when.
 */

export const relations = { session: 0, readsFrom: 1, overwrites: 2, replaced: 3 } as const;

/** `reason` of an edge that rests on nothing but its own ends. */
export const NO_REASON = -1;

export class Edges {
  count = 0;
  from: Int32Array;
  to: Int32Array;
  /** One of `relations`. */
  relation: Uint8Array;
  /**
   * Of derived edges an access: an "overwrites" holds because the overwritten one precedes this read
   * of the other; a "replaced" because this write, which was read, precedes the other end.
   */
  reason: Int32Array;
  /** By node the youngest edge out of it and into it, -1 without one; by edge the next older one. */
  readonly headOut: Int32Array;
  readonly headIn: Int32Array;
  nextOut: Int32Array;
  nextIn: Int32Array;

  constructor(
    readonly nodes: number,
    capacity: number,
  ) {
    this.from = new Int32Array(capacity);
    this.to = new Int32Array(capacity);
    this.relation = new Uint8Array(capacity);
    this.reason = new Int32Array(capacity);
    this.nextOut = new Int32Array(capacity);
    this.nextIn = new Int32Array(capacity);
    this.headOut = new Int32Array(nodes).fill(-1);
    this.headIn = new Int32Array(nodes).fill(-1);
  }

  add(from: number, to: number, relation: number, reason = NO_REASON): void {
    if (this.count === this.from.length) this.#grow();
    const edge = this.count++;
    this.from[edge] = from;
    this.to[edge] = to;
    this.relation[edge] = relation;
    this.reason[edge] = reason;
    this.nextOut[edge] = this.headOut[from]!;
    this.headOut[from] = edge;
    this.nextIn[edge] = this.headIn[to]!;
    this.headIn[to] = edge;
  }

  /** Takes back all edges but the oldest `count`. */
  truncate(count: number): void {
    while (this.count > count) {
      const edge = --this.count;
      this.headOut[this.from[edge]!] = this.nextOut[edge]!;
      this.headIn[this.to[edge]!] = this.nextIn[edge]!;
    }
  }

  /**
   * Writes the nodes into `order` such that every edge points forward, and returns how many found a
   * place: fewer than there are where there is a cycle. Kahn 1962, first come first served; O(edges).
   */
  sort(order: Int32Array): number {
    const { nodes, headOut, nextOut, to } = this;
    const waiting = new Int32Array(nodes);
    for (let edge = 0; edge < this.count; edge++) waiting[to[edge]!]!++;
    let filled = 0;
    for (let node = 0; node < nodes; node++) if (waiting[node] === 0) order[filled++] = node;
    for (let done = 0; done < filled; done++) {
      for (let edge = headOut[order[done]!]!; edge >= 0; edge = nextOut[edge]!) {
        if (--waiting[to[edge]!]! === 0) order[filled++] = to[edge]!;
      }
    }
    return filled;
  }

  #grow(): void {
    const capacity = Math.max(16, this.from.length * 2);
    const larger = (array: Int32Array): Int32Array => {
      const copy = new Int32Array(capacity);
      copy.set(array);
      return copy;
    };
    this.from = larger(this.from);
    this.to = larger(this.to);
    this.reason = larger(this.reason);
    this.nextOut = larger(this.nextOut);
    this.nextIn = larger(this.nextIn);
    const relation = new Uint8Array(capacity);
    relation.set(this.relation);
    this.relation = relation;
  }
}
