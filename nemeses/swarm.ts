/**
 * A mix drawn from the seed: which kinds of fault exist at all in this run, and how often each
 * strikes (swarm testing, Groce et al. 2012). Leaving kinds out matters as much as putting them in:
 * some bugs hide when everything fails at once.
 *
 * The swarm makes no faults of its own. Its name in a request stands for the others, at rates that
 * are drawn here and kept in the plan; each then draws from its own stream, so that another rate for
 * one leaves the faults of the others as they were.
 */

import type { FaultKind } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { kindsMade, type Nemesis } from "./nemesis.js";

export const swarm: Nemesis = {
  name: "swarm",
  summary: "a mix of the others, drawn from the seed; only kinds that the world supports",
  kinds: [],
  faults: () => [],
};

/** Percent of the usual rate: as much below as above in proportion, and that rate itself in a third. */
const RATES_PERCENT = [25, 50, 70, 100, 100, 100, 140, 200, 400] as const;

/**
 * The rates of a swarm, in percent, for every nemesis that may be in it; 0 for those left out, never
 * for all. Each is drawn from the stream of its name.
 */
export function drawRates(
  members: Iterable<Nemesis>,
  supported: ReadonlySet<FaultKind>,
  streamOf: (name: string) => Random,
): { [nemesis: string]: number } {
  const rates: { [nemesis: string]: number } = {};
  for (const nemesis of members) {
    const { name, swarmOdds } = nemesis;
    if (swarmOdds === undefined || kindsMade(nemesis, supported) === undefined) continue;
    const random = streamOf(name);
    rates[name] = random.chance(...swarmOdds) ? random.pick(RATES_PERCENT) : 0;
  }
  const [first] = Object.keys(rates);
  if (first !== undefined && Object.values(rates).every((rate) => rate === 0)) rates[first] = 100;
  return rates;
}
