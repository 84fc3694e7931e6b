/**
 * A leaderless register: N replicas, and quorums that must meet.
 *
 * Multi-writer ABD (Attiya, Bar-Noy, Dolev 1995; Lynch and Shvartsman 1997). Every version of a key
 * carries a tag (sequence, writer), and a replica keeps the version with the highest tag. Any node
 * coordinates, in two phases. A write asks R replicas for their versions and stores its own, with a
 * sequence one above the highest it saw, at W. A read asks R, and stores the highest version it saw
 * at W before it answers: a version that one reader was shown must be met by every later reader,
 * even if its writer died half-way. Because R + W > N, every phase one meets every finished phase
 * two, which makes the tags an order of all operations that agrees with real time.
 *
 * Promises linearizable reads and writes while replicas crash (a replica is durable before it
 * acknowledges), and progress while max(R, W) of them can talk. It offers no compare-and-set:
 * registers alone cannot agree on a winner (Herlihy 1991), which is what consensus is for.
 *
 * The network may deliver a client's request twice. Run twice, a write would get a second, higher
 * tag and bring its value back after newer ones. So a coordinator notes durably which request of a
 * client it took last, before any replica stores it: a client has one request open at a time and
 * numbers them upwards. The request itself is the writer in the tag, hence no two writes share a
 * tag, whichever coordinator dies and returns.
 *
 * Where R + W <= N is asked for, quorums may miss each other and it only promises that replicas
 * agree in the end, by anti-entropy. Left out: hinted hand-off, sloppy quorums, deletes, a bound on
 * the log.
 */

import type { Json, JsonObject } from "../src/base/json.js";
import { majorityOf } from "../src/base/majority.js";
import {
  errorCodes,
  ignoreTimeout,
  type Message,
  type Node,
  type NodeContext,
  type OptionValue,
  Refusal,
} from "../src/hosts/ts/node.js";
import { registersAstray } from "./anomalies.js";
import type { System } from "./system.js";

/** How often a phase asks again those replicas that have not answered. */
const RETRY_MS = 100;
/** A coordinator gives up silently: by then its client has, too. */
const PATIENCE_MS = 1000;
const ANTI_ENTROPY_MS = 100;
/** Between two syncs of a replica with the bug `ack-unsynced`. */
const LAZY_SYNC_MS = 10_000;

/** A value of a key with its tag; sequence 0 is "never written". */
export type Version = { sequence: number; writer: string; value: Json };

/** What a replica has of a key that nobody wrote. */
export const unwritten: Version = { sequence: 0, writer: "", value: null };

/** The order of tags. */
export function isNewer(left: Version, right: Version): boolean {
  if (left.sequence !== right.sequence) return left.sequence > right.sequence;
  return left.writer > right.writer;
}

export function newest(versions: Iterable<Version>): Version {
  let result = unwritten;
  for (const version of versions) if (isNewer(version, result)) result = version;
  return result;
}

export interface Quorums {
  read: number;
  write: number;
  /** Every read quorum meets every write quorum. */
  meet: boolean;
}

/** How many a quorum may have: of all nodes, or of the `n` replicas of a key. */
export function ofReplicas(
  { n }: { readonly [name: string]: OptionValue },
  nodeCount: number,
): readonly [min: number, max: number] {
  return [1, Math.min(Number(n ?? nodeCount), nodeCount)];
}

/** The sizes asked for by `r` and `w`, between 1 and the number of replicas; 0 is a majority. */
export function quorumsOf(
  options: { readonly [name: string]: OptionValue },
  replicas: number,
): Quorums {
  const majority = majorityOf(replicas);
  const size = (option: OptionValue | undefined): number =>
    Number(option) >= 1 ? Math.min(Math.floor(Number(option)), replicas) : majority;
  const read = size(options["r"]);
  const write = size(options["w"]);
  return { read, write, meet: read + write > replicas };
}

class QuorumNode implements Node {
  readonly #context: NodeContext;
  readonly #quorums: Quorums;
  readonly #versions = new Map<string, Version>();

