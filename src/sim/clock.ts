/**
 * One machine's clock: what its node believes the time to be.
 *
 * The monotonic face never steps, but runs at its own rate: local = base + (t - since) * (1 + ppm /
 * 10^6), piecewise. The wall face is the monotonic one plus an offset that may step. Timers fire on
 * the monotonic face: a fast node times out early. A slew turns the wall face bit by bit, in true
 * time, until it has gained or lost what it should. All arithmetic is on integer microseconds.
 */

const MILLION = 1_000_000;

/** So many parts per million fast or slow, until `byUs` is gained or (below 0) lost. */
export interface Slew {
  byUs: number;
  /** Above 0. */
  ppm: number;
}

export class NodeClock {
  /** Local monotonic time at virtual time `#since`. */
  #base: number;
  #since = 0;
  #ratePpm = 0;
  /** How far the wall face is ahead of the monotonic one. */
  #wallOffsetUs: number;
  /** Rates that faults have laid over the clock, by fault, the latest last. */
  readonly #drifts = new Map<number, number>();
  /** When the freezes that lie over it began, the first one first. */
  readonly #frozen: number[] = [];
  /** Slews that lie over the wall face, and since when. */
  readonly #slews = new Map<Slew, number>();

  /** What the two faces show at virtual time 0. */
  constructor(options: { startUs: number; wallStartUs: number }) {
    this.#base = options.startUs;
    this.#wallOffsetUs = options.wallStartUs - options.startUs;
  }

  /** As it was set, so that rates can be added and taken off: it may lie below standing still. */
  get ratePpm(): number {
    return this.#ratePpm;
  }

  monotonicUs(nowUs: number): number {
    return this.#base + Math.floor(((nowUs - this.#since) * this.#speed) / MILLION);
  }

  wallUs(nowUs: number): number {
    let slewedUs = 0;
    // A clock that stands still is turned once it runs again.
    const turnedUs = this.#frozen[0] ?? nowUs;
    for (const [slew, sinceUs] of this.#slews) slewedUs += gained(slew, turnedUs - sinceUs);
    return this.monotonicUs(nowUs) + this.#wallOffsetUs + slewedUs;
  }

  /** The first virtual time at which the monotonic face shows `localUs` or more; never if frozen. */
  virtualTimeOf(localUs: number, nowUs: number): number {
    if (localUs <= this.monotonicUs(nowUs)) return nowUs;
    if (this.#speed === 0) return Number.MAX_SAFE_INTEGER;
    return this.#since + Math.ceil(((localUs - this.#base) * MILLION) / this.#speed);
  }

  /** From now on `ppm` parts per million fast; -1,000,000 or less freezes it. Retime pending timers. */
  setRate(ppm: number, nowUs: number): void {
    // To begin a stretch rounds down: what changes nothing must not do so either.
    if (ppm === this.#ratePpm) return;
    this.#base = this.monotonicUs(nowUs);
    this.#since = nowUs;
    this.#ratePpm = ppm;
  }

  /**
   * Runs at another rate. The latest drift counts, and not the sum of all, so that no mix of faults
   * exceeds the bound that each of them keeps. Retime pending timers.
   */
  drift(id: number, ppm: number, nowUs: number): void {
    this.#drifts.set(id, ppm);
    this.#applyRate(nowUs);
  }

  /** Takes a drift off again, whether or not it is the latest. Retime pending timers. */
  endDrift(id: number, nowUs: number): void {
    this.#drifts.delete(id);
    this.#applyRate(nowUs);
  }

  /** Both faces stand still, whatever drifts. Freezes nest. Retime pending timers. */
  freeze(nowUs: number): void {
    this.#frozen.push(nowUs);
    this.#applyRate(nowUs);
  }

  /** Lifts one freeze. With the last one the wall face is set right. Retime pending timers. */
  thaw(nowUs: number): void {
    const sinceUs = this.#frozen.pop() as number;
    if (this.#frozen.length > 0) return;
    this.stepWall(nowUs - sinceUs);
    this.#applyRate(nowUs);
  }

  #applyRate(nowUs: number): void {
    const drift = [...this.#drifts.values()].at(-1) ?? 0;
    this.setRate(this.#frozen.length > 0 ? -MILLION : drift, nowUs);
  }

  /** Moves the wall face; the monotonic one, and so every timer, stays. */
  stepWall(byUs: number): void {
    this.#wallOffsetUs += byUs;
  }

  /** Begins a slew of the wall face; the returned function takes what it did off again, at once. */
  slew(slew: Slew, nowUs: number): () => void {
    const own = { ...slew };
    this.#slews.set(own, nowUs);
    return () => this.#slews.delete(own);
  }

  /** Local microseconds in a million virtual ones. */
  get #speed(): number {
    return Math.max(0, MILLION + this.#ratePpm);
  }
}

function gained({ byUs, ppm }: Slew, elapsedUs: number): number {
  const turnedUs = Math.floor((Math.max(0, elapsedUs) * ppm) / MILLION);
  const amountUs = Math.min(Math.abs(byUs), turnedUs);
  return byUs < 0 ? -amountUs : amountUs;
}
