/**
 * How big a plan is: the order in which shrinking goes down.
 *
 * A candidate is taken only when it is smaller in this order, which is well-founded: so shrinking
 * ends, passes may propose what they like, and no two of them can undo each other for ever. What
 * comes first counts most: whom a person must think of, then how, then when.
 */

import type { Fault, Target } from "../plan/fault.js";
import type { Plan } from "../plan/plan.js";
import { keysOf } from "./operations.js";

/** Compared from the left; all are whole numbers from 0. */
export type Size = readonly number[];

export function sizeOf(plan: Plan): Size {
  const { faults, operations } = plan;
  const durations = faults.map(({ atUs, untilUs }) => untilUs - atUs);
  const times = [
    ...faults.flatMap(({ atUs, untilUs }) => [atUs, untilUs]),
    ...operations.map(({ atUs }) => atUs),
  ];
  const amounts = faults.flatMap(amountsOf);
  return [
    faults.length,
    operations.length,
    plan.nodes.length,
    plan.clients,
    sum(operations.map(({ value }) => (Array.isArray(value) ? value.length : 1))),
    new Set(operations.flatMap(keysOf)).size,
    sum(faults.map(weightOf)),
    settingsOf(plan),
    Math.ceil(plan.timeLimitUs / TICK_US),
    sum([...amounts, ...durations.map((us) => Math.ceil(us / 1000))].map(bits)),
    sum([...amounts, ...times].map(digits)),
    sum([...amounts, ...times]),
  ];
}

export function isSmaller(left: Size, right: Size): boolean {
  const at = left.findIndex((value, i) => value !== right[i]);
  return at >= 0 && (left[at] as number) < (right[at] as number);
}

/** Time limits are told in tenths of a second: less makes no difference to anybody. */
export const TICK_US = 100_000;

/** Every magnitude of a fault: delays, steps, drifts. A probability is no magnitude. */
function amountsOf(fault: Fault): number[] {
  switch (fault.kind) {
    case "delay":
      return [fault.delayUs, fault.jitterUs];
    case "reorder":
      return [fault.byUs];
    case "clock-step":
      return [Math.abs(fault.byUs)];
    case "clock-rate":
      return [Math.abs(fault.ppm)];
    case "clock-strobe":
    case "clock-slew":
      return [Math.abs(fault.byUs)];
    case "clock-leap":
      return [fault.smearUs ?? 0];
    case "slow":
      return [fault.costUs];
    case "slow-disk":
      return [fault.addUs];
    case "misdirected-write":
    case "hold":
      return [fault.nth];
    default:
      return [];
  }
}

/** How much there is to say about a fault besides when it is and how large. */
function weightOf(fault: Fault): number {
  return shapeOf(fault) + (fault.on === undefined ? 0 : 3);
}

function shapeOf(fault: Fault): number {
  switch (fault.kind) {
    case "partition":
      if ("groups" in fault) return 4 + fault.groups.flat().length;
      if ("pairs" in fault) return 2 * fault.pairs.length;
      return (fault.direction === "both" ? 4 : 3) + weightOfTarget(fault.isolate);
    case "crash":
    case "pause":
    case "clock-step":
    case "clock-rate":
    case "clock-freeze":
    case "slow":
    case "slow-disk":
    case "join":
      return 1 + weightOfTarget(fault.target);
    case "wipe":
    case "clock-strobe":
    case "clock-slew":
    case "lost-fsync":
    case "torn-write":
    case "misdirected-write":
    case "disk-full":
      return 2 + weightOfTarget(fault.target);
    case "clock-leap":
      return (fault.smearUs === undefined ? 1 : 2) + weightOfTarget(fault.target);
    case "leave":
      return (fault.wipe === true ? 4 : 3) + weightOfTarget(fault.target);
    case "bit-rot":
    case "read-error":
      return (fault.ppm < CERTAIN_PPM ? 4 : 2) + weightOfTarget(fault.target);
    case "mute":
      return 3 + (fault.to?.length ?? 0) + saidToClients(fault) + weightOfTarget(fault.target);
    case "equivocate":
    case "lie": {
      const likely = fault.ppm < CERTAIN_PPM ? 6 : 4;
      return likely + saidToClients(fault) + weightOfTarget(fault.target);
    }
    case "hold":
      return 1 + weightOfLinks(fault) + (fault.type === undefined ? 0 : 1);
    case "priorities":
      return 12 + weightOfLinks(fault) + fault.changes.length;
    case "loss":
    case "duplicate":
    case "reorder":
    case "corrupt":
      return (fault.ppm < CERTAIN_PPM ? 5 : 3) + weightOfLinks(fault);
    default:
      return 3 + weightOfLinks(fault);
  }
}

export const CERTAIN_PPM = 1_000_000;

function weightOfTarget(target: Target): number {
  return typeof target === "string" ? 0 : 2;
}

function saidToClients({ clients }: { clients?: boolean }): number {
  return clients === true ? 1 : 0;
}

function weightOfLinks(links: { from?: string[]; to?: string[]; clients?: boolean }): number {
  const ends = [links.from, links.to].map((names) => (names === undefined ? 3 : names.length - 1));
  return sum(ends.map((end) => Math.min(end, 3))) + saidToClients(links);
}

/** What a plan says beyond nodes, clients, operations and faults. */
function settingsOf(plan: Plan): number {
  const said = [plan.recovery, plan.branch, plan.swarm, plan.strategy, plan.mutations];
  const offsets = Object.values(plan.clocks).filter(({ wallOffsetUs }) => wallOffsetUs !== 0);
  const jitter = plan.network.jitterUs > 0 ? 1 : 0;
  return said.filter((part) => part !== undefined).length + offsets.length + jitter;
}

/** The length of a whole number in binary: halving is progress, a little less is not. */
function bits(value: number): number {
  return value === 0 ? 0 : value.toString(2).length;
}

/** Significant decimal digits: 1,200,000 has two. */
function digits(value: number): number {
  return value === 0 ? 0 : String(value).replace(/0+$/, "").length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
