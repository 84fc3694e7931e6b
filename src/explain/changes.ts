/**
 * Single changes of a plan, with their sizes. Most move something in time, and their size is how far.
 * What is no move counts as larger than any: something taken out, and larger still another node.
 */

import type { Fault } from "../plan/fault.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";
import type { ExplainedChange } from "./explanation.js";
import { withoutFault, withoutOperation } from "./necessity.js";
import { targetOf } from "./targets.js";
import { duration, instant, plannedRequest, seconds } from "./words.js";

/** One way to move something, by any number of microseconds up to a bound. */
export interface Move {
  kind: ExplainedChange["kind"];
  id: number | null;
  sign: 1 | -1;
  byUsMax: number;
  /** What the move costs however small it is, in microseconds. */
  leastUs?: number;
  plan(byUs: number): Plan;
  words(byUs: number): string;
}

/** A change that is made or not. */
export interface Switch {
  change: ExplainedChange;
  sizeUs: number;
  plan: Plan;
}

/** No run is longer than a day. */
const REMOVAL_US = 86_400_000_000;
const RETARGET_US = 2 * REMOVAL_US;

/** The end, the beginning, and all of each fault, earlier and later. */
export function faultMoves(plan: Plan): Move[] {
  return plan.faults.flatMap((fault) => {
    const { atUs, untilUs } = fault;
    const [beginUs, endUs] = phaseOf(fault, plan);
    const lengthUs = untilUs - atUs;
    const name = faultName(plan, fault);
    const move = (edge: Edge, sign: 1 | -1, byUsMax: number): Move => ({
      kind: `fault-${edge}`,
      id: fault.id,
      sign,
      byUsMax,
      plan: (byUs) => withFault(plan, shifted(fault, edge, sign * byUs)),
      words: (byUs) =>
        `${name} ${edgeWords[edge]} ${duration(byUs)} ${sign < 0 ? "earlier" : "later"}`,
    });
    return [
      move("end", -1, lengthUs),
      move("begin", 1, lengthUs),
      move("end", 1, endUs - untilUs),
      move("begin", -1, atUs - beginUs),
      move("whole", 1, endUs - untilUs),
      move("whole", -1, atUs - beginUs),
    ].filter(({ byUsMax }) => byUsMax > 0);
  });
}

type Edge = "begin" | "end" | "whole";

const edgeWords: { readonly [edge in Edge]: string } = {
  begin: "begins",
  end: "ends",
  whole: "begins and ends",
};

function shifted(fault: Fault, edge: Edge, byUs: number): Fault {
  const begin = edge === "end" ? 0 : byUs;
  const end = edge === "begin" ? 0 : byUs;
  return { ...fault, atUs: fault.atUs + begin, untilUs: fault.untilUs + end };
}

/** Faults of the recovery phase stay in it, and the others before it. */
function phaseOf({ atUs }: Fault, { timeLimitUs, recovery }: Plan): [fromUs: number, toUs: number] {
  if (recovery === undefined || atUs < timeLimitUs) return [0, timeLimitUs];
  return [timeLimitUs, timeLimitUs + recovery.withinUs];
}

/** Each operation, between those before and after it of its client. */
export function operationMoves(plan: Plan): Move[] {
  return plan.operations.flatMap((operation) => {
    const own = plan.operations.filter(({ client }) => client === operation.client);
    const at = own.indexOf(operation);
    const earliest = own[at - 1]?.atUs ?? 0;
    const latest = own[at + 1]?.atUs ?? Math.max(operation.atUs, plan.timeLimitUs);
    const move = (sign: 1 | -1, byUsMax: number): Move => ({
      kind: "operation",
      id: operation.id,
      sign,
      byUsMax,
      plan: (byUs) => withOperation(plan, { ...operation, atUs: operation.atUs + sign * byUs }),
      words: (byUs) =>
        `the ${nameOf(operation)} is invoked ${duration(byUs)} ${sign < 0 ? "earlier" : "later"}`,
    });
    return [move(1, latest - operation.atUs), move(-1, operation.atUs - earliest)].filter(
      ({ byUsMax }) => byUsMax > 0,
    );
  });
}

