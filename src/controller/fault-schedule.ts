/**
 * The faults of a plan, put into its world: each is an event when it begins and one when it is
 * lifted; at the end of each phase healing lifts what is left, forgets who still waits for a moment,
 * and revives who is down.
 *
 * A fault that waits for a moment is no event: it begins inside the event that brings the moment,
 * and where none does, the run is what it would be without the fault.
 */

import type { Json } from "../base/json.js";
import type { Fault, Moment } from "../plan/fault.js";
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

/** Faults that begin between two healings, and the time of the second one. */
interface Phase {
  faults: Fault[];
  untilUs: number;
}

export function scheduleFaults(stage: Stage): void {
  new FaultSchedule(stage).begin(phasesOf(stage.plan));
}

/** What begins at the end of the first phase belongs to the second one, where there is one. */
function phasesOf({ faults, timeLimitUs, recovery }: Plan): Phase[] {
  if (recovery === undefined) {
    return [{ faults: faults.filter(({ atUs }) => atUs <= timeLimitUs), untilUs: timeLimitUs }];
  }
  const untilUs = timeLimitUs + recovery.withinUs;
  return [
    { faults: faults.filter(({ atUs }) => atUs < timeLimitUs), untilUs: timeLimitUs },
    { faults: faults.filter(({ atUs }) => atUs >= timeLimitUs && atUs <= untilUs), untilUs },
  ];
}

class FaultSchedule {
  readonly #stage: Stage;
  /** How to lift what lies over the world, by fault, in the order in which they began. */
  readonly #lying = new Map<Fault, () => void>();
  /** How to end the waiting of those who wait for a moment. */
  readonly #waiting = new Set<() => void>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  begin([phase, ...next]: readonly Phase[]): void {
    if (phase === undefined) return;
    for (const fault of phase.faults) this.#schedule(fault);
    this.#at(phase.untilUs, "heal", () => {
      this.#heal();
      // Who must recover in time must not have to wait for what a link of yesterday still carries.
      if (next.length > 0) this.#stage.world.network.catchUp();
      this.begin(next);
    });
  }

  #schedule(fault: Fault): void {
    // Who joins is away from the beginning, whatever it would wait for.
    if (fault.on !== undefined && fault.kind !== "join") {
      this.#await(fault, fault.on);
      return;
    }
    this.#at(fault.atUs, fault.kind, () => this.#lay(fault));
    this.#at(fault.untilUs, `${fault.kind}-end`, () => this.#lift(fault));
  }

  #await(fault: Fault, moment: Moment): void {
    const { kernel, world } = this.#stage;
    const cancel = world.moments.wait(moment, fault.atUs, (node) => {
      this.#waiting.delete(cancel);
      const lastsUs = fault.untilUs - fault.atUs;
      this.#lay(fault, node);
      this.#at(kernel.now + lastsUs, `${fault.kind}-end`, () => this.#lift(fault));
    });
    this.#waiting.add(cancel);
  }

  /** `node`: whose moment it waited for. */
  #lay(fault: Fault, node?: string): void {
    const { world, recorder, kernel } = this.#stage;
    if (node !== undefined) kernel.recorder?.effect(`${fault.kind} begins`);
    this.#lying.set(fault, apply(world, fault, node));
    recorder.probe(`fault: ${fault.kind}`);
    const value = node === undefined ? fault : { ...fault, node };
    this.#tell(fault.kind, value as unknown as Json);
  }

  #lift(fault: Fault): void {
    const lift = this.#lying.get(fault);
    if (lift === undefined) return;
    this.#lying.delete(fault);
    lift();
    this.#tell(`${fault.kind}-end`, { id: fault.id });
  }

  #heal(): void {
    for (const cancel of this.#waiting) cancel();
    this.#waiting.clear();
    for (const fault of [...this.#lying.keys()]) this.#lift(fault);
    for (const machine of this.#stage.world.machines) machine.revive();
    this.#stage.world.membership.healed();
    this.#tell("heal", null);
  }

  #at(timeUs: number, who: string, action: () => void): void {
    this.#stage.kernel.at(timeUs, 0, "fault", who, action);
  }

  #tell(f: string, value: Json): void {
    this.#stage.recorder.nemesis(f, value);
  }
}
