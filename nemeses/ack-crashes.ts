/**
 * Nodes that crash in the instant in which they have answered a client: what they have promised must
 * be on the disk by then, and what they were about to tell others is under way, or is not.
 */

import type { FaultDraft } from "../src/plan/fault.js";
import { countOf, type Nemesis, stretch } from "./nemesis.js";

const SECOND_US = 1_000_000;

export const ackCrashes: Nemesis = {
  name: "ack-crashes",
  summary: "crashes nodes right after they have answered a client",
  kinds: ["crash"],
  faults: (random, topology) =>
    Array.from(
      { length: countOf(random, topology, SECOND_US) },
      (): FaultDraft => ({
        kind: "crash",
        ...stretch(random, topology, SECOND_US / 50, SECOND_US),
        on: { moment: "ack", edge: "after", nth: random.between(1, 4) },
        target: { role: "moment", else: random.pick(topology.nodes) },
      }),
    ),
};
