/** In how many rounds a rumour that is pushed to random nodes has come to all of them. */

import type { Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import { curve, meanPoint, scatter } from "../src/experiment/series.js";
import { slopeOf } from "../src/experiment/statistics.js";
import { Streams } from "../src/random/streams.js";

/** How many rumours for each number of nodes. */
const RUMOURS = new Map([
  [8, 200],
  [16, 200],
  [32, 150],
  [64, 100],
  [128, 40],
  [256, 15],
  [512, 6],
  [1_024, 4],
]);

/** A mean of fewer whole numbers is not compared: they may happen to be all the same. */
const MEANS_OF_MIN = 40;

/** The O(1) term for a power of two, by Doerr and Künnemann. */
const REST = [-1.116, 2.765] as const;

/** As formulas print it. */
const minus = (number: number): string => String(number).replace("-", "−");

const ROUND_MS = 10;
/** A message takes half a round, so that all of a round are there before the next one. */
const DELAY_MS = ROUND_MS / 2;

export const gossipRounds: Experiment = {
  name: "gossip-rounds",
  summary: "push gossip reaches all of N nodes in Θ(log N) rounds",
  formula: "T(I) = 1 + Σ P(I → J)·T(J);  T = T(1) = log₂ N + ln N + O(1) = Θ(log N);  s → 1 + ln 2",
  quantities: [
    {
      symbol: "T",
      meaning: "rounds until all nodes know the rumour that one began with",
      unit: "1",
    },
    {
      symbol: "N",
      meaning: "nodes; each that knows it tells one other, at random, in every round",
      unit: "1",
    },
    { symbol: "I", meaning: "nodes that know when a round begins", unit: "1" },
    { symbol: "J", meaning: "nodes that know when it ends, I or more", unit: "1" },
    { symbol: "P(I → J)", meaning: "probability that J know after a round, if I did", unit: "1" },
    { symbol: "T(I)", meaning: "mean rounds that are left once I nodes know; 0 for N", unit: "1" },
    { symbol: "s", meaning: "growth of T by log₂ N: the slope of a line", unit: "1" },
  ],
  derivation: [
    "No round more than doubles those who know, so T ≥ log₂ N; while they are few nearly every message is news, and they do double.",
    "Once nearly all know, a node is missed by all of them in a round with probability (1 − 1/(N − 1))^N ≈ 1/e: 1 of N is left after ln N rounds.",
    "Together log₂ N + ln N = (1 + ln 2) log₂ N. For a given N the mean is that of a Markov chain, from one node on: a round, and what is left after it, T(I) = 1 + Σ P(I → J)·T(J).",
  ],
  source:
    "Pittel 1987, On spreading a rumor; Doerr and Künnemann 2014, Tight analysis of randomized rumor spreading (the O(1) term)",
  assumes: `Rounds are synchronous, nobody fails, and nobody stops telling. For N a power of two the O(1) term is between ${REST.map(minus).join(" and ")}, proved by Doerr and Künnemann (up to o(1)). For few nodes s is more than in the limit: what is predicted is the slope through the exact means. Of more than 128 nodes there are fewer than ${MEANS_OF_MIN} rumours, too few for a mean of whole rounds: they count for s alone. R² is that of single rumours, which scatter by some rounds, not of means.`,
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const line: [x: number, y: number][] = [];
    const means: PlotPoint[] = [];
    const predicted: PlotPoint[] = [];
    const exact: [x: number, y: number][] = [];
    const streams = new Streams(seed);
    for (const [n, rumours] of RUMOURS) {
      const expected = expectedRounds(n);
      const limit = Math.log2(n) + Math.log(n);
      const samples: number[] = [];
      for (let i = 0; i < rumours; i++) {
        const rounds = await spread(streams.key("rumour", n, i) >>> 0, n);
        samples.push(rounds);
        line.push([Math.log2(n), rounds]);
        exact.push([Math.log2(n), expected]);
      }
      predicted.push({ x: n, y: expected });
      means.push(meanPoint(n, samples));
      if (rumours < MEANS_OF_MIN) continue;
      findings.push(
        { kind: "mean", of: "T", at: { N: n }, predicted: expected, samples },
        {
          kind: "mean",
          of: "T − log₂ N − ln N",
          at: { N: n },
          predicted: REST,
          samples: samples.map((rounds) => rounds - limit),
        },
      );
    }
    const sizes = [...RUMOURS.keys()];
    findings.push({
      kind: "slope",
      of: "s",
      at: { N: `${sizes[0]} … ${sizes.at(-1)}` },
      predicted: slopeOf(exact, 0.95).value,
      points: line,
    });
    return {
      findings,
      plot: {
        title: "Push gossip: rounds until all of N nodes know",
        x: { label: "nodes N", scale: "log" },
        y: { label: "rounds T" },
        series: [
          { name: "predicted: mean", kind: "predicted", points: predicted },
          curve("predicted: log₂ N + ln N", sizes, (n) => Math.log2(n) + Math.log(n)),
          curve("predicted: at least log₂ N", sizes, (n) => Math.log2(n)),
          scatter("measured: mean", means),
        ],
      },
    };
  },
};

/** The mean number of rounds, by the Markov chain of how many know. O(N³). */
function expectedRounds(n: number): number {
  const rounds = new Array<number>(n + 1).fill(0);
  for (let know = n - 1; know >= 1; know--) {
    let change = 0;
    const news = newsOf(know, n);
    for (let k = 1; k < news.length; k++) change += (news[k] ?? 0) * (rounds[know + k] ?? 0);
    rounds[know] = (1 + change) / (1 - (news[0] ?? 0));
  }
  return rounds[1] ?? 0;
}

/** The probability, for each k, that k nodes hear of it in a round when so many tell one other each. */
function newsOf(know: number, n: number): Float64Array {
  const max = Math.min(know, n - know);
  const news = new Float64Array(max + 1);
  news[0] = 1;
  for (let told = 1; told <= know; told++) {
    for (let k = Math.min(told, max); k >= 0; k--) {
      const old = (n - 1 - (n - know - k)) / (n - 1);
      const first = (n - know - k + 1) / (n - 1);
      news[k] = (news[k] ?? 0) * old + (k > 0 ? (news[k - 1] ?? 0) * first : 0);
    }
  }
  return news;
}

/** The round in which the last node heard of it. */
async function spread(seed: number, n: number): Promise<number> {
  let know = 0;
  const lab = new Lab({
    seed,
    nodes: n,
    network: { delayUs: DELAY_MS * 1_000 },
    create: ({ after, peers, random, send }) => {
      let knows = false;
      const round = (): void => {
        send(random.pick(peers), { type: "rumour" });
        after(ROUND_MS, round);
      };
      return {
        onMessage: () => {
          if (knows) return;
          knows = true;
          if (++know === n) lab.stop();
          else after(ROUND_MS - DELAY_MS, round);
        },
      };
    },
  });
  const tell = lab.client("c1", () => undefined);
  lab.at(0, () => tell("n1", { type: "rumour" }));
  await lab.run(Number.MAX_SAFE_INTEGER);
  // The first one heard of it in the middle of round 0.
  return (lab.kernel.now - DELAY_MS * 1_000) / (ROUND_MS * 1_000);
}
