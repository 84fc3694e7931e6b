/**
 * What a node knows of a central registry: the state at one revision, and since when.
 *
 * It lists once, and then watches: it asks for all events after the revision that it has, so that none
 * is missed, whenever it asked last. Too far behind, it lists anew. Whatever is confirmed was so at some
 * moment after the question was sent, and is served for `cacheTtlMs` from then; who can confirm nothing
 * any more says that it does not know.
 */

import { isJsonObject, type Json, type JsonObject } from "../../src/base/json.js";
import { errorCodes, type NodeContext, Refusal, RpcTimeout } from "../../src/hosts/ts/node.js";
import type { RegistryProbe } from "./probes.js";
import { type LifeName, lifeKey } from "./requests.js";
import { atMostMs } from "./times.js";

const WATCH_MS = 100;
const ANSWER_MS = 250;

export class Cache {
  readonly #context: NodeContext;
  readonly #registrar: string;
  readonly #trustMs: number;
  readonly #lives = new Map<string, LifeName>();
  /** Undefined until it has listed. */
  #revision: number | undefined;
  /** By the monotonic clock. */
  #freshUntilMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;
  /** Between a list and the first answer to a watch. */
  #justListed = false;

  constructor(context: NodeContext, registrar: string) {
    this.#context = context;
    this.#registrar = registrar;
    this.#trustMs = atMostMs(Number(context.options["cacheTtlMs"]));
  }

  start(): void {
    const { after } = this.#context;
    const round = async (): Promise<void> => {
      after(WATCH_MS, round);
      await this.#refresh();
    };
    void round();
  }

  /** @throws Refusal where what is known is too old. */
  async lookup(service: string): Promise<string[]> {
    if (!this.#isFresh) await this.#refresh();
    if (!this.#isFresh) {
      const serves = this.#context.bugs.has("cache-outlives-registry");
      if (!serves || this.#revision === undefined) {
        this.#probe("a cache was too old to answer");
        throw new Refusal(errorCodes.temporarilyUnavailable, "the registry cannot be reached");
      }
    }
    const found = [...this.#lives.values()].filter((life) => life.service === service);
    return found.map(({ instance }) => instance);
  }

  get #isFresh(): boolean {
    return this.#context.clock.monotonicMs() < this.#freshUntilMs;
  }

  /** One question at a time; nothing happens where no answer comes. */
  #refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    const { bugs, clock, rpc } = this.#context;
    const sentMs = clock.monotonicMs();
    const from = bugs.has("watch-from-now") && this.#justListed ? null : (this.#revision ?? null);
    const question = this.#revision === undefined ? { type: "list" } : { type: "watch", from };
    try {
      const answer = await rpc(this.#registrar, question, { timeoutMs: ANSWER_MS });
      if (answer["tooOld"] === true) {
        this.#probe("a cache was too far behind and listed anew");
        this.#revision = undefined;
        return;
      }
      this.#learn(answer);
      this.#freshUntilMs = sentMs + this.#trustMs;
      if (this.#justListed) await this.#ask();
    } catch (error) {
      if (!(error instanceof RpcTimeout)) throw error;
    }
  }

  #learn(answer: JsonObject): void {
    this.#revision = Number(answer["revision"]);
    this.#justListed = answer["type"] === "list_ok";
    if (this.#justListed) {
      this.#lives.clear();
      for (const life of objectsOf(answer["lives"])) this.#put(life, true);
      return;
    }
    const events = objectsOf(answer["events"]);
    if (events.length > 0) this.#probe("a cache followed the watch");
    for (const event of events) this.#put(event, event["is"] === "up");
  }

  #put({ service, instance }: JsonObject, isUp: boolean): void {
    const name = { service: String(service), instance: String(instance) };
    if (isUp) this.#lives.set(lifeKey(name), name);
    else this.#lives.delete(lifeKey(name));
  }

  #probe(name: RegistryProbe): void {
    this.#context.probe(name);
  }
}

function objectsOf(list: Json | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}
