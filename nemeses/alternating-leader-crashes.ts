/**
 * Leaders that fail one after the other, soon after each is elected: the story of figure 8 in the
 * Raft paper, where an entry of an old term is on a majority and yet not committed.
 *
 * A leader is cut off, or crashes, until the next one is, so that the one before is back in time to
 * succeed its successor. Other nodes are down throughout, as many as leave an exact majority: who
 * returns is then needed to elect anybody. Messages are lost often enough that a leader falls with
 * its log half copied.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { type Nemesis, SELDOM, spaced } from "./nemesis.js";

const MILLISECOND_US = 1_000;

export const alternatingLeaderCrashes: Nemesis = {
  name: "alternating-leader-crashes",
  summary: "cuts off or crashes one leader after the other, soon after each is elected",
  kinds: ["crash", "partition", "delay", "loss"],
  swarmOdds: SELDOM,
  faults: (random, topology) => {
    const { nodes, timeLimitUs } = topology;
    const faults: FaultDraft[] = [];
    const absent = Math.max(0, ((nodes.length - 1) >> 1) - 1);
    for (const target of random.sample(nodes, absent)) {
      faults.push({ kind: "crash", atUs: 0, untilUs: timeLimitUs, target });
    }
    for (let atUs = 300 * MILLISECOND_US; atUs < timeLimitUs; ) {
      const reignUs = spaced(topology, random.between(150, 450) * MILLISECOND_US);
      const untilUs = Math.min(timeLimitUs, atUs + reignUs);
      const leader = { role: "leader", else: random.pick(nodes) } as const;
      faults.push(
        random.chance(1, 4)
          ? { kind: "crash", atUs, untilUs, target: leader }
          : {
              kind: "partition",
              shape: "isolate",
              atUs,
              untilUs,
              isolate: leader,
              direction: "both",
            },
      );
      atUs = untilUs;
    }
    const all = { atUs: 0, untilUs: timeLimitUs };
    faults.push({
      kind: "delay",
      ...all,
      delayUs: random.between(1, 20) * MILLISECOND_US,
      jitterUs: random.between(1, 10) * MILLISECOND_US,
    });
    faults.push({ kind: "loss", ...all, ppm: random.pick([200_000, 400_000, 500_000]) });
    return faults;
  },
};
