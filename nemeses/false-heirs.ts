/**
 * Leaders that fall while one of those who may succeed them lies: what a new leader says of the past is
 * checked, or it is not (Castro & Liskov 1999, on new-view messages).
 *
 * The same node tells two stories all through the run. Whoever leads is paused, for about as long as the
 * others take to find another leader, and comes back to hear what that one says.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { type Nemesis, spaced } from "./nemesis.js";

const MILLISECOND_US = 1_000;

export const falseHeirs: Nemesis = {
  name: "false-heirs",
  summary: "pauses one leader after the other, while a node that may succeed them equivocates",
  kinds: ["equivocate", "pause"],
  faults: (random, topology) => {
    const { nodes, timeLimitUs } = topology;
    const heir = random.pick(nodes);
    const ppm = random.pick([200_000, 500_000, 1_000_000]);
    const faults: FaultDraft[] = [
      { kind: "equivocate", atUs: 0, untilUs: timeLimitUs, target: heir, ppm },
    ];
    let atUs = random.between(200, 800) * MILLISECOND_US;
    while (atUs < timeLimitUs) {
      const fallUs = spaced(topology, random.between(300, 1_000) * MILLISECOND_US);
      const untilUs = Math.min(timeLimitUs, atUs + fallUs);
      const target = { role: "leader", else: random.pick(nodes) } as const;
      faults.push({ kind: "pause", atUs, untilUs, target });
      atUs = untilUs + spaced(topology, random.between(200, 1_200) * MILLISECOND_US);
    }
    return faults;
  },
};
