/**
 * What a replica knows of the others: what each of them covers, on its disk, as of its last message.
 * Known only for the life of the process: whoever has restarted listens first.
 */

import { common, covers, type Dot, holds, type Vector } from "./vector.js";

interface Waiting {
  dot: Dot;
  done: () => void;
}

export class Peers {
  readonly #nodes: readonly string[];
  readonly #covered = new Map<string, Vector>();
  #waiting: Waiting[] = [];

  constructor(nodes: readonly string[]) {
    this.#nodes = nodes;
  }

  /** Messages may overtake each other: what a replica has covered once it covers for ever. */
  heard(node: string, covered: Vector): void {
    const known = this.#covered.get(node);
    if (known !== undefined && covers(known, covered)) return;
    this.#covered.set(node, covered);
    const isHeld = ({ dot }: Waiting): boolean => holds(covered, dot);
    const held = this.#waiting.filter(isHeld);
    this.#waiting = this.#waiting.filter((waiting) => !isHeld(waiting));
    for (const { done } of held) done();
  }

  /** Another replica lives there now: nothing is known of it. */
  forget(node: string): void {
    this.#covered.delete(node);
  }

  coveredBy(node: string): Vector {
    return this.#covered.get(node) ?? {};
  }

  /** What all of them cover, and `own` too. */
  stable(own: Vector): Vector {
    return common(
      own,
      this.#nodes.map((node) => this.coveredBy(node)),
    );
  }

  /** Until one of them has the update on its disk. */
  holding(dot: Dot): Promise<void> {
    const isHeld = this.#nodes.some((node) => holds(this.coveredBy(node), dot));
    if (isHeld || this.#nodes.length === 0) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ dot, done }));
  }
}
