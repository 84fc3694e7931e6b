/**
 * What each session has seen and done: COPS' client library, kept on the disk of the session's home.
 *
 * A read adds the version that it returned to what the session's next write depends on. A write depends
 * on all of that, so that afterwards the write alone stands for it. A context is durable before the
 * session is told what it holds.
 */

import type { NodeContext } from "../../src/hosts/ts/node.js";
import { DurableLog } from "../sessions/durable-log.js";
import type { Placement } from "./placement.js";
import { type Dependency, extend, extendAll, nameOf, type Past, type Put } from "./put.js";

type Context = { session: string; nearest: Dependency[]; past: Past };

export class Contexts {
  readonly #context: NodeContext;
  readonly #placement: Placement;
  readonly #contexts = new Map<string, Context>();
  readonly #log: DurableLog<Context>;

  constructor(context: NodeContext, placement: Placement) {
    this.#context = context;
    this.#placement = placement;
    let booting = true;
    this.#log = new DurableLog(context.disk, "contexts", (kept: Context) => {
      if (booting) this.#contexts.set(kept.session, kept);
    });
    booting = false;
  }

  /** What a write of the session comes after. */
  of(session: string): Context {
    const { nearest, past } = this.#kept(session);
    return { session, nearest: this.#pruned(nearest), past };
  }

  async read(session: string, puts: readonly Put[]): Promise<void> {
    const { nearest, past } = this.#kept(session);
    // What is in the past already follows from something there.
    const fresh = puts.filter(({ key, version }) => {
      const last = past[key];
      return last?.time !== version.time || last.node !== version.node;
    });
    if (fresh.length > 0) await this.#keep(session, [...nearest, ...fresh.map(dependency)], fresh);
    else await this.#log.settled();
  }

  /** `sent` is what the write was said to depend on; what was read meanwhile stays. */
  async wrote(session: string, put: Put, sent: readonly Dependency[]): Promise<void> {
    const replaced = new Set(sent.map(nameOf));
    const { nearest } = this.#kept(session);
    const others = nearest.filter((one) => !replaced.has(nameOf(one)));
    await this.#keep(session, [...others, dependency(put)], [put]);
  }

  #kept(session: string): Context {
    return this.#contexts.get(session) ?? { session, nearest: [], past: {} };
  }

  /** The bug: takes for granted that whoever wrote a dependency has brought it everywhere. */
  #pruned(nearest: Dependency[]): Dependency[] {
    if (!this.#context.bugs.has("foreign-dependencies-pruned")) return nearest;
    return nearest.filter(({ version }) => this.#placement.isLocal(version.node));
  }

  #keep(session: string, nearest: Dependency[], puts: readonly Put[]): Promise<void> {
    const past = { ...this.#kept(session).past };
    for (const put of puts) {
      extendAll(past, put.past);
      extend(past, put);
    }
    const context = { session, nearest, past };
    this.#contexts.set(session, context);
    return this.#log.append(context);
  }
}

function dependency({ key, version }: Put): Dependency {
  return { key, version };
}
