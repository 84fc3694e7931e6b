/**
 * Leaders that crash one after the other, soon after each is elected, while the network is slow:
 * the story of figure 8 in the Raft paper, where an entry of an old term is on a majority and yet
 * not committed.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import type { Nemesis } from "./nemesis.js";

const MILLISECOND_US = 1_000;

export const alternatingLeaderCrashes: Nemesis = {
  name: "alternating-leader-crashes",
  summary: "crashes whoever leads, again and again, restarting earlier ones; links lag and lose",
  kinds: ["crash", "delay", "loss", "partition"],
  faults: (random, { nodes, timeLimitUs }) => {
    const faults: FaultDraft[] = [];
    let atUs = 300 * MILLISECOND_US;
    while (atUs < timeLimitUs) {
      const downUs = random.between(100, 900) * MILLISECOND_US;
      const untilUs = Math.min(timeLimitUs, atUs + downUs);
      const target = { role: "leader", else: random.pick(nodes) } as const;
      faults.push(
        random.chance(2, 3)
          ? { kind: "crash", atUs, untilUs, target }
          : {
              kind: "partition",
              shape: "isolate",
              atUs,
              untilUs,
              isolate: target,
              direction: "both",
            },
      );
      atUs += random.between(100, 700) * MILLISECOND_US;
    }
    for (const node of nodes) {
      faults.push({
        kind: "delay",
        atUs: 0,
        untilUs: timeLimitUs,
        to: [node],
        delayUs: random.magnitude(1 * MILLISECOND_US, 60 * MILLISECOND_US),
        jitterUs: random.magnitude(1 * MILLISECOND_US, 60 * MILLISECOND_US),
      });
    }
    faults.push({
      kind: "loss",
      atUs: 0,
      untilUs: timeLimitUs,
      ppm: random.pick([0, 50_000, 200_000]),
    });
    return faults;
  },
};
