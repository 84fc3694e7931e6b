/**
 * Applying faults to a simulated world, and taking them off again.
 *
 * `apply` returns how to lift the fault: every fault is a mask over a sound world, and lifting it
 * leaves no trace of its own (a crash leaves what the crash lost). A role is resolved to a node at
 * the moment the fault begins.
 */

import type { Fault, FaultKind, LinkFault, Partition, Target } from "../plan/fault.js";
import { linkFaultKinds } from "../plan/fault.js";
import type { Endpoint, LinkConditions, LinkRule } from "./network.js";
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

/** Lays a fault over the world; the returned function lifts it. */
export function apply(world: SimulatedWorld, fault: Fault): () => void {
  switch (fault.kind) {
    case "partition":
      return world.network.overlay(cut(separates(world, fault)));
    case "crash":
      return onMachine(world, fault.target, (machine) => {
        machine.crash();
        return () => machine.restart();
      });
    case "pause":
      return onMachine(world, fault.target, (machine) => {
        machine.pause();
        return () => machine.resume();
      });
    case "clock-step":
      return onMachine(world, fault.target, (machine) => {
        machine.clock.stepWall(fault.byUs);
        return () => machine.clock.stepWall(-fault.byUs);
      });
    case "clock-rate":
      return onMachine(world, fault.target, (machine) => {
        machine.drift(fault.id, fault.ppm);
        return () => machine.endDrift(fault.id);
      });
    case "clock-strobe":
      return onMachine(world, fault.target, (machine) => strobe(world, machine, fault));
    default:
      return world.network.overlay(disturb(fault));
  }
}

/** The node that a target means now. */
export function resolve(world: SimulatedWorld, target: Target): string {
  return typeof target === "string" ? target : (world.leader ?? target.else);
}

type Machine = ReturnType<SimulatedWorld["machine"]>;

function onMachine(
  world: SimulatedWorld,
  target: Target,
  act: (machine: Machine) => () => void,
): () => void {
  const machine = world.machine(resolve(world, target));
  if (typeof target !== "string" && world.leader !== undefined) {
    world.listener.probe("a fault hit the leader");
  }
  return act(machine);
}

/** Whether messages from one node to another are stopped. */
type Separation = (src: string, dest: string) => boolean;

function separates(world: SimulatedWorld, partition: Partition): Separation {
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
  const alone = resolve(world, partition.isolate);
  if (world.leader === alone) world.listener.probe("leader isolated");
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

function disturb(fault: LinkFault): LinkRule {
  const named = (names: string[] | undefined, endpoint: Endpoint): boolean =>
    names === undefined || endpoint.kind !== "node" || names.includes(endpoint.name);
  return {
    covers: (src, dest) =>
      (fault.clients === true || bothNodes(src, dest)) &&
      named(fault.from, src) &&
      named(fault.to, dest),
    change: (conditions) => worsen(conditions, fault),
  };
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
