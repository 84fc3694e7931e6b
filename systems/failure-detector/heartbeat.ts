/**
 * Heartbeats: everybody tells everybody ten times a second that it lives, and whoever was not heard
 * for the time-out is suspected. Complete and, where messages are late by less than the time-out,
 * accurate: an eventually perfect detector (Chandy, Toueg 1996). n² messages a beat.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { Detector, Station } from "./detector.js";
import { pulse } from "./pulse.js";

const PERIOD_MS = 100;
const TIMEOUT_MS = 600;

export class Heartbeat implements Detector {
  readonly promise = { detectWithinMs: 1_000, toleratesMs: 250, relays: false };
  readonly #station: Station;
  readonly #heardMs = new Map<string, number>();

  constructor(station: Station) {
    this.#station = station;
  }

  start(): void {
    const { context, nowMs } = this.#station;
    for (const peer of context.peers) this.#heardMs.set(peer, nowMs());
    this.#tellAll();
    pulse(this.#station, PERIOD_MS, (stoodStillMs) => this.#beat(stoodStillMs));
  }

  receive(from: string, body: JsonObject): void {
    if (body["type"] !== "beat") return;
    this.#heardMs.set(from, this.#station.nowMs());
    this.#station.opinions.set(from, "alive");
    this.#station.opinions.reach(from, true);
  }

  #beat(stoodStillMs: number): void {
    this.#tellAll();
    const { opinions, nowMs } = this.#station;
    for (const [peer, heardMs] of this.#heardMs) {
      if (stoodStillMs > 0) this.#heardMs.set(peer, Math.min(nowMs(), heardMs + stoodStillMs));
      else if (nowMs() - heardMs > TIMEOUT_MS) {
        opinions.set(peer, "suspect");
        opinions.reach(peer, false);
      }
    }
  }

  #tellAll(): void {
    for (const peer of this.#heardMs.keys()) this.#station.tell(peer, { type: "beat" });
  }
}
