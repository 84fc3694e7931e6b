/**
 * Disks that do not do what they say, and disks that take their time.
 *
 * What a disk lost or altered shows when its node boots: so most troubles come with a crash within
 * them. Only a minority of the nodes have such disks, the same ones all through the run: what a
 * majority has synced is still there (the rule of TigerBeetle's simulator, VOPR). Which troubles there
 * are is a matter of what a system bears.
 */

import { type FaultDraft, untrueDiskKinds } from "../src/plan/fault.js";
import type { Random } from "../src/random/random.js";
import {
  anyone,
  COMMON,
  countOf,
  type Nemesis,
  SOMETIMES,
  stretch,
  type Topology,
} from "./nemesis.js";

const SECOND_US = 1_000_000;

export const disk: Nemesis = {
  name: "disk",
  summary: "loses fsyncs, tears writes, lets data rot or go astray, fails reads, fills disks",
  kinds: [...untrueDiskKinds, "crash"],
  some: untrueDiskKinds,
  swarmOdds: COMMON,
  faults: (random, topology) => {
    const { nodes } = topology;
    const victims = random.sample(nodes, Math.max(1, (nodes.length - 1) >> 1));
    const count = countOf(random, topology, 3 * SECOND_US);
    return Array.from({ length: count }, () => episode(random, topology, victims)).flat();
  },
};

/** A trouble, and a crash within it; a full disk is noticed without. */
function episode(
  random: Random,
  topology: Topology,
  victims: readonly string[],
): readonly FaultDraft[] {
  const target = random.pick(victims);
  const when = stretch(random, topology, SECOND_US / 2, 4 * SECOND_US);
  const nth = random.magnitude(1, 16);
  const rotPpm = random.pick([10_000, 100_000, 500_000]);
  const failPpm = random.pick([50_000, 300_000]);
  const drafts: readonly FaultDraft[] = [
    { kind: "lost-fsync", ...when, target },
    { kind: "torn-write", ...when, target },
    { kind: "bit-rot", ...when, target, ppm: rotPpm },
    { kind: "misdirected-write", ...when, target, nth },
    { kind: "read-error", ...when, target, ppm: failPpm },
    { kind: "disk-full", ...when, target },
  ];
  const trouble = random.pick(drafts.filter(({ kind }) => topology.supported.has(kind)));
  const atUs = random.between(when.atUs, when.untilUs);
  const downUs = random.magnitude(SECOND_US / 50, SECOND_US / 2);
  const untilUs = Math.min(topology.timeLimitUs, atUs + downUs);
  if (trouble.kind === "disk-full") return [trouble];
  return [trouble, { kind: "crash", atUs, untilUs, target }];
}

export const diskLatency: Nemesis = {
  name: "disk-latency",
  summary: "lets each fsync take up to 200 milliseconds longer",
  kinds: ["slow-disk"],
  swarmOdds: SOMETIMES,
  faults: (random, topology) =>
    Array.from({ length: countOf(random, topology, 4 * SECOND_US) }, () => ({
      ...stretch(random, topology, SECOND_US / 4, 6 * SECOND_US),
      kind: "slow-disk",
      target: anyone(random, topology),
      addUs: random.magnitude(1_000, 200_000),
    })),
};
