/** How many nodes make a lock, and how long a lease may be trusted. */

import { UsageError } from "../../src/base/errors.js";
import { majorityOf } from "../../src/base/majority.js";
import type { OptionValue } from "../../src/hosts/ts/node.js";

/**
 * What clocks may drift, in parts per million of true time, without harm to a lease: one percent,
 * which is generous for quartz (some tens) and what Redis allows for.
 */
export const DRIFT_PPM_MAX = 10_000;

/** As many as asked for, but at least a majority: two quorums must have a node in common. */
export function quorumOf(asked: OptionValue | undefined, nodes: number): number {
  return Math.min(nodes, Math.max(majorityOf(nodes), Math.floor(Number(asked)) || 0));
}

/**
 * How long whoever was promised `spanMs` by another's clock may trust it by its own (Gray and
 * Cheriton 1989). The slow clock takes 1 / (1 - rho) for a second, the fast one 1 / (1 + rho): they
 * drift apart by less than 2 rho P in a span P. That much, and a millisecond for rounding, is the guard.
 */
export function guardMs(spanMs: number): number {
  return Math.ceil((2 * DRIFT_PPM_MAX * spanMs) / 1_000_000) + 1;
}

/** A shorter lease is over before a quorum has granted it and its holder has done anything. */
const LEASE_MIN_MS = 100;
const SPAN_MAX_MS = 60_000;

/** What such an option may be. */
export const spanRange = [LEASE_MIN_MS, SPAN_MAX_MS] as const;

/** An option that is a span of time. @throws UsageError where that makes no sense. */
export function spanOf(
  name: string,
  option: OptionValue | undefined,
  minMs = LEASE_MIN_MS,
): number {
  const spanMs = Number(option);
  if (Number.isInteger(spanMs) && spanMs >= minMs && spanMs <= SPAN_MAX_MS) return spanMs;
  throw new UsageError(`${name} is a whole number from ${minMs} to ${SPAN_MAX_MS}, not ${option}`);
}
