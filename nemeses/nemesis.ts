/**
 * A nemesis: a named generator of faults, from a random stream and a topology to timed fault data.
 * It never touches a world.
 */

import type { FaultDraft, FaultKind, Target } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";

export interface Topology {
  nodes: readonly string[];
  /** Faults begin and end within [0, timeLimitUs). */
  timeLimitUs: number;
  /** Kinds that the world can apply. */
  supported: ReadonlySet<FaultKind>;
  /** The largest clock drift under which the system keeps its promises, parts per million. */
  driftPpmMax: number;
  /** How often a nemesis strikes, in percent of its usual rate, above 0; 100 when left out. */
  ratePercent?: number;
}

export interface Nemesis {
  name: string;
  summary: string;
  /** The kinds of fault it may make; a world that lacks one refuses the nemesis. */
  kinds: readonly FaultKind[];
  /** Of these kinds one at least must be there, and it makes those that are. */
  some?: readonly FaultKind[];
  /** Makes no faults itself: its name stands for those of these that can be suffered. */
  standsFor?: readonly Nemesis[];
  /** How often a swarm takes it in, as a ratio; never when left out. */
  swarmOdds?: readonly [of: number, outOf: number];
  faults(random: Random, topology: Topology): FaultDraft[];
}

/** What it makes in a world of these kinds of fault; undefined where it can do nothing there. */
export function kindsMade(
  { kinds, some = [] }: Nemesis,
  supported: ReadonlySet<FaultKind>,
): readonly FaultKind[] | undefined {
  const made = kinds.filter((kind) => supported.has(kind));
  const isWhole = kinds.every((kind) => supported.has(kind) || some.includes(kind));
  const hasSome = some.length === 0 || some.some((kind) => supported.has(kind));
  return isWhole && hasSome ? made : undefined;
}

/** What swarms are mostly made of. */
export const COMMON: readonly [number, number] = [2, 5];
/** What few bugs hang on: enough to see that nothing does that should not. */
export const SOMETIMES: readonly [number, number] = [1, 5];
/** Stories that fill a whole run: told seldom, since little else gets done beside them. */
export const SELDOM: readonly [number, number] = [1, 12];

/** A stretch of time for a fault: begins anywhere, lasts from `minUs` to `maxUs`, log-uniform. */
export function stretch(
  random: Random,
  topology: Topology,
  minUs: number,
  maxUs: number,
): { atUs: number; untilUs: number } {
  const atUs = random.int(topology.timeLimitUs);
  const untilUs = Math.min(topology.timeLimitUs, atUs + random.magnitude(minUs, maxUs));
  return { atUs, untilUs };
}

/** The leader half of the time (a random node where there is none), else a random node. */
export function anyone(random: Random, topology: Topology): Target {
  const node = random.pick(topology.nodes);
  return random.chance(1, 2) ? { role: "leader", else: node } : node;
}

/**
 * How many faults to make: about one every `everyUs` at the usual rate, at least one, so that longer
 * runs have as many in proportion. One draw, whatever the rate: the faults of a lower rate are the
 * first ones of a higher.
 */
export function countOf(random: Random, topology: Topology, everyUs: number): number {
  const expected = Math.max(1, Math.floor(topology.timeLimitUs / spaced(topology, everyUs)));
  return random.between(1, 2 * expected - 1);
}

/** Time between two faults that is usually so long, at the rate asked for; 1 at least. */
export function spaced({ ratePercent = 100 }: Topology, usualUs: number): number {
  return Math.max(1, Math.floor((usualUs * 100) / ratePercent));
}
