/**
 * One untimely message. Of the 104 distributed concurrency bugs in TaxDC (Leesatapornwongsa et al.,
 * ASPLOS 2016) more than sixty in a hundred need just one message that comes too late or too early;
 * everything else may go as usual, and a storm of faults would only hide it.
 *
 * A few times in a run one message is held while others overtake it, for half an election timeout
 * to three of them: short enough that its receiver still acts on it, long enough that its sender
 * has given it up. Mostly it is any message, counted from a random moment; at times it is the next
 * one of a link, or a client's request or its answer. Which kinds of message a system sends among
 * its nodes is not known here; what clients send is (Maelstrom's bodies).
 *
 * In every other run the faults drawn stay, since a late message often matters only beside a restart
 * or a new leader. Where nothing can be held, a short delay of one link stands in.
 */

import type { Topology } from "../nemeses/nemesis.js";
import type { FaultDraft } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { beside, ELECTION_TIMEOUT_US, lasting } from "./draw.js";
import type { Strategy } from "./strategy.js";

const HELD_MAX = 6;
/** Bodies by which clients ask and nodes answer, whatever the system. */
const CLIENT_TYPES = ["write", "write_ok", "cas", "cas_ok", "add", "add_ok", "txn", "txn_ok"];

export const holdOneMessage: Strategy = {
  name: "hold-one-message",
  summary:
    "holds a message or a few for 0.5 to 3 election timeouts, often with nothing else going on",
  faults: (random, topology, drawn) => {
    if (!topology.supported.has("hold") && !topology.supported.has("delay")) return drawn;
    const held = Array.from({ length: random.between(1, HELD_MAX) }, () =>
      untimely(random, topology),
    );
    return [...beside(random, drawn), ...held];
  },
};

function untimely(random: Random, topology: Topology): FaultDraft {
  const forUs = random.between(ELECTION_TIMEOUT_US >> 1, 3 * ELECTION_TIMEOUT_US);
  const when = lasting(topology, random.int(topology.timeLimitUs), forUs);
  const link = aLink(random, topology);
  if (!topology.supported.has("hold")) {
    return { kind: "delay", ...when, ...link, delayUs: forUs, jitterUs: 0 };
  }
  switch (random.int(8)) {
    case 0:
      return { kind: "hold", ...when, nth: 1, clients: true, type: random.pick(CLIENT_TYPES) };
    case 1:
    case 2:
    case 3:
      return { kind: "hold", ...when, ...link, nth: random.magnitude(1, 8) };
    default:
      return { kind: "hold", ...when, nth: random.magnitude(1, 32) };
  }
}

/** From one node to another; between all where there is just one. */
function aLink(random: Random, { nodes }: Topology): { from?: string[]; to?: string[] } {
  const [from, to] = random.sample(nodes, 2);
  return from === undefined || to === undefined ? {} : { from: [from], to: [to] };
}
