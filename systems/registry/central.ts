/** A node of the central kind: the first one is the registry, the others pass changes on and cache. */

import type { JsonObject } from "../../src/base/json.js";
import { type Message, type Node, type NodeContext, RpcTimeout } from "../../src/hosts/ts/node.js";
import { Cache } from "./cache.js";
import { Registrar } from "./registrar.js";
import { isChange, lookupReply } from "./requests.js";
import { longestMs } from "./times.js";

const ANSWER_MS = 250;
/** All of them within the second that a client waits. */
const TRIES = 3;

export class CentralNode implements Node {
  readonly #context: NodeContext;
  readonly #first: string;
  readonly #registrar: Registrar | undefined;
  readonly #cache: Cache;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#first = context.nodes[0] ?? context.id;
    this.#registrar = context.id === this.#first ? new Registrar(context) : undefined;
    this.#cache = new Cache(context, this.#first);
  }

  start(): void {
    const { leaseMs, cacheTtlMs } = this.#context.options;
    const leaseMaxMs = longestMs(Number(leaseMs));
    this.#context.observe("registry", { leaseMaxMs, staleMs: Number(cacheTtlMs) });
    if (this.#registrar === undefined) this.#cache.start();
    else this.#registrar.start();
  }

  async onMessage({ src, body }: Message): Promise<JsonObject | undefined> {
    if (this.#context.nodes.includes(src)) return this.#registrar?.serve(body);
    if (isChange(body)) return this.#pass(body);
    return lookupReply(await (this.#registrar ?? this.#cache).lookup(String(body["service"])));
  }

  /** @throws RpcTimeout where nobody knows; Refusal where the registry says that nothing happened. */
  async #pass({ type, service, instance, lease, beat }: JsonObject): Promise<JsonObject> {
    const { clock, rpc } = this.#context;
    const request = { type, service, instance, lease, beat, sentMs: clock.wallMs() } as JsonObject;
    if (this.#registrar !== undefined) return this.#registrar.serve(request);
    for (let left = TRIES; ; left--) {
      try {
        return await rpc(this.#first, defined(request), { timeoutMs: ANSWER_MS });
      } catch (error) {
        if (!(error instanceof RpcTimeout) || left <= 1) throw error;
      }
    }
  }
}

/** Without the fields that are not there. */
function defined(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
