/**
 * What a swarm draws from the seed before anything else: which faults exist in this run and how often
 * they strike, and how often clients choose each function. What is asked for takes the place of what
 * was drawn; every draw has a stream of its own, so that the others stay as they were.
 */

import { drawRates, kindsMade, nemeses } from "../../nemeses/index.js";
import type { MixScope, Workload } from "../../workloads/index.js";
import { UsageError } from "../base/errors.js";
import { lookUp, unknownName } from "../base/names.js";
import type { Swarm } from "../plan/plan.js";
import type { Random } from "../random/random.js";
import type { Streams } from "../random/streams.js";
import type { Admission } from "./admission.js";

/** What of a swarm is asked for rather than drawn. */
export interface SwarmRequest {
  /** Percent of the usual rate, by nemesis; 0 leaves it out. */
  rates?: Swarm["rates"];
  /** Weights, by function; 0 switches it off. */
  mix?: Swarm["mix"];
}

/** What the draws of a swarm depend on. */
export interface SwarmScope extends MixScope {
  streams: Streams;
  nemesis: readonly string[];
  workload: Workload;
  admission: Admission;
  /** Names of the settings that were asked for: what they say is not drawn. */
  settings: ReadonlySet<string>;
}

const NAME = "swarm";
const USUAL_PERCENT = 100;
/** The highest rate, in percent, and the highest weight. */
const VALUE_MAX = 1_000;
/** How many quarters the usual weight is. */
const WHOLE = 4;
/** What a swarm makes of a weight, in quarters of it. */
const NEEDED_QUARTERS = [1, 4, 4, 16] as const;
const QUARTERS = [0, ...NEEDED_QUARTERS] as const;

/** What faults and operations are made by, and what the plan tells of it. */
export interface DrawnSwarm extends Swarm {
  /** Left out where nothing was drawn and nothing asked for: all is as usual. */
  told: { swarm?: Swarm };
}

/** @throws UsageError for rates and weights of what there is not, or that leave nothing to do. */
export function drawSwarm(asked: SwarmRequest, scope: SwarmScope): DrawnSwarm {
  const rates = ratesOf(asked.rates, scope);
  const mix = mixOf(asked.mix, scope);
  const isAsked = Object.keys({ ...asked.rates, ...asked.mix }).length > 0;
  const told = isAsked || scope.nemesis.includes(NAME) ? { swarm: { rates, mix } } : {};
  return { rates, mix, told };
}

/**
 * The rate of every nemesis that may strike, in percent, in the order in which they make their
 * faults; 0 for those left out.
 * @throws UsageError for nemeses that there are not, that this run does not admit, for none beside some, or whose
 * rate is asked for though they have no part in the run.
 */
function ratesOf(asked: SwarmRequest["rates"] = {}, scope: SwarmScope): Swarm["rates"] {
  const { nemesis: names, streams, admission } = scope;
  checkNone(names);
  const rates: Swarm["rates"] = {};
  const streamOf = (name: string): Random => streams.stream(`swarm/faults/${name}`);
  for (const name of names) {
    if (name === NAME) {
      const drawn = drawRates(nemeses.values(), admission.kinds, streamOf);
      for (const [member, rate] of Object.entries(drawn)) {
        if (!names.includes(member)) rates[member] = rate;
      }
    } else {
      for (const member of membersOf(name, admission)) rates[member] = USUAL_PERCENT;
    }
  }
  for (const [name, rate] of Object.entries(asked)) {
    const percent = inRange(`--rate ${name}`, rate);
    const { kinds } = lookUp("nemesis", name, nemeses);
    if (kinds.length === 0) throw new UsageError(`--rate ${name}: it makes no faults of its own`);
    if (Object.hasOwn(rates, name)) rates[name] = percent;
    else if (percent > 0) {
      suffered(name, admission);
      throw new UsageError(
        `--rate ${name}: it has no part in a run under ${names.join(", ")}: name it with --nemesis`,
      );
    }
  }
  return rates;
}

