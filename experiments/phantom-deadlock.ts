/** How often a cycle that is put together from late reports is there no more: 1 − e^(−k·r·d). */

import type { Json } from "../src/base/json.js";
import type { Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import { shareOf } from "../src/experiment/statistics.js";
import type { Node, NodeContext } from "../src/hosts/ts/node.js";
import { exponentialOf } from "../src/random/exponential.js";

const EDGES = 4;
const RELEASES_PER_S = 20;
const MEAN_US = 1e6 / RELEASES_PER_S;
/** ln 2 / (k·r), in microseconds. */
const HALF_US = 8_664;
const delaysUs = [1_000, 2_000, 4_000, 6_000, HALF_US, 12_000, 16_000, 24_000];
const TRIALS = 2_000;
/** From one cycle to the next: by then the report has long arrived. */
const TRIAL_US = 100_000;

const DETECTOR = `n${EDGES + 1}`;

export const phantomDeadlock: Experiment = {
  name: "phantom-deadlock",
  summary:
    "of the cycles put together from late reports a share is gone, and soon it is more than half",
  formula: "p = 1 − e^(−k·r·d);  d½ = ln 2 / (k·r)",
  quantities: [
    { symbol: "p", meaning: "share of the reported cycles that are there no more", unit: "1" },
    { symbol: "k", meaning: "edges of the cycle", unit: "1" },
    { symbol: "r", meaning: "rate at which each edge is released", unit: "1/s" },
    { symbol: "d", meaning: "how late the reports are", unit: "s" },
    { symbol: "d½", meaning: "the delay at which half of the cycles are phantoms", unit: "s" },
  ],
  derivation: [
    "An edge that is released at rate r outlives the report by d with probability e^(−r·d), however old it is: the exponential has no memory.",
    "The cycle stands if all k edges do, each by itself: e^(−r·d) to the power k, so that it is gone with p = 1 − e^(−k·r·d).",
    "Half of them are gone where k·r·d = ln 2: with 4 edges and 20 releases/s each, at d = 0.6931 / 80 s = 8.66 ms.",
  ],
  source: "Gligor and Shattuck 1980, On deadlock detection in distributed systems",
  assumes:
    "Edges end by themselves, as by time-outs and aborts; those of a deadlock proper do not. All are reported at one moment, so that the delay alone is to blame.",
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const points: PlotPoint[] = [];
    const growth: [x: number, y: number][] = [];
    for (const [i, delayUs] of delaysUs.entries()) {
      const hits = await phantoms(delayUs, seed + i);
      findings.push({
        kind: "share",
        of: delayUs === HALF_US ? "phantoms, where half are expected" : "phantoms",
        at: { "d in ms": delayUs / 1_000 },
        predicted: delayUs === HALF_US ? 0.5 : predicted(delayUs),
        hits,
        trials: TRIALS,
      });
      const { value, low, high } = shareOf(hits, TRIALS, 0.95);
      points.push({ x: delayUs / 1_000, y: value, interval: [low, high] });
      growth.push([delayUs / 1e6, -Math.log(1 - value)]);
    }
    findings.push({
      kind: "slope",
      of: "−ln(1 − p) by d: k·r, 1/s",
      at: { k: EDGES, r: RELEASES_PER_S },
      predicted: EDGES * RELEASES_PER_S,
      points: growth,
    });
    return {
      findings,
      plot: {
        title: "Cycles from late reports that are there no more",
        x: { label: "delay d of the reports, ms" },
        y: { label: "share p of phantoms" },
        series: [
          {
            name: "predicted: 4 edges, 20 releases/s each",
            kind: "predicted",
            points: Array.from({ length: 49 }, (_, i) => ({ x: i / 2, y: predicted(i * 500) })),
          },
          { name: "measured", kind: "measured", points },
        ],
      },
    };
  },
};

function predicted(delayUs: number): number {
  return 1 - Math.exp((-EDGES * RELEASES_PER_S * delayUs) / 1e6);
}

/** Of so many cycles, how many were gone when the last report of their edges arrived. */
async function phantoms(delayUs: number, seed: number): Promise<number> {
  const holders = new Map<string, Holder>();
  let gone = 0;
  const put = new Map<Json, number>();
  const lab = new Lab({
    seed,
    nodes: EDGES + 1,
    network: { delayUs },
    create: (context) => {
      if (context.id !== DETECTOR) {
        const holder = new Holder(context);
        holders.set(context.id, holder);
        return holder;
      }
      return {
        onMessage: ({ body }) => {
          const cycle = body["cycle"] ?? null;
          const edges = (put.get(cycle) ?? 0) + 1;
          put.set(cycle, edges);
          if (edges < EDGES) return;
          if (![...holders.values()].every((holder) => holder.holds(cycle))) gone++;
        },
      };
    },
  });
  for (let cycle = 0; cycle < TRIALS; cycle++) {
    // Not at 0, when nodes are yet to boot.
    lab.at((cycle + 1) * TRIAL_US, () => {
      for (const holder of holders.values()) holder.wait(cycle);
    });
  }
  await lab.run((TRIALS + 1) * TRIAL_US);
  return gone;
}

/** A site with one edge of the wait-for graph: it reports it, and releases it some time later. */
class Holder implements Node {
  readonly #context: NodeContext;
  #cycle: Json = null;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  holds(cycle: Json): boolean {
    return this.#cycle === cycle;
  }

  wait(cycle: number): void {
    const { after, random, send } = this.#context;
    this.#cycle = cycle;
    send(DETECTOR, { type: "edge", cycle });
    after(exponentialOf(random, MEAN_US) / 1_000, () => {
      if (this.#cycle === cycle) this.#cycle = null;
    });
  }

  onMessage(): void {}
}
