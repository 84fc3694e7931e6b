/**
 * The second phase of a plan: which nodes are kept healthy, and what is asked of them.
 *
 * When the faults of the first phase have ended, a core of nodes stays healthy, as small as the
 * system says suffices, and the others are frozen: crashed, paused, or cut off. Whatever befell it
 * before, the core must serve clients again in time. That asks for progress without making it easy:
 * with everybody healed, a node that is stuck hides behind those that are not (the liveness mode of
 * TigerBeetle's simulator). The last operations of the plan move into this phase, to nodes of the
 * core; their number and their order stay.
 */

import type { System } from "../../systems/index.js";
import { workloads } from "../../workloads/index.js";
import { lookUp } from "../base/names.js";
import type { FaultDraft } from "../plan/fault.js";
import type { Plan, PlannedOperation } from "../plan/plan.js";
import type { Random } from "../random/random.js";
import type { Streams } from "../random/streams.js";

/** One operation in so many is kept for the second phase. */
const PHASE_SHARE = 8;

/** Of systems that do not say it: everybody, and time enough for any sensible time-out. */
const unsaid: NonNullable<System["recovery"]> = {
  core: (nodeCount) => nodeCount,
  withinMs: 10_000,
};

/** What a system promises, as configured, on these nodes. */
export interface RecoveryPromise {
  /** How many nodes suffice for it to serve, between one and all. */
  sufficient: number;
  /** Infinity where nothing is promised. */
  withinUs: number;
}

export function promiseOf(
  { recovery = unsaid, survives }: System,
  { nodes, options }: Pick<Plan, "nodes" | "options">,
): RecoveryPromise {
  const { core, withinMs } = recovery;
  // Nobody beyond those who may be down is frozen.
  const upMin = nodes.length - (survives?.down?.(nodes.length) ?? nodes.length);
  return {
    sufficient: Math.min(nodes.length, Math.max(1, upMin, core(nodes.length, options))),
    withinUs: Math.ceil(1000 * (typeof withinMs === "number" ? withinMs : withinMs(options))),
  };
}

/**
 * A plan with its second phase. A plan without nemesis stays as it is, and so does one whose workload
 * says itself when or where it acts, or that has no operations, and that of a system that promises
 * nothing as configured.
 */
export function withRecovery(plan: Plan, system: System, streams: Streams): Plan {
  const { placed } = lookUp("workload", plan.workload, workloads);
  const calm = plan.nemesis.every((name) => name === "none");
  if (placed || calm || plan.operations.length === 0) return plan;
  const { sufficient, withinUs } = promiseOf(system, plan);
  if (!Number.isFinite(withinUs)) return plan;
  const random = streams.stream("recovery");
  const chosen = new Set(random.sample(plan.nodes, sufficient));
  const core = plan.nodes.filter((node) => chosen.has(node));
  const frozen = plan.nodes.filter((node) => !chosen.has(node));
  const phase = { atUs: plan.timeLimitUs, untilUs: plan.timeLimitUs + withinUs };
  const nextId = 1 + plan.faults.reduce((highest, { id }) => Math.max(highest, id), -1);
  const freezing = freeze(core, frozen, kindsOf(plan), random).map((fault, i) => ({
    id: nextId + i,
    ...phase,
    ...fault,
  }));
  return {
    ...plan,
    operations: inTwoPhases(plan, core, withinUs, streams),
    faults: [...plan.faults, ...freezing],
    recovery: { core, withinUs },
  };
}

type Untimed = FaultDraft extends infer F
  ? F extends FaultDraft
    ? Omit<F, "atUs" | "untilUs">
    : never
  : never;

type Freezing = "crash" | "pause" | "partition";

/** Where links are synchronous, whoever does not answer is taken for dead, and must be. */
function kindsOf({ timing }: Plan): readonly Freezing[] {
  return timing?.model === "synchronous" ? ["crash"] : ["crash", "pause", "partition"];
}

/** Whatever befalls those outside, the core sees one thing: they do not answer. */
function freeze(
  core: readonly string[],
  frozen: readonly string[],
  kinds: readonly Freezing[],
  random: Random,
): Untimed[] {
  if (frozen.length === 0) return [];
  const kind = random.pick(kinds);
  if (kind !== "partition") return frozen.map((target) => ({ kind, target }));
  return [{ kind, shape: "core", groups: [[...core], [...frozen]] }];
}

/**
 * The last operations go to the second phase, evenly, and to the nodes of the core by turns; what is
 * left fills the first phase. Every node is asked in the second half of the phase, and the last
 * operation begins when it can still time out within it.
 */
function inTwoPhases(
  plan: Plan,
  core: readonly string[],
  withinUs: number,
  streams: Streams,
): PlannedOperation[] {
  const { operations, operationTimeoutUs, timeLimitUs } = plan;
  const random = streams.stream("recovery/operations");
  const turns = random.shuffle(core);
  const count = Math.ceil(operations.length / PHASE_SHARE);
  const first = operations.slice(0, -count);
  const second = operations.slice(-count);
  const firstEndUs = Math.max(1, second[0]?.atUs ?? timeLimitUs);
  const spanUs = Math.max(1, withinUs - operationTimeoutUs);
  const beginUs = timeLimitUs + (count < 2 * core.length ? spanUs >> 1 : 0);
  const stepUs = Math.floor((timeLimitUs + spanUs - beginUs) / count);
  return [
    ...first.map((operation) => ({
      ...operation,
      atUs: Math.min(timeLimitUs - 1, Math.floor((operation.atUs * timeLimitUs) / firstEndUs)),
    })),
    ...second.map((operation, i) => ({
      ...operation,
      atUs: beginUs + i * stepUs + random.int(Math.max(1, stepUs)),
      node: turns[i % turns.length] as string,
    })),
  ];
}
