/** How long a job takes through three queues in a row: the sum of three independent exponentials, and its tail. */

import type { Experiment, Finding } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import type { NodeContext } from "../src/hosts/ts/node.js";
import { exponentialOf } from "../src/random/exponential.js";

/** A unit of time: so many microseconds that rounding to one is nothing. */
const UNIT_US = 100_000;
/** Jobs for each unit of time: that arrive, and that each stage can serve. */
const ARRIVALS = 0.3;
const SERVICES = [0.9, 1.1, 1.4] as const;
/** Of each stage, what is left of its rate. */
const rates = SERVICES.map((mu) => mu - ARRIVALS);

const times = [2, 4, 7, 10, 14];
const SAMPLES = 3_000;
/**
 * One job in so many is looked at. A queue forgets as e^(−t/τ) with τ = 1/(√μ − √λ)², 6.2 units for the
 * slowest: between two samples ten of these pass.
 */
const SPACING = 20;
const WARM_UP = 3 * SPACING;

export const pipelineTail: Experiment = {
  name: "pipeline-tail",
  summary:
    "the time through three queues in a row is a sum of independent exponentials, tail and all",
  formula: "P(T > t) = Σᵢ Πⱼ≠ᵢ θⱼ/(θⱼ − θᵢ) · e^(−θᵢ·t),  θᵢ = μᵢ − λ",
  quantities: [
    {
      symbol: "T",
      meaning: "time of a job from its arrival to the end of the last stage",
      unit: "u",
    },
    { symbol: "t", meaning: "a time that it may exceed", unit: "u" },
    { symbol: "Σᵢ", meaning: "sum over the stages i", unit: "1" },
    { symbol: "Πⱼ≠ᵢ", meaning: "product over the other two stages j", unit: "1" },
    { symbol: "λ", meaning: `arrivals, a Poisson process: ${ARRIVALS}`, unit: "1/u" },
    {
      symbol: "μᵢ",
      meaning: `rate at which stage i serves, exponential times: ${SERVICES.join(", ")}`,
      unit: "1/u",
    },
    {
      symbol: "θᵢ",
      meaning: `rate of the time that a job spends in stage i: ${rates.map((rate) => rate.toFixed(1)).join(", ")}`,
      unit: "1/u",
    },
  ],
  derivation: [
    "What leaves an M/M/1 queue is Poisson with rate λ again, and says nothing of who is still in it: so each stage is M/M/1 (Burke).",
    "A job's time in stage i, waiting and service, is exponential with rate μᵢ − λ; in a row of such queues these times are independent (Reich).",
    "The sum of exponentials with different rates is hypoexponential: its transform E[e^(−zT)], a function of z, is Πᵢ θᵢ/(θᵢ + z), whose partial fractions give the tail. Its mean is Σᵢ 1/θᵢ.",
  ],
  source:
    "Burke 1956, The output of a queuing system; Reich 1957, Waiting times when queues are in tandem",
  assumes: `u, the unit of time, stands for ${UNIT_US / 1_000} ms. One job in ${SPACING} counts, so that samples are as good as independent, and none of the first ${WARM_UP}; ${SAMPLES} do.`,
  measure: async ({ seed }) => {
    const sojourns = await sojournsOf(seed);
    const findings = times.map((t): Finding => {
      const hits = sojourns.filter((sojourn) => sojourn > t).length;
      return {
        kind: "share",
        of: "P(T > t)",
        at: { t },
        predicted: tail(t),
        hits,
        trials: SAMPLES,
      };
    });
    const grid = Array.from({ length: 33 }, (_, i) => i / 2);
    const mean = rates.reduce((sum, rate) => sum + 1 / rate, 0);
    findings.push({ kind: "mean", of: "T", at: {}, predicted: mean, samples: sojourns });
    return {
      findings,
      plot: {
        title: "The tail of the time through three queues",
        x: { label: "t, in units of 100 ms" },
        y: { label: "P(T > t)", scale: "log" },
        series: [
          { name: "predicted", kind: "predicted", points: grid.map((x) => ({ x, y: tail(x) })) },
          {
            name: "measured",
            kind: "measured",
            points: times.map((x) => ({
              x,
              y: sojourns.filter((sojourn) => sojourn > x).length / SAMPLES,
            })),
          },
        ],
      },
    };
  },
};

function tail(t: number): number {
  return rates.reduce((sum, rate, i) => {
    const others = rates.filter((_, j) => j !== i);
    const weight = others.reduce((product, other) => (product * other) / (other - rate), 1);
    return sum + weight * Math.exp(-rate * t);
  }, 0);
}

/** Of one job in so many, the time from its arrival to its end, in units. */
async function sojournsOf(seed: number): Promise<number[]> {
  const sojourns: number[] = [];
  const arrivedUs = new Map<number, number>();
  const lab = new Lab({ seed, nodes: SERVICES.length, create: stage });
  const random = lab.random("arrivals");
  const arrive = lab.client("c1", ({ job }) => {
    const number = Number(job) - WARM_UP;
    const sinceUs = arrivedUs.get(Number(job)) ?? Number.NaN;
    arrivedUs.delete(Number(job));
    if (number < 0 || number % SPACING !== 0 || sojourns.length === SAMPLES) return;
    sojourns.push((lab.kernel.now - sinceUs) / UNIT_US);
  });
  const last = WARM_UP + SPACING * SAMPLES;
  const next = (job: number): void => {
    lab.at(lab.kernel.now + exponentialOf(random, UNIT_US / ARRIVALS), () => {
      arrivedUs.set(job, lab.kernel.now);
      arrive("n1", { type: "job", job });
      if (job < last) next(job + 1);
    });
  };
  next(0);
  await lab.run(Number.MAX_SAFE_INTEGER);
  return sojourns;
}

/** One server, first come first served; what is done goes on to the next stage, or back to the client. */
function stage({ id, nodes, random, after, send }: NodeContext) {
  const place = nodes.indexOf(id);
  const to = nodes[place + 1] ?? "c1";
  const meanUs = UNIT_US / (SERVICES[place] as number);
  const waiting: number[] = [];
  const serve = (): void => {
    after(exponentialOf(random, meanUs) / 1000, () => {
      send(to, { type: "job", job: waiting.shift() as number });
      if (waiting.length > 0) serve();
    });
  };
  return {
    onMessage: ({ body }: { body: { [field: string]: unknown } }): undefined => {
      waiting.push(Number(body["job"]));
      if (waiting.length === 1) serve();
    },
  };
}
