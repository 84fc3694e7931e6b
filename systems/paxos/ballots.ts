/**
 * Ballot numbers (Lamport 2001, section 2.5: "different proposers choose their numbers from disjoint
 * sets"): whole numbers above 0, each of one proposer. Node i of N owns i + 1 modulo N.
 */

export interface BallotOptions {
  /** Proposers draw from one set: the bug `ballots-collide`. */
  shared: boolean;
}

export class Ballots {
  readonly #nodes: readonly string[];
  readonly #shared: boolean;

  constructor(nodes: readonly string[], options: BallotOptions) {
    this.#nodes = nodes;
    this.#shared = options.shared;
  }

  /** The owner's smallest ballot of a round that has none up to `ballot`. */
  after(ballot: number, owner: string): number {
    const count = this.#nodes.length;
    const place = this.#shared ? 0 : this.#nodes.indexOf(owner);
    return Math.ceil(ballot / count) * count + place + 1;
  }
}
