/**
 * Multi-leader replication: every node takes writes at once and tells the others later.
 *
 * A node stamps a write, stores it, answers, and then sends it to each of the others until that one
 * has it. Nodes may take writes of one key at the same time, so conflicts are settled afterwards and
 * everywhere alike: the last writer wins, the one with the highest stamp (Thomas' write rule, 1979).
 * All nodes keep, of each key, the highest stamp they have heard of. That maximum does not depend on
 * the order in which writes arrive, hence nodes that have heard of the same writes agree.
 *
 * "Last" is by hybrid logical clock: a write gets a stamp above everything that its node has seen.
 * A write that was made in the knowledge of another is therefore never beaten by it, whatever the
 * calendars of the two nodes say. Of two writes that knew nothing of each other one is lost, although
 * both were acknowledged: that is the price of last-writer-wins, and no mistake.
 *
 * Promises that replicas agree in the end. A session that stays at one node sees of each key only
 * ever newer writes, its own among them, so that each key for itself is sequential (coherence). It
 * may see an effect before its cause: writes of different keys travel by themselves. A session that
 * moves may read older values, and the write it makes may lose to one that it made before.
 *
 * What must survive a crash: a write is durable before it is acknowledged, sent or shown, since a
 * stamp that was given to a write which is then forgotten might be given again. A client's request is
 * noted, so that one which the network delivers twice does not come back with a new stamp. After a
 * boot a node sends everything of its own again. Left out: deletes (tombstones), other ways to
 * settle conflicts (siblings, merges), replication by way of others.
 */

import type { Json, JsonObject } from "../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../src/hosts/ts/node.js";
import { compareStamps, firstStamp, HybridClock, type Stamp } from "./stamps.js";
import type { System } from "./system.js";

/** How often a node sends again what another has not confirmed, and how much of it at a time. */
const RETRY_MS = 200;
const BATCH_MAX = 64;

type Version = { stamp: Stamp; value: Json };

const unwritten: Version = { stamp: firstStamp, value: null };