  constructor(context: NodeContext) {
    this.#context = context;
    const quorums = quorumsOf(context.options, context.nodes.length);
    // The off-by-one: a quorum pair that adds up to N is taken for one that adds up to more.
    this.#quorums = context.bugs.has("weak-quorum")
      ? { ...quorums, read: Math.max(1, context.nodes.length - quorums.write) }
      : quorums;
  }

  start(): void {
    for (const record of this.#context.disk.records("stores")) {
      const { key, version } = record as { key: string; version: Version };
      this.#versions.set(key, version);
    }
    if (this.#versions.size > 0) this.#context.probe("a replica restarted with its versions");
    if (!this.#quorums.meet) this.#repeat(ANTI_ENTROPY_MS, () => this.#spread());
    if (this.#context.bugs.has("ack-unsynced")) {
      this.#repeat(LAZY_SYNC_MS, () => this.#context.disk.fsync());
    }
  }

  async onMessage({ src, body }: Message): Promise<JsonObject | undefined> {
    switch (body["type"]) {
      case "read":
        return this.#read(String(body["key"]));
      case "write":
        return this.#write(src, Number(body["msg_id"]), String(body["key"]), body["value"] ?? null);
      case "query":
      case "store":
        return this.#serve(body);
      case "spread":
        for (const [key, version] of body["versions"] as [string, Version][])
          this.#keep(key, version);
        return undefined;
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  async #read(key: string): Promise<JsonObject | undefined> {
    const latest = await this.#latest(key);
    if (latest === undefined) return undefined;
    if (latest.sequence > 0 && !this.#context.bugs.has("no-write-back")) {
      if (!(await this.#storeAtQuorum(key, latest))) return undefined;
    }
    return { type: "read_ok", value: latest.value };
  }

  async #write(
    client: string,
    request: number,
    key: string,
    value: Json,
  ): Promise<JsonObject | undefined> {
    if (!this.#isFirst(client, request)) {
      this.#context.probe("a coordinator met a duplicate write");
      return undefined;
    }
    const [latest] = await Promise.all([this.#latest(key), this.#sync()]);
    if (latest === undefined) return undefined;
    const version = { sequence: latest.sequence + 1, writer: `${client}/${request}`, value };
    return (await this.#storeAtQuorum(key, version)) ? { type: "write_ok" } : undefined;
  }

  /** Notes the request; false when it, or a later one of its client, was noted before. */
  #isFirst(client: string, request: number): boolean {
    const { disk } = this.#context;
    const file = `last/${client}`;
    if (request <= Number(disk.read(file) ?? 0)) return false;
    disk.write(file, request);
    return true;
  }

  /** Phase one: the highest version at a read quorum. */
  async #latest(key: string): Promise<Version | undefined> {
    const answers = await this.#gather(this.#quorums.read, { type: "query", key });
    if (answers === undefined) return undefined;
    const versions = answers.map((answer) => answer["version"] as Version);
    if (versions.some((version) => isNewer(newest(versions), version))) {
      this.#context.probe("a read quorum disagreed");
    }
    return newest(versions);
  }

  /** Phase two; false when no write quorum answered in time. */
  async #storeAtQuorum(key: string, version: Version): Promise<boolean> {
    const answers = await this.#gather(this.#quorums.write, { type: "store", key, version });
    return answers !== undefined;
  }

  /** The first `count` answers of all replicas, this one included; undefined when out of time. */
  #gather(count: number, body: JsonObject): Promise<JsonObject[] | undefined> {
    const context = this.#context;
    const answers = new Map<string, JsonObject>();
    const deadline = context.clock.monotonicMs() + PATIENCE_MS;
    return new Promise((resolve) => {
      const collect = (replica: string, answer: JsonObject): void => {
        answers.set(replica, answer);
        if (answers.size >= count) resolve([...answers.values()]);
      };
      const ask = (): void => {
        if (answers.size >= count) return;
        if (context.clock.monotonicMs() >= deadline) {
          context.probe("a phase found no quorum in time");
          resolve(undefined);
          return;
        }
        for (const peer of context.peers) {
          if (answers.has(peer)) continue;
          // Earlier calls stay open: on a slow link the answer to the first may be the next to come.
          context
            .rpc(peer, body, { timeoutMs: PATIENCE_MS })
            .then((answer) => collect(peer, answer), ignoreTimeout);
        }
        context.after(RETRY_MS, again);
      };
      const again = (): void => {
        if (answers.size < count) context.probe("a phase asked again for a quorum");
        ask();
      };
      ask();
      void this.#serve(body).then((answer) => collect(context.id, answer));
    });
  }

  /** A replica's part in both phases. */
  async #serve(body: JsonObject): Promise<JsonObject> {
    const key = String(body["key"]);
    if (body["type"] === "query") {
      return { type: "query_ok", version: this.#versions.get(key) ?? unwritten };
    }
    this.#keep(key, body["version"] as Version);
    // Also when it kept nothing new: what it has may have been written an instant ago.
    await this.#sync();
    return { type: "store_ok" };
  }

  /** Everything written so far is durable afterwards. */
  async #sync(): Promise<void> {
    if (!this.#context.bugs.has("ack-unsynced")) await this.#context.disk.fsync();
  }

  #keep(key: string, version: Version): void {
    const known = this.#versions.get(key) ?? unwritten;
    if (!isNewer(version, known)) {
      if (isNewer(known, version)) this.#context.probe("a replica was told what it knew better");
      return;
    }
    this.#versions.set(key, version);
    this.#context.disk.append("stores", { key, version });
  }

  /** Anti-entropy: tells a random peer everything. */
  #spread(): void {
    const versions = [...this.#versions];
    this.#context.send(this.#context.random.pick(this.#context.peers), {
      type: "spread",
      versions,
    });
  }

