/**
 * Servers that come back under their names without their disks, to one that has missed their
 * removal: it counts on what they no longer know (Vanlightly, raft-tlaplus, on server identities).
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { type Nemesis, spaced } from "./nemesis.js";

const MILLISECOND_US = 1_000;
/** Two leave, one misses it, and the others go on. */
const NODES_MIN = 5;

export const blankReturns: Nemesis = {
  name: "blank-returns",
  summary: "removes two nodes while a third is cut off, and lets them meet it without their disks",
  kinds: ["partition", "leave"],
  faults: (random, topology) => {
    const { nodes, timeLimitUs } = topology;
    if (nodes.length < NODES_MIN) return [];
    const lastUs = Math.floor((timeLimitUs * 3) / 4);
    const faults: FaultDraft[] = [];
    const later = (fromUs: number, byMs: number): number =>
      Math.min(lastUs, fromUs + spaced(topology, byMs * MILLISECOND_US));
    let atUs = Math.min(lastUs >> 1, random.between(500, 1_500) * MILLISECOND_US);
    do {
      const [stale = "", first = "", second = "", ...others] = random.shuffle(nodes);
      const backUs = later(atUs, random.between(1_200, 2_000));
      const untilUs = later(backUs, random.between(1_200, 2_000));
      const returning = [stale, first, second];
      faults.push(
        {
          kind: "partition",
          shape: "minority",
          atUs,
          untilUs: backUs,
          groups: [[stale], [first, second, ...others]],
        },
        { kind: "leave", atUs, untilUs: backUs, target: first, wipe: true },
        { kind: "leave", atUs, untilUs: backUs, target: second, wipe: true },
        {
          kind: "partition",
          shape: "halves",
          atUs: backUs,
          untilUs,
          groups: [returning, others],
        },
      );
      atUs = later(untilUs, random.between(500, 1_500));
    } while (later(atUs, 3_000) < lastUs);
    return faults;
  },
};
