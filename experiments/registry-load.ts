/** What a central registry is asked, by how many nodes look things up: part of `lookup-hops`. */

import { defaultsOf, Lab } from "../src/experiment/lab.js";
import { registry } from "../systems/registry/index.js";

/** Each cache asks what has changed so often, and may answer from what it knows for so long. */
const WATCH_US = 100_000;
const CACHE_MS = 50;
/** A lookup of each node in every period, while what its cache knows is too old. */
const ASKED_US = [55_000, 80_000] as const;
/** In periods: by then every cache has listed, those too whose first question came before the registry. */
const WARM_UP = 6;
const PERIODS = 5;

export interface Load {
  /** Of each lookup, the messages that its node sent before it answered. */
  hops: number[];
  /** Requests that the registry got, per second. */
  perSecond: number;
}

/** The first node is the registry, and n more look things up. */
export async function loadOf(seed: number, n: number): Promise<Load> {
  const sent = new Map<string, number>();
  let atRegistry = 0;
  const lab = new Lab({
    seed,
    nodes: n + 1,
    options: { ...defaultsOf(registry), kind: "central", cacheTtlMs: CACHE_MS },
    create: (context) =>
      registry.create({
        ...context,
        rpc: (to, body, options) => {
          sent.set(context.id, (sent.get(context.id) ?? 0) + 1);
          if (to === context.nodes[0]) atRegistry++;
          return context.rpc(to, body, options);
        },
      }),
  });
  const random = lab.random("moments");
  const hops: number[] = [];
  const before = new Map<string, number>();
  const ask = lab.client("c1", ({ type }, src) => {
    if (type === "lookup_ok") hops.push((sent.get(src) ?? 0) - (before.get(src) ?? 0));
  });
  const fromUs = WARM_UP * WATCH_US - 1;
  lab.at(fromUs, () => {
    atRegistry = 0;
  });
  for (let period = WARM_UP; period < WARM_UP + PERIODS; period++) {
    for (const node of lab.world.nodes.slice(1)) {
      lab.at(period * WATCH_US + random.between(...ASKED_US), () => {
        before.set(node, sent.get(node) ?? 0);
        ask(node, { type: "lookup", service: "s", msg_id: period });
      });
    }
  }
  await lab.run(fromUs + PERIODS * WATCH_US);
  if (hops.length !== n * PERIODS) throw new Error(`${hops.length} lookups were answered`);
  return { hops, perSecond: (1e6 * atRegistry) / (PERIODS * WATCH_US) };
}
