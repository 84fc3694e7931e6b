/** Channels between nodes: reliable ones, as over TCP, and unreliable ones, as over UDP. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FaultDraft } from "../../src/plan/fault.js";
import type { Channel } from "../../src/plan/plan.js";
import { GIVE_UP_US, RETRANSMIT_US } from "../../src/sim/channel.js";
import type { LinkConditions } from "../../src/sim/network.js";
import { traffic } from "./traffic.js";
import { type Arrival, everywhere, Wire } from "./wire.js";

const MS = 1_000;
const SECOND = 1_000_000;
const link = { delayUs: MS, jitterUs: 0 };
const wired = (channel: Channel | undefined, seed = 1): Wire =>
  new Wire({ seed, link, clients: ["c1"], manner: { channel } });
const ids = (arrivals: readonly Arrival[], on = "n1->n2"): number[] =>
  arrivals.filter(({ link: name }) => name === on).map(({ body }) => body["i"] as number);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Sends so many messages from n1 to n2, each a while after the one before. */
function stream(wire: Wire, count: number, everyUs = 10 * MS, fromUs = 0): void {
  for (const i of upTo(count)) wire.send(fromUs + i * everyUs, "n1", "n2", { type: "m", i });
}

/** What arrives of a hundred messages on links that are so for all the time. */
async function under(
  change: Partial<LinkConditions>,
  channel: Channel | undefined,
  seed = 1,
): Promise<Arrival[]> {
  const wire = wired(channel, seed);
  wire.disturb([0, 10 * SECOND], everywhere, change);
  stream(wire, 100);
  return wire.run();
}

const trouble: { [name: string]: Partial<LinkConditions> } = {
  disorder: { reorderPpm: 500_000, reorderUs: 100 * MS },
  loss: { lossPpm: 300_000 },
  duplicates: { duplicatePpm: 500_000 },
  jitter: { jitterUs: 100 * MS },
};

