/**
 * Applying faults to a simulated world, and taking them off again.
 *
 * `apply` returns how to lift the fault: every fault is a mask over a sound world, and lifting it
 * leaves no trace of its own (a crash leaves what the crash lost). A role is resolved to a node at
 * the moment the fault begins.
 */

import type { Fault, FaultKind, LinkFault, Partition, Target } from "../plan/fault.js";
import { linkFaultKinds } from "../plan/fault.js";
import { Priorities } from "./chains.js";
import { Clog, Hold } from "./holdings.js";
import type { Endpoint, LinkConditions, LinkRule } from "./link.js";
import type { SimProbe } from "./probes.js";
import type { Warden } from "./warden.js";
import type { SimulatedWorld } from "./world.js";

/** The kinds of fault that a simulated world with in-process nodes can apply. */
export const simulatedFaultKinds: readonly FaultKind[] = [
  "partition",
  ...linkFaultKinds,
  "crash",
  "pause",
  "clock-step",
  "clock-rate",
  "clock-strobe",
];

/**
 * Lays a fault over the world; the returned function lifts it. `momentNode`: the node of the moment
 * that the fault waited for.
 */
export function apply(world: SimulatedWorld, fault: Fault, momentNode?: string): () => void {
  if (fault.kind === "partition") {
    return world.network.overlay(cut(separates(world, fault, momentNode)));
  }
  if (!("target" in fault)) return world.network.overlay(disturb(world, fault));
  const machine = targetOf(world, fault.target, momentNode);
  switch (fault.kind) {
    case "crash":
      machine.crash();
      return () => machine.restart();
    case "pause":
      machine.pause();
      return () => machine.resume();
    case "clock-step":
      machine.clock.stepWall(fault.byUs);
      return () => machine.clock.stepWall(-fault.byUs);
    case "clock-rate":
      machine.drift(fault.id, fault.ppm);
      return () => machine.endDrift(fault.id);
    case "clock-strobe":
      return strobe(world, machine, fault);
  }
}

/** The node that a target means now. */
export function resolve(world: SimulatedWorld, target: Target, momentNode?: string): string {
  if (typeof target === "string") return target;
  return (target.role === "leader" ? world.leader : momentNode) ?? target.else;
}

type Machine = ReturnType<SimulatedWorld["machine"]>;

function targetOf(world: SimulatedWorld, target: Target, momentNode?: string): Machine {
  const machine = world.machine(resolve(world, target, momentNode));
  if (typeof target !== "string" && world.leader === machine.id) {
    world.listener.probe("a fault hit the leader" satisfies SimProbe);
  }
  return machine;
}

/** Whether messages from one node to another are stopped. */
type Separation = (src: string, dest: string) => boolean;

function separates(
  world: SimulatedWorld,
  partition: Partition,
  momentNode: string | undefined,
): Separation {
  if ("groups" in partition) {
    const groupOf = new Map<string, number>();
    partition.groups.forEach((group, i) => {
      for (const node of group) groupOf.set(node, i);
    });
    return (src, dest) => {
      const [a, b] = [groupOf.get(src), groupOf.get(dest)];
      return a !== undefined && b !== undefined && a !== b;
    };
  }
  if ("pairs" in partition) {
    const cuts = new Set(partition.pairs.map(([src, dest]) => `${src}>${dest}`));
    return (src, dest) => cuts.has(`${src}>${dest}`);
  }
  const alone = resolve(world, partition.isolate, momentNode);
  if (world.leader === alone) world.listener.probe("leader isolated" satisfies SimProbe);
  const { direction } = partition;
  return (src, dest) =>
    (direction !== "in" && src === alone) || (direction !== "out" && dest === alone);
}

/** No cut comes between a node and itself. */
function cut(separation: Separation): LinkRule {
  return {
    covers: (src, dest) => bothNodes(src, dest) && src !== dest && separation(src.name, dest.name),
    change: (conditions) => {
      conditions.cut = true;
    },
  };
}

function bothNodes(src: Endpoint, dest: Endpoint): boolean {
  return src.kind === "node" && dest.kind === "node";
}

function disturb(world: SimulatedWorld, fault: LinkFault): LinkRule {
  const named = (names: string[] | undefined, endpoint: Endpoint): boolean =>
    names === undefined || endpoint.kind !== "node" || names.includes(endpoint.name);
  return {
    covers: (src, dest) =>
      (fault.clients === true || bothNodes(src, dest)) &&
      named(fault.from, src) &&
      named(fault.to, dest),
    change: (conditions) => worsen(conditions, fault),
    ...wardenOf(fault, (name) => world.listener.probe(name)),
  };
}

/** Who decides on the messages of a fault that does not treat them all alike. */
function wardenOf(fault: LinkFault, probe: (name: SimProbe) => void): { warden?: Warden } {
  switch (fault.kind) {
    case "clog":
      return { warden: new Clog(probe) };
    case "hold":
      return { warden: new Hold(fault, probe) };
    case "priorities":
      return { warden: new Priorities(fault, probe) };
    default:
      return {};
  }
}

/** Faults of one kind on one link add up as the worst of them, delays as their sum. */
function worsen(conditions: LinkConditions, fault: LinkFault): void {
  switch (fault.kind) {
    case "delay":
      conditions.delayUs += fault.delayUs;
      conditions.jitterUs += fault.jitterUs;
      break;
    case "loss":
      conditions.lossPpm = Math.max(conditions.lossPpm, fault.ppm);
      break;
    case "duplicate":
      conditions.duplicatePpm = Math.max(conditions.duplicatePpm, fault.ppm);
      break;
    case "reorder":
      conditions.reorderPpm = Math.max(conditions.reorderPpm, fault.ppm);
      conditions.reorderUs = Math.max(conditions.reorderUs, fault.byUs);
      break;
    case "bandwidth":
      conditions.bytesPerSecond =
        conditions.bytesPerSecond === 0
          ? fault.bytesPerSecond
          : Math.min(conditions.bytesPerSecond, fault.bytesPerSecond);
      break;
  }
}

/** Steps the wall clock forth and back, once a period, until lifted. */
function strobe(
  world: SimulatedWorld,
  machine: Machine,
  fault: { byUs: number; periodUs: number },
): () => void {
  const { kernel } = world;
  let stepped = false;
  let lifted = false;
  const flip = (): void => {
    if (lifted) return;
    machine.clock.stepWall(stepped ? -fault.byUs : fault.byUs);
    stepped = !stepped;
    kernel.at(kernel.now + fault.periodUs, 0, "fault", machine.id, flip);
  };
  flip();
  return () => {
    lifted = true;
    if (stepped) machine.clock.stepWall(-fault.byUs);
  };
}
