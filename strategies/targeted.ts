/**
 * Faults where protocols are thin, rather than anywhere: at a new leader, around an acknowledgement,
 * in the middle of replication. Molly (Alvaro et al., SIGMOD 2015) places faults by what an outcome
 * rested on, CrashTuner (Lu et al., SOSP 2019) crashes where a system handles what it knows of its
 * nodes; both need far fewer runs than faults at random moments.
 *
 * A run is one or two of these stories, told a few times:
 *  - who was just elected crashes, is cut off or pauses, often the next one, too;
 *  - a node is struck right before it answers a client (what it did is done, nobody knows it), or
 *    right after (what it promised must survive);
 *  - leaders fall one after the other while messages get lost, so that entries are left with some;
 *  - an election takes long, since links are slow, and voters restart in it, each within tens of
 *    milliseconds: what they have just promised is asked of them again;
 *  - the wall clock of a node steps back right after it answered, into time that it already used.
 *
 * The faults drawn stay beside it in every other run. Stories whose kinds the world
 * lacks are not told; without any that can be, all stays as drawn.
 */

import type { Topology } from "../nemeses/nemesis.js";
import type { FaultDraft, Moment, Target } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { beside, ELECTION_TIMEOUT_US, lasting, MILLISECOND_US, SECOND_US } from "./draw.js";
import type { Strategy } from "./strategy.js";

const STORIES_MIN = 2;
const STORIES_MAX = 8;

export const targeted: Strategy = {
  name: "targeted",
  summary:
    "strikes at protocol moments: new and falling leaders, elections, right before or after an answer",
  faults: (random, topology, drawn) => {
    const strokes = allStrokes.filter((kind) => topology.supported.has(kind));
    const possible = strokes.length === 0 ? [] : [newLeader, answer, fallingLeaders];
    if (topology.supported.has("crash")) possible.push(longElection);
    if (topology.supported.has("clock-step")) possible.push(clockBack);
    if (possible.length === 0) return drawn;
    // One or two of them, told again and again: leaving some out matters as much as telling some.
    const chosen = random.sample(possible, random.between(1, 2));
    const told = Array.from({ length: random.between(STORIES_MIN, STORIES_MAX) }, () =>
      random.pick(chosen)(random, topology, strokes),
    );
    return [...beside(random, drawn), ...told.flat()];
  },
};

type Stroke = "crash" | "pause" | "partition";
const allStrokes: readonly Stroke[] = ["crash", "partition", "pause"];

type Story = (random: Random, topology: Topology, strokes: readonly Stroke[]) => FaultDraft[];

/** The first, second … leader from a moment on is struck soon after it said so. */
const newLeader: Story = (random, topology, strokes) => {
  const beginsUs = random.int(topology.timeLimitUs);
  const kind = random.pick(strokes);
  return Array.from({ length: random.between(1, 4) }, (_, i) =>
    stroke(topology, kind, beginsUs, {
      target: momentNode(random, topology),
      forUs: aWhile(random),
      on: { moment: "leader", nth: i + 1 },
    }),
  );
};

/** A node is struck around one of its answers, whichever comes as the nth from a moment on. */
const answer: Story = (random, topology, strokes) => {
  const beginsUs = random.int(topology.timeLimitUs);
  const kind = random.pick(strokes);
  const edge = random.chance(1, 2) ? "before" : "after";
  return Array.from({ length: random.between(1, 3) }, (_, i) =>
    stroke(topology, kind, beginsUs, {
      target: momentNode(random, topology),
      forUs: aWhile(random),
      on: { moment: "ack", edge, nth: 1 + i * random.between(1, 8) },
    }),
  );
};

/** The leader goes, links are slow, and node after node restarts. */
const longElection: Story = (random, topology, strokes) => {
  const { nodes, supported, timeLimitUs } = topology;
  const beginsUs = random.int(timeLimitUs);
  const lastsUs = random.between(SECOND_US / 2, 3 * SECOND_US);
  const leader: Target = { role: "leader", else: random.pick(nodes) };
  const faults: FaultDraft[] = [
    stroke(topology, random.pick(strokes), beginsUs, { target: leader, forUs: aWhile(random) }),
  ];
  if (supported.has("delay")) {
    const [delayUs, jitterUs] = [0, 0].map(() => random.between(10, 100) * MILLISECOND_US);
    const when = lasting(topology, beginsUs, lastsUs);
    faults.push({ kind: "delay", ...when, delayUs: delayUs ?? 0, jitterUs: jitterUs ?? 0 });
  }
  let atUs = beginsUs;
  while (atUs < Math.min(timeLimitUs, beginsUs + lastsUs)) {
    const downUs = random.between(5, 40) * MILLISECOND_US;
    faults.push({ kind: "crash", ...lasting(topology, atUs, downUs), target: random.pick(nodes) });
    atUs += random.between(40, 160) * MILLISECOND_US;
  }
  return faults;
};

/** By milliseconds or seconds, and for good until the phase ends or for a while. */
const clockBack: Story = (random, topology) => {
  const beginsUs = random.int(topology.timeLimitUs);
  const forUs = random.magnitude(SECOND_US / 10, 8 * SECOND_US);
  return [
    {
      kind: "clock-step",
      ...lasting(topology, beginsUs, forUs),
      on: { moment: "ack", edge: "after", nth: random.between(1, 8) },
      target: momentNode(random, topology),
      byUs: -random.magnitude(MILLISECOND_US, 4 * SECOND_US),
    },
  ];
};

/**
 * One leader after the other is gone until the next one is, so that it is back in time to succeed its
 * successor; often with no node to spare meanwhile, so that whoever returns is needed to elect one.
 */
const fallingLeaders: Story = (random, topology, strokes) => {
  const { nodes, supported, timeLimitUs } = topology;
  const beginsUs = random.int(timeLimitUs);
  const falls: FaultDraft[] = [];
  let atUs = beginsUs;
  for (let left = random.between(1, 12); left > 0 && atUs < timeLimitUs; left--) {
    const forUs = random.between(ELECTION_TIMEOUT_US >> 1, (ELECTION_TIMEOUT_US * 3) >> 1);
    const target: Target = { role: "leader", else: random.pick(nodes) };
    falls.push(stroke(topology, random.pick(strokes), atUs, { target, forUs }));
    atUs += forUs;
  }
  const meanwhile = lasting(topology, beginsUs, atUs - beginsUs);
  const around: FaultDraft[] = [];
  if (supported.has("loss")) {
    around.push({ kind: "loss", ...meanwhile, ppm: random.pick([200_000, 300_000, 500_000]) });
  }
  if (supported.has("crash") && random.chance(1, 2)) {
    const spare = Math.max(0, ((nodes.length - 1) >> 1) - 1);
    for (const target of random.sample(nodes, spare)) {
      around.push({ kind: "crash", ...meanwhile, target });
    }
  }
  return [...around, ...falls];
};

/** The node of the moment; named for worlds in which nobody tells. */
function momentNode(random: Random, { nodes }: Topology): Target {
  return { role: "moment", else: random.pick(nodes) };
}

interface Struck {
  target: Target;
  forUs: number;
  on?: Moment;
}

function stroke(
  topology: Topology,
  kind: Stroke,
  atUs: number,
  { target, forUs, on }: Struck,
): FaultDraft {
  const when = { ...lasting(topology, atUs, forUs), ...(on === undefined ? {} : { on }) };
  if (kind !== "partition") return { kind, ...when, target };
  return { kind, shape: "isolate", ...when, isolate: target, direction: "both" };
}

function aWhile(random: Random): number {
  return random.magnitude(20 * MILLISECOND_US, 2 * SECOND_US);
}
