/**
 * Single changes of a plan, with their sizes. Most move something in time, and their size is how far;
 * what is no move (a fault taken out, another target) has a size in microseconds, too, so that all
 * can be compared: a fault taken out is as large as the time that it lay, another target is larger
 * than any move.
 */

import type { Fault } from "../plan/fault.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";
import type { ExplainedChange } from "./explanation.js";
import { withoutFault } from "./necessity.js";
import { targetOf } from "./targets.js";
import { duration, request } from "./words.js";

/** One way to move something, by any number of microseconds up to a bound. */
export interface Move {
  kind: ExplainedChange["kind"];
  id: number | null;
  sign: 1 | -1;
  byUsMax: number;
  plan(byUs: number): Plan;
  words(byUs: number): string;
}

/** A change that is made or not. */
export interface Switch {
  change: ExplainedChange;
  sizeUs: number;
  plan: Plan;
}

const RETARGET_US = 86_400_000_000;

/** The end and the beginning of each fault, earlier and later. */
export function faultMoves(plan: Plan): Move[] {
  return plan.faults.flatMap((fault) => {
    const { id, kind, atUs, untilUs } = fault;
    const phaseEndUs =
      atUs < plan.timeLimitUs
        ? plan.timeLimitUs
        : plan.timeLimitUs + (plan.recovery?.withinUs ?? 0);
    const move = (edge: "atUs" | "untilUs", sign: 1 | -1, byUsMax: number): Move => ({
      kind: edge === "atUs" ? "fault-begin" : "fault-end",
      id,
      sign,
      byUsMax,
      plan: (byUs) => withFault(plan, { ...fault, [edge]: fault[edge] + sign * byUs }),
      words: (byUs) =>
        `the ${kind} (fault ${id}) ${edge === "atUs" ? "begins" : "ends"} ${duration(byUs)} ${sign < 0 ? "earlier" : "later"}`,
    });
    return [
      move("untilUs", -1, untilUs - atUs),
      move("atUs", 1, untilUs - atUs),
      move("untilUs", 1, phaseEndUs - untilUs),
      move("atUs", -1, atUs < plan.timeLimitUs ? atUs : atUs - plan.timeLimitUs),
    ].filter(({ byUsMax }) => byUsMax > 0);
  });
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
        `the ${nameOf(operation)} (operation ${operation.id}) is invoked ${duration(byUs)} ${sign < 0 ? "earlier" : "later"}`,
    });
    return [move(1, latest - operation.atUs), move(-1, operation.atUs - earliest)].filter(
      ({ byUsMax }) => byUsMax > 0,
    );
  });
}

/** Every fault taken out, and aimed at every other node. */
export function switches(plan: Plan): Switch[] {
  return plan.faults.flatMap((fault): Switch[] => {
    const { id, kind } = fault;
    const removal: Switch = {
      change: {
        kind: "fault-removed",
        id,
        byUs: null,
        words: `the ${kind} (fault ${id}) is taken out`,
      },
      sizeUs: fault.untilUs - fault.atUs,
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
            words: `the ${kind} (fault ${id}) hits ${node} instead`,
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
    plan: (byUs) => ({ ...plan, faults: [...plan.faults, hold(byUs)] }),
    words: (byUs) =>
      `the message "${text}" from ${from} to ${to} sets out only ${duration(byUs)} after the moment at which it arrived`,
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

function nameOf({ f, key, value }: PlannedOperation): string {
  return request({ f, ...(key === undefined ? {} : { key }), input: value });
}
