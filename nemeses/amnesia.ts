/**
 * The worst moment to lose a disk: some nodes have been cut off and lag behind; then a node that has
 * all they missed loses its disk, and finds itself on their side, cut off from all others that know.
 * Together they are a majority that has forgotten what another majority had decided, unless the node
 * waits until it has asked enough.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { type Nemesis, spaced } from "./nemesis.js";

const SECOND_US = 1_000_000;

export const amnesia: Nemesis = {
  name: "amnesia",
  summary: "cuts off a minority, then moves a node that loses its disk over to it",
  kinds: ["wipe", "partition"],
  faults: (random, topology) => {
    const { timeLimitUs } = topology;
    const faults: FaultDraft[] = [];
    for (let atUs = 0; atUs < timeLimitUs; ) {
      const lastsUs = spaced(topology, random.between(4, 7) * SECOND_US);
      const end = (tenths: number): number =>
        Math.min(timeLimitUs, atUs + Math.floor((lastsUs * tenths) / 10));
      // All nodes have met before the first of them are cut off.
      const beginUs = Math.min(end(1), atUs + ((timeLimitUs - atUs) >> 2));
      const when = { atUs: beginUs, turnUs: end(4), untilUs: end(9) };
      faults.push(...story(random, topology.nodes, when));
      atUs += lastsUs;
    }
    return faults.filter(({ atUs, untilUs }) => atUs < untilUs);
  },
};

function story(
  random: Random,
  nodes: readonly string[],
  when: { atUs: number; turnUs: number; untilUs: number },
): FaultDraft[] {
  const { atUs, turnUs, untilUs } = when;
  const shuffled = random.shuffle(nodes);
  const lagging = (nodes.length - 1) >> 1;
  const groupsWith = (moved: number): string[][] => [
    shuffled.slice(0, lagging + moved),
    shuffled.slice(lagging + moved),
  ];
  const target = shuffled[lagging] as string;
  const backUs = Math.min(untilUs, turnUs + random.between(10, 200) * 1_000);
  const partition = { kind: "partition", shape: "amnesia" } as const;
  return [
    { ...partition, atUs, untilUs: turnUs, groups: groupsWith(0) },
    { ...partition, atUs: turnUs, untilUs, groups: groupsWith(1) },
    { kind: "wipe", atUs: turnUs, untilUs: backUs, target },
  ];
}
