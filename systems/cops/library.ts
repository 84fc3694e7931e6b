/**
 * What a session's home does for it: reads, writes, and get-transactions, asking the servers of its own data
 * centre.
 *
 * A get-transaction (COPS-GT, section 5.3) reads its keys one by one, at the same time. What it got may not
 * go together: one key read early, another late, and in between came a write of the first one that the
 * second one follows. The past of what was read names that write; the second round asks for exactly it.
 * It is there, since whatever follows it is; and its own past is part of what has been looked at.
 */

import type { Json, JsonObject } from "../../src/base/json.js";
import { type NodeContext, RpcTimeout } from "../../src/hosts/ts/node.js";
import type { Contexts } from "./contexts.js";
import type { Placement } from "./placement.js";
import { type Dependency, extendAll, isLater, type Past, type Put, type Version } from "./put.js";
import type { Server, Wish } from "./server.js";

const ATTEMPT_MS = 250;
/** Clients wait no longer. */
const PATIENCE_MS = 1000;

/** A version, or null where the key has none; undefined where nobody answered in time. */
type Answer = Put | null | undefined;

export class Library {
  readonly #context: NodeContext;
  readonly #placement: Placement;
  readonly #contexts: Contexts;
  readonly #own: Server;

  constructor(context: NodeContext, placement: Placement, contexts: Contexts, own: Server) {
    this.#context = context;
    this.#placement = placement;
    this.#contexts = contexts;
    this.#own = own;
  }

  /** The values, or undefined when nobody waits for them any more. */
  async read(session: string, keys: readonly string[]): Promise<Json[] | undefined> {
    const untilMs = this.#context.clock.monotonicMs() + PATIENCE_MS;
    const first = await Promise.all(
      keys.map((key) => this.#ask(key, { type: "get", key }, untilMs)),
    );
    const past: Past = {};
    for (const put of first) extendAll(past, put?.past ?? {});
    const second = await Promise.all(
      keys.map((key, i) => this.#atLeast(past[key], key, first[i], untilMs)),
    );
    if (second.includes(undefined)) return undefined;
    const puts = second.map((put) => put ?? null);
    await this.#contexts.read(
      session,
      puts.filter((put) => put !== null),
    );
    return puts.map((put) => put?.value ?? null);
  }

  /** False when nobody waits for it any more. */
  async write(session: string, number: number, key: string, value: Json): Promise<boolean> {
    const { nearest, past } = this.#contexts.of(session);
    const wish: Wish = { key, value, nearest, past, session, number };
    const untilMs = this.#context.clock.monotonicMs() + PATIENCE_MS;
    const put = await this.#ask(key, { type: "put", wish: wish as unknown as Json }, untilMs);
    if (put === undefined || put === null) return false;
    await this.#contexts.wrote(session, put, nearest);
    return true;
  }

  /** The second round, for a key of which too old a version was read. */
  async #atLeast(
    version: Version | undefined,
    key: string,
    got: Answer,
    untilMs: number,
  ): Promise<Answer> {
    if (got === undefined || version === undefined || !isLater(version, got?.version)) return got;
    this.#context.probe("a get-transaction came back for a later version");
    if (this.#context.bugs.has("one-round")) return got;
    const wanted: Dependency = { key, version };
    return this.#ask(key, { type: "get-version", wanted }, untilMs);
  }

  /** What the server of the key here answers: a write, or that there is none; undefined: nothing in time. */
  async #ask(key: string, body: JsonObject, untilMs: number): Promise<Answer> {
    const { clock, id, probe, rpc } = this.#context;
    const server = this.#placement.local(key);
    while (clock.monotonicMs() < untilMs) {
      try {
        const reply =
          server === id
            ? await this.#own.onMessage(body)
            : await rpc(server, body, { timeoutMs: ATTEMPT_MS });
        return reply?.["put"] as Answer;
      } catch (error) {
        if (!(error instanceof RpcTimeout)) throw error;
        probe("a server of the data centre did not answer in time");
      }
    }
    return undefined;
  }
}
