/** Partitions as rules of the network: who cannot reach whom. */

import type { Partition } from "../../plan/fault.js";
import type { Endpoint, LinkRule } from "../link.js";
import type { SimProbe } from "../probes.js";
import type { SimulatedWorld } from "../world.js";
import { resolve } from "./targets.js";

/** The rule that keeps a partition's sides apart, from the node of its moment on, if it has one. */
export function partitionRule(
  world: SimulatedWorld,
  partition: Partition,
  momentNode: string | undefined,
): LinkRule {
  return cut(separates(world, partition, momentNode));
}

/** Whether messages from one node to another are stopped. */
type Separation = (src: string, dest: string) => boolean;

function separates(
  world: SimulatedWorld,
  partition: Partition,
  momentNode: string | undefined,
): Separation {
  if ("groups" in partition) {
    const groupOf = new Map<string, number>();
    partition.groups.forEach((group, i) => {
      for (const node of group) groupOf.set(node, i);
    });
    return (src, dest) => {
      const [a, b] = [groupOf.get(src), groupOf.get(dest)];
      return a !== undefined && b !== undefined && a !== b;
    };
  }
  if ("pairs" in partition) {
    const cuts = new Set(partition.pairs.map(([src, dest]) => `${src}>${dest}`));
    return (src, dest) => cuts.has(`${src}>${dest}`);
  }
  const alone = resolve(world, partition.isolate, momentNode);
  if (world.leader === alone) world.listener.probe("leader isolated" satisfies SimProbe);
  const { direction } = partition;
  return (src, dest) =>
    (direction !== "in" && src === alone) || (direction !== "out" && dest === alone);
}

/** No cut comes between a node and itself. */
function cut(separation: Separation): LinkRule {
  return {
    covers: (src, dest) => bothNodes(src, dest) && src !== dest && separation(src.name, dest.name),
    change: (conditions) => {
      conditions.cut = true;
    },
  };
}

export function bothNodes(src: Endpoint, dest: Endpoint): boolean {
  return src.kind === "node" && dest.kind === "node";
}
