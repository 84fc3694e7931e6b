/**
 * Causal convergence where updates are atomic: one arbitration of all writes in which every chain of
 * updates (chains.ts) is not interrupted by another write of its key.
 *
 * What follows is added first (saturation.ts); a cycle refutes. Then an order is laid out by the hints
 * of completion. Where a chain is still interrupted in it, the order of the two chains is open: as many
 * such pairs as go together are guessed at once, the next one is then forced; with backtracking. A
 * layout without interruption is an arbitration, and proves that the history converges. Exact within
 * `stepsMax` visits of nodes; exponential in the worst case, as the problem is NP-complete with updates
 * (Tunç, Abdulla, Chakraborty, Krishna, Mathur, Pavlogiannis, PLDI 2023).
 */

import type { Decision } from "../decision.js";
import { Arcs } from "./arcs.js";
import { type Chains, chainsOf, initialArcs, isChains } from "./chains.js";
import type { Nodes } from "./nodes.js";
import { cyclic } from "./patterns.js";
import { Saturation } from "./saturation.js";
import { OrderWalk } from "./session-walk.js";

/** Histories as small as this are decided whatever it takes. */
const ALWAYS_DECIDED = 12;

export interface Arbitrated {
  nodes: Nodes;
  suggested: Int32Array;
  /** Orders between writes that are known; with causality they close no cycle. */
  arbitration: Arcs;
  sees: readonly Arcs[];
}

export function atomicUpdates(given: Arbitrated, stepsMax: number): Decision {
  const chains = chainsOf(given.nodes);
  if (!isChains(chains)) return { holds: false, violation: chains };
  return new Search(given, chains, stepsMax).decide();
}

/** Two chains, by a member of each; the first is to come before the second. */
type Guess = readonly [before: number, after: number];

interface Frame {
  arcs: number;
  /** Still to be tried in place of the guess made, if anything. */
  alternative: Guess | undefined;
}

class Search {
  readonly #nodes: Nodes;
  readonly #suggested: Int32Array;
  readonly #chains: Chains;
  readonly #arcs = new Arcs();
  readonly #saturation: Saturation;
  #stepsLeft: number;
  /** Nodes on the cycles that refuted guesses. */
  readonly #involved = new Set<number>();

  constructor(given: Arbitrated, chains: Chains, stepsMax: number) {
    const { nodes, suggested, arbitration, sees } = given;
    this.#nodes = nodes;
    this.#suggested = suggested;
    this.#chains = chains;
    this.#stepsLeft = nodes.size <= ALWAYS_DECIDED ? Number.POSITIVE_INFINITY : stepsMax;
    this.#saturation = new Saturation(nodes, suggested, chains, this.#arcs);
    for (const each of sees) this.#arcs.append(each);
    for (const each of [arbitration, initialArcs(chains, this.#saturation.writes)]) {
      const { from, to, reason } = each;
      for (let i = 0; i < each.size; i++) this.#saturation.apart(from[i]!, to[i]!, reason[i]!);
    }
  }

  decide(): Decision {
    const contradiction = this.#saturate();
    if (contradiction !== undefined) {
      const violation = cyclic("lost-update", this.#nodes, contradiction, [this.#arcs]);
      return { holds: false, violation };
    }
    const frames: Frame[] = [];
    while (this.#stepsLeft > 0) {
      const open = this.#interruptions();
      if (open.length === 0) return { holds: true };
      this.#guess(open, frames);
      while (this.#stepsLeft > 0 && this.#saturate() !== undefined) {
        if (!this.#backtrack(frames)) return { holds: false, violation: this.#exhausted() };
      }
    }
    return { holds: "unknown", reason: "the order of updates stays open within the search steps" };
  }

  /** Keeps as many of the guesses as go together; the first that does not is thereby refuted. */
  #guess(guesses: readonly Guess[], frames: Frame[]): void {
    const before = this.#arcs.size;
    const agree = (count: number): boolean => {
      for (const guess of guesses.slice(0, count)) this.#saturation.apart(...guess);
      const cycle = this.#saturate();
      this.#arcs.truncate(before);
      return cycle === undefined;
    };
    let kept = guesses.length;
    if (!agree(kept)) {
      let refuted = kept;
      for (kept = 0; refuted - kept > 1; ) {
        const middle = (kept + refuted) >> 1;
        if (agree(middle)) kept = middle;
        else refuted = middle;
      }
    }
    for (const [first, second] of guesses.slice(0, kept)) {
      frames.push({ arcs: this.#arcs.size, alternative: [second, first] });
      this.#saturation.apart(first, second);
    }
    if (kept === guesses.length) return;
    const [first, second] = guesses[kept]!;
    frames.push({ arcs: this.#arcs.size, alternative: undefined });
    this.#saturation.apart(second, first);
  }

  #backtrack(frames: Frame[]): boolean {
    for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) {
      this.#arcs.truncate(frame.arcs);
      if (frame.alternative === undefined) continue;
      this.#saturation.apart(...frame.alternative);
      frames.push({ arcs: frame.arcs, alternative: undefined });
      return true;
    }
    return false;
  }

  #saturate(): number[] | undefined {
    const cycle = this.#saturation.run((nodes) => {
      this.#stepsLeft -= nodes;
      return this.#stepsLeft > 0;
    });
    for (const v of cycle ?? []) this.#involved.add(v);
    return cycle;
  }

  /** Lays out an order; pairs of chains of which one interrupts the other there, ordered by guess. */
  #interruptions(): Guess[] {
    const walk = new OrderWalk(this.#nodes, this.#arcs);
    walk.all(this.#suggested);
    this.#stepsLeft -= this.#nodes.size;
    const { place } = walk;
    const { head, tail } = this.#chains;
    const { starts, from, writes } = this.#saturation.writes;
    const guesses: Guess[] = [];
    for (let x = 0; x + 1 < starts.length; x++) {
      const all = writes.slice(from[starts[x]!]!, from[starts[x + 1]!]!);
      all.sort((a, b) => place[a]! - place[b]!);
      let open = -1;
      const interrupting = new Set<number>();
      for (const write of all) {
        if (open === -1) {
          if (tail[write] !== write) open = head[write]!;
          interrupting.clear();
        } else if (write === tail[open]) {
          open = -1;
        } else if (head[write] !== open && !interrupting.has(head[write]!)) {
          interrupting.add(head[write]!);
          const sinceHead = place[write]! - place[open]!;
          const untilTail = place[tail[open]!]! - place[write]!;
          guesses.push(sinceHead < untilTail ? [write, open] : [open, write]);
        }
      }
    }
    return guesses;
  }

  #exhausted(): { type: string; path: []; accesses: number[] } {
    return {
      type: "lost-update",
      path: [],
      accesses: [...this.#involved].sort((a, b) => a - b),
    };
  }
}
