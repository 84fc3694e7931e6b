/** When things happen: silences cut out of a plan, faults that last less, times that are rounder. */

import type { Fault } from "../plan/fault.js";
import type { Plan } from "../plan/plan.js";
import { TICK_US } from "./size.js";

/** The plan with each of its times changed by one rule. */
export function withTimes(plan: Plan, change: (us: number) => number): Plan {
  return {
    ...plan,
    faults: plan.faults.map((fault) => ({
      ...fault,
      atUs: change(fault.atUs),
      untilUs: change(fault.untilUs),
    })),
    operations: plan.operations.map((operation) => ({
      ...operation,
      atUs: change(operation.atUs),
    })),
    timeLimitUs: Math.max(1, Math.ceil(change(plan.timeLimitUs) / TICK_US)) * TICK_US,
    ...(plan.branch === undefined
      ? {}
      : { branch: { ...plan.branch, atUs: change(plan.branch.atUs) } }),
  };
}

/** The time limit right after the last thing, and sooner where faults may well end with it. */
export function soonerEnds(plan: Plan): Plan[] {
  // A second phase hangs on the time limit: both would have to move.
  if (plan.recovery !== undefined) return [];
  const begins = [...plan.operations, ...plan.faults].map(({ atUs }) => atUs);
  const ends = plan.faults.map(({ untilUs }) => untilUs);
  const last = Math.max(0, ...begins);
  const limits = [last, last + plan.operationTimeoutUs, Math.max(last, ...ends)];
  return [...new Set(limits.map((us) => (Math.floor(us / TICK_US) + 1) * TICK_US))]
    .sort((a, b) => a - b)
    .filter((us) => us < plan.timeLimitUs)
    .map((timeLimitUs) => ({ ...plan, timeLimitUs }));
}

/** No fault lasts longer than it can. */
export function endsWithinLimit(plan: Plan): Plan {
  const lastUs = plan.timeLimitUs + (plan.recovery?.withinUs ?? 0);
  return {
    ...plan,
    faults: plan.faults.map((fault) =>
      fault.on === undefined && fault.untilUs > lastUs ? { ...fault, untilUs: lastUs } : fault,
    ),
  };
}

/** Each stretch of time in which nothing begins or ends, made shorter. */
export function* shorterSilences(plan: Plan): Generator<(current: Plan) => Plan> {
  const moments = momentsOf(plan);
  for (const [i, at] of moments.entries()) {
    const gap = at - (i === 0 ? 0 : (moments[i - 1] as number));
    for (const left of [0, Math.floor(gap / 8), Math.floor(gap / 2)]) {
      const saved = Math.floor((gap - left) / 1000) * 1000;
      if (saved > 0) yield (current) => withTimes(current, (us) => (us < at ? us : us - saved));
    }
  }
}

function momentsOf(plan: Plan): number[] {
  const { faults, operations, timeLimitUs } = plan;
  const all = [
    ...faults.flatMap(({ atUs, untilUs }) => [atUs, untilUs]),
    ...operations.map(({ atUs }) => atUs),
  ].filter((us) => us <= timeLimitUs);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** All times on a grid at once: the coarsest first. Virtual microseconds. */
export const gridsUs: readonly number[] = [100_000, 50_000, 10_000, 1_000];

export function onGrid(us: number, gridUs: number): number {
  return Math.round(us / gridUs) * gridUs;
}

/** A fault that begins later, ends sooner, or does so at rounder times. */
export function shorterFaults(fault: Fault): Fault[] {
  const { atUs, untilUs } = fault;
  const half = Math.floor((untilUs - atUs) / 2);
  const eighth = Math.floor((untilUs - atUs) / 8);
  const spans = [
    [atUs, atUs + eighth],
    [atUs, atUs + half],
    [atUs + half, untilUs],
    [untilUs - eighth, untilUs],
    ...gridsUs.flatMap((grid) => [
      [onGrid(atUs, grid), onGrid(untilUs, grid)],
      [onGrid(atUs, grid), untilUs],
      [atUs, onGrid(untilUs, grid)],
    ]),
  ] as [number, number][];
  return spans
    .filter(([from, to]) => from <= to)
    .map(([from, to]) => ({ ...fault, atUs: from, untilUs: to }));
}
