/**
 * Where values repeat, a read may have come from one of several writes: a history holds when it holds
 * under one choice for all reads, and is violated when it is under every choice.
 *
 * Depth-first over the reads that have a choice, fewest candidates first, the latest completed write
 * tried first. Reads not chosen yet are left out of the question (their updates become plain writes),
 * which can only make it easier to hold: so a "no" ends the branch. Exponential in the number of
 * ambiguous reads at worst (deciding coherence by values is NP-complete, Gibbons and Korach 1997); a
 * budget of accesses judged ends it with "unknown", except where there are at most 12 operations.
 */

import { type Accesses, INITIAL, isRead, kinds } from "./accesses.js";
import { accessesOf } from "./accesses-of.js";
import type { Decision } from "./decision.js";
import type { Readings } from "./readings.js";

/** What one choice of all sources says. */
export type Judge = (accesses: Accesses) => Decision;

/** A decision, with the accesses that it speaks of. */
export interface Chosen {
  decision: Decision;
  accesses: Accesses;
}

/** Histories up to this size are always decided. */
export const ALWAYS_DECIDED = 12;

const UNDECIDED = -3;

/**
 * @param workMax accesses that may be judged in all, those of repeated judgements counted again.
 */
export function decideChoices(readings: Readings, judge: Judge, workMax: number): Chosen {
  const { choices, size } = readings;
  if (choices.size === 0) {
    const accesses = accessesOf(readings);
    return { accesses, decision: judge(accesses) };
  }
  return new Choices(readings, judge, size <= ALWAYS_DECIDED ? Infinity : workMax).decide();
}

class Choices {
  readonly #reads: readonly number[];
  readonly #sources: Int32Array;
  #work = 0;
  /** The first branch that was refused, and how: one explanation among many. */
  #refused: Chosen | undefined;
  #open: Chosen | undefined;

  constructor(
    private readonly readings: Readings,
    private readonly judge: Judge,
    private readonly workMax: number,
  ) {
    const { choices } = readings;
    const fewest = (a: number, b: number): number =>
      choices.get(a)!.length - choices.get(b)!.length || a - b;
    this.#reads = [...choices.keys()].sort(fewest);
    this.#sources = readings.source.slice();
  }

  decide(): Chosen {
    const likely = this.#likely();
    if (likely !== undefined) return likely;
    for (const read of this.#reads) this.#sources[read] = UNDECIDED;
    // Depths of the branch being tried, and the candidates left at each.
    const left: number[][] = [];
    let chosen = this.#try();
    for (;;) {
      if (chosen !== undefined && left.length === this.#reads.length) return chosen;
      if (this.#work > this.workMax) return this.#givenUp();
      if (chosen !== undefined) left.push(this.#candidates(this.#reads[left.length]!));
      chosen = undefined;
      while (left.length > 0) {
        const read = this.#reads[left.length - 1]!;
        const candidate = left.at(-1)!.pop();
        this.#sources[read] = candidate ?? UNDECIDED;
        if (candidate === undefined) {
          left.pop();
          continue;
        }
        chosen = this.#try();
        break;
      }
      if (left.length === 0) return this.#open ?? this.#refused!;
    }
  }

  /** Of what nobody disturbed, every read saw the write that had completed last. */
  #likely(): Chosen | undefined {
    for (const read of this.#reads) this.#sources[read] = this.#candidates(read).at(-1)!;
    const chosen = this.#judge(accessesOf(this.readings, this.#sources));
    return chosen.decision.holds === true ? chosen : undefined;
  }

  /** Candidates with the likeliest last: the latest that had completed before, then the others. */
  #candidates(read: number): number[] {
    const { choices, completed } = this.readings;
    const end = completed[read]!;
    const rank = (source: number): number => {
      if (source === INITIAL) return -1;
      return completed[source]! < end ? completed[source]! : -2 - completed[source]! / 2 ** 32;
    };
    return [...choices.get(read)!].sort((a, b) => rank(a) - rank(b));
  }

  /** What the choices so far allow; undefined where they allow nothing. */
  #try(): Chosen | undefined {
    const chosen = this.#judge(this.#relaxed());
    const { holds } = chosen.decision;
    if (holds === true) return chosen;
    if (holds === false) {
      this.#refused ??= chosen;
      return undefined;
    }
    this.#open ??= chosen;
    return undefined;
  }

  #judge(accesses: Accesses): Chosen {
    this.#work += accesses.size + 1;
    return { accesses, decision: this.judge(accesses) };
  }

  /** Without the reads whose source is not chosen; their updates only write. */
  #relaxed(): Accesses {
    const { readings } = this;
    const kind = readings.kind.slice();
    const sources = this.#sources.slice();
    const dropped = new Uint8Array(readings.size);
    for (const read of this.#reads) {
      if (sources[read] !== UNDECIDED) continue;
      sources[read] = INITIAL;
      if (isRead(kind[read]!) && kind[read] !== kinds.update) dropped[read] = 1;
      else kind[read] = kinds.write;
    }
    // Dropping is what becomes of pending operations that nobody read.
    const pending = readings.pending.map((value, access) => (dropped[access] === 1 ? 1 : value));
    return accessesOf({ ...readings, kind, pending }, sources);
  }

  #givenUp(): Chosen {
    const reads = this.#reads.length;
    const reason = `${reads} reads may have come from one of several writes of the same value: too many choices`;
    const accesses = this.#refused?.accesses ?? accessesOf(this.readings);
    return { accesses, decision: { holds: "unknown", reason } };
  }
}
