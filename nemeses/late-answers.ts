/**
 * Answers that come late: what one node asks arrives at once, and what it is told does not. From time
 * to time the leader is cut off. Finds leases that are counted from the answer, and decisions that
 * were right when the answer was sent.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { countOf, type Nemesis, stretch } from "./nemesis.js";

const MILLISECOND_US = 1_000;

export const lateAnswers: Nemesis = {
  name: "late-answers",
  summary: "links into one node are slow, and leaders are cut off for a while",
  kinds: ["delay", "partition"],
  faults: (random, topology) => {
    const { nodes, timeLimitUs } = topology;
    const late = random.pick(nodes);
    const delay: FaultDraft = {
      kind: "delay",
      atUs: 0,
      untilUs: timeLimitUs,
      delayUs: random.between(100, 300) * MILLISECOND_US,
      jitterUs: random.between(0, 50) * MILLISECOND_US,
      to: [late],
    };
    const cutOff = (): FaultDraft => ({
      kind: "partition",
      shape: "isolate",
      ...stretch(random, topology, 800 * MILLISECOND_US, 2_000 * MILLISECOND_US),
      isolate: { role: "leader", else: random.pick(nodes) },
      direction: "both",
    });
    const times = countOf(random, topology, 2_500 * MILLISECOND_US);
    return [delay, ...Array.from({ length: times }, cutOff)];
  },
};
