/**
 * The phi accrual detector (Hayashibara, Défago, Yared, Katayama 2004): the times between the beats of
 * a peer are taken for normally distributed, and it is suspected when the time since the last is
 * improbable, phi = -log10 P(later) above 8. Slow but steady peers get the time that they need.
 *
 * phi > 8 means more than 5.6 standard deviations beyond the mean; compared in squares of whole
 * numbers, since roots and logarithms are not bit-equal everywhere. As in Akka and Cassandra a
 * deviation is taken for at least so much, and a pause is acceptable: beats that came like clockwork
 * so far would otherwise make the first late one a death. A gap in which the peer was suspected is no
 * sample, and no time-out is beyond a limit: detection would get slower with every failure.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { Detector, Station } from "./detector.js";
import { pulse } from "./pulse.js";

const PERIOD_MS = 100;
const SAMPLES = 50;
/** 5.6 deviations, in tenths. */
const THRESHOLD_TENTHS = 56;
const DEVIATION_MIN_MS = 50;
const ACCEPTABLE_PAUSE_MS = 200;
const TIMEOUT_MAX_MS = 1_500;

interface Rhythm {
  heardMs: number;
  /** Times between beats, whole milliseconds, the latest last. */
  gapsMs: number[];
}

export class PhiAccrual implements Detector {
  readonly promise = { detectWithinMs: 2_000, toleratesMs: 150, relays: false };
  readonly #station: Station;
  readonly #rhythms = new Map<string, Rhythm>();
  readonly #isZeroDeviationFine: boolean;

  constructor(station: Station) {
    this.#station = station;
    this.#isZeroDeviationFine = station.context.bugs.has("zero-deviation");
  }

  start(): void {
    const { context, nowMs } = this.#station;
    for (const peer of context.peers) {
      this.#rhythms.set(peer, { heardMs: nowMs(), gapsMs: [PERIOD_MS] });
    }
    this.#tellAll();
    pulse(this.#station, PERIOD_MS, (stoodStillMs) => this.#beat(stoodStillMs));
  }

  receive(from: string, body: JsonObject): void {
    const rhythm = this.#rhythms.get(from);
    if (body["type"] !== "beat" || rhythm === undefined) return;
    const { opinions, nowMs } = this.#station;
    if (opinions.stateOf(from) === "alive") {
      rhythm.gapsMs.push(Math.floor(nowMs() - rhythm.heardMs));
      if (rhythm.gapsMs.length > SAMPLES) rhythm.gapsMs.shift();
    }
    rhythm.heardMs = nowMs();
    opinions.set(from, "alive");
    opinions.reach(from, true);
  }

  #beat(stoodStillMs: number): void {
    this.#tellAll();
    const { opinions, nowMs } = this.#station;
    for (const [peer, rhythm] of this.#rhythms) {
      if (stoodStillMs > 0) rhythm.heardMs = Math.min(nowMs(), rhythm.heardMs + stoodStillMs);
      else if (this.#isLate(rhythm, nowMs() - rhythm.heardMs)) {
        opinions.set(peer, "suspect");
        opinions.reach(peer, false);
      }
    }
  }

  #isLate({ gapsMs }: Rhythm, elapsedMs: number): boolean {
    if (elapsedMs > TIMEOUT_MAX_MS) return true;
    const sum = gapsMs.reduce((total, gap) => total + gap, 0);
    const squares = gapsMs.reduce((total, gap) => total + gap * gap, 0);
    const n = gapsMs.length;
    const least = this.#isZeroDeviationFine ? 0 : DEVIATION_MIN_MS * DEVIATION_MIN_MS * n * n;
    const pauseMs = this.#isZeroDeviationFine ? 0 : ACCEPTABLE_PAUSE_MS;
    // Mean and variance times n and n²: whole numbers.
    const beyond = (Math.floor(elapsedMs) - pauseMs) * n - sum;
    const variance = Math.max(least, squares * n - sum * sum);
    return beyond > 0 && 100 * beyond * beyond > THRESHOLD_TENTHS * THRESHOLD_TENTHS * variance;
  }

  #tellAll(): void {
    for (const peer of this.#rhythms.keys()) this.#station.tell(peer, { type: "beat" });
  }
}
