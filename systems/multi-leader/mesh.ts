/**
 * Each leader sends to each other one. Of a key it owes every peer the latest that it took from clients;
 * what it heard of others they send themselves.
 */

import { canonical, type Json } from "../../src/base/json.js";
import type { Message } from "../../src/hosts/ts/node.js";
import type { Keeper, Replication } from "./leader.js";
import type { LeaderProbe } from "./probes.js";
import type { Resolution, State } from "./resolution.js";

/** How often a leader sends again what another has not confirmed, and how much of it at a time. */
const RETRY_MS = 200;
const BATCH_MAX = 64;

export class Mesh implements Replication {
  readonly #keeper: Keeper;
  /** Per peer, by key: own states that it has not confirmed. */
  readonly #outboxes: ReadonlyMap<string, Map<string, State>>;
  readonly #resolution: Pick<Resolution, "merge">;

  constructor(keeper: Keeper, resolution: Pick<Resolution, "merge">) {
    this.#keeper = keeper;
    this.#resolution = resolution;
    this.#outboxes = new Map(keeper.context.peers.map((peer) => [peer, new Map()]));
  }

  start(): void {
    for (const [key, state] of this.#keeper.states) this.#enqueue(key, state);
    this.#flush();
  }

  spread(key: string, state: State): void {
    this.#enqueue(key, state);
    for (const peer of this.#outboxes.keys()) this.#send(peer, [[key, state]]);
  }

  async receive({ src, body }: Message): Promise<boolean> {
    const { type, versions } = body;
    if (type === "replicate") {
      await this.#keeper.take(versions as [string, State][]);
      this.#keeper.context.send(src, { type: "replicated", versions: versions as Json });
    } else if (type === "replicated") this.#confirm(src, versions as [string, State][]);
    else return false;
    return true;
  }

  #enqueue(key: string, state: State): void {
    for (const outbox of this.#outboxes.values()) {
      // Of two writes under way at once the later may have been durable first.
      const earlier = outbox.get(key);
      outbox.set(key, earlier === undefined ? state : this.#resolution.merge(earlier, state));
    }
  }

  #send(peer: string, versions: [string, State][]): void {
    this.#keeper.context.send(peer, { type: "replicate", versions });
  }

  /** Sends again what was not confirmed; for ever, a little at a time. */
  #flush(): void {
    this.#keeper.context.after(RETRY_MS, () => this.#flush());
    for (const [peer, outbox] of this.#outboxes) {
      if (outbox.size === 0) continue;
      this.#keeper.context.probe("writes were sent again" satisfies LeaderProbe);
      this.#send(peer, [...outbox].slice(0, BATCH_MAX));
    }
  }

  #confirm(peer: string, versions: readonly [string, State][]): void {
    const outbox = this.#outboxes.get(peer);
    for (const [key, state] of versions) {
      const sent = outbox?.get(key);
      if (sent !== undefined && canonical(sent) === canonical(state)) outbox?.delete(key);
    }
  }
}
