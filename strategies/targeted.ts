/**
 * Faults where protocols are thin, rather than anywhere: at a new leader, around an acknowledgement,
 * in the middle of replication. Molly (Alvaro et al., SIGMOD 2015) places faults by what an outcome
 * rested on, CrashTuner (Lu et al., SOSP 2019) crashes where a system handles what it knows of its
 * nodes; both need far fewer runs than faults at random moments.
 *
 * A run is a few of these stories, spread over its time, each told once or several times in a row:
 *  - who was just elected crashes, is cut off or pauses, often the next one, too;
 *  - a node is struck right before it answers a client (what it did is done, nobody knows it), or
 *    right after (what it promised must survive);
 *  - around an election nodes restart, each within tens of milliseconds: what they have just
 *    promised is asked of them again;
 *  - the wall clock of a node steps back right after it answered, into time that it already used;
 *  - the leader's messages get lost or its followers' answers do, for some tens of milliseconds, and
 *    then it goes: entries are left with some.
 *
 * A third of the faults drawn stay beside it, in every other run. Stories whose kinds the world
 * lacks are not told; without any that can be, all stays as drawn.
 */

import type { Topology } from "../nemeses/nemesis.js";
import type { FaultDraft, Moment, Target } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import { beside, lasting, MILLISECOND_US, SECOND_US } from "./draw.js";
import type { Strategy } from "./strategy.js";

const STORIES_MAX = 6;

export const targeted: Strategy = {
  name: "targeted",
  summary:
    "strikes at protocol moments: a new leader, just before or after an answer, mid-replication",
  faults: (random, topology, drawn) => {
    const strokes = allStrokes.filter((kind) => topology.supported.has(kind));
    const possible = strokes.length === 0 ? [] : [newLeader, answer, halfReplicated];
    if (topology.supported.has("crash")) possible.push(restartingVoters);
    if (topology.supported.has("clock-step")) possible.push(clockBack);
    if (possible.length === 0) return drawn;
    // One or two of them, told again and again: leaving some out matters as much as telling some.
    const chosen = random.sample(possible, random.between(1, 2));
    const told = Array.from({ length: random.between(1, STORIES_MAX) }, () =>
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
    stroke(random, topology, kind, beginsUs, {
      target: momentNode(random, topology),
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
    stroke(random, topology, kind, beginsUs, {
      target: momentNode(random, topology),
      on: { moment: "ack", edge, nth: 1 + i * random.between(1, 8) },
    }),
  );
};

/** Some who may have voted restart at once, some tens of milliseconds around an election. */
const restartingVoters: Story = (random, topology) => {
  const beginsUs = random.int(topology.timeLimitUs);
  const nth = random.between(1, 3);
  return random.sample(topology.nodes, random.between(1, topology.nodes.length)).map((target) => {
    const forUs = random.between(5, 40) * MILLISECOND_US;
    const when = lasting(topology, beginsUs, forUs);
    return { kind: "crash", ...when, on: { moment: "leader", nth }, target };
  });
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

/** For a short time the leader is only half heard, or only half hears, and then it goes. */
const halfReplicated: Story = (random, topology, strokes) => {
  const { nodes, supported, timeLimitUs } = topology;
  const leader: Target = { role: "leader", else: random.pick(nodes) };
  const when = lasting(
    topology,
    random.int(timeLimitUs),
    random.magnitude(4 * MILLISECOND_US, 128 * MILLISECOND_US),
  );
  const halves: FaultDraft[] = [];
  if (supported.has("partition") && random.chance(1, 2)) {
    const direction = random.chance(2, 3) ? "in" : "out";
    halves.push({ kind: "partition", shape: "one-way", ...when, isolate: leader, direction });
  } else if (supported.has("loss")) {
    halves.push({ kind: "loss", ...when, ppm: random.pick([300_000, 500_000, 700_000]) });
  }
  const end = stroke(random, topology, random.pick(strokes), when.untilUs, { target: leader });
  return [...halves, end];
};

/** The node of the moment; named for worlds in which nobody tells. */
function momentNode(random: Random, { nodes }: Topology): Target {
  return { role: "moment", else: random.pick(nodes) };
}

function stroke(
  random: Random,
  topology: Topology,
  kind: Stroke,
  atUs: number,
  { target, on }: { target: Target; on?: Moment },
): FaultDraft {
  const forUs = random.magnitude(20 * MILLISECOND_US, 2 * SECOND_US);
  const when = { ...lasting(topology, atUs, forUs), ...(on === undefined ? {} : { on }) };
  if (kind !== "partition") return { kind, ...when, target };
  return { kind, shape: "isolate", ...when, isolate: target, direction: "both" };
}
