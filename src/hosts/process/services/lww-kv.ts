/**
 * `lww-kv`: an eventually consistent key-value store, in which the last writer wins.
 *
 * Five replicas with Lamport clocks. Before each request one random replica is merged into another;
 * the request then runs on a random one. Acknowledged writes can be lost, and compare-and-set
 * compares with whatever its replica holds. It knows no create_if_not_exists.
 */

import type { Json, JsonObject } from "../../../base/json.js";
import type { ServiceKind } from "./service.js";
import { type Store, step } from "./store.js";

const REPLICAS = 5;

/** The Lamport time of a write and its replica, which breaks ties. */
interface Stamp {
  clock: number;
  replica: number;
}

class Replica {
  store: Store = new Map();
  readonly #number: number;
  readonly #stamps = new Map<string, Stamp>();
  #clock = 0;

  constructor(number: number) {
    this.#number = number;
  }

  handle({ create_if_not_exists: _, ...request }: JsonObject): JsonObject {
    const { store, reply, wrote } = step(this.store, request);
    this.store = store;
    if (wrote !== undefined) {
      this.#stamps.set(wrote, { clock: ++this.#clock, replica: this.#number });
    }
    return reply;
  }

  merge(other: Replica): void {
    const merged = new Map(this.store);
    for (const [key, theirs] of other.#stamps) {
      const ours = this.#stamps.get(key);
      if (ours !== undefined && !isLater(theirs, ours)) continue;
      merged.set(key, other.store.get(key) as Json);
      this.#stamps.set(key, theirs);
    }
    this.store = merged;
    this.#clock = Math.max(this.#clock, other.#clock);
  }
}

function isLater(left: Stamp, right: Stamp): boolean {
  return left.clock !== right.clock ? left.clock > right.clock : left.replica > right.replica;
}

export const lwwKv: ServiceKind = {
  name: "lww-kv",
  summary: "an eventually consistent key-value store: the last writer wins",
  create: (random) => {
    const replicas = Array.from({ length: REPLICAS }, (_, i) => new Replica(i));
    return {
      handle: (_src, request) => {
        const [from, into] = random.sample(replicas, 2) as [Replica, Replica];
        into.merge(from);
        return random.pick(replicas).handle(request);
      },
    };
  },
};
