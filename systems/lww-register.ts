/**
 * A map of last-writer-wins registers as a state-based CRDT (LWW-Register; Shapiro, Preguiça,
 * Baquero, Zawirski 2011, section 3.2.1), spread by anti-entropy.
 *
 * A replica changes its own state and answers. Ten times a second it sends its whole state to a
 * random peer, which merges it: of each key the version with the higher stamp stays. A stamp is
 * Lamport's (one above all seen, and the replica's name), so stamps are totally ordered and the merge
 * takes a maximum: it is commutative, associative and idempotent. It does not matter how often, in
 * which order or by which way states arrive.
 *
 * Because states travel whole, a replica that knows a write also knows everything its writer knew.
 * That makes it causally convergent for a session that stays at one replica; one that moves may
 * arrive where nothing is known yet of what it did. And replicas which have taken in the same writes
 * are equal: strong convergence. To show it, each keeps a vector of how many writes of each replica
 * its state covers, and records (vector, state) whenever it has made a new one durable.
 *
 * What must survive a crash: a state is durable before it is shown, to a peer, a reader or the
 * record. A stamp that others have seen would otherwise be given again, to another write. A client's
 * request is noted in the same write as its effect: delivered again, it would get a new stamp. Left
 * out: deletes, deltas in place of whole states, several values (MV-Register).
 */

import { isJsonObject, type Json, type JsonObject } from "../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../src/hosts/ts/node.js";
import { compareStamps, HybridClock, type Stamp } from "./stamps.js";
import type { System } from "./system.js";

const GOSSIP_MS = 100;
/** Between two syncs of a replica with the bug `shown-unsynced`. */
const LAZY_SYNC_MS = 10_000;

type Version = { stamp: Stamp; value: Json };

/** How many writes of each replica a state covers. */
type Vector = { [replica: string]: number };

