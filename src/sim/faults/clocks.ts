/** Clock faults: what a machine's two faces show, and when its timers fire. */

import type { ClockFault } from "../../plan/fault.js";
import type { Slew } from "../clock.js";
import type { SimulatedMachine } from "../machine.js";
import type { SimProbe } from "../probes.js";
import type { SimulatedWorld } from "../world.js";

const SECOND_US = 1_000_000;
const MILLION = 1_000_000;
const TURNED: SimProbe = "a wall clock was turned all the way";
const KEPT_BACK: SimProbe = "a clock that stood still kept timers back";

/** Lays a clock fault over a machine; the returned function lifts it. */
export function disturbClock(
  world: SimulatedWorld,
  machine: SimulatedMachine,
  fault: ClockFault,
): () => void {
  const { kernel } = world;
  const { clock } = machine;
  switch (fault.kind) {
    case "clock-step":
      clock.stepWall(fault.byUs);
      return () => clock.stepWall(-fault.byUs);
    case "clock-rate":
      clock.drift(fault.id, fault.ppm, kernel.now);
      machine.retime();
      return () => {
        clock.endDrift(fault.id, kernel.now);
        machine.retime();
      };
    case "clock-strobe":
      return strobe(world, machine, fault);
    case "clock-slew":
      return turn(world, machine, fault);
    case "clock-freeze":
      clock.freeze(kernel.now);
      machine.retime();
      return () => {
        clock.thaw(kernel.now);
        if (machine.retime() > 0) world.listener.probe(KEPT_BACK);
      };
    case "clock-leap": {
      const { smearUs } = fault;
      if (smearUs === undefined) return repeatSecond(world, machine);
      const ppm = Math.ceil((SECOND_US * MILLION) / smearUs);
      return turn(world, machine, { byUs: -SECOND_US, ppm });
    }
  }
}

/** Steps the wall clock forth and back, once a period, until lifted. */
function strobe(
  { kernel }: SimulatedWorld,
  { clock, id }: SimulatedMachine,
  fault: { byUs: number; periodUs: number },
): () => void {
  let stepped = false;
  let lifted = false;
  const flip = (): void => {
    if (lifted) return;
    clock.stepWall(stepped ? -fault.byUs : fault.byUs);
    stepped = !stepped;
    kernel.at(kernel.now + fault.periodUs, 0, "fault", id, flip);
  };
  flip();
  return () => {
    lifted = true;
    if (stepped) clock.stepWall(-fault.byUs);
  };
}

/** Turns the wall clock bit by bit, and back at once when lifted. */
function turn(
  { kernel, listener }: SimulatedWorld,
  { clock }: SimulatedMachine,
  { byUs, ppm }: Slew,
): () => void {
  const stop = clock.slew({ byUs, ppm }, kernel.now);
  const doneUs = kernel.now + Math.ceil((Math.abs(byUs) * MILLION) / ppm);
  return () => {
    stop();
    if (kernel.now >= doneUs) listener.probe(TURNED);
  };
}

/** As UTC does it: the last second once more, and a second behind from there on. */
function repeatSecond(
  { kernel, listener }: SimulatedWorld,
  { clock }: SimulatedMachine,
): () => void {
  const doneUs = kernel.now + SECOND_US;
  clock.stepWall(-SECOND_US);
  return () => {
    clock.stepWall(SECOND_US);
    if (kernel.now >= doneUs) listener.probe(TURNED);
  };
}
