/**
 * A network that is cut in part and stays so for seconds: one node sees both sides, which do not see
 * each other, and nothing else is wrong. Consensus could go on; protocols that listen to whoever is
 * cut off from the leader do not (Howard and Abraham 2020).
 */

import type { FaultDraft } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { type Nemesis, spaced } from "./nemesis.js";

const SECOND_US = 1_000_000;

export const bridge: Nemesis = {
  name: "bridge",
  summary: "cuts the network so that one node sees both sides, for seconds at a time",
  kinds: ["partition"],
  faults: (random, topology) => {
    const { nodes, timeLimitUs } = topology;
    const faults: FaultDraft[] = [];
    let atUs = random.between(SECOND_US / 4, 2 * SECOND_US);
    while (atUs < timeLimitUs) {
      const lastsUs = spaced(topology, random.between(3, 6) * SECOND_US);
      const untilUs = Math.min(timeLimitUs, atUs + lastsUs);
      faults.push(bridgeOf(random, nodes, { atUs, untilUs }));
      atUs = untilUs + spaced(topology, random.between(SECOND_US / 4, SECOND_US));
    }
    return faults;
  },
};

/** Two sides, and one node that is in neither. */
export function bridgeOf(
  random: Random,
  nodes: readonly string[],
  when: { atUs: number; untilUs: number },
): FaultDraft {
  const [, ...rest] = random.shuffle(nodes);
  const middle = rest.length >> 1;
  const groups = [rest.slice(0, middle), rest.slice(middle)];
  return { kind: "partition", shape: "bridge", ...when, groups };
}
