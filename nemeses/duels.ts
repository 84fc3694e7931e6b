/**
 * Elections with two candidates, again and again: two sides that do not see each other both ask the
 * one node between them for its vote, on links that are slow and lose messages, so that what it has
 * heard of the winner is only half. Finds votes that are cast twice.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { bridgeOf } from "./bridge.js";
import { type Nemesis, spaced } from "./nemesis.js";

const MILLISECOND_US = 1_000;

export const duels: Nemesis = {
  name: "duels",
  summary: "lets two sides that do not see each other contend for the node between them",
  kinds: ["partition", "delay", "loss"],
  faults: (random, topology) => {
    const { nodes, timeLimitUs } = topology;
    const faults: FaultDraft[] = [];
    let atUs = random.between(100, 400) * MILLISECOND_US;
    while (atUs < timeLimitUs) {
      const lastsUs = spaced(topology, random.between(800, 2_500) * MILLISECOND_US);
      const untilUs = Math.min(timeLimitUs, atUs + lastsUs);
      faults.push(bridgeOf(random, nodes, { atUs, untilUs }));
      atUs = untilUs + spaced(topology, random.between(50, 300) * MILLISECOND_US);
    }
    const all = { atUs: 0, untilUs: timeLimitUs };
    faults.push({
      kind: "delay",
      ...all,
      delayUs: random.between(5, 40) * MILLISECOND_US,
      jitterUs: random.between(5, 30) * MILLISECOND_US,
    });
    faults.push({ kind: "loss", ...all, ppm: random.pick([200_000, 300_000, 400_000]) });
    return faults;
  },
};
