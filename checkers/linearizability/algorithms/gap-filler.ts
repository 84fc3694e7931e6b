/**
 * Fills gaps with pending operations of different widths, in the order of the gaps: with as few as it
 * can, wide ones first, of each width the one that was invoked first. What succeeds is a proof; what
 * fails proves nothing, since another choice before might have left better ones (subset sum).
 */

import type { ObjectView } from "../view.js";

/** Ways of filling one gap that are tried. */
const EFFORT_MAX = 10_000;

interface Kind {
  width: number;
  /** Operations of the view in order of invocation; those before `used` are used. */
  operations: number[];
  used: number;
}

export class GapFiller {
  /** Wide ones first. */
  readonly #kinds: Kind[];
  #effort = 0;

  /** `spare`: the pending operations, in order of invocation. */
  constructor(
    private readonly view: ObjectView,
    spare: Int32Array,
    width: Float64Array,
  ) {
    const kinds = new Map<number, Kind>();
    for (const operation of spare) {
      const own = width[operation]!;
      const kind = kinds.get(own);
      if (kind !== undefined) kind.operations.push(operation);
      else kinds.set(own, { width: own, operations: [operation], used: 0 });
    }
    this.#kinds = [...kinds.values()].sort((a, b) => b.width - a.width);
  }

  /** Operations invoked before `deadline` whose widths add up to the gap; undefined when none were found. */
  fill(gap: number, deadline: number): number[] | undefined {
    this.#effort = 0;
    return this.#fill(gap, deadline, 0);
  }

  #fill(gap: number, deadline: number, from: number): number[] | undefined {
    if (gap === 0) return [];
    if (this.#effort++ > EFFORT_MAX) return undefined;
    for (let k = from; k < this.#kinds.length; k++) {
      const kind = this.#kinds[k]!;
      const next = kind.operations[kind.used];
      if (kind.width > gap || next === undefined) continue;
      if (this.view.invoked[next]! > deadline) continue;
      kind.used += 1;
      const rest = this.#fill(gap - kind.width, deadline, k);
      if (rest !== undefined) return [next, ...rest];
      kind.used -= 1;
    }
    return undefined;
  }
}
