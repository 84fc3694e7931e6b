/**
 * A leader: takes changes of any key, answers when they are durable, and sends what it holds of the key
 * to the others until each has confirmed it.
 *
 * What must survive a crash: a change is durable before it is acknowledged, sent or shown, since a stamp
 * or a dot that was given to a write which is then forgotten might be given again. A client's request is
 * noted, so that one which the network delivers twice does not come back as another write. After a boot
 * a leader sends everything that it holds again.
 */

import { canonical, type Json, type JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import { hashText } from "../../src/random/mix.js";
import type { LeaderProbe } from "./probes.js";
import type { Change, Resolution, State } from "./resolution.js";

/** Cassandra's gc_grace is ten days, and a node that was down for longer brings the dead back. */
const GRACE_MS = 200;

/** How changes get to the other leaders. */
export interface Replication {
  start(): void;
  /** A change that this leader has taken from a client, in the same write as the change itself. */
  note?(key: string, state: State): void;
  /** The change is durable: others may hear of it. */
  spread(key: string, state: State): void;
  /** False for a message that is not its own. */
  receive(message: Message): Promise<boolean>;
}

export interface Keeper {
  context: NodeContext;
  states: ReadonlyMap<string, State>;
  /** Takes what another leader holds; durable when it resolves. */
  take(entries: readonly [key: string, state: State][]): Promise<void>;
}

export class Leader implements Node {
  readonly #context: NodeContext;
  readonly #resolution: Resolution;
  readonly #states = new Map<string, State>();
  readonly #replication: Replication;

  constructor(
    context: NodeContext,
    resolution: Resolution,
    replicate: (keeper: Keeper) => Replication,
  ) {
    this.#context = context;
    this.#resolution = resolution;
    this.#replication = replicate({
      context,
      states: this.#states,
      take: (entries) => this.#take(entries),
    });
  }

  start(): void {
    for (const record of this.#context.disk.records("versions")) {
      const { key, version } = record as { key: string; version: State };
      this.#states.set(key, version);
      this.#resolution.witness?.(version);
    }
    if (this.#states.size > 0) this.#probe("a leader restarted with its versions");
    this.#replication.start();
  }

  async onMessage(message: Message): Promise<JsonObject | undefined> {
    const { src, body } = message;
    const type = String(body["type"]);
    if (type === "read") return this.#read(String(body["key"]));
    if (type === "claim") return this.#claim(body);
    const answer = this.#resolution.changes[type];
    if (answer !== undefined) return this.#change(src, body, answer);
    if (await this.#replication.receive(message)) return undefined;
    throw new Refusal(errorCodes.notSupported, `no operation "${type}" here`);
  }

  async #read(key: string): Promise<JsonObject> {
    const answer = this.#resolution.read(this.#states.get(key));
    await this.#context.disk.fsync();
    return { type: "read_ok", ...answer };
  }

  async #change(
    client: string,
    body: JsonObject,
    answer: (state: State) => JsonObject,
  ): Promise<JsonObject | undefined> {
    if (!this.#isFirst(client, Number(body["msg_id"]))) {
      this.#probe("a leader met a duplicate write");
      return undefined;
    }
    const { type, key: name, value, element, context = null } = body;
    const key = String(name);
    const change = { type: String(type), value: (value ?? element ?? null) as Json, context };
    const state = this.#with(key, change);
    this.#replication.note?.(key, state);
    this.#keep(key, state);
    const told = answer(state);
    await this.#context.disk.fsync();
    this.#replication.spread(key, state);
    return { type: `${change.type}_ok`, ...told };
  }

  /**
   * A name for one owner, the first. Uniqueness cannot be had by merging afterwards: every name has one
   * leader that decides, and who is cut off from it has to wait.
   */
  async #claim(body: JsonObject): Promise<JsonObject | undefined> {
    const { id, nodes, bugs } = this.#context;
    const { key, value = null } = body;
    const home = nodes[(hashText(String(key)) >>> 0) % nodes.length] as string;
    if (home !== id && !bugs.has("unique-on-each-leader")) {
      return this.#context.rpc(
        home,
        { type: "claim", key: String(key), value },
        { timeoutMs: 900 },
      );
    }
    const owner = this.#resolution.read(this.#states.get(String(key)))["value"] ?? null;
    if (owner !== null && owner !== value) {
      this.#probe("a name was taken");
      throw new Refusal(errorCodes.keyAlreadyExists, `${String(key)} is taken`);
    }
    if (owner === value) {
      await this.#context.disk.fsync();
      return { type: "claim_ok" };
    }
    const state = this.#with(String(key), { type: "write", value, context: null });
    this.#replication.note?.(String(key), state);
    this.#keep(String(key), state);
    await this.#context.disk.fsync();
    this.#replication.spread(String(key), state);
    return { type: "claim_ok" };
  }

  /** What the key is with the change: a change may lose to what is there. */
  #with(key: string, change: Change): State {
    const known = this.#states.get(key);
    const changed = this.#resolution.change(known, change);
    return known === undefined ? changed : this.#resolution.merge(known, changed);
  }

  /** Notes the request; false when it, or a later one of its client, was noted before. */
  #isFirst(client: string, request: number): boolean {
    const { disk } = this.#context;
    const file = `last/${client}`;
    if (request <= Number(disk.read(file) ?? 0)) return false;
    disk.write(file, request);
    return true;
  }

  async #take(entries: readonly [string, State][]): Promise<void> {
    for (const [key, state] of entries) {
      this.#resolution.witness?.(state);
      const known = this.#states.get(key);
      const merged = known === undefined ? state : this.#resolution.merge(known, state);
      if (known === undefined || canonical(merged) !== canonical(known)) this.#keep(key, merged);
    }
    await this.#context.disk.fsync();
  }

  #keep(key: string, state: State): void {
    this.#states.set(key, state);
    this.#context.disk.append("versions", { key, version: state });
    const isCollected = this.#context.bugs.has("tombstone-collected-early");
    if (isCollected && this.#resolution.isTombstone?.(state)) this.#collect(key, state);
  }

  #collect(key: string, state: State): void {
    this.#context.after(GRACE_MS, () => {
      if (this.#states.get(key) === state) this.#states.delete(key);
    });
  }

  #probe(name: LeaderProbe): void {
    this.#context.probe(name);
  }
}
