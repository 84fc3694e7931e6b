/**
 * What clients see of a lock: they acquire and release it, and change what it protects.
 *
 * `{type: "acquire", key}` -> `{type: "acquire_ok", token, owner, validMs}`: the client holds the key
 * until it releases it, but no longer than `validMs` from when it asked. (Not from the answer, which
 * may be late: only the client knows when it asked, and only then is it sure that the lease is not
 * older than it thinks.) `{type: "release", key, token, owner}` -> `release_ok`.
 * `{type: "increment", key, token?}` -> `{type: "increment_ok", value, token}`: adds one to the counter
 * of the key; under the client's token where it brings one, or else the node takes the lock for it,
 * as an application server does. `{type: "read", key}` -> `{type: "read_ok", value}`.
 */

import type { JsonObject } from "../../src/base/json.js";
import {
  errorCodes,
  type Message,
  type Node,
  type NodeContext,
  Refusal,
} from "../../src/hosts/ts/node.js";
import type { Service } from "../system.js";
import { GuardedStore, type StoreOptions } from "./guarded-store.js";
import type { Held, Lock } from "./lock.js";
import { guardMs } from "./rules.js";

/** How long a node tries to get a lock: some of a client's patience is for what comes after. */
const ACQUIRE_MS = 600;

export const lockService = {
  operations: ["acquire", "release", "increment", "read"],
  consistency: "linearizable",
} as const satisfies Service;

export const lockProbes = [
  "a lock was not to be had in time",
  "a lock was given back that is another's by now",
  "a lease was over before its holder knew of it",
  "the store refused a stale token",
  "two changes under one token met",
  "a node met a duplicate request",
] as const;

export class LockNode implements Node {
  readonly #context: NodeContext;
  readonly #lock: Lock;
  readonly #store: GuardedStore;
  /** Of each client, the number of the last request taken since this boot. */
  readonly #last = new Map<string, number>();

  constructor(context: NodeContext, lock: Lock, options: StoreOptions) {
    this.#context = context;
    this.#lock = lock;
    this.#store = new GuardedStore(context, options);
  }

  async onMessage({ src, body }: Message): Promise<JsonObject | undefined> {
    if (this.#context.nodes.includes(src)) {
      return this.#lock.serve(body) ?? this.#store.serve(body);
    }
    const number = Number(body["msg_id"]);
    if (number <= (this.#last.get(src) ?? 0)) {
      this.#context.probe("a node met a duplicate request");
      return undefined;
    }
    this.#last.set(src, number);
    const key = String(body["key"]);
    switch (body["type"]) {
      case "acquire":
        return this.#acquire(key, src);
      case "release":
        return this.#release(key, body);
      case "increment":
        return this.#increment(key, body, { client: src, number });
      case "read":
        return this.#read(key);
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  async #acquire(key: string, client: string): Promise<JsonObject> {
    const askedMs = this.#context.clock.monotonicMs();
    const { token, owner, sinceMs, leaseMs } = await this.#hold(key, client);
    const spanMs = sinceMs - askedMs + leaseMs;
    return { type: "acquire_ok", token, owner, validMs: Math.floor(spanMs - guardMs(spanMs)) };
  }

  async #release(key: string, { token, owner }: JsonObject): Promise<JsonObject | undefined> {
    const held = { token: tokenOf(token), owner: String(owner) };
    return (await this.#lock.release(key, held)) ? { type: "release_ok" } : undefined;
  }

  async #increment(
    key: string,
    body: JsonObject,
    request: { client: string; number: number },
  ): Promise<JsonObject | undefined> {
    if (body["token"] !== undefined) {
      return this.#change(key, tokenOf(body["token"]), request);
    }
    const held = await this.#hold(key, request.client);
    try {
      return await this.#change(key, held.token, request);
    } finally {
      void this.#lock.release(key, held);
    }
  }

  async #change(
    key: string,
    token: number,
    request: { client: string; number: number },
  ): Promise<JsonObject | undefined> {
    const value = await this.#store.increment(key, token, request);
    return value === undefined ? undefined : { type: "increment_ok", value, token };
  }

  async #read(key: string): Promise<JsonObject | undefined> {
    const value = await this.#store.read(key);
    return value === undefined ? undefined : { type: "read_ok", value };
  }

  async #hold(key: string, client: string): Promise<Held> {
    const { clock, id, probe } = this.#context;
    const untilMs = clock.monotonicMs() + ACQUIRE_MS;
    const held = await this.#lock.acquire(key, `${client}/${id}`, untilMs);
    if (held !== undefined) return held;
    probe("a lock was not to be had in time");
    throw new Refusal(errorCodes.temporarilyUnavailable, `${key} is locked by others`);
  }
}

/** @throws Refusal when there is none: a client that holds nothing. */
function tokenOf(token: unknown): number {
  if (typeof token === "number" && Number.isSafeInteger(token) && token > 0) return token;
  throw new Refusal(errorCodes.malformedRequest, "needs the token of a lock that is held");
}