class Replica implements Node {
  readonly #context: NodeContext;
  readonly #clock: HybridClock;
  #versions = new Map<string, Version>();
  #covered: Vector = {};
  /** The number of the last request taken of each client. */
  #last: { [client: string]: number } = {};
  /** Changes since the boot, and how many of them the latest record has. */
  #changes = 0;
  #recorded = 0;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#clock = new HybridClock(context.id);
  }

  start(): void {
    const saved = this.#context.disk.read("state");
    if (isJsonObject(saved)) {
      this.#versions = new Map(Object.entries(saved["versions"] as { [key: string]: Version }));
      this.#covered = saved["covered"] as Vector;
      this.#last = saved["last"] as { [client: string]: number };
      this.#context.probe("a replica restarted with its state");
    }
    for (const { stamp } of this.#versions.values()) this.#clock.witness(stamp);
    if (this.#context.peers.length > 0) this.#gossip();
    if (this.#context.bugs.has("shown-unsynced")) this.#syncLazily();
  }

  async onMessage(message: Message): Promise<JsonObject | undefined> {
    const { type, key } = message.body;
    switch (type) {
      case "read": {
        const value = this.#versions.get(String(key))?.value ?? null;
        await this.#makeDurable();
        return { type: "read_ok", value };
      }
      case "write":
        return this.#write(message);
      case "gossip":
        this.#merge(message.body);
        return undefined;
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(type)}" here`);
    }
  }

  async #write({ src, body }: Message): Promise<JsonObject | undefined> {
    const { id, probe } = this.#context;
    const request = Number(body["msg_id"]);
    if (request <= (this.#last[src] ?? 0)) {
      probe("a replica met a duplicate write");
      return undefined;
    }
    this.#last[src] = request;
    const stamp = this.#clock.next(0);
    this.#versions.set(String(body["key"]), { stamp, value: body["value"] ?? null });
    this.#covered[id] = (this.#covered[id] ?? 0) + 1;
    this.#save();
    await this.#makeDurable();
    return { type: "write_ok" };
  }

  async #gossip(): Promise<void> {
    const { after, peers, random, send } = this.#context;
    after(GOSSIP_MS, () => this.#gossip());
    const state = { versions: Object.fromEntries(this.#versions), covered: { ...this.#covered } };
    await this.#makeDurable();
    send(random.pick(peers), { type: "gossip", ...state });
  }

  #merge({ versions, covered }: JsonObject): void {
    let changed = false;
    for (const [key, theirs] of Object.entries(versions as { [key: string]: Version })) {
      this.#clock.witness(theirs.stamp);
      const mine = this.#versions.get(key);
      if (mine !== undefined && !this.#wins(theirs.stamp, mine.stamp)) {
        if (compareStamps(theirs.stamp, mine.stamp) < 0)
          this.#context.probe("a write came too late");
        continue;
      }
      this.#versions.set(key, theirs);
      changed = true;
    }
    for (const [replica, count] of Object.entries(covered as Vector)) {
      if (count <= (this.#covered[replica] ?? 0)) continue;
      this.#covered[replica] = count;
      changed = true;
    }
    if (changed) this.#save();
    else this.#context.probe("gossip brought nothing new");
  }

  #wins(theirs: Stamp, mine: Stamp): boolean {
    if (this.#context.bugs.has("tie-keeps-local") && theirs.count === mine.count) return false;
    return compareStamps(theirs, mine) > 0;
  }

  /** One write, so that a crash keeps all of a change or nothing. */
  #save(): void {
    this.#changes += 1;
    this.#context.disk.write("state", {
      versions: Object.fromEntries(this.#versions),
      covered: { ...this.#covered },
      last: { ...this.#last },
    });
  }

  /** What the replica knows now is durable afterwards, and recorded if that is news. */
  async #makeDurable(): Promise<void> {
    const { bugs, disk, observe } = this.#context;
    const changes = this.#changes;
    const record = this.#record();
    if (!bugs.has("shown-unsynced")) await disk.fsync();
    // A later sync may have ended first.
    if (changes <= this.#recorded) return;
    this.#recorded = changes;
    observe("state", record);
  }

  #record(): Json {
    const entries = [...this.#versions].map(([key, { value }]): [string, Json] => [key, value]);
    const state = Object.fromEntries(entries);
    return { kind: "state-based", delivered: { ...this.#covered }, state };
  }

  #syncLazily(): void {
    this.#context.after(LAZY_SYNC_MS, () => this.#syncLazily());
    void this.#context.disk.fsync();
  }
}

export const lwwRegister: System = {
  name: "lww-register",
  summary: "registers as a state-based CRDT that gossips: the last writer wins (LWW-Register)",
  nodeCounts: [3, 5],
  workloads: ["convergence", "causal-sessions", "kv"],
  options: {},
  bugs: {
    "tie-keeps-local": {
      id: "C4",
      checker: "eventual",
      summary: "of two versions with equal time each replica keeps its own",
      source: "Shapiro et al. 2011, section 3.2.1: stamps must be totally ordered",
      needs: "two replicas that write one key without knowing of each other",
      anomalies: ["divergence", "divergent-replicas", "CyclicCF"],
      workload: "convergence",
      nemesis: "none",
    },
    "shown-unsynced": {
      summary: "a replica answers and gossips at once, and syncs its disk every ten seconds",
      source:
        "Cassandra's default, commitlog_sync: periodic; a replica that forgets its own stamps",
      needs: "a crash between a write and the next sync",
      checker: "strong-convergence",
      anomalies: [
        "divergence",
        "divergent-replicas",
        "shrunken-replica",
        "lost-write",
        "WriteCOInitRead",
        "WriteCORead",
        "CyclicCO",
        "CyclicCF",
      ],
      workload: "convergence",
      nemesis: "crash",
    },
  },
  invariants: [],
  driftPpmMax: 100_000,
  recovery: { core: () => 1, withinMs: 3_000 },
  probes: [
    "a replica met a duplicate write",
    "a write came too late",
    "gossip brought nothing new",
    "a replica restarted with its state",
  ],
  service: () => ({
    operations: ["read", "write"],
    consistency: "eventual",
    sticky: "causal-convergence",
  }),
  create: (context) => new Replica(context),
};
