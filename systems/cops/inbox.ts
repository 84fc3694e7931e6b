/**
 * Writes of other data centres: each waits until this data centre has what it depends on, and is applied.
 *
 * A dependency is asked for at the server of its key here. It has to be that very version: a later one of
 * the same key need not have followed what the dependency follows.
 */

import type { Json } from "../../src/base/json.js";
import { type NodeContext, RpcTimeout } from "../../src/hosts/ts/node.js";
import type { Placement } from "./placement.js";
import { type Dependency, nameOf, type Put } from "./put.js";
import type { Entry, Store } from "./store.js";

const ATTEMPT_MS = 500;

interface Stream {
  /** Places that are applied, in any order; all of the first `count`. */
  applied: Set<number>;
  count: number;
}

export class Inbox {
  readonly #context: NodeContext;
  readonly #placement: Placement;
  readonly #store: Store;
  readonly #streams = new Map<string, Stream>();
  readonly #waiting = new Set<string>();

  constructor(context: NodeContext, placement: Placement, store: Store) {
    this.#context = context;
    this.#placement = placement;
    this.#store = store;
  }

  /** An entry of another server is on this disk. */
  applied({ put, place = 0 }: Entry): void {
    const stream = this.#of(put.version.node);
    stream.applied.add(place);
    while (stream.applied.has(stream.count + 1)) stream.count++;
  }

  async receive(src: string, put: Put, place: number): Promise<void> {
    const name = nameOf(put);
    if (this.#waiting.has(name)) return;
    if (this.#store.named(name) === undefined) {
      this.#waiting.add(name);
      await this.#dependencies(put);
      await this.#store.take({ put, place });
      this.#waiting.delete(name);
    }
    this.#context.send(src, { type: "applied", count: this.#of(src).count });
  }

  async #dependencies({ nearest }: Put): Promise<void> {
    if (this.#context.bugs.has("dependencies-unchecked")) return;
    const serverOf = ({ key }: Dependency): string => this.#placement.local(key);
    const servers = [...new Set(nearest.map(serverOf))];
    await Promise.all(
      servers.map((server) =>
        this.#check(
          server,
          nearest.filter((one) => serverOf(one) === server),
        ),
      ),
    );
  }

  async #check(server: string, asked: Dependency[]): Promise<void> {
    const { id, rpc, probe } = this.#context;
    const names = asked.map(nameOf);
    if (names.some((name) => server === id && this.#store.named(name) === undefined)) {
      probe("a write came before what it depends on");
    }
    if (server === id) {
      await Promise.all(names.map((name) => this.#store.has(name)));
      return;
    }
    for (;;) {
      try {
        await rpc(server, { type: "dep-check", names: names as Json }, { timeoutMs: ATTEMPT_MS });
        return;
      } catch (error) {
        if (!(error instanceof RpcTimeout)) throw error;
        probe("a dependency was asked for again");
      }
    }
  }

  #of(server: string): Stream {
    const stream = this.#streams.get(server) ?? { applied: new Set(), count: 0 };
    this.#streams.set(server, stream);
    return stream;
  }
}
