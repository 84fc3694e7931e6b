/** A herd of retries at one instant against the same ones spread out; and a pulse that retries never let end. */

import type { Experiment, Finding, PlotPoint } from "../src/experiment/experiment.js";
import { Lab } from "../src/experiment/lab.js";
import { Streams } from "../src/random/streams.js";
import { overloadsOf, PULSE_IN_WORDS } from "./retry-pulse.js";

const CLIENTS = 40;
const PERIOD_US = 40_000;
/** Each is served so long, in periods. */
const services = [0.25, 0.6, 1.5, 2.25];
const RUNS = 60;

export const thunderingHerd: Experiment = {
  name: "thundering-herd",
  summary:
    "spreading retries divides the peak by ⌈s/τ⌉/(s/τ); where they multiply, a pulse never ends",
  formula:
    "peak = N·⌈s/τ⌉;  R = (s/τ) / ⌈s/τ⌉;  of one herd: R = min(1, s/τ);  overloaded for good  ⇔  λ·(1 + r) > μ",
  quantities: [
    { symbol: "N", meaning: `clients that try again, each once in τ: ${CLIENTS}`, unit: "1" },
    {
      symbol: "R",
      meaning: "load with retries spread over τ, over the peak with all at once",
      unit: "1",
    },
    { symbol: "s", meaning: "how long the server is busy with each", unit: "s" },
    {
      symbol: "τ",
      meaning: `what retries are spread over, and after how long each client comes again: ${PERIOD_US / 1e6}`,
      unit: "s",
    },
    { symbol: "λ", meaning: "requests of clients, each counted once", unit: "1/s" },
    {
      symbol: "r",
      meaning: "how often a client tries again, each time after a time-out",
      unit: "1",
    },
    { symbol: "μ", meaning: "attempts that the server can serve", unit: "1/s" },
  ],
  derivation: [
    "N clients in step: at each beat N come, and those of the ⌈s/τ⌉ − 1 beats before are still there: the peak is N·⌈s/τ⌉.",
    "Spread over τ, N come in each τ at an even rate and stay for s: N·s/τ are there (Little); at even distances, always just so many. One herd that comes once: N·min(1, s/τ), of N.",
    "Where waiting exceeds the time-out, each request is tried 1 + r times in vain: λ(1 + r) keeps it so above μ, and below μ it drains.",
  ],
  source:
    "Brooker 2015, Exponential backoff and jitter; Bronson et al. 2021, Metastable failures in distributed systems",
  assumes: `As many are served at a time as come, for R: the peak is what is asked for. The closed form is for clients who come again after τ; for one herd it is right where s ≤ τ. Where retries are spread at random the peak is above its mean by chance, so it is the mean that is compared. For the pulse, one server, first come first served, which serves also those who have given up. ${PULSE_IN_WORDS}`,
  measure: async ({ seed }) => {
    const findings: Finding[] = [];
    const points: PlotPoint[] = [];
    const streams = new Streams(seed);
    for (const ratio of services) {
      const serviceUs = ratio * PERIOD_US;
      const at = { "s/τ": ratio };
      const herd = await loadsOf(serviceUs, () => 0, seed);
      const before = CLIENTS * Math.ceil(ratio);
      const peaks = { kind: "exact", at, measured: Math.max(...herd) } as const;
      findings.push({ ...peaks, of: "peak, all at once", predicted: before });
      const even = await loadsOf(serviceUs, (i) => (i * PERIOD_US) / CLIENTS, seed);
      const evenly = { ...peaks, measured: Math.max(...even) / before };
      const once = await loadsOf(serviceUs, (i) => (i * PERIOD_US) / CLIENTS, seed, 1);
      const predicted = ratio / Math.ceil(ratio);
      findings.push({ ...evenly, of: "R, at even distances", predicted });
      findings.push({
        ...peaks,
        of: "R of one herd, at even distances",
        predicted: Math.min(1, ratio),
        measured: Math.max(...once) / CLIENTS,
      });
      const samples: number[] = [];
      for (let round = 0; round < RUNS; round++) {
        const random = streams.stream("phases", round);
        const phases = Array.from({ length: CLIENTS }, () => random.int(PERIOD_US));
        samples.push((await loadAtEnd(serviceUs, phases, seed)) / before);
      }
      findings.push({ kind: "mean", of: "R, at random", at, predicted, samples });
      points.push({ x: ratio, y: samples.reduce((sum, y) => sum + y, 0) / RUNS });
    }
    findings.push(...(await overloadsOf(seed)));
    const grid = Array.from({ length: 60 }, (_, i) => (i + 1) / 24);
    return {
      findings,
      plot: {
        title: "Load with retries spread out, over the peak of the herd",
        x: { label: "s/τ" },
        y: { label: "R" },
        series: [
          {
            name: "predicted",
            kind: "predicted",
            points: grid.map((x) => ({ x, y: x / Math.ceil(x) })),
          },
          { name: "measured, spread at random", kind: "measured", points },
        ],
      },
    };
  },
};

const BEATS = 5;

/** The load that each retry meets, itself counted, of clients who come in so many periods. */
async function loadsOf(
  serviceUs: number,
  phaseUs: (client: number) => number,
  seed: number,
  beats = BEATS,
): Promise<number[]> {
  const phases = Array.from({ length: CLIENTS }, (_, i) => phaseUs(i));
  const { loads } = await run(serviceUs, phases, seed, beats);
  return loads;
}

/** How many are there at the end of the last period. */
async function loadAtEnd(
  serviceUs: number,
  phases: readonly number[],
  seed: number,
): Promise<number> {
  const { endsUs, endUs } = await run(serviceUs, phases, seed);
  return endsUs.filter((doneUs) => doneUs > endUs).length;
}

async function run(serviceUs: number, phases: readonly number[], seed: number, beats = BEATS) {
  const loads: number[] = [];
  const endsUs: number[] = [];
  const lab = new Lab({
    seed,
    nodes: 1,
    create: () => ({
      onMessage: () => {
        const { now } = lab.kernel;
        endsUs.push(now + serviceUs);
        loads.push(endsUs.filter((doneUs) => doneUs > now).length);
      },
    }),
  });
  const send = lab.client("c1", () => undefined);
  const startUs = 1_000;
  for (let beat = 0; beat < beats; beat++) {
    for (const phase of phases) {
      lab.at(startUs + beat * PERIOD_US + phase, () => send("n1", { type: "retry" }));
    }
  }
  const endUs = startUs + beats * PERIOD_US;
  await lab.run(endUs);
  return { loads, endsUs, endUs };
}
