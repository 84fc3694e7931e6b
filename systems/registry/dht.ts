/**
 * A node of the ring: keys are services, each held by its successor and copied to those after it.
 *
 * Any node takes a client's request, finds the owner of the service, and asks it. What the owner has
 * acknowledged is on its disk; everybody hands what it holds to whom it finds to be the owner, again and
 * again, and owners hand it to their successors. So nothing acknowledged is ever lost, and everything is
 * found once the ring is whole. Meanwhile two may take themselves for owners: nothing is promised then.
 */

import type { JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
  RpcTimeout,
} from "../../src/hosts/ts/node.js";
import { Holdings } from "./holdings.js";
import { idOf } from "./ids.js";
import { Neighbours, SUCCESSORS } from "./neighbours.js";
import { isChange, lookupReply } from "./requests.js";
import { Routing } from "./routing.js";
import { longestMs } from "./times.js";

const ANSWER_MS = 200;
const HANDOVER_MS = 400;
/** Owners that are tried for a client, one after the other. */
const TRIES = 3;
/** Copies of a service, the owner's included. */
const COPIES = SUCCESSORS;

export class DhtNode implements Node {
  readonly #context: NodeContext;
  readonly #holdings: Holdings;
  readonly #neighbours: Neighbours;
  readonly #routing: Routing;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#holdings = new Holdings(context);
    this.#neighbours = new Neighbours(context);
    this.#routing = new Routing(context, this.#neighbours);
  }

  async start(): Promise<void> {
    const { disk, observe, options } = this.#context;
    // Leases run out on every holder by itself; what is handed over adds its time on the way.
    observe("registry", { leaseMaxMs: longestMs(Number(options["leaseMs"])), staleMs: null });
    const isFirst = disk.read("has-booted") !== true;
    disk.write("has-booted", true);
    await disk.fsync();
    if (isFirst) this.#neighbours.form();
    else await this.#joinAgain();
    this.#routing.start();
    this.#handOver();
  }

  onMessage({
    src,
    body,
  }: Message): Promise<JsonObject | undefined> | JsonObject | undefined | Promise<void> {
    if (!this.#context.nodes.includes(src)) return this.#serveClient(body);
    switch (body["type"]) {
      case "neighbours":
        return this.#neighbours.answer(src);
      case "notify":
        return this.#neighbours.notified(src);
      case "step":
        return this.#routing.step(Number(body["id"]), body["avoided"] as string[]);
      case "hold":
        return this.#hold(body);
      default:
        return this.#own(body);
    }
  }

  /** Through whomever it can reach of its configuration; alone where there is nobody. */
  async #joinAgain(): Promise<void> {
    const { peers, random } = this.#context;
    for (const seed of random.shuffle(peers)) {
      const route = await this.#routing.find(this.#neighbours.id + 1, {
        from: seed,
        avoided: [this.#context.id],
      });
      if (route !== undefined) return this.#neighbours.join(route.owner);
    }
    return this.#neighbours.join(undefined);
  }

  /** @throws RpcTimeout where a change may have happened; Refusal where a lookup found nobody to ask. */
  async #serveClient(body: JsonObject): Promise<JsonObject> {
    const { id, rpc } = this.#context;
    const mayHappen = isChange(body);
    const { type, service, instance, lease, beat } = body;
    const request: JsonObject = Object.fromEntries(
      Object.entries({ type, service, instance, lease, beat }).filter(([, v]) => v !== undefined),
    ) as JsonObject;
    const avoided: string[] = [];
    for (let tries = 0; tries < TRIES; tries++) {
      const route = await this.#routing.find(idOf(String(service)), { avoided });
      if (route === undefined) break;
      if (route.owner === id) return this.#own(request);
      try {
        return await rpc(route.owner, request, { timeoutMs: ANSWER_MS });
      } catch (error) {
        if (!(error instanceof RpcTimeout)) throw error;
        avoided.push(route.owner);
      }
    }
    if (mayHappen) throw new RpcTimeout(`no owner of ${String(service)} has answered`);
    throw new Refusal(errorCodes.temporarilyUnavailable, "no owner has answered");
  }

  async #own(body: JsonObject): Promise<JsonObject> {
    const { disk } = this.#context;
    const service = String(body["service"]);
    if (!isChange(body)) {
      const found = this.#holdings.live(service);
      await disk.fsync();
      return lookupReply(found);
    }
    const isKnown = this.#holdings.change(body);
    await disk.fsync();
    // Another node may hold this life, and take the same request when it comes a second time.
    if (!isKnown) throw new Refusal(errorCodes.timeout, "not registered here");
    this.#copy(service);
    const leaseMs = body["lease"] === false ? null : Number(this.#context.options["leaseMs"]);
    const lasts = body["type"] === "deregister" ? {} : { leaseMs };
    return { type: `${String(body["type"])}_ok`, ...lasts };
  }

  #handOver(): void {
    this.#context.after(HANDOVER_MS, async () => {
      this.#handOver();
      for (const service of this.#holdings.services) {
        const route = await this.#routing.find(idOf(service));
        if (route?.owner === this.#context.id) this.#copy(service);
        else if (route !== undefined) this.#give(route.owner, service);
      }
    });
  }

  #copy(service: string): void {
    for (const name of this.#neighbours.successors.slice(0, COPIES - 1)) this.#give(name, service);
  }

  #give(name: string, service: string): void {
    this.#context.send(name, { type: "hold", lives: this.#holdings.copyOf(service) });
  }

  async #hold(body: JsonObject): Promise<void> {
    this.#holdings.merge(body["lives"]);
    await this.#context.disk.fsync();
  }
}