describe("a reliable channel", () => {
  it.each(Object.entries(trouble))("delivers all once and in order under %s", async (_, change) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        expect(ids(await under(change, "reliable", seed))).toEqual(upTo(100));
      }),
      { numRuns: 10 },
    );
  });

  it.each(["disorder", "loss", "duplicates"])("is what keeps %s away", async (name) => {
    expect(ids(await under(trouble[name] as object, undefined))).not.toEqual(upTo(100));
  });

  it("keeps a message that arrives altered from its receiver: it comes later, and sound", async () => {
    const arrivals = await under({ corruptPpm: 1_000_000 }, "reliable");
    expect(arrivals.map(({ body }) => body)).toEqual(upTo(100).map((i) => ({ type: "m", i })));
    expect(arrivals[0]?.atUs).toBe(MS + 7 * RETRANSMIT_US);
  });

  it("makes what is behind a lost message wait for it", async () => {
    const wire = wired("reliable");
    wire.disturb([0, 1], everywhere, { lossPpm: 999_999 });
    stream(wire, 2);
    expect((await wire.run()).map(({ atUs }) => atUs)).toEqual(
      Array(2).fill(MS + 7 * RETRANSMIT_US),
    );
  });

  it("survives a cut shorter than it waits: nothing is lost, and it goes on at a time-out", async () => {
    const wire = wired("reliable");
    wire.disturb([100 * MS, 1_500 * MS], everywhere, { cut: true });
    stream(wire, 50);
    const arrivals = await wire.run();
    expect(ids(arrivals)).toEqual(upTo(50));
    // The message sent as the cut began was tried after 0.2, 0.6, 1.4 and 3.0 s.
    const held = arrivals.filter(({ atUs }) => atUs > 200 * MS);
    expect(held.length).toBeGreaterThan(30);
    for (const { atUs } of held) expect(atUs).toBeGreaterThan(1_500 * MS);
  });

  it("breaks in a cut that is longer: what was waiting is lost, what is sent after it is not", async () => {
    const wire = wired("reliable");
    wire.disturb([100 * MS, 4 * SECOND], everywhere, { cut: true });
    stream(wire, 50);
    wire.send(3 * SECOND, "n1", "n2", { type: "m", i: 98 });
    wire.send(5 * SECOND, "n1", "n2", { type: "m", i: 99 });
    const arrived = ids(await wire.run());
    expect(arrived).toEqual([...upTo(arrived.length - 1), 99]);
    expect(arrived.length).toBeLessThan(13);
  });

  it("lasts through any cut in which nobody says anything", async () => {
    const wire = wired("reliable");
    wire.send(0, "n1", "n2", { type: "m", i: 0 });
    wire.disturb([SECOND, SECOND + 3 * GIVE_UP_US], everywhere, { cut: true });
    wire.send(SECOND + 2 * GIVE_UP_US, "n1", "n2", { type: "m", i: 1 });
    expect(ids(await wire.run())).toEqual([0, 1]);
  });

  it("breaks for both where only the acknowledgements are cut", async () => {
    const wire = wired("reliable");
    wire.disturb([0, 4 * SECOND], (src) => src === "n2", { cut: true });
    stream(wire, 3);
    wire.send(10 * MS, "n2", "n1", { type: "m", i: 10 });
    wire.send(3 * SECOND, "n1", "n2", { type: "m", i: 3 });
    const arrivals = await wire.run();
    expect(ids(arrivals)).toEqual([0, 1, 2]);
    expect(ids(arrivals, "n2->n1")).toEqual([]);
  });

  it("delivers in order what a cut caught under way", async () => {
    const wire = wired("reliable");
    wire.disturb([0, 1], everywhere, { delayUs: 30 * MS });
    stream(wire, 10, 0);
    wire.disturb([20 * MS, 40 * MS], everywhere, { cut: true });
    for (const i of [10, 11]) wire.send(50 * MS, "n1", "n2", { type: "m", i });
    expect(ids(await wire.run())).toEqual(upTo(12));
  });

  it("loses what is under way when it is reset, in both directions", async () => {
    const wire = wired("reliable");
    wire.disturb([0, SECOND], everywhere, { delayUs: 100 * MS });
    stream(wire, 5);
    wire.send(10 * MS, "n2", "n1", { type: "m", i: 7 });
    wire.at(50 * MS, () =>
      wire.network.reset((src, dest) => src.name === "n1" && dest.name === "n2"),
    );
    wire.send(60 * MS, "n1", "n2", { type: "m", i: 9 });
    expect((await wire.run()).map(({ body }) => body["i"])).toEqual([9]);
  });

  it("ends with the node at either end", async () => {
    const crash = { kind: "crash", target: "n2", atUs: 2 * MS, untilUs: 3 * MS } as const;
    const slow = {
      kind: "delay",
      atUs: 0,
      untilUs: SECOND,
      delayUs: 50 * MS,
      jitterUs: 0,
    } as const;
    const sendings = [{ atMs: 1 }, { atMs: 1, src: "n2", dest: "n1" }, { atMs: 10 }];
    const of = async (channel?: Channel): Promise<number[]> => {
      const { arrivals } = await traffic([crash, slow], sendings, channel ? { channel } : {});
      return arrivals.map(({ length }) => length);
    };
    expect(await of("reliable")).toEqual([0, 0, 1]);
    expect(await of()).toEqual([1, 1, 1]);
  });

  it.each(["clog", "hold", "priorities"])("keeps its order under a %s", async (kind) => {
    const when = { atUs: 0, untilUs: 300 * MS };
    const faults: { [name: string]: FaultDraft } = {
      clog: { kind: "clog", ...when },
      hold: { kind: "hold", ...when, nth: 2 },
      priorities: {
        ...{ kind: "priorities", ...when },
        ...{ salt: 3, levels: 8, stepUs: 40 * MS, changes: [3, 5] },
      },
    };
    const sendings = upTo(20).map((i) => ({ atMs: 10 * i }));
    const { order } = await traffic([faults[kind] as FaultDraft], sendings, {
      channel: "reliable",
    });
    expect(order.get("n1>n2")).toEqual(upTo(20));
  });

  it("is none between clients and nodes", async () => {
    const wire = wired("reliable");
    wire.disturb([0, SECOND], everywhere, { lossPpm: 1_000_000 });
    wire.send(0, "c1", "n1", { type: "m", i: 0 });
    expect(await wire.run()).toEqual([]);
  });

  it("leaves the fate of all others alone where a message is left out", async () => {
    const of = async (skip?: number): Promise<Map<unknown, number>> => {
      const wire = wired("reliable", 5);
      wire.disturb([0, 10 * SECOND], everywhere, { lossPpm: 100_000 });
      for (const i of upTo(40)) {
        if (i !== skip) wire.send(i * 2 * SECOND, "n1", "n2", { type: "m", i }, i);
      }
      return new Map((await wire.run()).map(({ atUs, body }) => [body["i"], atUs]));
    };
    const whole = await of();
    for (const skip of [0, 7]) {
      const rest = await of(skip);
      expect(rest).toEqual(new Map([...whole].filter(([i]) => i !== skip)));
    }
  });
});

describe("an unreliable channel", () => {
  const crowd = async (channel: Channel | undefined, dest = "n2"): Promise<number[]> => {
    const wire = new Wire({ clients: ["c1"], manner: { channel } });
    for (const i of upTo(5_000)) wire.send(i * 50, "n1", dest, { type: "m", i });
    return ids(await wire.run(), `n1->${dest}`);
  };

  it("has no order, and loses and doubles a few", async () => {
    const arrived = await crowd("unreliable");
    const distinct = [...new Set(arrived)];
    expect(distinct).not.toEqual([...distinct].sort((a, b) => a - b));
    expect(distinct.length).toBeLessThan(5_000);
    expect(distinct.length).toBeGreaterThan(4_900);
    expect(arrived.length).toBeGreaterThan(distinct.length);
  });

  it("is only between nodes, and only where it was asked for", async () => {
    expect(await crowd("unreliable", "c1")).toEqual(upTo(5_000));
    expect(await crowd(undefined)).toEqual(upTo(5_000));
  });
});
