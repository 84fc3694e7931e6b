/**
 * Configurations: who votes, what a quorum is, and what the next one may be (thesis §4).
 *
 * A change is safe when every quorum of the old configuration overlaps with every one of the new,
 * since both are in use for a while: by those who have the new entry, and those who have not. Two
 * majorities overlap when the sets differ by one server (§4.1). Any other change goes by way of a
 * joint configuration, whose quorums are majorities of both (§4.3).
 */

import { majorityOf } from "../../src/base/majority.js";
import type { Configuration } from "./messages.js";

/** How many of so many servers make a majority; `majorityOf`, unless that is what is broken. */
export type MajorityRule = (serverCount: number) => number;

/** All servers with a say, each once. */
export function serversOf({ voters, outgoing = [] }: Configuration): string[] {
  return [...voters, ...outgoing.filter((id) => !voters.includes(id))];
}

/** Do those for whom `holds` is true make a quorum? O(servers). */
export function isQuorum(
  configuration: Configuration,
  holds: (id: string) => boolean,
  majority: MajorityRule = majorityOf,
): boolean {
  const { voters, outgoing } = configuration;
  const agrees = (ids: readonly string[]) => ids.filter(holds).length >= majority(ids.length);
  return agrees(voters) && (outgoing === undefined || agrees(outgoing));
}

/** The highest value that a quorum has reached. O(n log n) in the number of servers. */
export function reachedByQuorum(
  configuration: Configuration,
  heightOf: (id: string) => number,
  majority: MajorityRule = majorityOf,
): number {
  const reached = (ids: readonly string[]): number => {
    const descending = ids.map(heightOf).sort((a, b) => b - a);
    return descending[majority(ids.length) - 1] ?? 0;
  };
  const { voters, outgoing } = configuration;
  return outgoing === undefined ? reached(voters) : Math.min(reached(voters), reached(outgoing));
}

/** The voters after `node` is added or removed, in the order of names. */
export function votersAfter(
  voters: readonly string[],
  { node, add }: { node: string; add: boolean },
): string[] {
  const others = voters.filter((id) => id !== node);
  return add ? [...others, node].sort() : others;
}
