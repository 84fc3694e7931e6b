/**
 * Nodes that leave the cluster and join it: whoever runs the cluster asks it for the change.
 *
 * One change at a time, in the order in which faults asked for them. The request (`remove_node` or
 * `add_node`) goes to a running member, every 200 ms to another one, until somebody answers
 * `remove_node_ok` or `add_node_ok`; from then on it is taken as done. A later change of the same node
 * takes the place of one that is not done. After healing, a change is given up within 10 s.
 */

import type { Json } from "../base/json.js";
import { hashText } from "../random/mix.js";
import type { Kernel, KernelEvent } from "./kernel.js";
import type { Endpoint } from "./link.js";
import type { SimulatedMachine } from "./machine.js";
import type { WorldListener } from "./machine-world.js";
import type { Message } from "./message.js";
import type { Network } from "./network.js";
import type { SimProbe } from "./probes.js";

/** What it needs of the world whose members it counts. */
export interface MembershipWorld {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly nodes: readonly string[];
  readonly members: readonly string[];
  readonly listener: WorldListener;
  machine(id: string): SimulatedMachine;
}

const RETRY_US = 200_000;
const GIVE_UP_US = 10_000_000;

type Request = "remove_node" | "add_node";

interface Change {
  readonly id: number;
  readonly request: Request;
  readonly node: string;
  /** Empties the disk of the node once it is removed; it stays down until it is to return. */
  readonly wipe: boolean;
  /** Numbers of the requests sent for it so far. */
  readonly sent: Set<number>;
  deadlineUs: number;
}

/** The name under which nodes see who asks for changes. */
export const ADMIN = "admin";

export class Membership {
  readonly #world: MembershipWorld;
  readonly #lane = hashText(ADMIN);
  readonly #endpoint: Endpoint;
  /** As far as it was told. */
  readonly #members: Set<string>;
  /** Who is down with an empty disk until it returns. */
  readonly #expelled = new Set<string>();
  /** The first one is under way. */
  #changes: Change[] = [];
  #nextTry: KernelEvent | undefined;
  #lastId = 0;
  /** How many changes were asked for. */
  #count = 0;

  constructor(world: MembershipWorld) {
    this.#world = world;
    this.#members = new Set(world.members);
    this.#endpoint = {
      name: ADMIN,
      kind: "service",
      streamName: ADMIN,
      receive: (message) => this.#receive(message),
    };
  }

  /** Has the node removed; with `wipe`, its disk is empty when it returns. */
  remove(node: string, wipe: boolean): void {
    this.#enqueue({ request: "remove_node", node, wipe });
  }

  /** Boots the node if it waited for this, and has it taken in. */
  add(node: string): void {
    if (this.#expelled.delete(node)) this.#world.machine(node).restart();
    this.#enqueue({ request: "add_node", node, wipe: false });
  }

  /** Whoever waits for a change to be done does not wait for ever. */
  healed(): void {
    for (const change of this.#changes) change.deadlineUs = this.#world.kernel.now + GIVE_UP_US;
  }

  #enqueue(asked: Pick<Change, "request" | "node" | "wipe">): void {
    const { network } = this.#world;
    if (network.endpoint(ADMIN) === undefined) network.attach(this.#endpoint);
    const [current] = this.#changes;
    const isUnderWay = current?.node === asked.node;
    this.#changes = this.#changes.filter((change, i) => i === 0 || change.node !== asked.node);
    this.#changes.push({
      ...asked,
      id: this.#count++,
      sent: new Set(),
      deadlineUs: Number.POSITIVE_INFINITY,
    });
    if (isUnderWay) this.#finish(current, false);
    else if (current === undefined) this.#begin();
  }

  #begin(): void {
    const [change] = this.#changes;
    if (change === undefined) return;
    this.#tell(eventOf(change), { id: change.id, node: change.node });
    this.#try(change, 0);
  }

  /** Asks the members in turn, beginning after the node itself. */
  #try(change: Change, attempt: number): void {
    const { kernel, network } = this.#world;
    if (kernel.now >= change.deadlineUs) {
      this.#finish(change, false);
      return;
    }
    const asked = this.#whomToAsk(change);
    const dest = asked[attempt % asked.length];
    if (dest !== undefined) {
      const id = ++this.#lastId;
      change.sent.add(id);
      network.send(ADMIN, dest, { type: change.request, node: change.node, msg_id: id }, id);
    }
    this.#nextTry = kernel.at(kernel.now + RETRY_US, this.#lane, "harness", ADMIN, () =>
      this.#try(change, attempt + 1),
    );
  }

  #whomToAsk({ node, request }: Change): string[] {
    const { nodes } = this.#world;
    const at = nodes.indexOf(node) + 1;
    return [...nodes.slice(at), ...nodes.slice(0, at)].filter(
      (one) =>
        this.#members.has(one) &&
        (request === "remove_node" || one !== node) &&
        this.#world.machine(one).up,
    );
  }

  #receive({ body }: Message): void {
    const [change] = this.#changes;
    if (change === undefined || body["type"] !== `${change.request}_ok`) return;
    if (change.sent.has(Number(body["in_reply_to"]))) this.#finish(change, true);
  }

  #finish(change: Change, done: boolean): void {
    const { kernel } = this.#world;
    if (this.#nextTry !== undefined) kernel.cancel(this.#nextTry);
    this.#changes.shift();
    if (done) this.#done(change);
    this.#tell(`${eventOf(change)}-end`, { id: change.id, node: change.node, done });
    this.#begin();
  }

  #done({ request, node, wipe }: Change): void {
    if (request === "add_node") {
      this.#members.add(node);
      this.#sometimes("a node was taken in");
      return;
    }
    this.#members.delete(node);
    this.#sometimes("a node was removed");
    // Asked twice to go, it still returns at once when asked to.
    if (!wipe || this.#expelled.has(node)) return;
    this.#expelled.add(node);
    this.#world.machine(node).expel();
  }

  #sometimes(name: SimProbe): void {
    this.#world.listener.probe(name);
  }

  #tell(f: string, value: { [field: string]: Json }): void {
    this.#world.listener.nemesis(f, value);
  }
}

/** What the history calls it. */
function eventOf({ request }: Change): string {
  return request === "remove_node" ? "remove-node" : "add-node";
}
