/** How long a write takes that waits for W of N replicas: an order statistic of their delays. */

import type { Experiment, Finding, Series } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import { curve, meanPoint, scatter } from "../src/experiment/series.js";
import { exponentialOf } from "../src/random/exponential.js";

const REPLICAS = [3, 5, 7];
const MEAN_US = 10_000;
const WRITES = 10_000;
/** Writes overlap, and replicas serve any number at once, so that this changes nothing. */
const BETWEEN_US = 2_000;

export const quorumLatency: Experiment = {
  name: "quorum-latency",
  summary: "a write that waits for W of N replicas takes as long as the W-th fastest of them",
  formula: "T = m · Σ 1/i over i = N − W + 1 … N",
  quantities: [
    {
      symbol: "T",
      meaning: "mean time from sending a write to its W-th acknowledgement",
      unit: "µs",
    },
    { symbol: "m", meaning: "mean time of one replica, exponentially distributed", unit: "µs" },
    { symbol: "N", meaning: "replicas, each asked at once", unit: "1" },
    { symbol: "W", meaning: "acknowledgements waited for", unit: "1" },
    { symbol: "i", meaning: "replicas that have not answered yet", unit: "1" },
  ],
  derivation: [
    "While i replicas have not answered, the next answer is the minimum of i exponential times, as these forget how long they ran.",
    "The minimum of i exponential times of mean m is exponential, too, with mean m/i.",
    "Up to the W-th answer i goes from N down to N − W + 1: the sum of m/i over these.",
  ],
  source: "Rényi 1953, On the theory of order statistics; Dean and Barroso 2013, The tail at scale",
  assumes: `Links take no time; replicas draw theirs from the exact exponential law, m = ${MEAN_US} µs, for each write anew.`,
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const series: Series[] = [];
    for (const n of REPLICAS) {
      const waits = await acknowledgements(seed, n);
      const ranks = waits.map((_, i) => i + 1);
      series.push(
        curve(`predicted: N = ${n}`, ranks, (w) => expected(n, w)),
        scatter(
          `measured: N = ${n}`,
          waits.map((samples, i) => meanPoint(i + 1, samples)),
        ),
      );
      waits.forEach((samples, i) => {
        const w = i + 1;
        findings.push({
          kind: "mean",
          of: "T, µs",
          at: { N: n, W: w },
          predicted: expected(n, w),
          samples,
        });
      });
    }
    return {
      findings,
      plot: {
        title: "Latency of a write by the quorum it waits for",
        x: { label: "write quorum W" },
        y: { label: "mean latency T, µs" },
        series,
      },
    };
  },
};

function expected(n: number, w: number): number {
  let sum = 0;
  for (let i = n - w + 1; i <= n; i++) sum += 1 / i;
  return MEAN_US * sum;
}

/** For each rank the times, over all writes, at which the acknowledgement of that rank came. */
async function acknowledgements(seed: number, n: number): Promise<number[][]> {
  const lab = new Lab({
    seed,
    nodes: n,
    create: ({ after, random, reply }) => ({
      onMessage: (request) => {
        after(exponentialOf(random, MEAN_US) / 1_000, () => reply(request, { type: "write_ok" }));
      },
    }),
  });
  const waits: number[][] = Array.from({ length: n }, () => []);
  const acknowledged = new Array<number>(WRITES).fill(0);
  const send = lab.client("c1", (body) => {
    const write = Number(body["in_reply_to"]);
    const rank = acknowledged[write] ?? 0;
    acknowledged[write] = rank + 1;
    waits[rank]?.push(lab.kernel.now - (write + 1) * BETWEEN_US);
  });
  for (let write = 0; write < WRITES; write++) {
    lab.at((write + 1) * BETWEEN_US, () => {
      for (const node of lab.world.nodes) send(node, { type: "write", msg_id: write });
    });
  }
  await lab.run((WRITES + 1) * BETWEEN_US + 100 * MEAN_US);
  return waits;
}
