/**
 * Applying faults to a simulated world, and taking them off again.
 *
 * `apply` returns how to lift the fault: every fault is a mask over a sound world, and lifting it
 * leaves no trace of its own (a crash leaves what the crash lost). A role is resolved to a node at
 * the moment the fault begins.
 */

import type { Fault, FaultKind } from "../plan/fault.js";
import { linkFaultKinds, lyingKinds, untrueDiskKinds } from "../plan/fault.js";
import { hashText } from "../random/mix.js";
import { tongueOf } from "./faults/byzantine.js";
import { disturbClock } from "./faults/clocks.js";
import { troubleOf } from "./faults/disks.js";
import { linkRule, resetLinks } from "./faults/links.js";
import { partitionRule } from "./faults/partitions.js";
import { machineOf } from "./faults/targets.js";
import type { SimulatedWorld } from "./world.js";

/** The kinds of fault that a simulated world with in-process nodes can apply. */
export const simulatedFaultKinds: readonly FaultKind[] = [
  "partition",
  ...linkFaultKinds,
  "crash",
  "pause",
  "wipe",
  "slow",
  "leave",
  "join",
  ...untrueDiskKinds,
  "slow-disk",
  ...lyingKinds,
  "mute",
  "clock-step",
  "clock-rate",
  "clock-strobe",
  "clock-slew",
  "clock-freeze",
  "clock-leap",
];

/**
 * Lays a fault over the world; the returned function lifts it. `momentNode`: the node of the moment
 * that the fault waited for.
 */
export function apply(world: SimulatedWorld, fault: Fault, momentNode?: string): () => void {
  if (fault.kind === "partition") {
    return world.network.overlay(partitionRule(world, fault, momentNode));
  }
  if (fault.kind === "reset") return resetLinks(world, fault);
  if (!("target" in fault)) return world.network.overlay(linkRule(world, fault));
  const machine = machineOf(world, fault.target, momentNode);
  /** A word from which all draws of this fault are made, so that they depend on no other. */
  const draw = (): number =>
    world.kernel.draws
      .once(`${fault.kind}/${machine.id}`, fault.kind, fault.id, hashText(machine.id))
      .word();
  switch (fault.kind) {
    case "crash":
      machine.crash();
      return () => machine.restart();
    case "pause":
      machine.pause();
      return () => machine.resume();
    case "wipe":
      machine.wipe();
      return () => machine.restart();
    case "slow":
      machine.backlog.slow(fault.id, fault.costUs);
      return () => machine.backlog.hasten(fault.id);
    case "clock-step":
    case "clock-rate":
    case "clock-strobe":
    case "clock-slew":
    case "clock-freeze":
    case "clock-leap":
      return disturbClock(world, machine, fault);
    case "lost-fsync":
    case "torn-write":
    case "bit-rot":
    case "misdirected-write":
    case "read-error":
    case "disk-full":
    case "slow-disk":
      return machine.disk.overlay(troubleOf(machine.disk, fault, draw));
    case "equivocate":
    case "lie":
    case "mute":
      machine.speech.speak(
        fault.id,
        tongueOf(fault, draw, {
          probe: (name) => world.listener.probe(name),
          perjure: (truth, lie, word) => machine.host.perjure?.(truth, lie, word) ?? lie,
        }),
      );
      return () => machine.speech.speakTrue(fault.id);
    case "leave":
      world.membership.remove(machine.id, fault.wipe === true);
      return () => world.membership.add(machine.id);
    case "join":
      // It is away from the beginning.
      return () => {
        machine.restart();
        world.membership.add(machine.id);
      };
  }
}
