/**
 * Events a second of the kernel, one core: five nodes that gossip over jittery links and set timers
 * on their own clocks, with the trace hash on; as plain handlers and as async ones with three awaits
 * each. Best of five, since machines are noisy.
 */

import { Fence } from "../src/hosts/ts/ambient.js";
import type { Node, NodeContext } from "../src/hosts/ts/node.js";
import { tsHostKind } from "../src/hosts/ts/ts-host.js";
import { Streams } from "../src/random/streams.js";
import { Kernel } from "../src/sim/kernel.js";
import { Network, quietLink } from "../src/sim/network.js";
import { Recorder } from "../src/sim/trace.js";
import { SimulatedWorld } from "../src/sim/world.js";
import { type Row, table } from "./table.js";

type MakeNode = (context: NodeContext) => Node;

/** Messages under way from each node. */
const IN_FLIGHT = 5;
/** About as many timers fire as messages arrive. */
const TICK_MS = 0.1;

type Step = (action: () => void) => void | Promise<void>;

const plain: Step = (action) => action();
const noop = async (): Promise<void> => undefined;
const threeAwaits: Step = async (action) => {
  await noop();
  await noop();
  await noop();
  action();
};

/** Passes each message on to the next node, reads its clock, and ticks when asked to. */
const gossip =
  (step: Step, ticks: boolean): MakeNode =>
  (context) => {
    const next = context.peers[context.nodes.indexOf(context.id) % context.peers.length] as string;
    const tick = (): void => {
      context.after(TICK_MS, () => step(tick));
    };
    return {
      start: () => {
        for (let i = 0; i < IN_FLIGHT; i++) context.send(next, { type: "pass", hop: i });
        if (ticks) tick();
      },
      onMessage: ({ body }) =>
        step(() => {
          if (context.clock.monotonicMs() < 0) throw new Error("time ran backwards");
          context.send(next, { type: "pass", hop: ((body["hop"] as number) + 1) & 1023 });
        }),
    };
  };

const NODES = ["n1", "n2", "n3", "n4", "n5"];

interface Load {
  virtualMs: number;
  record?: boolean;
}

async function run(create: MakeNode, load: Load): Promise<{ events: number; seconds: number }> {
  const host = tsHostKind({ create }, { options: {}, bugs: [] });
  const recorder = load.record ? new Recorder() : undefined;
  const kernel = new Kernel({ streams: new Streams(1), fence: new Fence(), recorder });
  const world = new SimulatedWorld({
    kernel,
    network: new Network(kernel, quietLink),
    nodes: NODES,
    clocks: {},
    makeHost: host.makeHost,
    listener: {
      observed: () => undefined,
      misconduct: (node, kind, detail) => {
        throw new Error(`${node} ${kind}: ${detail}`);
      },
      probe: () => undefined,
      log: () => undefined,
      nemesis: () => undefined,
    },
  });
  world.boot();
  const started = performance.now();
  await kernel.run(load.virtualMs * 1000);
  return { events: kernel.hash.events, seconds: (performance.now() - started) / 1000 };
}

/** Prints events a second, the best of five runs of each kind of node. */
export async function kernelBench(): Promise<void> {
  const rows: Row[] = [];
  const measure = async (label: string, create: MakeNode, load: Load): Promise<void> => {
    let best = 0;
    for (let i = 0; i < 5; i++) {
      const { events, seconds } = await run(create, load);
      best = Math.max(best, events / seconds);
    }
    rows.push({ nodes: label, "events/s": Math.round(best).toLocaleString("en") });
  };
  const handlers = gossip(plain, true);
  await run(handlers, { virtualMs: 4_000 });
  await measure("plain handlers", handlers, { virtualMs: 20_000 });
  await measure("plain handlers, messages only", gossip(plain, false), { virtualMs: 30_000 });
  await measure("async handlers, 3 awaits", gossip(threeAwaits, true), { virtualMs: 20_000 });
  await measure("plain handlers, trace recorded", handlers, { virtualMs: 2_000, record: true });
  table(
    "kernel: 5 nodes, half messages and half timers, links, clocks, trace hash; one core",
    rows,
  );
}
