/**
 * The smallest part of a history that shows a violation: closed under reads-from (what a read may have
 * read is in it), failing, and no longer failing without any one read, or any one write with its
 * readers, or any one fence.
 *
 * What holds for a history holds for every closed part of it, so a part that fails proves that the
 * whole does. It starts from what the violation's argument rests on; where that is not enough by
 * itself, from the shortest prefix by completion that fails; then delta debugging (Zeller and Hildebrandt
 * 2002) over closed removals, down to single ones.
 */

import { restrict } from "./accesses-of.js";
import { ALWAYS_DECIDED, type Chosen } from "./choices.js";
import type { Readings } from "./readings.js";

export interface Minimal {
  readings: Readings;
  chosen: Chosen;
  /** False where the budget ended before every single removal was tried, or one was left undecided. */
  isMinimal: boolean;
}

/** Decides a part; its answer counts when it is a violation. */
export type JudgePart = (part: Readings) => Chosen;

/**
 * @param core places in `readings` that the argument rests on.
 * @param workMax accesses that may be judged in all.
 */
export function minimal(
  readings: Readings,
  found: Chosen,
  core: readonly number[],
  judge: JudgePart,
  workMax: number,
): Minimal {
  const search = new Search(judge, workMax);
  const start = search.fails(readings, closure(readings, core));
  let part = start ?? search.prefix(readings) ?? { readings, chosen: found };
  for (let pieces = 2; pieces <= part.readings.size && !search.isSpent; ) {
    const smaller = search.withoutOnePiece(part.readings, pieces);
    if (smaller !== undefined) part = smaller;
    else if (pieces === part.readings.size) break;
    else pieces = Math.min(part.readings.size, pieces * 2);
    pieces = Math.max(2, Math.min(pieces, part.readings.size));
    if (part.readings.size < 2) break;
  }
  return { ...part, isMinimal: !search.isSpent && !search.isOpen };
}

interface Part {
  readings: Readings;
  chosen: Chosen;
}

class Search {
  #work = 0;
  /** Whether the last round of removals left one undecided. */
  isOpen = false;

  constructor(
    private readonly judge: JudgePart,
    private readonly workMax: number,
  ) {}

  get isSpent(): boolean {
    return this.#work > this.workMax;
  }

  /** The part, where it fails alone. */
  fails(readings: Readings, kept: Uint8Array): Part | undefined {
    const part = restrict(readings, kept);
    if (part.size === 0) return undefined;
    this.#work += part.size;
    const chosen = this.judge(part);
    this.isOpen ||= chosen.decision.holds === "unknown";
    return chosen.decision.holds === false ? { readings: part, chosen } : undefined;
  }

  /** The shortest prefix in order of completion that fails; pending operations come last. */
  prefix(readings: Readings): Part | undefined {
    const { size, completed } = readings;
    if (size <= ALWAYS_DECIDED) return undefined;
    const order = Array.from({ length: size }, (_, access) => access);
    order.sort((a, b) => completed[a]! - completed[b]! || a - b);
    let failing: Part | undefined;
    let low = 0;
    let high = size;
    while (low < high - 1 && !this.isSpent) {
      const middle = (low + high) >> 1;
      const kept = new Uint8Array(size);
      for (let i = 0; i < middle; i++) kept[order[i]!] = 1;
      const part = this.fails(readings, closedWithin(readings, kept));
      if (part === undefined) low = middle;
      else {
        failing = part;
        high = middle;
      }
    }
    return failing;
  }

  /** The first of the parts that fail without one of so many pieces, from the back. */
  withoutOnePiece(readings: Readings, pieces: number): Part | undefined {
    const { size } = readings;
    this.isOpen = false;
    for (let piece = pieces - 1; piece >= 0 && !this.isSpent; piece--) {
      const kept = new Uint8Array(size).fill(1);
      const from = Math.floor((piece * size) / pieces);
      kept.fill(0, from, Math.floor(((piece + 1) * size) / pieces));
      const part = this.fails(readings, closedWithin(readings, kept));
      if (part !== undefined) return part;
    }
    return undefined;
  }
}

/** These accesses and all that they may have read, and so on. */
function closure(readings: Readings, core: readonly number[]): Uint8Array {
  const kept = new Uint8Array(readings.size);
  const queue = [...core];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next < 0 || kept[next] === 1) continue;
    kept[next] = 1;
    queue.push(...sourcesOf(readings, next));
  }
  return kept;
}

/** Without the reads that may have read what is left out, and so on. */
export function closedWithin(readings: Readings, kept: Uint8Array): Uint8Array {
  for (let changed = true; changed; ) {
    changed = false;
    for (let access = 0; access < readings.size; access++) {
      if (kept[access] !== 1) continue;
      if (sourcesOf(readings, access).every((source) => source < 0 || kept[source] === 1)) continue;
      kept[access] = 0;
      changed = true;
    }
  }
  return kept;
}

function sourcesOf({ choices, source }: Readings, access: number): readonly number[] {
  return choices.get(access) ?? [source[access]!];
}

/** The places in `readings` of accesses, which may be fewer; both hold places of the same columns. */
export function placesIn(readings: Readings, operations: readonly number[]): number[] {
  const places = new Map<number, number>();
  for (let access = 0; access < readings.size; access++) {
    places.set(readings.operation[access]!, access);
  }
  return operations.flatMap((operation) => places.get(operation) ?? []);
}
