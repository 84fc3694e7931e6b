/** The server of some keys: what it answers to its own data centre, which is all that ever asks it. */

import type { Json, JsonObject } from "../../src/base/json.js";
import { errorCodes, type NodeContext, Refusal } from "../../src/hosts/ts/node.js";
import { type Dependency, nameOf, type Past, type Put } from "./put.js";
import type { Store } from "./store.js";

/** What a session wants written, and what it comes after. */
export type Wish = Omit<Put, "version">;

export class Server {
  readonly #context: NodeContext;
  readonly #store: Store;

  constructor(context: NodeContext, store: Store) {
    this.#context = context;
    this.#store = store;
  }

  async onMessage(body: JsonObject): Promise<JsonObject | undefined> {
    switch (body["type"]) {
      case "get":
        return found(this.#store.latest(String(body["key"])));
      case "get-version":
        return found(this.#store.named(nameOf(body["wanted"] as Dependency)));
      case "dep-check":
        await this.#check(body["names"] as string[]);
        return { type: "dep-check_ok" };
      case "put":
        return this.#put(body["wish"] as Wish);
      default:
        throw new Refusal(errorCodes.notSupported, `no operation "${String(body["type"])}" here`);
    }
  }

  async #check(names: readonly string[]): Promise<void> {
    if (names.some((name) => this.#store.named(name) === undefined)) {
      this.#context.probe("a write came before what it depends on");
    }
    await Promise.all(names.map((name) => this.#store.has(name)));
  }

  /** A version later than all that the write comes after, and than every other one here. */
  async #put(wish: Wish): Promise<JsonObject | undefined> {
    const { past, session, number } = wish;
    const last = this.#store.lastOf(session);
    if (last !== undefined && number <= last.number) {
      this.#context.probe("a write was asked for twice");
      // Nobody waits for the answer to an earlier one any more.
      if (number < last.number) return undefined;
      await this.#store.settled();
      return found(last);
    }
    const time = Math.max(this.#store.time, latestOf(past)) + 1;
    const put: Put = { ...wish, version: { time, node: this.#context.id } };
    await this.#store.take({ put });
    return found(put);
  }
}

function found(put: Put | undefined): JsonObject {
  return { type: "put", put: (put ?? null) as Json };
}

/** What has to be checked for is in the past, too. */
function latestOf(past: Past): number {
  return Math.max(0, ...Object.values(past).map(({ time }) => time));
}
