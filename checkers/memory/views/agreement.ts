/** Orders of writes of one key that all views share: pairs, the latest of which can be taken back. */

import { type Edges, NONE, OVERWRITES } from "./graph.js";

export class Agreement {
  readonly #size: number;
  readonly #head: Int32Array;
  readonly #next: number[] = [];
  readonly #before: number[] = [];
  readonly #after: number[] = [];
  readonly #because: number[] = [];
  readonly #known = new Set<number>();

  constructor(size: number) {
    this.#size = size;
    this.#head = new Int32Array(size).fill(NONE);
  }

  get count(): number {
    return this.#before.length;
  }

  before(pair: number): number {
    return this.#before[pair]!;
  }

  after(pair: number): number {
    return this.#after[pair]!;
  }

  because(pair: number): number {
    return this.#because[pair]!;
  }

  /** The latest pair whose later write this is, NONE without one; go on with `next`. */
  first(write: number): number {
    return this.#head[write]!;
  }

  next(pair: number): number {
    return this.#next[pair]!;
  }

  has(before: number, after: number): boolean {
    return this.#known.has(before * this.#size + after);
  }

  /** `because`: the read whose view needs it, NONE where it is claimed or guessed. */
  add(before: number, after: number, because = NONE): void {
    const name = before * this.#size + after;
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.#next.push(this.#head[after]!);
    this.#head[after] = this.#before.length;
    this.#before.push(before);
    this.#after.push(after);
    this.#because.push(because);
  }

  /** Forgets all pairs but the first `count`. */
  cutTo(count: number): void {
    while (this.#before.length > count) {
      const before = this.#before.pop()!;
      const after = this.#after.pop()!;
      this.#because.pop();
      this.#head[after] = this.#next.pop()!;
      this.#known.delete(before * this.#size + after);
    }
  }

  addTo(edges: Edges): void {
    for (let pair = 0; pair < this.#before.length; pair++)
      edges.add(this.#before[pair]!, this.#after[pair]!, OVERWRITES, this.#because[pair]!);
  }
}
