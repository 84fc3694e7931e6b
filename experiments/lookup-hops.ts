/** In how many hops a service is found: on a ring of all nodes, and at one registry that all of them ask. */

import type { Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { curve, meanPoint, scatter } from "../src/experiment/series.js";
import { slopeOf } from "../src/experiment/statistics.js";
import { Streams } from "../src/random/streams.js";
import { idOf } from "../systems/registry/ids.js";
import { expectedHops } from "./chord-hops.js";
import { anyNames, hopsOfSystem, routingOf, successorOf } from "./chord-ring.js";
import { loadOf } from "./registry-load.js";

/** How many rings of each number of nodes: the hops of one are hardly more than one sample. */
const RINGS = new Map([
  [8, 24],
  [16, 24],
  [32, 20],
  [64, 16],
  [128, 6],
  [256, 4],
]);
/** On each ring, by all of its nodes in turn. */
const LOOKUPS = 512;
/** Rings of these sizes are asked as the whole system that they are, too. */
const WHOLE = [8, 16, 32];
const WHOLE_LOOKUPS = 128;

/** A mean of fewer rings is not compared. */
const MEANS_OF_MIN = 16;

export const lookupHops: Experiment = {
  name: "lookup-hops",
  summary:
    "a lookup on a ring takes Θ(log N) hops; at a central registry it takes one, and all N come to it",
  formula: "T = ½ log₂ N + O(1) = Θ(log N);  s → ½;  centre: T = 1, load λ ∝ N¹",
  quantities: [
    {
      symbol: "T",
      meaning: "mean hops of a lookup: nodes asked for the way to the node that has the key",
      unit: "1",
    },
    { symbol: "N", meaning: "nodes that look things up, all those of the ring", unit: "1" },
    { symbol: "s", meaning: "growth of T by log₂ N: the slope of a line", unit: "1" },
    {
      symbol: "λ",
      meaning: "requests that the central registry gets, each node asking alike",
      unit: "1/s",
    },
  ],
  derivation: [
    "Finger i is the first node at least 2^i away: a hop to the last finger before the key leaves less than half of the way, and after log₂ N + O(1) halvings O(1) nodes are left.",
    "Read the way as a binary number: each hop takes its leading 1. Of the log₂ N digits that tell nodes apart half are 1 on average: ½ log₂ N.",
    "At the centre there is one to ask: T = 1, and each of N nodes adds its own requests to the same load: λ ∝ N. On the ring the N·T steps are those of N nodes: T each.",
  ],
  source:
    "Stoica, Morris, Karger, Kaashoek, Balakrishnan 2001, Chord (theorem 2, section 6.3: path length)",
  assumes:
    "Nobody comes or goes, and all fingers have been found. Hops are those of the routing of `registry`, whose steps are asked for by calls; the whole system, over the network, takes the same ones on rings of 8, 16 and 32. For few nodes s is more than in the limit: what is predicted is the slope through the means of a recursion over the distance, with the three successors that a node of `registry` knows. At the centre, lookups come while what a cache knows is too old. There are few rings of 128 and of 256 nodes, as these take long: too few for a mean of their own, so that they count for s alone. R² is that of single rings, not of means.",
  measure: async ({ seed }) => {
    const sizes = [...RINGS.keys()];
    const ring = await ringOf(seed);
    const centre = await centreOf(seed, sizes);
    return {
      findings: [...ring.findings, ...centre.findings],
      plot: {
        title: "Hops of a lookup, by the number of nodes",
        x: { label: "nodes N", scale: "log" },
        y: { label: "hops T" },
        series: [
          curve("predicted: ring, mean", sizes, expectedHops),
          curve("predicted: ½ log₂ N", sizes, (n) => Math.log2(n) / 2),
          scatter("measured: ring, mean", ring.means),
          curve("predicted: centre", sizes, () => 1),
          scatter("measured: centre, mean", centre.means),
        ],
      },
    };
  },
};

interface Part {
  findings: Finding[];
  means: PlotPoint[];
}

async function ringOf(seed: number): Promise<Part> {
  const findings: Finding[] = [];
  const means: PlotPoint[] = [];
  const line: [x: number, y: number][] = [];
  const expected: [x: number, y: number][] = [];
  for (const [n, rings] of RINGS) {
    const at = { N: n };
    const mean = expectedHops(n);
    const samples: number[] = [];
    for (let i = 0; i < rings; i++) {
      const sample = await askRing(seed, n, i);
      samples.push(sample);
      line.push([Math.log2(n), sample]);
      expected.push([Math.log2(n), mean]);
    }
    means.push(meanPoint(n, samples));
    if (rings >= MEANS_OF_MIN) {
      findings.push({ kind: "mean", of: "T of the ring", at, predicted: mean, samples });
    }
  }
  const at = { N: `${[...RINGS.keys()][0]} … ${[...RINGS.keys()].at(-1)}` };
  const predicted = slopeOf(expected, 0.95).value;
  findings.push({ kind: "slope", of: "s of the ring", at, predicted, points: line });
  for (const n of WHOLE) {
    const measured = await otherWays(seed, n);
    const of = "lookups of the whole system with other hops, or at a wrong node";
    findings.push({ kind: "exact", of, at: { N: n }, predicted: 0, measured });
  }
  return { findings, means };
}

/** The mean of lookups from all nodes of a ring, for keys at even distances. */
async function askRing(seed: number, n: number, i: number): Promise<number> {
  const random = new Streams(seed).stream("ring", n, i);
  const names = anyNames(random, n);
  const find = await routingOf(seed, names);
  const offset = random.int(2 ** 32);
  let sum = 0;
  for (let k = 0; k < LOOKUPS; k++) {
    const asker = names[k % n] as string;
    const id = (offset + Math.floor(((k + k / n) * 2 ** 32) / LOOKUPS)) >>> 0;
    sum += (await find(asker, id)).hops;
  }
  return sum / LOOKUPS;
}

/** Lookups over the network that took other hops than the routing alone, or where that is wrong. */
async function otherWays(seed: number, n: number): Promise<number> {
  const names = anyNames(new Streams(seed).stream("whole ring", n), n);
  const lookups = Array.from({ length: WHOLE_LOOKUPS }, (_, i) => ({
    at: names[i % n] as string,
    service: `service ${i}`,
  }));
  const find = await routingOf(seed, names);
  let others = 0;
  for (const [i, hops] of (await hopsOfSystem(seed, names, lookups)).entries()) {
    const { at, service } = lookups[i] as (typeof lookups)[number];
    const route = await find(at, idOf(service));
    const isRight = route.owner === successorOf(idOf(service), names);
    if (route.hops !== hops || !isRight) others++;
  }
  return others;
}

async function centreOf(seed: number, sizes: readonly number[]): Promise<Part> {
  const findings: Finding[] = [];
  const means: PlotPoint[] = [];
  const hops: [x: number, y: number][] = [];
  const loads: [x: number, y: number][] = [];
  for (const n of sizes) {
    const load = await loadOf(seed, n);
    const most = Math.max(...load.hops);
    findings.push({
      kind: "exact",
      of: "hops of the longest lookup at the centre",
      at: { N: n },
      predicted: 1,
      measured: most,
    });
    const point = meanPoint(n, load.hops);
    means.push(point);
    hops.push([Math.log2(n), point.y]);
    loads.push([Math.log2(n), Math.log2(load.perSecond)]);
  }
  const at = { N: `${sizes[0]} … ${sizes.at(-1)}` };
  findings.push(
    { kind: "slope", of: "growth of T at the centre by log₂ N", at, predicted: 0, points: hops },
    { kind: "slope", of: "exponent of λ by N", at, predicted: 1, points: loads },
  );
  return { findings, means };
}
