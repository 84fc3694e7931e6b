import { describe, expect, test } from "vitest";
import type { Node, NodeContext } from "../../src/hosts/ts/node.js";
import type { FaultDraft } from "../../src/plan/fault.js";
import { simProbes } from "../../src/sim/probes.js";
import { gossip } from "./gossip.js";
import { MS, SECOND, Stage } from "./stage.js";

const fault = (kind: string, fromMs: number, untilMs: number, own: object): FaultDraft =>
  ({ kind, atUs: fromMs * MS, untilUs: untilMs * MS, ...own }) as FaultDraft;

/** Gossips, and takes notes faster than it makes them safe. */
function notedGossip(context: NodeContext): Partial<Node> {
  const { disk, after: later } = context;
  const note = (): void => {
    for (let i = 0; i < 3; i++) disk.append("notes", i);
    later(0.2, note);
  };
  later(0.2, note);
  const node = gossip(context);
  return {
    ...node,
    // Whatever the cluster is asked for, it is done.
    onMessage: (message) =>
      message.src === "admin"
        ? { type: `${String(message.body["type"])}_ok` }
        : node.onMessage?.(message),
  };
}

/** Nodes that gossip, the first of which leads. */
async function probesUnder(faults: readonly FaultDraft[]): Promise<Set<string>> {
  const stage = new Stage({ create: notedGossip, seed: 3, link: { jitterUs: 500 } });
  stage.at(50 * MS, () => stage.world.observe("n1", "leader", { term: 1 }));
  for (const each of faults) stage.fault(each);
  await stage.run(2 * SECOND);
  return new Set(stage.probes);
}

const leader = { role: "leader", else: "n3" };
const crashes = Array.from({ length: 15 }, (_, i) =>
  fault("crash", 100 + 100 * i, 150 + 100 * i, { target: "n2" }),
);

const brief = [fault("crash", 1_200, 1_220, { target: "n2" })];
const ofBrief = ["a crash kept writes that were not synced", "a crash lost unsynced writes"];

const outcomes: [what: string, faults: readonly FaultDraft[], probes: readonly string[]][] = [
  ["nothing", [], []],
  [
    "crashes",
    crashes,
    [
      "a crash kept writes that were not synced",
      "a crash lost unsynced writes",
      "a message came to a node that was down",
    ],
  ],
  [
    "a pause of the leader",
    [fault("pause", 100, 300, { target: leader })],
    ["a fault hit the leader", "a pause held something back"],
  ],
  [
    "a wipe",
    [fault("wipe", 1_000, 1_100, { target: "n2" })],
    ["a message came to a node that was down", "a wipe took what was durable"],
  ],
  [
    "a slow node",
    [fault("slow", 100, 300, { target: "n2", costUs: 1_000 })],
    ["a slow node let something wait"],
  ],
  [
    "fsyncs that are lost",
    [fault("lost-fsync", 100, 300, { target: "n2" })],
    ["an fsync made nothing durable"],
  ],
  [
    "a slow disk",
    [fault("slow-disk", 100, 300, { target: "n2", addUs: 9_000 })],
    ["an fsync took longer than usual"],
  ],
  [
    "torn writes",
    [fault("torn-write", 100, 1_900, { target: "n2" }), crashes[0]!],
    [
      "a crash left a write half done",
      "a crash lost unsynced writes",
      "a message came to a node that was down",
    ],
  ],
  [
    "rot while a node is down",
    [...brief, fault("bit-rot", 1_210, 1_900, { target: "n2", ppm: 1_000_000 })],
    [
      ...ofBrief,
      "a message came to a node that was down",
      "something damaged was read from a disk",
    ],
  ],
  [
    "reads that fail",
    [...brief, fault("read-error", 1_210, 1_300, { target: "n2", ppm: 1_000_000 })],
    [...ofBrief, "a disk failed to read", "a message came to a node that was down"],
  ],
  [
    "a full disk",
    [fault("disk-full", 1_000, 1_001, { target: "n2" })],
    ["a disk had no room", "a message came to a node that was down"],
  ],
  ["a lying node", [fault("lie", 100, 300, { target: "n2", ppm: 500_000 })], ["a node lied"]],
  [
    "a node that equivocates",
    [fault("equivocate", 100, 300, { target: "n2", ppm: 500_000 })],
    ["a node said one thing to some and another to others"],
  ],
  ["a mute node", [fault("mute", 100, 300, { target: "n2" })], ["a mute node said nothing"]],
  [
    "a node that leaves",
    [fault("leave", 100, 300, { target: "n2" })],
    ["a node was removed", "a node was taken in"],
  ],
  [
    "messages that are altered",
    [fault("corrupt", 100, 300, { ppm: 100_000 })],
    ["a message was altered on its way"],
  ],
  [
    "connections that break",
    [1, 2, 3, 4].map((i) => fault("reset", 100 * i, 100 * i, {})),
    ["a reset took what was under way"],
  ],
  [
    "a clock that stands still",
    [fault("clock-freeze", 100, 300, { target: "n2" })],
    ["a clock that stood still kept timers back"],
  ],
  [
    "a slewed clock",
    [fault("clock-slew", 100, 300, { target: "n2", byUs: 100, ppm: 1_000 })],
    ["a wall clock was turned all the way"],
  ],
  [
    "isolations of the leader",
    [1, 2, 3].map((i) =>
      fault("partition", 500 * i, 500 * i + 200, {
        shape: "isolated",
        isolate: leader,
        direction: "both",
      }),
    ),
    ["a message was cut off on arrival", "leader isolated"],
  ],
  [
    "doubled messages",
    [fault("duplicate", 100, 300, { ppm: 500_000 })],
    ["a message was delivered twice"],
  ],
  [
    "messages out of order",
    [fault("reorder", 100, 300, { ppm: 500_000, byUs: 9_000 })],
    ["a message left its order"],
  ],
  ["a clog", [fault("clog", 100, 300, {})], ["a clog let go what had piled up"]],
  [
    "a hold",
    [fault("hold", 100, 900, { nth: 3 })],
    ["a message was held while others overtook it"],
  ],
  [
    "priorities",
    [fault("priorities", 100, 900, { salt: 1, levels: 3, stepUs: 100, changes: [5] })],
    ["a chain of messages fell below all others"],
  ],
];

describe("the simulated world", () => {
  test.each(outcomes)("tells what came of %s", async (_, faults, probes) => {
    expect([...(await probesUnder(faults))].sort()).toEqual([...probes].sort());
  });

  test("declares all that it tells, and nothing else", () => {
    const told = new Set(outcomes.flatMap(([, , probes]) => probes));
    expect([...told].sort()).toEqual([...simProbes]);
  });
});
