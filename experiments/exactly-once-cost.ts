/** What exactly-once costs beyond at-least-once, (1 + c_x/c_b)·e^(λ·t_x): dearer attempts, and more of them. */

import type { Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import { exponentialOf } from "../src/random/exponential.js";

/** Of an attempt that only delivers. */
const BASE = { writes: 4, timeUs: 20_000 };
/** Mean time between two failures. */
const MEAN_UPTIME_US = 50_000;

/** What dedupe and transaction add to an attempt. */
const additions = [
  { writes: 1, timeUs: 5_000 },
  { writes: 2, timeUs: 20_000 },
  { writes: 4, timeUs: 50_000 },
] as const;

const BATCHES = 12;
const JOBS = 1_500;

export const exactlyOnceCost: Experiment = {
  name: "exactly-once-cost",
  summary:
    "exactly-once costs more per attempt, and more attempts, as each is open to failures longer",
  formula: "R = (c_b + c_x)·e^(λ·(t_b + t_x)) / (c_b·e^(λ·t_b)) = (1 + c_x/c_b)·e^(λ·t_x)",
  quantities: [
    {
      symbol: "R",
      meaning: "cost of an effect exactly once over that of one at least once",
      unit: "1",
    },
    {
      symbol: "c_b",
      meaning: `cost of an attempt that only delivers: ${BASE.writes}`,
      unit: "writes",
    },
    { symbol: "c_x", meaning: "what dedupe and transaction add to it", unit: "writes" },
    {
      symbol: "λ",
      meaning: `rate of failures, a Poisson process: ${1e6 / MEAN_UPTIME_US}`,
      unit: "1/s",
    },
    {
      symbol: "t_b",
      meaning: `time of an attempt that only delivers: ${BASE.timeUs / 1e6}`,
      unit: "s",
    },
    { symbol: "t_x", meaning: "time that dedupe and transaction add to an attempt", unit: "s" },
  ],
  derivation: [
    "An attempt that lasts for a time t, whichever that is, meets no failure with probability e^(−λt), whatever came before: e^(λt) attempts are made on average.",
    "Each is paid for whole, as only its end shows whether it failed: c_b·e^(λ·t_b) in one mode, (c_b + c_x)·e^(λ·(t_b + t_x)) in the other.",
    "In the ratio of the two e^(λ·t_b) cancels out, and with it t_b.",
  ],
  source: "the geometric number of trials; Kafka, KIP-98 (2017), for what is added to an attempt",
  assumes:
    "A ratio of mean costs over many jobs, not a mean of ratios: each sample is that of a batch, which is off by less than 0.1 %. An attempt that stopped at its failure would cost less.",
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const predictedPoints: PlotPoint[] = [];
    const measuredPoints: PlotPoint[] = [];
    for (const [i, added] of additions.entries()) {
      const exponent = added.timeUs / MEAN_UPTIME_US;
      const predicted = (1 + added.writes / BASE.writes) * Math.exp(exponent);
      const samples: number[] = [];
      for (let batch = 0; batch < BATCHES; batch++) {
        const plain = await costOf(BASE, { seed, purpose: "at least once", indexes: [i, batch] });
        const writes = BASE.writes + added.writes;
        const timeUs = BASE.timeUs + added.timeUs;
        const draws = { seed, purpose: "exactly once", indexes: [i, batch] };
        samples.push((await costOf({ writes, timeUs }, draws)) / plain);
      }
      const at = { "c_x/c_b": added.writes / BASE.writes, λ·t_x: exponent };
      findings.push({ kind: "mean", of: "R", at, predicted, samples });
      predictedPoints.push({ x: exponent, y: predicted });
      measuredPoints.push({ x: exponent, y: samples.reduce((sum, y) => sum + y, 0) / BATCHES });
    }
    return {
      findings,
      plot: {
        title: "The cost of exactly-once over at-least-once",
        x: { label: "failures while dedupe and transaction last, λ·t_x" },
        y: { label: "R", scale: "log" },
        series: [
          { name: "predicted", kind: "predicted", points: predictedPoints },
          { name: "measured", kind: "measured", points: measuredPoints },
        ],
      },
    };
  },
};

/** Writes made until so many jobs were done, one after the other, while failures strike. */
async function costOf(
  attempt: { writes: number; timeUs: number },
  { seed, purpose, indexes }: { seed: number; purpose: string; indexes: readonly number[] },
): Promise<number> {
  let writes = 0;
  let done = 0;
  const lab = new Lab({
    seed,
    nodes: 1,
    create: ({ after }) => {
      let failed = false;
      const work = (): void => {
        failed = false;
        writes += attempt.writes;
        after(attempt.timeUs / 1000, () => {
          if (!failed) done++;
          if (done < JOBS) work();
        });
      };
      return {
        start: work,
        onMessage: () => {
          failed = true;
        },
      };
    },
  });
  const fail = lab.client("c1", () => undefined);
  const random = lab.random(`failures/${purpose}`, ...indexes);
  const strike = (): void => {
    if (done === JOBS) return;
    fail("n1", { type: "fail" });
    lab.at(lab.kernel.now + Math.max(1, exponentialOf(random, MEAN_UPTIME_US)), strike);
  };
  lab.at(exponentialOf(random, MEAN_UPTIME_US), strike);
  await lab.run(Number.MAX_SAFE_INTEGER);
  return writes;
}
