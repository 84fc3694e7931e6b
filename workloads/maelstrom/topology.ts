/** Maelstrom's neighbourhoods for `broadcast`: who a node may gossip with. */

import { lookUp } from "../../src/base/names.js";

export type Topology = { [node: string]: string[] };

type Layout = (nodes: readonly string[]) => [number, number][];

const layouts: { readonly [name: string]: Layout } = {
  line: ({ length }) => range(length - 1).map((i) => [i, i + 1]),
  grid: (nodes) => {
    const side = Math.ceil(Math.sqrt(nodes.length));
    const right = range(nodes.length).filter((i) => (i + 1) % side !== 0);
    const edges = [
      ...right.map((i): [number, number] => [i, i + 1]),
      ...range(nodes.length).map((i): [number, number] => [i, i + side]),
    ];
    return edges.filter(([, to]) => to < nodes.length);
  },
  tree: (nodes) => tree(nodes, 2),
  tree2: (nodes) => tree(nodes, 2),
  tree3: (nodes) => tree(nodes, 3),
  tree4: (nodes) => tree(nodes, 4),
  total: (nodes) =>
    range(nodes.length).flatMap((to) => range(to).map((from): [number, number] => [from, to])),
};

export const topologies = Object.keys(layouts);

/** Every node's neighbours, both ways. @throws UsageError for a topology that does not exist. */
export function topology(name: string, nodes: readonly string[]): Topology {
  const layout = lookUp("topology", name, new Map(Object.entries(layouts)));
  const neighbours: Topology = Object.fromEntries(nodes.map((node) => [node, []]));
  for (const [left, right] of layout(nodes)) {
    const [a, b] = [nodes[left] as string, nodes[right] as string];
    neighbours[a]?.push(b);
    neighbours[b]?.push(a);
  }
  return neighbours;
}

function tree({ length }: readonly string[], branches: number): [number, number][] {
  return range(length - 1).map((i) => [Math.floor(i / branches), i + 1]);
}

function range(count: number): number[] {
  return Array.from({ length: Math.max(0, count) }, (_, i) => i);
}
