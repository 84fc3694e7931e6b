/**
 * Which elements are surely inside, one or the other, during a whole interval: the reason why
 * nothing that needs them to be out can happen there.
 */

import { type Elements, stepsOf } from "./elements.js";
import { Uncovered } from "./instants.js";

const NONE = -1;

export class Cover {
  /** Per instant, the two elements that are inside from it or earlier, and longest. */
  readonly #longest: Int32Array;
  readonly #second: Int32Array;

  /** Of the elements `ids`. O(ids + instants). */
  constructor(
    readonly elements: Elements,
    ids: Iterable<number>,
  ) {
    const { instants, insideFrom, insideTo } = elements;
    this.#longest = new Int32Array(instants).fill(NONE);
    this.#second = new Int32Array(instants).fill(NONE);
    for (const e of ids) if (insideFrom[e]! <= insideTo[e]!) this.#offer(insideFrom[e]!, e);
    for (let at = 1; at < instants; at++) {
      this.#offer(at, this.#longest[at - 1]!);
      this.#offer(at, this.#second[at - 1]!);
    }
  }

  /** The fewest elements that cover first..last without `except`; undefined when none do. */
  of(first: number, last: number, except = NONE): number[] | undefined {
    const { insideTo } = this.elements;
    const cover: number[] = [];
    for (let at = first; at <= last; at = insideTo[cover.at(-1)!]! + 1) {
      const longest = this.#longest[at]!;
      const e = longest === except ? this.#second[at]! : longest;
      if (e === NONE || insideTo[e]! < at) return undefined;
      cover.push(e);
    }
    return cover;
  }

  #offer(at: number, e: number): void {
    const { insideTo } = this.elements;
    const longest = this.#longest[at]!;
    const second = this.#second[at]!;
    if (e === NONE || e === longest || e === second) return;
    if (longest === NONE || insideTo[e]! > insideTo[longest]!) {
      this.#second[at] = longest;
      this.#longest[at] = e;
    } else if (second === NONE || insideTo[e]! > insideTo[second]!) {
      this.#second[at] = e;
    }
  }
}

/**
 * An answer of "empty" given while some element was inside all the time, with the elements that
 * were; nothing when each one is explained (see elements.ts).
 */
export function findFalseEmpty(elements: Elements): (() => number[]) | undefined {
  const { empties, lo, hi } = elements;
  if (empties.length === 0) return undefined;
  const uncovered = uncoveredBy(elements);
  for (let k = 0; k < empties.length; k++) {
    const step = empties[k]!;
    if (uncovered.from(lo[step]!) <= hi[step]!) continue;
    return () => {
      const inside = new Cover(elements, allOf(elements)).of(lo[step]!, hi[step]!);
      return [step, ...stepsOf(elements, inside ?? [])];
    };
  }
  return undefined;
}

/** The instants at which the object can be empty. */
export function uncoveredBy({ instants, count, insideFrom, insideTo }: Elements): Uncovered {
  const uncovered = new Uncovered(instants);
  for (let e = 0; e < count; e++) uncovered.cover(insideFrom[e]!, insideTo[e]!);
  return uncovered;
}

export function allOf({ count }: Elements): Int32Array {
  return Int32Array.from({ length: count }, (_, e) => e);
}
