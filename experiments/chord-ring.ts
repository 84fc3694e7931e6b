/**
 * Rings of the registry system, and how many hops their lookups take: part of `lookup-hops`.
 *
 * The whole system is asked by clients over the network. For more lookups than that allows, its
 * routing is asked alone: the same fingers, found at the same moments of virtual time, by calls instead
 * of messages. Nobody comes or goes, so that neighbours stay as they are.
 */

import { defaultsOf, Lab } from "../src/experiment/lab.js";
import type { JsonObject, Node, NodeContext, Timer } from "../src/hosts/ts/node.js";
import type { Random } from "../src/random/random.js";
import { idOf } from "../systems/registry/ids.js";
import { registry } from "../systems/registry/index.js";
import { Neighbours } from "../systems/registry/neighbours.js";
import { type Route, Routing } from "../systems/registry/routing.js";

/** A node finds one finger of 32 in 150 ms: then all are found. */
const WARM_UP_US = 5_000_000;

/** So many names of nodes, which their hash puts anywhere on the ring. */
export function anyNames(random: Random, n: number): string[] {
  const byId = new Map<number, string>();
  while (byId.size < n) {
    const name = `n${random.int(1e9)}`;
    byId.set(idOf(name), name);
  }
  return [...byId.values()];
}

/** Who has a key: the first node at or after it. */
export function successorOf(id: number, names: readonly string[]): string {
  const [first] = [...names].sort((a, b) => ((idOf(a) - id) >>> 0) - ((idOf(b) - id) >>> 0));
  return first ?? "";
}

export interface Lookup {
  at: string;
  service: string;
}

/** The hops of each lookup by the whole system: nodes that were asked for the way over the network. */
export async function hopsOfSystem(
  seed: number,
  names: readonly string[],
  lookups: readonly Lookup[],
): Promise<number[]> {
  const steps = new Map<number, number>();
  const lab = new Lab({
    seed,
    nodes: names,
    options: { ...defaultsOf(registry), kind: "dht" },
    create: (context) =>
      registry.create({
        ...context,
        rpc: (to, body, options) => {
          const id = Number(body["id"]);
          if (body["type"] === "step") steps.set(id, (steps.get(id) ?? 0) + 1);
          return context.rpc(to, body, options);
        },
      }),
  });
  let answers = 0;
  const ask = lab.client("c1", ({ type }) => {
    if (type === "lookup_ok") answers++;
  });
  for (const [i, { at, service }] of lookups.entries()) {
    lab.at(WARM_UP_US + i, () => ask(at, { type: "lookup", service, msg_id: i }));
  }
  await lab.run(2 * WARM_UP_US);
  if (answers !== lookups.length) throw new Error(`${answers} of ${lookups.length} were answered`);
  return lookups.map(({ service }) => steps.get(idOf(service)) ?? 0);
}

/** A ring of the system's routing; what is returned finds the way from a node to an identifier. */
export async function routingOf(
  seed: number,
  names: readonly string[],
): Promise<(at: string, id: number) => Promise<Route>> {
  const ring = new Map<string, Router>();
  const create = (context: NodeContext): Router => {
    const router = new Router(context, ring);
    ring.set(context.id, router);
    return router;
  };
  const lab = new Lab({ seed, nodes: names, create });
  await lab.run(WARM_UP_US);
  return async (at, id) => {
    const route = await ring.get(at)?.routing.find(id);
    if (route === undefined) throw new Error(`no way from ${at} to ${id}`);
    return route;
  };
}

const never = (): Timer => ({ cancel: () => undefined });

class Router implements Node {
  readonly routing: Routing;
  readonly #neighbours: Neighbours;

  constructor(context: NodeContext, ring: ReadonlyMap<string, Router>) {
    const rpc = (to: string, { id, avoided }: JsonObject): Promise<JsonObject> => {
      const asked = ring.get(to)?.routing.step(Number(id), avoided as string[]);
      return Promise.resolve(asked ?? {});
    };
    this.#neighbours = new Neighbours({ ...context, after: never });
    this.routing = new Routing({ ...context, rpc }, this.#neighbours);
  }

  start(): void {
    this.#neighbours.form();
    this.routing.start();
  }

  onMessage(): undefined {
    return undefined;
  }
}
