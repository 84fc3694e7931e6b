/**
 * Nodes that restart again and again, each back within some tens of milliseconds, while links are
 * slow: what a node has promised shortly before is asked of it again, or by another, just after.
 * Finds what should have been on the disk and was not.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { type Nemesis, SELDOM, spaced } from "./nemesis.js";

const MILLISECOND_US = 1_000;

export const restarts: Nemesis = {
  name: "restarts",
  summary: "crashes node after node, each restarting within tens of milliseconds; links are slow",
  kinds: ["crash", "delay"],
  swarmOdds: SELDOM,
  faults: (random, topology) => {
    const { nodes, timeLimitUs } = topology;
    const faults: FaultDraft[] = [];
    let atUs = 0;
    while (atUs < timeLimitUs) {
      const downUs = random.between(5, 40) * MILLISECOND_US;
      const untilUs = Math.min(timeLimitUs, atUs + downUs);
      faults.push({ kind: "crash", atUs, untilUs, target: random.pick(nodes) });
      atUs += spaced(topology, random.between(40, 160) * MILLISECOND_US);
    }
    faults.push({
      kind: "delay",
      atUs: 0,
      untilUs: timeLimitUs,
      delayUs: random.between(20, 120) * MILLISECOND_US,
      jitterUs: random.between(20, 100) * MILLISECOND_US,
    });
    return faults;
  },
};
