/**
 * A part of a history that is closed under evidence, and the smaller parts that are left when some
 * of its units leave: with an operation leaves everything that depends on it, and with the last
 * filler of a value everyone who found that value.
 *
 * Building one: O(n log n). Taking units out: O(n) plus the dependences that are followed; a filler
 * is skipped when one that left before it covers its time.
 */

import type { Operation } from "../../../histories/history.js";
import { NO_SLOT, type Node } from "./nodes.js";

const WORK_PER_NODE = 64;

/** Those who found a slot filled, in order of invocation. */
interface Finders {
  places: number[];
  since: number[];
  /** The latest completion among the finders up to each. */
  latest: number[];
}

export class SubHistory {
  readonly #finders = new Map<number, Finders>();
  readonly #fillers = new Map<number, number>();
  readonly #members = new Map<number, number[]>();

  /** `nodes` in order of invocation; per slot, `initial` says whether the object starts with it. */
  constructor(
    readonly nodes: readonly Node[],
    readonly initial: readonly boolean[],
  ) {
    nodes.forEach((node, place) => {
      const members = this.#members.get(node.unit);
      if (members === undefined) this.#members.set(node.unit, [place]);
      else members.push(place);
      if (node.fills !== NO_SLOT) {
        this.#fillers.set(node.fills, (this.#fillers.get(node.fills) ?? 0) + 1);
      }
      for (const { slot, since } of node.needs) {
        let finders = this.#finders.get(slot);
        if (finders === undefined) {
          this.#finders.set(slot, (finders = { places: [], since: [], latest: [] }));
        }
        finders.places.push(place);
        finders.since.push(since);
        finders.latest.push(Math.max(finders.latest.at(-1) ?? -1, node.operation.completed));
      }
    });
  }

  get operations(): Operation[] {
    return this.nodes.map(({ operation }) => operation);
  }

  /** Units in order of their first operation; of those alone on which nothing can depend if `pure`. */
  units(pure: boolean): number[] {
    const mayLeave = [...this.#members].filter(([, places]) => !this.nodes[places[0]!]!.stays);
    const those = pure
      ? mayLeave.filter(
          ([, places]) => places.length === 1 && this.nodes[places[0]!]!.fills === NO_SLOT,
        )
      : mayLeave;
    return those.map(([unit]) => unit);
  }

  has(unit: number): boolean {
    return this.#members.has(unit);
  }

  /**
   * What is left when these units leave, with everything that depends on them; undefined when one of
   * those cannot leave.
   */
  without(units: Iterable<number>): Node[] | undefined {
    const departure = new Departure(this.nodes, this.#members, this.#finders);
    const lost = new Map<number, number>();
    for (const unit of units) departure.dismiss(unit);
    for (let node = departure.next(); node !== undefined; node = departure.next()) {
      const { fills, stays } = node;
      if (stays) return undefined;
      if (fills === NO_SLOT) continue;
      departure.dismissDependents(node);
      const fillersLost = (lost.get(fills) ?? 0) + 1;
      lost.set(fills, fillersLost);
      const isLast = fillersLost === this.#fillers.get(fills);
      if (isLast && !this.initial[fills]) departure.dismissFinders(fills);
    }
    return departure.remaining();
  }

  /**
   * The smallest closed part that holds the given operations: with each, whatever it depends on.
   * O(n) per operation that is added and found something; undefined when that is more than
   * `WORK_PER_NODE` steps per operation of the whole.
   */
  supporting(chosen: (operation: Operation) => boolean): Node[] | undefined {
    let work = this.nodes.length * WORK_PER_NODE;
    const fillersOf = new Map<number, number[]>();
    this.nodes.forEach(({ fills }, place) => {
      if (fills === NO_SLOT) return;
      const fillers = fillersOf.get(fills);
      if (fillers === undefined) fillersOf.set(fills, [place]);
      else fillers.push(place);
    });
    const kept = new Set<number>();
    const queue: number[] = [];
    const keep = (unit: number): void => {
      for (const place of this.#members.get(unit)!) {
        if (kept.has(place)) continue;
        kept.add(place);
        queue.push(place);
      }
    };
    for (const { operation, unit, stays } of this.nodes) {
      if (stays || chosen(operation)) keep(unit);
    }
    for (const place of queue) {
      const { needs, operation } = this.nodes[place]!;
      for (const { slot, since } of needs) {
        const fillers = fillersOf.get(slot) ?? [];
        if ((work -= fillers.length) < 0) return undefined;
        const possible = fillers.filter((filler) => {
          const { from, to } = this.nodes[filler]!;
          return from < operation.completed && to > since;
        });
        const some = possible.length === 0 && !this.initial[slot] ? fillers.slice(0, 1) : possible;
        for (const filler of some) keep(this.nodes[filler]!.unit);
      }
    }
    return this.nodes.filter((_, place) => kept.has(place));
  }
}

/** Units that leave, and whom they take along. */
class Departure {
  readonly #gone: Uint8Array;
  readonly #queue: number[] = [];
  #at = 0;
  /** Per slot, since when a filler that is never overwritten has left. */
  readonly #forever = new Map<number, number>();

  constructor(
    private readonly nodes: readonly Node[],
    private readonly members: ReadonlyMap<number, number[]>,
    private readonly finders: ReadonlyMap<number, Finders>,
  ) {
    this.#gone = new Uint8Array(nodes.length);
  }

  dismiss(unit: number): void {
    for (const place of this.members.get(unit) ?? []) {
      if (this.#gone[place] === 1) continue;
      this.#gone[place] = 1;
      this.#queue.push(place);
    }
  }

  /** The next node that left. */
  next(): Node | undefined {
    const place = this.#queue[this.#at++];
    return place === undefined ? undefined : this.nodes[place];
  }

  /** Who may have found what this node filled: invoked before it was overwritten, completed after it began. */
  dismissDependents({ fills, from, to }: Node): void {
    const finders = this.finders.get(fills);
    if (finders === undefined || from >= (this.#forever.get(fills) ?? Number.POSITIVE_INFINITY)) {
      return;
    }
    if (to === Number.POSITIVE_INFINITY) this.#forever.set(fills, from);
    const { places, since, latest } = finders;
    for (let i = firstAbove(latest, from); i < places.length && since[i]! < to; i++) {
      const node = this.nodes[places[i]!]!;
      if (node.operation.completed > from) this.dismiss(node.unit);
    }
  }

  dismissFinders(slot: number): void {
    for (const place of this.finders.get(slot)?.places ?? []) this.dismiss(this.nodes[place]!.unit);
  }

  remaining(): Node[] {
    return this.nodes.filter((_, place) => this.#gone[place] === 0);
  }
}

/** The first place in an ascending list that holds more than `bound`. */
function firstAbove(ascending: readonly number[], bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
