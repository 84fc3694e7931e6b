/**
 * One machine's clock: what its node believes the time to be.
 *
 * The monotonic face never steps, but runs at its own rate: local = base + (t - since) * (1 + ppm /
 * 10^6), piecewise. The wall face is the monotonic one plus an offset that may step. Timers fire on
 * the monotonic face: a fast node times out early. All arithmetic is on integer microseconds.
 */

const MILLION = 1_000_000;

export class NodeClock {
  /** Local monotonic time at virtual time `#since`. */
  #base: number;
  #since = 0;
  #ratePpm = 0;
  #wallOffsetUs: number;

  constructor(options: { startUs: number; wallOffsetUs: number }) {
    this.#base = options.startUs;
    this.#wallOffsetUs = options.wallOffsetUs;
  }

  get ratePpm(): number {
    return this.#ratePpm;
  }

  monotonicUs(nowUs: number): number {
    return this.#base + Math.floor(((nowUs - this.#since) * (MILLION + this.#ratePpm)) / MILLION);
  }

  wallUs(nowUs: number): number {
    return this.monotonicUs(nowUs) + this.#wallOffsetUs;
  }

  /** The first virtual time at which the monotonic face shows `localUs` or more; never if frozen. */
  virtualTimeOf(localUs: number, nowUs: number): number {
    const rate = MILLION + this.#ratePpm;
    if (rate <= 0) return Number.MAX_SAFE_INTEGER;
    let at = this.#since + Math.ceil(((localUs - this.#base) * MILLION) / rate);
    if (this.monotonicUs(at) < localUs) at++;
    return Math.max(nowUs, at);
  }

  /** From now on `ppm` parts per million fast; -1,000,000 freezes it. Pending timers must be retimed. */
  setRate(ppm: number, nowUs: number): void {
    this.#base = this.monotonicUs(nowUs);
    this.#since = nowUs;
    this.#ratePpm = Math.max(-MILLION, ppm);
  }

  /** Moves the wall face; the monotonic one, and so every timer, stays. */
  stepWall(byUs: number): void {
    this.#wallOffsetUs += byUs;
  }
}
