/** Whom a fault hits: roles are resolved to nodes at the moment the fault begins. */

import type { Target } from "../../plan/fault.js";
import type { SimulatedMachine } from "../machine.js";
import type { SimProbe } from "../probes.js";
import type { SimulatedWorld } from "../world.js";

/** The node that a target means now. `momentNode`: that of the moment the fault waited for. */
export function resolve(world: SimulatedWorld, target: Target, momentNode?: string): string {
  if (typeof target === "string") return target;
  return (target.role === "leader" ? world.leader : momentNode) ?? target.else;
}

export function machineOf(
  world: SimulatedWorld,
  target: Target,
  momentNode?: string,
): SimulatedMachine {
  const machine = world.machine(resolve(world, target, momentNode));
  if (typeof target !== "string" && world.leader === machine.id) {
    world.listener.probe("a fault hit the leader" satisfies SimProbe);
  }
  return machine;
}
