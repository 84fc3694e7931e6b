/**
 * Nodes that fall far behind, are brought up to date in one stride, and then restart; the leader goes
 * soon after. Finds what a snapshot that comes from elsewhere leaves on a disk.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { type Nemesis, spaced } from "./nemesis.js";

const MILLISECOND_US = 1_000;

export const laggards: Nemesis = {
  name: "laggards",
  summary:
    "cuts a node off until it is far behind, restarts it when it has caught up, then fells the leader",
  kinds: ["partition", "crash"],
  faults: (random, topology) => {
    const { nodes, timeLimitUs } = topology;
    const faults: FaultDraft[] = [];
    const later = (fromUs: number, minMs: number, maxMs: number): number =>
      Math.min(
        timeLimitUs,
        fromUs + spaced(topology, random.between(minMs, maxMs) * MILLISECOND_US),
      );
    let atUs = random.between(200, 600) * MILLISECOND_US;
    while (atUs < timeLimitUs) {
      const laggard = random.pick(nodes);
      const backUs = later(atUs, 800, 1_800);
      const crashUs = later(backUs, 100, 200);
      const bootUs = later(crashUs, 20, 60);
      const endUs = later(bootUs, 500, 900);
      const leader = { role: "leader", else: random.pick(nodes) } as const;
      faults.push(
        {
          kind: "partition",
          shape: "isolate",
          atUs,
          untilUs: backUs,
          isolate: laggard,
          direction: "both",
        },
        { kind: "crash", atUs: crashUs, untilUs: bootUs, target: laggard },
        { kind: "crash", atUs: bootUs, untilUs: endUs, target: leader },
      );
      atUs = later(endUs, 50, 200);
    }
    return faults;
  },
};
