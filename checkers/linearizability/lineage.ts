/**
 * How the configurations of a search came about: which call took effect, one after another, and at
 * which event. A node points to the one before; configurations share what they have in common,
 * which is nearly everything, so that dropping what no configuration of the frontier needs any more
 * leaves about one node per operation.
 */

import { doubled } from "../../histories/values.js";
import type { Layout } from "./configurations.js";

/** The trace of the configuration that the search starts with. */
export const NO_TRACE = -1;

const NODES_MIN = 1 << 16;

/** Configurations, one after another. */
export interface TracedRows {
  rows: Int32Array;
  added: number;
}

export class Lineage {
  #parent = new Int32Array(NODES_MIN);
  #what = new Int32Array(NODES_MIN);
  #position = new Int32Array(NODES_MIN);
  #size = 0;
  #sizeMax = NODES_MIN;

  clear(): void {
    this.#size = 0;
    this.#sizeMax = NODES_MIN;
  }

  /** True when it is time to `compact`: since the last time it has doubled. */
  get isFull(): boolean {
    return this.#size >= this.#sizeMax;
  }

  /** @param what a subject, or `~action` for one of the pending calls of an action. */
  add(parent: number, what: number, position: number): number {
    if (this.#size === this.#parent.length) {
      this.#parent = doubled(this.#parent, Int32Array);
      this.#what = doubled(this.#what, Int32Array);
      this.#position = doubled(this.#position, Int32Array);
    }
    const node = this.#size++;
    this.#parent[node] = parent;
    this.#what[node] = what;
    this.#position[node] = position;
    return node;
  }

  /** Keeps only what these configurations came from. O(nodes). */
  compact(living: readonly TracedRows[], { trace, stride }: Layout): void {
    const moved = new Int32Array(this.#size);
    for (const { rows, added } of living) {
      for (let row = 0; row < added; row++) {
        let node = rows[row * stride + trace]!;
        for (; node !== NO_TRACE && moved[node] === 0; node = this.#parent[node]!) moved[node] = 1;
      }
    }
    let kept = 0;
    for (let node = 0; node < this.#size; node++) {
      if (moved[node] === 0) continue;
      const parent = this.#parent[node]!;
      this.#parent[kept] = parent === NO_TRACE ? NO_TRACE : moved[parent]!;
      this.#what[kept] = this.#what[node]!;
      this.#position[kept] = this.#position[node]!;
      moved[node] = kept++;
    }
    for (const { rows, added } of living) {
      for (let at = trace; at < added * stride; at += stride) {
        if (rows[at] !== NO_TRACE) rows[at] = moved[rows[at]!]!;
      }
    }
    this.#size = kept;
    this.#sizeMax = Math.max(NODES_MIN, 2 * kept);
  }

  /** What took effect, first to last, and at which event. */
  path(trace: number): { what: Int32Array; position: Int32Array } {
    let length = 0;
    for (let node = trace; node !== NO_TRACE; node = this.#parent[node]!) length += 1;
    const what = new Int32Array(length);
    const position = new Int32Array(length);
    for (let node = trace; node !== NO_TRACE; node = this.#parent[node]!) {
      length -= 1;
      what[length] = this.#what[node]!;
      position[length] = this.#position[node]!;
    }
    return { what, position };
  }
}
