/**
 * Removes, one after another, the elements whose operations are each open at an instant at which no
 * other remaining element is surely inside; see stack.ts for what that decides and how.
 */

import { Depths } from "./depths.js";
import type { Elements } from "./elements.js";
import { bucketed, InstantSet } from "./instants.js";

const NONE = -1;

export class Peeling {
  /** Elements in the order of their removal. */
  readonly removed: Int32Array;
  /** Elements that hold each other up. */
  readonly stuck: Int32Array;
  /** Per watched step of a removed element, an instant at which no element removed later is surely inside. */
  readonly instantOf: Int32Array;
  /**
   * The steps of element e that suffice: looks open whenever another of its steps is are left out, so
   * that both ends of the intervals ascend. watched[start[e]] up to start[e + 1].
   */
  readonly #start: Int32Array;
  readonly #watched: Int32Array;
  readonly #elementOf: Int32Array;
  /** Per place in `#watched`, the next place that may hold a step without an instant. */
  readonly #skip: Int32Array;
  /** Per element, how many of its steps have no instant so far. */
  readonly #waiting: Int32Array;
  readonly #byStart: { sorted: Int32Array; start: Int32Array };
  readonly #byEnd: { sorted: Int32Array; start: Int32Array };
  readonly #uncovered: InstantSet;
  readonly #clear: Int32Array;
  #clearCount = 0;

  constructor(readonly elements: Elements) {
    const { count, instants, lo, hi } = elements;
    this.#start = new Int32Array(count + 1);
    this.#watched = watchedSteps(elements, this.#start);
    this.#elementOf = new Int32Array(lo.length);
    this.#waiting = new Int32Array(count);
    for (let e = 0; e < count; e++) {
      this.#waiting[e] = this.#start[e + 1]! - this.#start[e]!;
      for (let k = this.#start[e]!; k < this.#start[e + 1]!; k++) {
        this.#elementOf[this.#watched[k]!] = e;
      }
    }
    this.#skip = new Int32Array(this.#watched.length + 1);
    for (let k = 0; k < this.#skip.length; k++) this.#skip[k] = k;
    this.instantOf = new Int32Array(lo.length).fill(NONE);
    this.#byStart = bucketed(this.#watched, lo, instants);
    this.#byEnd = bucketed(this.#watched, hi, instants);
    this.#uncovered = new InstantSet(instants);
    this.#clear = new Int32Array(count);
    this.#peel();
    this.removed = this.#clear.subarray(0, this.#clearCount);
    const remains = (e: number): boolean => this.#waiting[e]! > 0;
    this.stuck =
      this.#clearCount === count
        ? new Int32Array(0)
        : Int32Array.from({ length: count }, (_, e) => e).filter(remains);
  }

  /** A copy: steps of an element that have instants which serve its other steps, too. */
  watchedOf(e: number): Int32Array {
    return this.#watched.slice(this.#start[e]!, this.#start[e + 1]!);
  }

  #peel(): void {
    const { instants, insideFrom, insideTo, count } = this.elements;
    const depths = new Depths(instants, insideFrom, insideTo);
    /** Per element, the instants that it alone covers. */
    const firstSole = new Int32Array(count).fill(NONE);
    const nextSole = new Int32Array(instants).fill(NONE);
    let gone = 0;
    for (;;) {
      while (gone < this.#clearCount) {
        const e = this.#clear[gone++]!;
        for (let at = firstSole[e]!; at !== NONE; at = nextSole[at]!) this.#uncover(at);
        if (insideFrom[e]! <= insideTo[e]!) depths.remove(e, insideFrom[e]!, insideTo[e]!);
      }
      const at = depths.next();
      if (at === NONE) return;
      if (depths.depth === 0) {
        this.#uncover(at);
        continue;
      }
      const e = depths.sole;
      nextSole[at] = firstSole[e]!;
      firstSole[e] = at;
      this.#serveOwn(e, at);
    }
  }

  /** Nothing covers `at` any more: it serves every step that is open then. */
  #uncover(at: number): void {
    const { lo, hi, instants } = this.elements;
    const instantOf = this.instantOf;
    const before = this.#uncovered.before(at);
    const next = this.#uncovered.from(at + 1);
    const after = next === NONE ? instants : next;
    this.#uncovered.add(at);
    const starting = this.#byStart.start;
    const ending = this.#byEnd.start;
    const [left, leftEnd] = [starting[before + 1]!, starting[at + 1]!];
    const [right, rightEnd] = [ending[at]!, ending[after]!];
    if (leftEnd - left <= rightEnd - right) {
      const steps = this.#byStart.sorted;
      for (let k = left; k < leftEnd; k++) {
        const step = steps[k]!;
        if (hi[step]! >= at && instantOf[step] === NONE) this.#serve(step, at);
      }
    } else {
      const steps = this.#byEnd.sorted;
      for (let k = right; k < rightEnd; k++) {
        const step = steps[k]!;
        if (lo[step]! <= at && instantOf[step] === NONE) this.#serve(step, at);
      }
    }
  }

  /** Only element e covers `at`, which serves the steps of e that are open then. */
  #serveOwn(e: number, at: number): void {
    const { lo, hi } = this.elements;
    const end = this.#start[e + 1]!;
    let low = this.#start[e]!;
    for (let high = end; low < high; ) {
      const middle = (low + high) >> 1;
      if (hi[this.#watched[middle]!]! < at) low = middle + 1;
      else high = middle;
    }
    for (let k = this.#unserved(low, end); k < end; k = this.#unserved(k + 1, end)) {
      if (lo[this.#watched[k]!]! > at) return;
      this.#serve(this.#watched[k]!, at);
    }
  }

  /** The first place from `k` on whose step has no instant; `end` or later when there is none before. */
  #unserved(k: number, end: number): number {
    const skip = this.#skip;
    while (k < end && this.instantOf[this.#watched[k]!] !== NONE) {
      const next = skip[k + 1]!;
      skip[k] = next;
      k = next;
    }
    return k;
  }

  #serve(step: number, at: number): void {
    this.instantOf[step] = at;
    const e = this.#elementOf[step]!;
    if (--this.#waiting[e]! === 0) this.#clear[this.#clearCount++] = e;
  }
}

/** Per element: its put, its looks but those open whenever a later one is, and its take. */
function watchedSteps(elements: Elements, start: Int32Array): Int32Array {
  const { count, put, take, lookStart, looks, hi } = elements;
  const watched = new Int32Array(2 * count + looks.length);
  let end = 0;
  for (let e = 0; e < count; e++) {
    watched[end++] = put[e]!;
    const first = end;
    for (let k = lookStart[e]!; k < lookStart[e + 1]!; k++) {
      while (end > first && hi[watched[end - 1]!]! >= hi[looks[k]!]!) end -= 1;
      watched[end++] = looks[k]!;
    }
    if (take[e] !== NONE) watched[end++] = take[e]!;
    start[e + 1] = end;
  }
  return watched.subarray(0, end);
}