class Leader implements Node {
  readonly #context: NodeContext;
  readonly #clock: HybridClock;
  readonly #versions = new Map<string, Version>();
  /** Per peer, by key: own writes that it has not confirmed. A later one takes an earlier one's place. */
  readonly #outboxes: ReadonlyMap<string, Map<string, Version>>;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#clock = new HybridClock(context.id);
    this.#outboxes = new Map(context.peers.map((peer) => [peer, new Map()]));
  }

  start(): void {
    for (const record of this.#context.disk.records("versions")) {
      const { key, version } = record as { key: string; version: Version };
      this.#versions.set(key, version);
      this.#clock.witness(version.stamp);
    }
    for (const [key, version] of this.#versions) {
      if (version.stamp.node === this.#context.id) this.#enqueue(key, version);
    }
    if (this.#versions.size > 0) this.#context.probe("a leader restarted with its versions");
    this.#flush();
  }

  async onMessage(message: Message): Promise<JsonObject | undefined> {
    const { src, body } = message;
    switch (body["type"]) {
      case "read":
        return this.#read(String(body["key"]));
      case "write":
        return this.#write(src, body);
      case "replicate":
        await this.#replicate(src, body["versions"] as [string, Version][]);
        return undefined;
      case "replicated":
        this.#confirm(src, body["stamps"] as [string, Stamp][]);
        return undefined;
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  async #read(key: string): Promise<JsonObject> {
    const { value } = this.#versions.get(key) ?? unwritten;
    await this.#context.disk.fsync();
    return { type: "read_ok", value };
  }

  async #write(client: string, body: JsonObject): Promise<JsonObject | undefined> {
    if (!this.#isFirst(client, Number(body["msg_id"]))) {
      this.#context.probe("a leader met a duplicate write");
      return undefined;
    }
    const key = String(body["key"]);
    const version = { stamp: this.#stamp(), value: body["value"] ?? null };
    this.#keep(key, version);
    await this.#context.disk.fsync();
    this.#enqueue(key, version);
    for (const peer of this.#context.peers) this.#send(peer, [[key, version]]);
    return { type: "write_ok" };
  }

  /** Notes the request; false when it, or a later one of its client, was noted before. */
  #isFirst(client: string, request: number): boolean {
    const { disk } = this.#context;
    const file = `last/${client}`;
    if (request <= Number(disk.read(file) ?? 0)) return false;
    disk.write(file, request);
    return true;
  }

  #stamp(): Stamp {
    const { bugs, clock, id } = this.#context;
    if (bugs.has("wall-clock")) return { ms: Math.floor(clock.wallMs()), count: 0, node: id };
    return this.#clock.next(clock.wallMs());
  }

  /** Keeps the version if it wins. */
  #keep(key: string, version: Version): void {
    this.#clock.witness(version.stamp);
    const known = this.#versions.get(key);
    if (known !== undefined && !this.#wins(version.stamp, known.stamp)) {
      if (version.stamp.node !== known.stamp.node) this.#context.probe("a write lost a conflict");
      return;
    }
    this.#versions.set(key, version);
    this.#context.disk.append("versions", { key, version });
  }

  #wins(challenger: Stamp, known: Stamp): boolean {
    const isTie = challenger.ms === known.ms && challenger.count === known.count;
    if (isTie && this.#context.bugs.has("tie-keeps-local")) return false;
    return compareStamps(challenger, known) > 0;
  }

  #enqueue(key: string, version: Version): void {
    for (const outbox of this.#outboxes.values()) {
      // Of two writes under way at once the later may have been durable first.
      const earlier = outbox.get(key);
      if (earlier === undefined || compareStamps(version.stamp, earlier.stamp) > 0) {
        outbox.set(key, version);
      }
    }
  }

  #send(peer: string, versions: [string, Version][]): void {
    this.#context.send(peer, { type: "replicate", versions });
  }

  /** Sends again what was not confirmed; for ever, a little at a time. */
  #flush(): void {
    this.#context.after(RETRY_MS, () => this.#flush());
    for (const [peer, outbox] of this.#outboxes) {
      if (outbox.size === 0) continue;
      this.#context.probe("writes were sent again");
      this.#send(peer, [...outbox].slice(0, BATCH_MAX));
    }
  }

  async #replicate(src: string, versions: readonly [string, Version][]): Promise<void> {
    for (const [key, version] of versions) this.#keep(key, version);
    await this.#context.disk.fsync();
    const stamps = versions.map(([key, { stamp }]): [string, Stamp] => [key, stamp]);
    this.#context.send(src, { type: "replicated", stamps });
  }

  #confirm(peer: string, stamps: readonly [string, Stamp][]): void {
    const outbox = this.#outboxes.get(peer);
    for (const [key, stamp] of stamps) {
      const sent = outbox?.get(key);
      if (sent !== undefined && compareStamps(sent.stamp, stamp) === 0) outbox?.delete(key);
    }
  }
}

export const multiLeader: System = {
  name: "multi-leader",
  summary: "every node takes writes and replicates them later; the last writer wins",
  nodeCounts: [3, 5],
  workloads: ["convergence", "causal-sessions", "kv"],
  options: {
    resolve: {
      summary: "how conflicting writes are settled: the highest stamp wins (lww)",
      default: "lww",
      values: ["lww"],
    },
  },
  bugs: {
    "wall-clock": {
      summary: "stamps are the node's calendar time: a later write loses to one of a faster clock",
      source: "Jepsen: Cassandra (2013) and Riak (2013): last-write-wins drops acknowledged writes",
      needs: "a write that overwrites what a node with a faster clock wrote",
      anomalies: ["non-coherent", "CoWW", "CoRW1", "CoWR0", "CoRW2", "CoWR", "CoRR", "CoRR2"],
      workload: "convergence",
      nemesis: "none",
    },
    "tie-keeps-local": {
      summary: "stamps that differ only in their node are taken for equal, and what is there stays",
      source: "Shapiro et al. 2011, section 3.2.1: stamps must be totally ordered",
      needs: "two writes of one key on two nodes in one millisecond",
      anomalies: ["divergence"],
      workload: "convergence",
      nemesis: "none",
    },
  },
  invariants: [],
  driftPpmMax: 100_000,
  recovery: { core: () => 1, withinMs: 3_000 },
  probes: [
    "a leader met a duplicate write",
    "a write lost a conflict",
    "writes were sent again",
    "a leader restarted with its versions",
  ],
  service: () => ({
    operations: ["read", "write"],
    consistency: "eventual",
    sticky: "coherence",
  }),
  create: (context) => new Leader(context),
};
