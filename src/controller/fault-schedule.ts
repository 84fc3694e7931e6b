/**
 * The faults of a plan, put into its world: each is an event when it begins and one when it is
 * lifted; at the end of the first phase healing lifts what is left and revives who is down.
 */

import type { Json } from "../base/json.js";
import type { Plan } from "../plan/plan.js";
import { apply } from "../sim/inject.js";
import type { Kernel } from "../sim/kernel.js";
import type { SimulatedWorld } from "../sim/world.js";
import type { RunRecorder } from "./recorder.js";

export interface Stage {
  plan: Plan;
  kernel: Kernel;
  world: SimulatedWorld;
  recorder: RunRecorder;
}

export function scheduleFaults({ plan, kernel, world, recorder }: Stage): void {
  const lifts = new Map<number, () => void>();
  const { faults, timeLimitUs } = plan;
  const tell = (f: string, value: Json): void => {
    recorder.event({ process: "nemesis", type: "info", f, value });
  };
  const lift = (id: number): void => {
    const fault = faults.find((candidate) => candidate.id === id);
    const action = lifts.get(id);
    if (action === undefined || fault === undefined) return;
    lifts.delete(id);
    action();
    tell(`${fault.kind}-end`, { id });
  };
  for (const fault of faults) {
    kernel.at(fault.atUs, 0, "fault", fault.kind, () => {
      lifts.set(fault.id, apply(world, fault));
      recorder.probe(`fault: ${fault.kind}`);
      tell(fault.kind, fault as unknown as Json);
    });
    kernel.at(fault.untilUs, 0, "fault", `${fault.kind}-end`, () => lift(fault.id));
  }
  kernel.at(timeLimitUs, 0, "fault", "heal", () => {
    for (const id of [...lifts.keys()]) lift(id);
    for (const machine of world.machines) machine.revive();
    tell("heal", null);
  });
}