/** What is no move: every fault and operation taken out, or sent to every other node. */
export function switches(plan: Plan): Switch[] {
  return [...faultSwitches(plan), ...operationSwitches(plan)];
}

function operationSwitches(plan: Plan): Switch[] {
  return plan.operations.flatMap((operation): Switch[] => {
    const { id } = operation;
    const name = `the ${nameOf(operation)}`;
    const others = plan.nodes.filter((node) => node !== operation.node);
    return [
      {
        change: { kind: "operation-removed", id, byUs: null, words: `${name} is taken out` },
        sizeUs: REMOVAL_US,
        plan: withoutOperation(plan, id),
      },
      ...others.map(
        (node): Switch => ({
          change: {
            kind: "operation-node",
            id,
            byUs: null,
            words: `${name} goes to ${node} instead`,
          },
          sizeUs: RETARGET_US,
          plan: withOperation(plan, { ...operation, node }),
        }),
      ),
    ];
  });
}

function faultSwitches(plan: Plan): Switch[] {
  return plan.faults.flatMap((fault): Switch[] => {
    const { id } = fault;
    const name = faultName(plan, fault);
    const removal: Switch = {
      change: {
        kind: "fault-removed",
        id,
        byUs: null,
        words: `${name} is taken out`,
      },
      sizeUs: REMOVAL_US,
      plan: withoutFault(plan, id),
    };
    const target = targetOf(fault);
    if (target === undefined) return [removal];
    const others = plan.nodes.filter((node) => node !== target);
    return [
      removal,
      ...others.map(
        (node): Switch => ({
          change: {
            kind: "fault-target",
            id,
            byUs: null,
            words: `${name} hits ${node} instead`,
          },
          sizeUs: RETARGET_US,
          plan: withFault(plan, retargeted(fault, node)),
        }),
      ),
    ];
  });
}

/** One message of a link of two nodes, later than it was. */
export interface Sent {
  from: string;
  to: string;
  /** From 1, of all messages sent on this link. */
  nth: number;
  arrivedUs: number;
  text: string;
}

const DELAY_US_MAX = 10_000_000;

export function messageMove(plan: Plan, { from, to, nth, arrivedUs, text }: Sent): Move {
  const id = 1 + Math.max(-1, ...plan.faults.map((fault) => fault.id));
  const hold = (byUs: number): Fault => ({
    id,
    kind: "hold",
    atUs: 0,
    untilUs: arrivedUs + byUs,
    from: [from],
    to: [to],
    nth,
  });
  return {
    kind: "message",
    id: null,
    sign: 1,
    byUsMax: Math.min(DELAY_US_MAX, plan.timeLimitUs - arrivedUs),
    // What is let go is under way once more.
    leastUs: plan.network.delayUs + plan.network.jitterUs,
    plan: (byUs) => ({ ...plan, faults: [...plan.faults, hold(byUs)] }),
    words: (byUs) =>
      `the message "${text}" from ${from} to ${to}, which arrived at ${instant(arrivedUs)}, is kept back and sets out ${duration(byUs)} after that`,
  };
}

function retargeted(fault: Fault, node: string): Fault {
  if (fault.kind === "partition") return "isolate" in fault ? { ...fault, isolate: node } : fault;
  return "target" in fault ? { ...fault, target: node } : fault;
}

function withFault(plan: Plan, changed: Fault): Plan {
  return { ...plan, faults: plan.faults.map((one) => (one.id === changed.id ? changed : one)) };
}

function withOperation(plan: Plan, changed: PlannedOperation): Plan {
  return {
    ...plan,
    operations: plan.operations.map((one) => (one.id === changed.id ? changed : one)),
  };
}

/** By what it asks, where and when: a number of the plan says nothing where few are left. */
function nameOf(operation: PlannedOperation): string {
  const { node, atUs } = operation;
  return `${plannedRequest(operation)} at ${node}, planned for ${seconds(atUs)},`;
}

/** By its kind and its place among the faults told. */
function faultName({ faults }: Plan, { id, kind }: Fault): string {
  return `the ${kind} (fault ${1 + faults.findIndex((one) => one.id === id)})`;
}
