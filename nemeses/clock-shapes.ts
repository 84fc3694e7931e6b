/**
 * Clocks that go wrong as clocks in the field do, besides jumping: a time service that turns them bit
 * by bit, a leap second that is repeated or smeared, a virtual machine whose clock stands still.
 *
 * A clock that stands still breaks every bound on its drift: it comes only where a system bears that.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { anyone, countOf, type Nemesis, SOMETIMES, stretch } from "./nemesis.js";

const SECOND_US = 1_000_000;

export const clockShapes: Nemesis = {
  name: "clock-shapes",
  summary: "slews wall clocks, repeats or smears leap seconds, and lets clocks stand still",
  kinds: ["clock-slew", "clock-leap", "clock-freeze"],
  some: ["clock-slew", "clock-leap", "clock-freeze"],
  swarmOdds: SOMETIMES,
  faults: (random, topology) =>
    Array.from({ length: countOf(random, topology, 3 * SECOND_US) }, (): FaultDraft => {
      const target = anyone(random, topology);
      const when = stretch(random, topology, SECOND_US / 10, 6 * SECOND_US);
      const sign = random.chance(1, 2) ? 1 : -1;
      const byUs = sign * random.magnitude(10_000, 2 * SECOND_US);
      const ppm = random.pick([500, 5_000, 50_000]);
      const smear = random.chance(1, 2) ? { smearUs: random.magnitude(SECOND_US, 8_000_000) } : {};
      const shapes: FaultDraft[] = [
        { kind: "clock-slew", ...when, target, byUs, ppm },
        { kind: "clock-leap", ...when, target, ...smear },
        { kind: "clock-freeze", ...when, target },
      ];
      const made = shapes.filter(({ kind }) => topology.supported.has(kind));
      return random.pick(made);
    }),
};
