/**
 * The worst moment to lose a disk: some nodes have been cut off and lag behind; then a node that has
 * all they missed loses its disk, and finds itself on their side, cut off from all others that know.
 * Together they are a majority that has forgotten what another majority had decided, unless the node
 * waits until it has asked enough.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import type { Nemesis } from "./nemesis.js";

const SECOND_US = 1_000_000;

export const amnesia: Nemesis = {
  name: "amnesia",
  summary: "cuts off a minority, then moves a node that loses its disk over to it",
  kinds: ["wipe", "partition"],
  faults: (random, { nodes, timeLimitUs }) => {
    const shuffled = random.shuffle(nodes);
    const lagging = (nodes.length - 1) >> 1;
    const groupsWith = (moved: number): string[][] => [
      shuffled.slice(0, lagging + moved),
      shuffled.slice(lagging + moved),
    ];
    const turnUs = random.between(timeLimitUs >> 2, timeLimitUs >> 1);
    const endUs = Math.min(timeLimitUs, turnUs + random.between(2, 4) * SECOND_US);
    const downUs = random.between(10, 200) * 1_000;
    const target = shuffled[lagging];
    const partition = { kind: "partition", shape: "amnesia" } as const;
    const faults: FaultDraft[] = [
      { ...partition, atUs: turnUs >> 1, untilUs: turnUs, groups: groupsWith(0) },
      { ...partition, atUs: turnUs, untilUs: endUs, groups: groupsWith(1) },
    ];
    if (target === undefined) return faults;
    const untilUs = Math.min(timeLimitUs, turnUs + downUs);
    return [...faults, { kind: "wipe", atUs: turnUs, untilUs, target }];
  },
};