  #repeat(everyMs: number, action: () => void | Promise<void>): void {
    this.#context.after(everyMs, () => {
      this.#repeat(everyMs, action);
      return action();
    });
  }
}

export const quorum: System = {
  name: "quorum",
  summary: "leaderless replicated registers with read and write quorums (multi-writer ABD)",
  nodeCounts: [3, 5],
  workloads: ["kv", "register"],
  options: {
    r: {
      summary: "replicas that a read must hear from, at most all; 0 for a majority",
      default: 0,
      range: [0, 100],
      within: ofReplicas,
    },
    w: {
      summary: "replicas that must store a write, at most all; 0 for a majority",
      default: 0,
      range: [0, 100],
      within: ofReplicas,
    },
  },
  bugs: {
    "weak-quorum": {
      id: "Q1",
      summary: "reads ask N - W replicas: R + W = N, so that quorums can miss each other",
      source:
        "DeCandia et al., Dynamo (SOSP 2007), section 4.5; Cassandra at consistency level ONE",
      needs: "one replica that missed a write",
      checker: "linearizable",
      anomalies: registersAstray,
    },
    "no-write-back": {
      id: "Q3",
      summary: "a read answers without storing what it saw at a write quorum",
      source: "Attiya, Bar-Noy, Dolev 1995, the reader's second phase; CASSANDRA-10726",
      needs: "a write that reached a minority, and two reads through different quorums",
      checker: "linearizable",
      anomalies: registersAstray,
      nemesis: "lossy",
      workload: "register",
    },
    "ack-unsynced": {
      summary: "a replica acknowledges at once and syncs its disk every ten seconds",
      source: "Cassandra's default, commitlog_sync: periodic",
      needs: "a replica that missed a write, then a crash of one that has it",
      checker: "linearizable",
      anomalies: registersAstray,
      nemesis: "crash",
    },
  },
  invariants: [],
  driftPpmMax: 100_000,
  // Time only says when to ask again.
  beyond: { drift: ["linearizable"], "clock-freeze": ["linearizable"] },
  recovery: {
    core: (nodeCount, options) => {
      const { read, write } = quorumsOf(options, nodeCount);
      return Math.max(read, write);
    },
    withinMs: 3_000,
  },
  probes: [
    "a coordinator met a duplicate write",
    "a read quorum disagreed",
    "a phase asked again for a quorum",
    "a phase found no quorum in time",
    "a replica was told what it knew better",
    "a replica restarted with its versions",
  ],
  // Where the size of the cluster is not given, it promises what the largest one allows.
  service: (options, nodeCount) => ({
    operations: ["read", "write"],
    consistency: quorumsOf(options, nodeCount).meet ? "linearizable" : "eventual",
  }),
  create: (context) => new QuorumNode(context),
};
