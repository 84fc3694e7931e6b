/**
 * One replica of a CRDT: takes clients' requests and members' messages, keeps them durable, and leaves
 * to a form (states.ts, operations.ts) how updates travel.
 *
 * An update is in the state, with the request that asked for it, before anything of it is shown. Where
 * a disk may be lost it is acknowledged only once a second replica has it on its disk.
 *
 * Whoever finds its disk empty is a new replica, under a name that nobody has had: what the old one
 * gave its dots and slots to stays what it was. Before it takes updates it must have heard from every
 * other node: what it did in its former life, and for which requests, is known there, and a request
 * that the network delivers late must not be taken again. From then on they refuse messages from its
 * former life.
 */

import type { JsonObject } from "../../src/base/json.js";
import type { Message, Node, NodeContext } from "../../src/hosts/ts/node.js";
import type { Datatype } from "./datatype.js";
import type { Form, Local } from "./dissemination.js";
import { Memory, type Requests } from "./memory.js";
import { OperationForm } from "./operations.js";
import { Peers } from "./peers.js";
import { StateForm } from "./states.js";
import { joined, type Vector } from "./vector.js";

const GOSSIP_MS = 100;

export class Replica implements Node {
  readonly #context: NodeContext;
  readonly #datatype: Datatype;
  /** Must an update be on two disks before it is acknowledged? */
  readonly #outlivesDisks: boolean;
  readonly #memory: Memory;
  readonly #peers: Peers;
  readonly #form: Form;
  /** Whom it still has to hear from before it takes updates. */
  readonly #awaited: Set<string>;

  constructor(context: NodeContext, datatype: Datatype, outlivesDisks: boolean) {
    this.#context = context;
    this.#datatype = datatype;
    this.#outlivesDisks = outlivesDisks;
    const keepsName = !outlivesDisks || context.bugs.has("replica-id-reused");
    this.#memory = new Memory(context, () =>
      keepsName ? context.id : `${context.id}~${context.random.int(1 << 30)}`,
    );
    this.#peers = new Peers(context.peers);
    this.#awaited = new Set(keepsName || this.#memory.kept.admitted ? [] : context.peers);
    const local: Local = {
      context,
      datatype,
      memory: this.#memory,
      peers: this.#peers,
      tell: (to, body) => this.#tell(to, body),
    };
    this.#form =
      context.options["form"] === "op"
        ? new OperationForm(local)
        : new StateForm(local, context.options["form"] === "delta");
  }

  start(): void {
    if (this.#context.peers.length > 0) this.#gossip();
  }

  async onMessage(message: Message): Promise<JsonObject | undefined> {
    const { src, body } = message;
    if (this.#context.nodes.includes(src)) {
      this.#hear(src, body);
      return undefined;
    }
    return body["type"] === "read" ? this.#read(String(body["key"])) : this.#update(src, body);
  }

  async #read(key: string): Promise<JsonObject> {
    const { stateBased, operationBased } = this.#datatype;
    const form = this.#context.options["form"] === "op" ? operationBased : stateBased;
    const value = form.value(this.#memory.object(key));
    await this.#memory.durable();
    return { type: "read_ok", value };
  }

  async #update(client: string, body: JsonObject): Promise<JsonObject | undefined> {
    const { probe } = this.#context;
    const update = this.#datatype.parse(body);
    const key = String(body["key"]);
    const request = Number(body["msg_id"]);
    if (this.#awaited.size > 0) {
      // Perhaps this was taken in a former life: nobody here can say that it will not happen.
      probe("a replica without a past left a request alone");
      return undefined;
    }
    if (this.#memory.isTaken(client, request)) {
      probe("a replica met a duplicate update");
      return undefined;
    }
    const dot = this.#memory.nextDot();
    const receipt = this.#datatype.receipt?.(this.#memory.object(key), update, dot);
    this.#form.take(key, update, { [client]: request });
    this.#form.announce();
    await this.#memory.durable();
    if (this.#outlivesDisks) await this.#peers.holding(dot);
    return { type: `${update.f}_ok`, ...receipt };
  }

  #gossip(): void {
    const { after, peers, random } = this.#context;
    after(GOSSIP_MS, () => this.#gossip());
    for (const peer of this.#awaited) void this.#tell(peer, { type: "hello" });
    this.#form.push(random.pick(peers));
  }

  async #tell(to: string, body: JsonObject): Promise<void> {
    const { send } = this.#context;
    const { replica, covered } = this.#memory.kept;
    const whole = { ...body, sender: replica, covered: { ...covered } };
    await this.#memory.durable();
    send(to, whole);
  }

  #hear(src: string, body: JsonObject): void {
    const { type } = body;
    const sender = String(body["sender"]);
    if (!this.#isAlive(src, sender, type === "hello")) return;
    const covered = body["covered"] as Vector;
    this.#peers.heard(src, covered);
    switch (type) {
      case "hello":
        this.#greet(src, sender);
        return;
      case "welcome":
        if (body["whom"] !== this.#memory.kept.replica) return;
        this.#welcome(src, body["requests"] as Requests);
        return;
      case "stranger":
        if (body["whom"] === this.#memory.kept.replica) void this.#tell(src, { type: "hello" });
        return;
      default:
        this.#form.receive({ src, body, sender, covered });
    }
  }

  /** Is that the replica which lives there? One that says hello is. */
  #isAlive(node: string, replica: string, saysHello: boolean): boolean {
    const { kept } = this.#memory;
    const known = kept.lives[node];
    if (known === replica) return true;
    if (known !== undefined && !saysHello) {
      this.#context.probe("a message from a former life was refused");
      void this.#tell(node, { type: "stranger", whom: replica });
      return false;
    }
    if (known !== undefined) {
      this.#context.probe("a new replica took a lost one's place");
      this.#peers.forget(node);
      this.#form.forget(node);
    }
    kept.lives[node] = replica;
    this.#memory.touch();
    return true;
  }

  #greet(node: string, whom: string): void {
    const { requests } = this.#memory.kept;
    void this.#tell(node, { type: "welcome", whom, requests: { ...requests } });
  }

  #welcome(node: string, requests: Requests): void {
    if (!this.#awaited.delete(node)) return;
    const { kept } = this.#memory;
    kept.requests = joined(kept.requests, requests);
    kept.admitted = this.#awaited.size === 0;
    this.#memory.touch();
  }
}
