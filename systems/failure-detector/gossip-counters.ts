/**
 * Gossiped heartbeat counters (van Renesse, Minsky, Hayden 1998): every member counts up, and tells two
 * random others all counters that it knows; a member whose counter has not grown for the time-out is
 * suspected. Each message carries news of all, so n messages a round suffice.
 *
 * Hearsay hides who cannot reach whom: across a bridge, counters go on growing. So each member also
 * says hello to each other one, more rarely, and what nobody relayed decides who is in reach.
 */

import { isJsonObject, type JsonObject } from "../../src/base/json.js";
import type { Detector, Station } from "./detector.js";
import { pulse } from "./pulse.js";

const PERIOD_MS = 100;
const FANOUT = 2;
const TIMEOUT_MS = 1_200;
/** Every so many rounds a hello to all. */
const HELLO_ROUNDS = 3;
const REACH_MS = 1_200;

interface Counter {
  boot: number;
  count: number;
  grownMs: number;
  /** When it was last heard itself. */
  directMs: number;
}

export class GossipCounters implements Detector {
  readonly promise = { detectWithinMs: 2_500, toleratesMs: 100, relays: false };
  readonly #station: Station;
  readonly #counters = new Map<string, Counter>();
  #round = 0;

  constructor(station: Station) {
    this.#station = station;
  }

  start(): void {
    const { context, nowMs } = this.#station;
    const now = nowMs();
    for (const peer of context.peers) {
      this.#counters.set(peer, { boot: 0, count: 0, grownMs: now, directMs: now });
    }
    pulse(this.#station, PERIOD_MS, (stoodStillMs) => this.#beat(stoodStillMs));
  }

  receive(from: string, body: JsonObject): void {
    const { counters } = body;
    if (body["type"] !== "counters" || !isJsonObject(counters)) return;
    const { opinions, nowMs, context } = this.#station;
    const direct = this.#counters.get(from);
    if (direct !== undefined) direct.directMs = nowMs();
    opinions.reach(from, true);
    for (const [peer, told] of Object.entries(counters)) {
      const known = this.#counters.get(peer);
      if (known === undefined || !Array.isArray(told)) continue;
      const [boot, count] = told as [number, number];
      if (boot < known.boot || (boot === known.boot && count <= known.count)) continue;
      Object.assign(known, { boot, count, grownMs: nowMs() });
      opinions.lives(peer, boot);
      opinions.set(peer, "alive");
      if (context.bugs.has("hearsay-counts-as-contact")) {
        known.directMs = nowMs();
        opinions.reach(peer, true);
      }
    }
  }

  #beat(stoodStillMs: number): void {
    this.#round++;
    this.#spread();
    const { opinions, nowMs } = this.#station;
    for (const [peer, counter] of this.#counters) {
      counter.grownMs = Math.min(nowMs(), counter.grownMs + stoodStillMs);
      counter.directMs = Math.min(nowMs(), counter.directMs + stoodStillMs);
      if (stoodStillMs > 0) continue;
      if (nowMs() - counter.grownMs > TIMEOUT_MS) opinions.set(peer, "suspect");
      if (nowMs() - counter.directMs > REACH_MS) opinions.reach(peer, false);
    }
  }

  #spread(): void {
    const { context, boot, tell } = this.#station;
    const known = [...this.#counters].map(([peer, { boot, count }]) => [peer, [boot, count]]);
    const counters = { ...Object.fromEntries(known), [context.id]: [boot, this.#round] };
    const isHello = this.#round % HELLO_ROUNDS === 0;
    const chosen = isHello
      ? context.peers
      : context.random.sample(context.peers, Math.min(FANOUT, context.peers.length));
    for (const peer of chosen) tell(peer, { type: "counters", counters });
  }
}
