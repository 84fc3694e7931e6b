/**
 * Epidemic dissemination (Demers, Greene, Hauser, Irish, Larson, Shenker, Sturgis, Swinehart, Terry
 * 1987): nodes tell random others what is new, as people spread rumours and diseases. There is no
 * leader, no tree and no list of who has heard what; loss, crashes and partitions cost time only.
 *
 * Two mechanisms complete each other: rumours (rumours.ts) are fast and may miss somebody,
 * anti-entropy (anti-entropy.ts) is slow and misses nobody. What spreads are items with ordered
 * versions (items.ts), in letters with a checksum (letters.ts). Three services are made of them:
 *
 * - broadcast: a message is an item that never changes;
 * - a directory of keys: the last writer wins, and a session that stays at one node sees of each key
 *   only ever newer versions (coherence);
 * - a list of members, who are added and removed: each addition is an item of its own with a new
 *   incarnation as its name, and a removal makes tombstones of those that its node knows.
 *
 * The promise: what was acknowledged is known to everybody some time after the faults have ended.
 * Messages between nodes may be altered on their way. Left out: nodes that come and go, collection of
 * tombstones (see crdt/or-set.ts), spatial distributions.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { canonical } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import type { System } from "../system.js";
import { AntiEntropy } from "./anti-entropy.js";
import { bugs } from "./bugs.js";
import { type Digest, type Item, Items } from "./items.js";
import { Letters } from "./letters.js";
import { Rumours } from "./rumours.js";

const MESSAGES = "message/";
const KEYS = "key/";
const MEMBERS = "member/";
/** The key under which the members are read. */
const MEMBER_LIST = "set";

class Gossiper implements Node {
  readonly #context: NodeContext;
  readonly #items: Items;
  readonly #letters: Letters;
  readonly #rumours: Rumours;
  readonly #antiEntropy: AntiEntropy;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#items = new Items(context);
    this.#letters = new Letters(context);
    this.#rumours = new Rumours(context, this.#items, this.#letters);
    this.#antiEntropy = new AntiEntropy(context, this.#items, this.#letters);
  }

  start(): void {
    const { bugs, peers } = this.#context;
    if (peers.length === 0 || bugs.has("no-retry")) return;
    this.#rumours.round();
    if (!bugs.has("fixed-rounds")) this.#antiEntropy.round();
  }

  async onMessage({ src, body }: Message): Promise<JsonObject | undefined> {
    if (this.#context.nodes.includes(src)) {
      if (this.#letters.isWhole(body)) this.#hear(src, body);
      return undefined;
    }
    if (body["type"] !== "read") return this.#update(src, body);
    const value = this.#read(body["key"]);
    await this.#context.disk.fsync();
    return { type: "read_ok", [body["key"] === undefined ? "messages" : "value"]: value };
  }

  #hear(src: string, body: JsonObject): void {
    switch (body["type"]) {
      case "rumour":
        this.#rumours.hear(src, body["items"] as Item[]);
        return;
      case "ask":
        this.#rumours.tell(src);
        return;
      case "known":
        this.#rumours.cool(body["names"] as string[]);
        return;
      case "compare":
        this.#antiEntropy.compare(src, Number(body["sum"]));
        return;
      case "digest":
        this.#antiEntropy.answer(src, body["digest"] as Digest);
        return;
      case "repair":
        this.#antiEntropy.repair(src, body["items"] as Item[], body["wanted"] as string[]);
    }
  }

  #read(key: Json | undefined): Json {
    const valuesUnder = (prefix: string): Json[] =>
      this.#items.under(prefix).map(({ value }) => value);
    if (key === undefined) return valuesUnder(MESSAGES);
    if (key !== MEMBER_LIST) return this.#items.get(KEYS + String(key))?.value ?? null;
    const members = valuesUnder(MEMBERS).map((member) => [canonical(member), member] as const);
    return [...new Map(members).values()];
  }

  async #update(client: string, body: JsonObject): Promise<JsonObject | undefined> {
    const { disk, probe } = this.#context;
    const request = Number(body["msg_id"]);
    const update = this.#updateOf(body, `${client}.${request}`);
    const file = `last/${client}`;
    if (request <= Number(disk.read(file) ?? 0)) {
      probe("a node met a duplicate request");
      return undefined;
    }
    disk.write(file, request);
    const receipt = update();
    await disk.fsync();
    return { type: `${String(body["type"])}_ok`, ...receipt };
  }

  /** @throws Refusal for what it does not offer: before anything has changed. */
  #updateOf(body: JsonObject, incarnation: string): () => JsonObject {
    const { type, key, message, value, element } = body;
    if (type === "broadcast" && message !== undefined) {
      return () => this.#spread(MESSAGES + canonical(message), message);
    }
    if (type === "write" && value !== undefined) {
      return () => this.#spread(KEYS + String(key), value);
    }
    if (type === "add" && key === MEMBER_LIST && element !== undefined) {
      const add = () => this.#spread(MEMBERS + incarnation, element);
      return () => ({ ...add(), tag: MEMBERS + incarnation });
    }
    if (type === "remove" && key === MEMBER_LIST && element !== undefined) {
      return () => this.#removeMember(element);
    }
    throw new Refusal(errorCodes.notSupported, `no operation "${String(type)}" like this here`);
  }

  #removeMember(element: Json): JsonObject {
    const gone = this.#items
      .under(MEMBERS)
      .filter(({ value }) => canonical(value) === canonical(element))
      .map(({ name }) => name);
    for (const name of gone) this.#spread(name, null);
    return { tags: gone };
  }

  #spread(name: string, value: Json): JsonObject {
    const item = this.#items.make(name, value);
    this.#rumours.heat(name);
    if (this.#context.bugs.has("no-retry")) {
      for (const peer of this.#context.peers) {
        void this.#letters.send(peer, { type: "rumour", items: [item] });
      }
    }
    return {};
  }
}

export const gossip: System = {
  name: "gossip",
  summary:
    "epidemic dissemination: rumours and anti-entropy; broadcast, a directory, a member list",
  nodeCounts: [5, 3],
  workloads: ["broadcast", "convergence", "or-set"],
  options: {
    style: {
      summary: "whether who has a rumour tells it (push), or who wants one asks (pull)",
      default: "push-pull",
      values: ["push", "pull", "push-pull"],
    },
    fanout: { summary: "peers that are told in one round", default: 1, values: [1, 2, 3] },
  },
  bugs,
  invariants: [],
  driftPpmMax: 100_000,
  survives: { kinds: ["corrupt"] },
  recovery: { core: () => 1, withinMs: 3_000 },
  probes: [
    "a node restarted with its items",
    "a node met a duplicate request",
    "a node lost interest in a rumour",
    "anti-entropy found a difference",
    "an altered letter was thrown away",
  ],
  service: () => ({
    operations: ["broadcast", "read", "write", "add", "remove"],
    consistency: "eventual",
    sticky: "coherence",
  }),
  create: (context) => new Gossiper(context),
};
