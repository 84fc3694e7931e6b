/**
 * Other futures of a run: the same past up to a moment, and from there on everything that is drawn
 * comes from another seed: what the plan's branch covers (links, nodes, ties), and the faults that had
 * not begun, which are those of a plan of the same request under that seed.
 *
 * What clients do is kept, and so are the faults of the recovery phase, which belong to the check.
 */

import type { System } from "../../systems/index.js";
import type { Json } from "../base/json.js";
import { defaults, inTime, planRun, type TimingRequest } from "../controller/index.js";
import type { Fault } from "../plan/fault.js";
import type { Plan } from "../plan/plan.js";
import { Streams } from "../random/streams.js";

/** The faults that another seed would have drawn for the plan's first phase. */
export type Redrawn = readonly Fault[];

/** Seeds of the futures: they follow from the case's own, and are the same at every moment. */
export function futureSeeds(seed: number, count: number): number[] {
  const random = new Streams(seed).stream("explain/futures");
  return Array.from({ length: count }, () => random.int(0x7fffffff));
}

const CLIENTS = 16;
const OPERATIONS = 64;

/** The faults of a plan of the same request under another seed, for the nodes of this plan. */
export function redraw(plan: Plan, seed: number, system: System | undefined): Redrawn {
  const { nodes, timeLimitUs, swarm, strategy } = plan;
  const drawn = planRun({
    seed,
    system: system ?? plan.system,
    workload: plan.workload,
    nemesis: plan.nemesis,
    nodes: nodes.length,
    // Faults do not depend on what clients do, but a workload may want some to make sense.
    clients: CLIENTS,
    operations: OPERATIONS,
    // As dense as faults usually are, however short the plan was cut; what comes too late is left out.
    timeLimitMs: Math.max(defaults.timeLimitMinMs, Math.ceil(timeLimitUs / 1000)),
    options: plan.options,
    ...(strategy === undefined ? {} : { strategy }),
    ...(swarm === undefined ? {} : { rates: swarm.rates }),
    ...(plan.beyond ? { beyond: true } : {}),
    ...timingAsked(plan),
  });
  const names = new Map(drawn.nodes.map((name, i) => [name, nodes[i] as string]));
  return drawn.faults
    .filter(({ atUs }) => atUs < timeLimitUs)
    .map((fault) => renamed(fault, names))
    .map((fault) => ({ ...fault, untilUs: Math.min(fault.untilUs, timeLimitUs) }))
    .flatMap((fault) => (plan.beyond ? fault : (inTime(fault, plan) ?? [])));
}

/** The same model; when it stabilises stays as it is in the plan. */
function timingAsked({ timing }: Plan): TimingRequest {
  if (timing === undefined) return {};
  const { model } = timing;
  return "boundUs" in timing
    ? { timing: model, boundMs: timing.boundUs / 1000 }
    : { timing: model };
}

/** The plan's past until a moment, then another future. */
export function futureOf(plan: Plan, atUs: number, seed: number, redrawn: Redrawn): Plan {
  const isOfRecovery = (fault: Fault): boolean =>
    plan.recovery !== undefined && fault.atUs >= plan.timeLimitUs;
  const isFixed = (fault: Fault): boolean => fault.atUs < atUs || isOfRecovery(fault);
  const kept = plan.faults.filter(isFixed);
  const firstId = 1 + Math.max(-1, ...plan.faults.map(({ id }) => id));
  const fresh = redrawn
    .filter((fault) => fault.atUs >= atUs)
    .map((fault, i) => ({ ...fault, id: firstId + i }));
  return { ...plan, faults: [...kept, ...fresh], branch: { atUs, seed } };
}

function renamed(fault: Fault, names: ReadonlyMap<string, string>): Fault {
  const text = JSON.stringify(fault);
  return JSON.parse(text, (_, value: Json) =>
    typeof value === "string" ? (names.get(value) ?? value) : value,
  ) as Fault;
}
