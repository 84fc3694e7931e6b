/**
 * A counter and a set that every replica may change at once: state-based CRDTs (Shapiro, Preguiça,
 * Baquero, Zawirski 2011), a G-Counter and an OR-Set.
 *
 * A replica changes its own state and answers. Ten times a second it sends the whole state to a
 * random peer, which merges it. Merging is a join in a semilattice, so it does not matter how often,
 * in which order or by which way states arrive: replicas which have heard of the same changes are
 * equal. Always available; promises only that replicas agree in the end, and that what was
 * acknowledged is among what they agree on.
 *
 * What must survive a crash, and why:
 * - A change is durable before it is acknowledged.
 * - A state is durable before it is *shown*, to a peer or to a reader. A slot that peers know as 5
 *   and that its owner, after a crash, counts up from 4 again would lose an addition in the merge.
 * - The last request taken of each client is part of the state, in the same write as its effect: a
 *   duplicate must not count twice, nor remove what was added since the original. A client has one
 *   request open at a time and numbers them upwards. The request also names the tag of an add.
 *
 * Left out: decrements (a second G-Counter), deltas instead of whole states, collection of tombstones.
 */

import { isJsonObject, type JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import type { System } from "../system.js";
import { GCounter } from "./g-counter.js";
import { OrSet } from "./or-set.js";

const GOSSIP_MS = 100;

class CounterSetNode implements Node {
  readonly #context: NodeContext;
  #counter = new GCounter();
  #set = new OrSet();
  /** The number of the last request taken of each client. */
  #last = new Map<string, number>();

  constructor(context: NodeContext) {
    this.#context = context;
  }

  start(): void {
    const saved = this.#context.disk.read("state");
    if (isJsonObject(saved)) {
      this.#counter = new GCounter(saved["counter"] as JsonObject);
      this.#set = new OrSet(saved["set"] as JsonObject);
      this.#last = new Map(Object.entries(saved["last"] as { [client: string]: number }));
      this.#context.probe("a replica restarted with its state");
    }
    if (this.#context.peers.length > 0) this.#gossip();
  }

  async onMessage(message: Message): Promise<JsonObject | undefined> {
    const { type } = message.body;
    switch (type) {
      case "add":
      case "remove":
        return this.#update(message);
      case "read":
        return this.#read(message);
      case "gossip":
        this.#merge(message.body);
        return undefined;
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(type)}" here`);
    }
  }

  async #update({ src, body }: Message): Promise<JsonObject | undefined> {
    const change = this.#changeOf(`${src}/${String(body["msg_id"])}`, body);
    const request = Number(body["msg_id"]);
    if (request <= (this.#last.get(src) ?? 0)) {
      this.#context.probe("a replica met a duplicate update");
      return undefined;
    }
    this.#last.set(src, request);
    change();
    this.#save();
    await this.#context.disk.fsync();
    return { type: `${String(body["type"])}_ok` };
  }

  /** @throws Refusal when there is no such operation on the key: before anything has changed. */
  #changeOf(request: string, { type, key, element, delta }: JsonObject): () => void {
    if (key === "set" && element !== undefined) {
      if (type === "add") return () => this.#set.add(request, element);
      return () => this.#set.remove(element);
    }
    if (key === "counter" && type === "add" && Number.isInteger(delta) && Number(delta) >= 0) {
      return () => this.#counter.add(this.#context.id, Number(delta));
    }
    throw new Refusal(
      errorCodes.malformedRequest,
      `"${String(type)}" needs key "set" and an element, or, to add, key "counter" and a delta >= 0`,
    );
  }

  async #read({ body: { key } }: Message): Promise<JsonObject> {
    if (key !== "set" && key !== "counter") {
      throw new Refusal(errorCodes.malformedRequest, `no key "${String(key)}": set or counter`);
    }
    const value = key === "set" ? this.#set.elements() : this.#counter.total();
    await this.#context.disk.fsync();
    return { type: "read_ok", value };
  }

  async #gossip(): Promise<void> {
    const { after, disk, peers, random, send } = this.#context;
    after(GOSSIP_MS, () => this.#gossip());
    const state = { counter: this.#counter.toJson(), set: this.#set.toJson() };
    await disk.fsync();
    send(random.pick(peers), { type: "gossip", ...state });
  }

  #merge({ counter, set }: JsonObject): void {
    const join = this.#context.bugs.has("merge-by-sum") ? sum : Math.max;
    const counted = this.#counter.merge(counter as JsonObject, join);
    const gathered = this.#set.merge(set as JsonObject);
    if (counted || gathered) this.#save();
    else this.#context.probe("gossip brought nothing new");
  }

  /** One write, so that a crash keeps all of a change or nothing. */
  #save(): void {
    this.#context.disk.write("state", {
      counter: this.#counter.toJson(),
      set: this.#set.toJson(),
      last: Object.fromEntries(this.#last),
    });
  }
}

function sum(mine: number, theirs: number): number {
  return mine + theirs;
}

export const counterSet: System = {
  name: "counter-set",
  summary: "a counter and a set as state-based CRDTs that gossip (G-Counter, OR-Set)",
  nodeCounts: [3, 5],
  workloads: ["set", "counter"],
  options: {},
  bugs: {
    "merge-by-sum": {
      id: "C1",
      checker: "counter",
      summary: "the counter's merge adds the slots of two states instead of taking the larger",
      source: "Shapiro et al. 2011, section 3.1.1: the merge must be idempotent",
      needs: "nothing: the second gossip counts again what the first one brought",
      anomalies: ["overcount", "divergence"],
      nemesis: "none",
      workload: "counter",
    },
  },
  invariants: [],
  driftPpmMax: 100_000,
  recovery: { core: () => 1, withinMs: 3_000 },
  probes: [
    "a replica met a duplicate update",
    "gossip brought nothing new",
    "a replica restarted with its state",
  ],
  service: () => ({ operations: ["add", "remove", "read"], consistency: "eventual" }),
  create: (context) => new CounterSetNode(context),
};