function checkNone(nemesis: readonly string[]): void {
  const others = nemesis.filter((name) => name !== "none");
  if (others.length === 0 || others.length === nemesis.length) return;
  throw new UsageError(`nemesis none goes with no other: leave out none, or ${others.join(", ")}`);
}

/** The names of those that a name stands for, mostly itself. @throws UsageError for none. */
function membersOf(name: string, admission: Admission): string[] {
  const { standsFor } = lookUp("nemesis", name, nemeses);
  if (standsFor === undefined) return suffered(name, admission) ? [name] : [];
  const members = standsFor.filter((nemesis) => kindsMade(nemesis, admission.kinds) !== undefined);
  if (members.length > 0) return members.map((nemesis) => nemesis.name);
  const kinds = new Set(standsFor.flatMap((nemesis) => nemesis.kinds));
  throw new UsageError(`nemesis "${name}" needs ${admission.refusal([...kinds])}`);
}

/** Whether a nemesis makes faults at all. @throws UsageError when there is none, or not here. */
function suffered(name: string, { kinds: admitted, refusal }: Admission): boolean {
  const nemesis = lookUp("nemesis", name, nemeses);
  const made = kindsMade(nemesis, admitted);
  if (made !== undefined) return made.length > 0;
  const lacking = nemesis.kinds.filter((kind) => !admitted.has(kind));
  throw new UsageError(`nemesis "${name}" needs ${refusal(lacking)}`);
}

/**
 * The weights of all that the workload chooses among; nothing where it has no choice. Weights are
 * relative to the usual ones, whether they are drawn or asked for.
 * @throws UsageError for what it does not choose among, and when nothing is left to do.
 */
function mixOf(asked: SwarmRequest["mix"] = {}, scope: SwarmScope): Swarm["mix"] {
  const { workload, nemesis, settings, streams } = scope;
  const { mixable } = workload;
  if (mixable === undefined) {
    for (const f of Object.keys(asked)) {
      throw new UsageError(`--mix ${f}: the workload ${workload.name} has no choice of functions`);
    }
    return {};
  }
  const usual = mixable.usual(scope);
  // Half of a swarm's runs keep the usual mix, which is the usual one because it finds most.
  const isDrawn =
    nemesis.includes(NAME) &&
    !settings.has(mixable.setting ?? "") &&
    streams.stream("swarm/mix").chance(1, 2);
  const quarters: Swarm["mix"] = {};
  for (const [f, weight] of Object.entries(usual)) {
    const choices = mixable.needed.includes(f) ? NEEDED_QUARTERS : QUARTERS;
    quarters[f] = weight * (isDrawn ? streams.stream(`swarm/mix/${f}`).pick(choices) : WHOLE);
  }
  for (const [f, weight] of Object.entries(asked)) {
    if (!Object.hasOwn(usual, f)) {
      throw new UsageError(unknownName(`function of ${workload.name}`, f, Object.keys(usual)));
    }
    quarters[f] = inRange(`--mix ${f}`, weight) * WHOLE;
  }
  if (Object.values(quarters).every((weight) => weight === 0)) {
    const known = Object.keys(usual).join(", ");
    throw new UsageError(
      `--mix leaves ${workload.name} nothing to do: give one of ${known} a weight`,
    );
  }
  return inWholes(quarters);
}

/** The same proportions, in whole weights where that can be: those drawn as usual look as usual. */
function inWholes(quarters: Swarm["mix"]): Swarm["mix"] {
  const weights = Object.values(quarters);
  const scale = [WHOLE, WHOLE / 2].find((by) => weights.every((weight) => weight % by === 0)) ?? 1;
  return Object.fromEntries(Object.entries(quarters).map(([f, weight]) => [f, weight / scale]));
}

function inRange(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= VALUE_MAX) return value;
  throw new UsageError(`${option} is a whole number from 0 to ${VALUE_MAX}, not ${value}`);
}
