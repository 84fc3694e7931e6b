/**
 * How likely the failure was as time went on: the run is replayed up to a moment, and many other
 * futures follow; the share of them in which the same checker complains is the likelihood there.
 *
 * The same seeds are used at every moment, so that two moments differ by their pasts and not by luck.
 * points * futures runs, and log(events) * futures more to find the event that decided it.
 */

import type { History } from "../../histories/index.js";
import type { System } from "../../systems/index.js";
import type { Plan } from "../plan/plan.js";
import type { TraceRecord } from "../sim/trace.js";
import type { Inevitable, Likelihood, LikelihoodPoint, TraceLine } from "./explanation.js";
import { futureOf, futureSeeds, redraw } from "./futures.js";
import { Interrupted, type Lab } from "./lab.js";
import type { Point } from "./moments.js";
import { lineOf } from "./trace-lines.js";
import { instant, shown } from "./words.js";

export interface LikelihoodRequest {
  plan: Plan;
  system: System | undefined;
  points: readonly Point[];
  futures: number;
  /** Of the failing run. */
  trace: readonly TraceRecord[];
  history: History;
}

export interface LikelihoodSearch {
  likelihood: Likelihood;
  isInterrupted: boolean;
}

export async function likelihoodOf(
  lab: Lab,
  request: LikelihoodRequest,
): Promise<LikelihoodSearch> {
  const { futures, points } = request;
  const sampler = new Sampler(lab, request);
  const series: LikelihoodPoint[] = [];
  try {
    for (const { atUs, words } of points) {
      series.push({ atUs, words, futures, ...(await sampler.at(atUs)) });
    }
    const inevitable = await decided(sampler, series, request);
    return { likelihood: { futures, series, inevitable }, isInterrupted: false };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { likelihood: { futures, series, inevitable: null }, isInterrupted: true };
  }
}

interface Share {
  failing: number;
  otherwise: number;
}

class Sampler {
  readonly #futures: readonly { seed: number; faults: ReturnType<typeof redraw> }[];
  readonly futures: number;

  constructor(
    private readonly lab: Lab,
    private readonly request: LikelihoodRequest,
  ) {
    const { plan, system, futures } = request;
    this.futures = futures;
    this.#futures = futureSeeds(plan.seed, futures).map((seed) => ({
      seed,
      faults: redraw(plan, seed, system),
    }));
  }

  async at(atUs: number): Promise<Share> {
    const { plan } = this.request;
    const share: Share = { failing: 0, otherwise: 0 };
    for (const { seed, faults } of this.#futures) {
      const outcome = await this.lab.outcome(futureOf(plan, atUs, seed, faults));
      if (outcome.fails) share.failing++;
      else if (outcome.valid === false) share.otherwise++;
    }
    return share;
  }
}

/**
 * The event that made it inevitable: from right after it on, every future tried fails. Bisected over
 * the events between the last point that left hope and the first of those that leave none.
 */
async function decided(
  sampler: Sampler,
  series: readonly LikelihoodPoint[],
  { trace, history }: Pick<LikelihoodRequest, "trace" | "history">,
): Promise<Inevitable | null> {
  const hopeful = series.findLastIndex(({ failing, futures }) => failing < futures);
  const hopeless = series[hopeful + 1];
  if (hopeless === undefined) return null;
  const last = series[hopeful];
  if (last === undefined) {
    const words = "every future fails, whatever is drawn: no fault that is drawn later is needed";
    return { atUs: 0, before: sampler.futures, event: null, words };
  }
  const times = trace
    .map(({ timeUs }) => timeUs)
    .filter((timeUs) => timeUs >= last.atUs && timeUs < hopeless.atUs);
  const instants = [...new Set(times)];
  // Invariant: right after instants[high] all futures fail, right before instants[low] one did not.
  let [low, high] = [0, instants.length - 1];
  let before = last.failing;
  while (low < high) {
    const middle = (low + high) >> 1;
    const share = await sampler.at((instants[middle] as number) + 1);
    if (share.failing === sampler.futures) high = middle;
    else {
      low = middle + 1;
      before = share.failing;
    }
  }
  const atUs = instants[high] ?? hopeless.atUs;
  const event = eventAt(atUs, trace, history);
  const what = event === null ? "" : ` (${event.kind} ${event.who}: ${event.text})`;
  return {
    atUs,
    before,
    event,
    words: `from ${instant(atUs)} on every future fails${what.replace(/: \)$/, ")")}`,
  };
}

/** What happened at an instant, with what nodes and clients did there. */
function eventAt(
  atUs: number,
  trace: readonly TraceRecord[],
  { events }: History,
): TraceLine | null {
  const there = trace.filter(({ timeUs }) => timeUs === atUs);
  const record = there.find(({ kind }) => kind !== "timer") ?? there[0];
  if (record === undefined) return null;
  const line = lineOf(record);
  const seen = events
    .filter(({ time }) => Math.floor(time / 1000) === atUs)
    .map(({ process, type, f, value }) =>
      typeof process === "string"
        ? `${process}: ${process === "nemesis" ? f : `${f} ${shown(value)}`}`
        : `process ${process}: ${f} ${shown(value)} ${type}`,
    );
  return { ...line, text: [line.text, ...seen].filter((part) => part !== "").join("; ") };
}
