/**
 * Partitions in every shape: halves, a majority against a minority, one node alone (often the
 * leader), a bridge that sees both sides, a ring of overlapping majorities, and one-way cuts.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { anyone, COMMON, countOf, type Nemesis, stretch, type Topology } from "./nemesis.js";

type Cut = Extract<FaultDraft, { kind: "partition" }>;
/** `Omit` over each member, where plain Omit would keep only what all members share. */
type Shape = Cut extends infer C ? (C extends Cut ? Omit<C, "atUs" | "untilUs"> : never) : never;

const SECOND_US = 1_000_000;

export const partition: Nemesis = {
  name: "partition",
  summary: "cuts the network: halves, minority, isolated node or leader, bridge, ring, one-way",
  kinds: ["partition"],
  swarmOdds: COMMON,
  faults: (random, topology) =>
    Array.from({ length: countOf(random, topology, 3 * SECOND_US) }, () => ({
      ...stretch(random, topology, SECOND_US / 4, 4 * SECOND_US),
      ...random.pick(shapes)(random, topology),
    })),
};

type MakeShape = (random: Random, topology: Topology) => Shape;

const halves: MakeShape = (random, { nodes }) => {
  const order = random.shuffle(nodes);
  const middle = order.length >> 1;
  return {
    kind: "partition",
    shape: "halves",
    groups: [order.slice(0, middle), order.slice(middle)],
  };
};

const minority: MakeShape = (random, { nodes }) => {
  const order = random.shuffle(nodes);
  const size = random.between(1, Math.max(1, (order.length - 1) >> 1));
  return {
    kind: "partition",
    shape: "minority",
    groups: [order.slice(0, size), order.slice(size)],
  };
};

const isolate: MakeShape = (random, topology) => ({
  kind: "partition",
  shape: "isolate",
  isolate: anyone(random, topology),
  direction: "both",
});

const oneWay: MakeShape = (random, topology) => ({
  kind: "partition",
  shape: "one-way",
  isolate: anyone(random, topology),
  direction: random.chance(1, 2) ? "in" : "out",
});

const bridge: MakeShape = (random, { nodes }) => {
  const [, ...rest] = random.shuffle(nodes);
  const middle = rest.length >> 1;
  return {
    kind: "partition",
    shape: "bridge",
    groups: [rest.slice(0, middle), rest.slice(middle)],
  };
};

/**
 * Every node sees a majority, no two the same one: its nearest neighbours on a ring. On a ring of
 * three everybody is a neighbour: there a bridge is what comes nearest.
 */
const ring: MakeShape = (random, topology) => {
  if (topology.nodes.length < 4) return bridge(random, topology);
  const order = random.shuffle(topology.nodes);
  const reach = (order.length + 2) >> 2;
  const pairs: [string, string][] = [];
  order.forEach((src, i) => {
    order.forEach((dest, j) => {
      const gap = Math.abs(i - j);
      if (Math.min(gap, order.length - gap) > reach) pairs.push([src, dest]);
    });
  });
  return { kind: "partition", shape: "ring", pairs };
};

const shapes: readonly MakeShape[] = [halves, minority, isolate, isolate, oneWay, bridge, ring];
