/**
 * What was read on the ways to each state, as sums in which every reading has its own digits.
 *
 * First all states and the steps between them are told, then the sets of sums are handed on in the
 * order of progress, so that a state's set is complete before it goes further. Sets are sorted lists:
 * a step adds the same to all of a set, which keeps it sorted, so that handing it on is one merge.
 */

export class Readings {
  /** Per state its progress, and where its steps begin. */
  readonly #progress: number[] = [];
  readonly #begins: number[] = [];
  /** Per step the state that it leads to, and what it adds. */
  readonly #to: number[] = [];
  readonly #adds: number[] = [];

  /** @param start what was read before the first state. */
  constructor(readonly start: number) {}

  /** The next state; the steps that are told from now on are its own. */
  state(progress: number): void {
    this.#progress.push(progress);
    this.#begins.push(this.#to.length);
  }

  /** Leads to a state of more progress. */
  step(to: number, adds: number): void {
    this.#to.push(to);
    this.#adds.push(adds);
  }

  /**
   * Gives each state without steps its set. False when more than `sumsMax` sums were in sets.
   */
  handOn(sumsMax: number, final: (state: number, sums: readonly number[]) => void): boolean {
    const sets: (readonly number[] | undefined)[] = [[this.start]];
    let sums = 1;
    for (const state of this.#inOrder()) {
      const own = sets[state]!;
      sets[state] = undefined;
      sums += own.length;
      if (sums > sumsMax) return false;
      const begin = this.#begins[state]!;
      const end = this.#begins[state + 1] ?? this.#to.length;
      for (let step = begin; step < end; step++) {
        const to = this.#to[step]!;
        sets[to] = merged(sets[to], own, this.#adds[step]!);
      }
      if (begin === end) final(state, own);
    }
    return true;
  }

  /** The states by progress (a counting sort). */
  #inOrder(): Int32Array {
    const places: number[] = [];
    for (const progress of this.#progress) {
      while (places.length <= progress + 1) places.push(0);
      places[progress + 1]!++;
    }
    for (let i = 1; i < places.length; i++) places[i]! += places[i - 1]!;
    const order = new Int32Array(this.#progress.length);
    this.#progress.forEach((progress, state) => {
      order[places[progress]!++] = state;
    });
    return order;
  }
}

/** The union of a set with another to all of whose elements something is added. */
function merged(
  into: readonly number[] | undefined,
  own: readonly number[],
  add: number,
): readonly number[] {
  if (into === undefined) return add === 0 ? own : own.map((sum) => sum + add);
  const union: number[] = [];
  let i = 0;
  let j = 0;
  while (i < into.length && j < own.length) {
    const left = into[i]!;
    const right = own[j]! + add;
    union.push(left < right ? left : right);
    if (left <= right) i++;
    if (right <= left) j++;
  }
  while (i < into.length) union.push(into[i++]!);
  while (j < own.length) union.push(own[j++]! + add);
  return union;
}
