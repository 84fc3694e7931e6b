/**
 * Nodes that leave the cluster and come back, and one that joins later: one change after the other,
 * and so few away at a time that a majority of all nodes is always there. Who leads leaves more often
 * than the others; some come back with an empty disk.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { COMMON, type Nemesis, spaced } from "./nemesis.js";

const SECOND_US = 1_000_000;
/** Fewer have nobody to spare. */
const NODES_MIN = 3;

export const membership: Nemesis = {
  name: "membership",
  summary: "removes nodes from the cluster and takes them in again, some with an empty disk",
  kinds: ["leave", "join"],
  swarmOdds: COMMON,
  faults: (random, topology) => {
    const { nodes, timeLimitUs } = topology;
    if (nodes.length < NODES_MIN) return [];
    const awayMax = nodes.length < 5 ? 1 : 2;
    const faults: FaultDraft[] = [];
    /** When each of those away is back. */
    let away: { node: string; untilUs: number }[] = [];
    // Until then everybody is to be back, and taken in before the phase of recovery.
    const lastUs = Math.floor((timeLimitUs * 3) / 4);
    const until = (atUs: number, lastsUs: number): number => Math.min(lastUs, atUs + lastsUs);
    if (random.chance(1, 2)) {
      const node = random.pick(nodes);
      const untilUs = until(0, random.magnitude(SECOND_US / 4, 3 * SECOND_US));
      faults.push({ kind: "join", atUs: 0, untilUs, target: node });
      away.push({ node, untilUs });
    }
    let atUs = Math.min(lastUs, random.magnitude(SECOND_US / 4, SECOND_US));
    do {
      away = away.filter(({ untilUs }) => untilUs > atUs);
      const here = nodes.filter((node) => away.every((one) => one.node !== node));
      const node = random.pick(here);
      const gapUs = spaced(topology, random.magnitude(SECOND_US, 2 * SECOND_US));
      // Who stays away for longer than others come keeps them from going.
      const lastsUs = Math.min(awayMax * gapUs, random.magnitude(SECOND_US / 2, 3 * SECOND_US));
      const untilUs = until(atUs, lastsUs);
      const target = random.chance(1, 3) ? ({ role: "leader", else: node } as const) : node;
      // Never the first: where no lost disk is borne, something is left to do.
      const wipe = random.chance(1, 3) && faults.length > 0 ? { wipe: true } : {};
      if (away.length < awayMax) {
        faults.push({ kind: "leave", atUs, untilUs, target, ...wipe });
        away.push({ node, untilUs });
      }
      atUs += gapUs;
    } while (atUs < lastUs);
    return faults;
  },
};
