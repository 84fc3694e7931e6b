/**
 * Two leaders that each change the members of the same four: the story of the bug in single-server
 * changes (Ongaro, raft-dev 2015).
 *
 * One node, perhaps the leader, is cut off while the cluster is asked to remove another, so that the
 * request may end in its log alone. The next leader loses touch with one of its voters in the moment
 * of its election, and is asked to remove that one. The two who were cut off then meet.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { type Nemesis, spaced } from "./nemesis.js";

const MILLISECOND_US = 1_000;
/** The first node stays out until the end, so that of five there are four. */
const NODES_MIN = 5;

export const rivalChanges: Nemesis = {
  name: "rival-changes",
  summary: "has members removed by a leader that is cut off, and others by its successor",
  kinds: ["partition", "leave", "join"],
  faults: (random, topology) => {
    const { nodes, timeLimitUs } = topology;
    if (nodes.length < NODES_MIN) return [];
    const [outsider = "", ...members] = random.shuffle(nodes);
    const lastUs = Math.floor((timeLimitUs * 3) / 4);
    const faults: FaultDraft[] = [{ kind: "join", atUs: 0, untilUs: lastUs, target: outsider }];
    const later = (fromUs: number, byMs: number): number =>
      Math.min(lastUs, fromUs + spaced(topology, byMs * MILLISECOND_US));
    let atUs = Math.min(lastUs >> 1, random.between(600, 1_200) * MILLISECOND_US);
    do {
      const [cut = "", met = "", ...others] = random.shuffle(members);
      const beganUs = atUs;
      const within = (fromMs: number, untilMs: number) => ({
        atUs: later(beganUs, fromMs),
        untilUs: later(beganUs, untilMs),
      });
      const removed = random.pick(others);
      faults.push(
        {
          kind: "partition",
          shape: "minority",
          ...within(0, 900),
          groups: [[cut], [met, ...others]],
        },
        { kind: "leave", ...within(5, 600), target: removed },
        {
          kind: "partition",
          shape: "halves",
          ...within(20, 2_420),
          groups: [[cut, met], others],
          on: { moment: "leader", nth: 1 },
        },
        { kind: "leave", ...within(650, 2_600), target: met },
      );
      atUs = later(atUs, random.between(3_200, 4_000));
    } while (later(atUs, 3_000) < lastUs);
    return faults;
  },
};
