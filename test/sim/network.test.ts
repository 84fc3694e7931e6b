import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.js";
import { exponential } from "../../src/sim/latency.js";
import { seal } from "../../src/sim/seal.js";
import { everywhere, Wire, type WireOptions } from "./wire.js";

const SECOND_US = 1_000_000;
/** Long enough after a message that nothing of it is still under way. */
const AGES_US = 60 * SECOND_US;

const ids = (arrivals: readonly { body: { [name: string]: unknown } }[]): number[] =>
  arrivals.map(({ body }) => body["i"] as number);

/** A crowd of messages on one link, each far from the one before. */
async function crowd(options: WireOptions, change: object, count = 4_000): Promise<Wire> {
  const wire = new Wire(options);
  wire.disturb([0, count * SECOND_US], everywhere, change);
  for (let i = 0; i < count; i++) wire.send(i * SECOND_US, "n1", "n2", { type: "m", i });
  await wire.run((count + 1) * SECOND_US);
  return wire;
}

describe("a healthy link", () => {
  test("delivers everything once, in the order in which it was sent", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(20_000),
        fc.array(fc.nat(2_000), { maxLength: 40 }),
        async (seed, jitterUs, gaps) => {
          const wire = new Wire({ seed, link: { jitterUs } });
          let atUs = 0;
          gaps.forEach((gap, i) => {
            atUs += gap;
            wire.send(atUs, "n1", "n2", { type: "m", i });
          });
          expect(ids(await wire.run())).toEqual(gaps.map((_, i) => i));
        },
      ),
      { numRuns: 50 },
    );
  });

  test("catches up: what slow links carry comes soon, and before what is sent after", async () => {
    const wire = new Wire({ link: { delayUs: 1_000, jitterUs: 0 } });
    wire.disturb([0, SECOND_US], everywhere, { delayUs: 30 * SECOND_US });
    for (let i = 0; i < 5; i++) wire.send(i * 100_000, "n1", "n2", { type: "m", i });
    wire.at(SECOND_US + 1, () => wire.network.catchUp());
    wire.send(SECOND_US + 1, "n1", "n2", { type: "m", i: 5 });
    const arrivals = await wire.run();
    expect(ids(arrivals)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(arrivals.at(-1)?.atUs).toBe(SECOND_US + 1_001);
  });

  test("takes alpha and an exponential jitter of the given mean", async () => {
    const wire = await crowd({ link: { delayUs: 1_000, jitterUs: 500 } }, {});
    const delays = wire.arrivals.map(({ atUs, body }) => atUs - (body["i"] as number) * SECOND_US);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...delays)).toBeLessThanOrEqual(1_000 + 4.9 * 500);
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    // Standard error below 8.
    expect(Math.abs(mean - 1_500)).toBeLessThan(64);
    expect(new Set(delays).size).toBeGreaterThan(50);
  });

  test("takes size / beta on top, where bandwidth is limited", async () => {
    const wire = new Wire({ link: { delayUs: 700, jitterUs: 0, bytesPerSecond: 50_000 } });
    const bodies = [
      { type: "m", text: "" },
      { type: "m", text: "x".repeat(5_000) },
    ];
    bodies.forEach((body, i) => {
      wire.send(i * SECOND_US, "n1", "n2", body);
    });
    const arrivals = await wire.run();
    bodies.forEach((body, i) => {
      const transferUs = Math.ceil((seal(body).size * 1_000_000) / 50_000);
      expect(arrivals[i]?.atUs).toBe(i * SECOND_US + 700 + transferUs);
    });
    expect((arrivals[1]?.atUs ?? 0) - SECOND_US).toBeGreaterThan(100_000);
  });

  test("copies what it carries: sender and receiver share nothing", async () => {
    const wire = new Wire();
    const body = { type: "m", list: [1] };
    wire.send(0, "n1", "n2", body);
    wire.at(1, () => body.list.push(2));
    const [arrival] = await wire.run();
    expect(arrival?.body).toEqual({ type: "m", list: [1] });
  });

  test("leads only to those who are there", () => {
    const { network } = new Wire();
    expect(network.send("n1", "n2", { type: "m" })).toBe(true);
    expect(network.send("n1", "n9", { type: "m" })).toBe(false);
    expect(network.send("n9", "n1", { type: "m" })).toBe(false);
  });
});

describe("the quantiles of the jitter", () => {
  test("have the mean asked for, never fall, and end below 4.9 means", () => {
    const draws = Array.from({ length: 64 }, (_, i) => exponential((i << 26) | 0, 1_024));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / 64;
    expect(Math.abs(mean - 1_024)).toBeLessThan(16);
    expect(draws).toEqual([...draws].sort((a, b) => a - b));
    // As they are meant: -ln(1 - u) in the middle of each of 64 slices.
    draws.forEach((draw, i) => {
      expect(Math.abs(draw + 1_024 * Math.log(1 - (i + 0.5) / 64))).toBeLessThan(1.5);
    });
    expect(exponential(-1, 1_000)).toBeLessThanOrEqual(4_900);
    expect(exponential(-1, 0)).toBe(0);
  });
});

describe("a disturbed link", () => {
  test("loses as many as it is told to: none, about 30 % or all", async () => {
    for (const lossPpm of [0, 300_000, 1_000_000]) {
      const { arrivals, network } = await crowd({ seed: 11 }, { lossPpm });
      expect(network.counters.lost + arrivals.length).toBe(4_000);
      // Standard deviation 29.
      expect(Math.abs(network.counters.lost - lossPpm / 250)).toBeLessThan(
        lossPpm === 300_000 ? 200 : 1,
      );
    }
  });

  test("delivers as many twice as it is told to, the copy later", async () => {
    const { arrivals, network } = await crowd({ seed: 12 }, { duplicatePpm: 200_000 });
    expect(arrivals.length).toBe(4_000 + network.counters.duplicated);
    expect(Math.abs(network.counters.duplicated - 800)).toBeLessThan(200);
    const perMessage = new Map<number, number[]>();
    for (const { body, atUs } of arrivals) {
      const times = perMessage.get(body["i"] as number) ?? [];
      perMessage.set(body["i"] as number, [...times, atUs]);
    }
    expect(perMessage.size).toBe(4_000);
    const lags = [...perMessage.values()].filter((times) => times.length === 2);
    expect(lags.some(([first = 0, second = 0]) => second - first > 500)).toBe(true);
  });

  test("hands out each copy as a value of its own", async () => {
    const wire = new Wire({ link: { duplicatePpm: 1_000_000 } });
    wire.send(0, "n1", "n2", { type: "m", list: [1] });
    const [first, second] = await wire.run();
    expect(second).toBeDefined();
    (first!.body["list"] as number[]).push(2);
    expect(second?.body).toEqual({ type: "m", list: [1] });
  });

  test("lets messages overtake, about as many and as far as it is told to", async () => {
    const overtaken = async (reorderPpm: number): Promise<number> => {
      const wire = new Wire({ seed: 13, link: { reorderPpm, reorderUs: 50_000 } });
      for (let i = 0; i < 4_000; i++) wire.send(i * 1_000, "n1", "n2", { type: "m", i });
      const order = ids(await wire.run());
      expect([...order].sort((a, b) => a - b)).toEqual(order.map((_, i) => i));
      let latest = -1;
      const late = order.filter((id) => id < (latest = Math.max(latest, id)));
      return late.length;
    };
    expect(await overtaken(0)).toBe(0);
    // A message that is 50 ms late on average is overtaken almost surely when one comes every ms.
    expect(Math.abs((await overtaken(200_000)) - 800)).toBeLessThan(200);
  });

  test("keeps the order of the messages that do not leave it", async () => {
    const wire = new Wire({ seed: 14, link: { reorderPpm: 200_000, reorderUs: 50_000 } });
    const calm = new Wire({ seed: 14 });
    for (let i = 0; i < 500; i++) {
      for (const each of [wire, calm]) each.send(i * 1_000, "n1", "n2", { type: "m", i });
    }
    const usual = new Map((await calm.run()).map(({ body, atUs }) => [body["i"], atUs]));
    const punctual = (await wire.run()).filter(
      ({ body, atUs }) => usual.get(body["i"] as number) === atUs,
    );
    expect(punctual.length).toBeGreaterThan(300);
    expect(ids(punctual)).toEqual([...ids(punctual)].sort((a, b) => a - b));
  });
});

describe("a cut", () => {
  const n1to2 = (src: string, dest: string): boolean => src === "n1" && dest === "n2";

  test("stops one direction of one link, and nothing else", async () => {
    const wire = new Wire();
    wire.disturb([0, 10_000], n1to2, { cut: true });
    for (const [src, dest] of [
      ["n1", "n2"],
      ["n2", "n1"],
      ["n1", "n3"],
      ["n3", "n2"],
    ] as const) {
      wire.send(100, src, dest, { type: "m" });
    }
    const arrivals = await wire.run();
    expect(arrivals.map(({ link }) => link).sort()).toEqual(["n1->n3", "n2->n1", "n3->n2"]);
    expect(wire.network.counters.cut).toBe(1);
  });

  test("drops what is sent through it and what arrives while it lasts, and no more once lifted", async () => {
    const wire = new Wire({ link: { delayUs: 1_000, jitterUs: 0 } });
    wire.disturb([10_000, 20_000], n1to2, { cut: true });
    const fates = [
      { atUs: 8_900, arrives: true },
      { atUs: 9_500, arrives: false },
      { atUs: 15_000, arrives: false },
      { atUs: 19_500, arrives: false },
      { atUs: 20_001, arrives: true },
    ];
    for (const { atUs } of fates) wire.send(atUs, "n1", "n2", { type: "m", i: atUs });
    const expected = fates.filter(({ arrives }) => arrives).map(({ atUs }) => atUs);
    expect(ids(await wire.run())).toEqual(expected);
    expect(wire.network.counters).toMatchObject({ sent: 5, delivered: 2, cut: 3 });
  });

  test("lets through what was under way when it came and went", async () => {
    const wire = new Wire({ link: { delayUs: 5_000, jitterUs: 0 } });
    wire.disturb([1_000, 2_000], n1to2, { cut: true });
    wire.send(0, "n1", "n2", { type: "m", i: 1 });
    expect(ids(await wire.run())).toEqual([1]);
  });

  test("holds until the last of two overlapping ones is lifted", async () => {
    const wire = new Wire({ link: { delayUs: 10, jitterUs: 0 } });
    wire.disturb([0, 30_000], n1to2, { cut: true });
    wire.disturb([10_000, 20_000], n1to2, { cut: true });
    for (const atUs of [5_000, 25_000, 35_000]) wire.send(atUs, "n1", "n2", { type: "m", i: atUs });
    expect(ids(await wire.run())).toEqual([35_000]);
  });

  test("covers links first used while it lasts", async () => {
    const wire = new Wire();
    wire.at(0, () => wire.network.send("n1", "n2", { type: "m" }));
    wire.disturb([10_000, AGES_US], everywhere, { cut: true });
    wire.send(20_000, "n2", "n3", { type: "m" });
    expect((await wire.run()).map(({ link }) => link)).toEqual(["n1->n2"]);
  });
});

describe("the fate of a message", () => {
  const node = fc.constantFrom("n1", "n2", "n3");
  const sending = fc.record({ atUs: fc.nat(200_000), src: node, dest: node });
  const trouble = fc.record({
    from: fc.nat(200_000),
    lasts: fc.nat(100_000),
    src: node,
    change: fc.constantFrom(
      { cut: true },
      { lossPpm: 500_000 },
      { duplicatePpm: 500_000 },
      { reorderPpm: 500_000, reorderUs: 30_000 },
      { delayUs: 20_000, jitterUs: 20_000 },
      { bytesPerSecond: 10_000 },
    ),
  });
  type Sending = { atUs: number; src: string; dest: string };
  type Trouble = { from: number; lasts: number; src: string; change: object };

  /** When what arrived, by link; `numbered` names the messages as requests of clients are. */
  async function fates(
    seed: number,
    script: { sendings: (Sending & { i: number })[]; troubles: Trouble[]; numbered?: boolean },
  ): Promise<Map<string, string[]>> {
    const wire = new Wire({ seed });
    for (const { from, lasts, src, change } of script.troubles) {
      wire.disturb([from, from + lasts], (source) => source === src, change);
    }
    for (const { atUs, src, dest, i } of script.sendings) {
      wire.send(atUs, src, dest, { type: "m", i }, script.numbered ? i : undefined);
    }
    const result = new Map<string, string[]>();
    for (const { link, atUs, body } of await wire.run()) {
      result.set(link, [...(result.get(link) ?? []), `${body["i"]} at ${atUs}`]);
    }
    return result;
  }

  const script = fc.record({
    seed: fc.nat(),
    sendings: fc
      .array(sending, { minLength: 1, maxLength: 40 })
      .map((list) => list.map((one, i) => ({ ...one, i }))),
    troubles: fc.array(trouble, { minLength: 1, maxLength: 5 }),
    victim: fc.nat(),
  });

  test("is the same when a message on another link is taken out", async () => {
    await fc.assert(
      fc.asyncProperty(script, async ({ seed, sendings, troubles, victim }) => {
        const gone = sendings[victim % sendings.length]!;
        const before = await fates(seed, { sendings, troubles });
        const after = await fates(seed, { sendings: sendings.filter((s) => s !== gone), troubles });
        for (const fate of [before, after]) fate.delete(`${gone.src}->${gone.dest}`);
        expect(after).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  test("is the same when a fault on other links is taken out", async () => {
    await fc.assert(
      fc.asyncProperty(script, async ({ seed, sendings, troubles, victim }) => {
        const gone = troubles[victim % troubles.length]!;
        const before = await fates(seed, { sendings, troubles });
        const after = await fates(seed, { sendings, troubles: troubles.filter((t) => t !== gone) });
        for (const fate of [before, after]) {
          for (const link of fate.keys()) if (link.startsWith(gone.src)) fate.delete(link);
        }
        expect(after).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  test("is the same when a fault at another time is taken out", async () => {
    const wires = await Promise.all(
      [true, false].map(async (early) => {
        const wire = new Wire({ seed: 5 });
        if (early) wire.disturb([0, SECOND_US], everywhere, { lossPpm: 500_000 });
        wire.disturb([SECOND_US, 2 * SECOND_US], everywhere, {
          lossPpm: 300_000,
          duplicatePpm: 300_000,
          jitterUs: 9_000,
        });
        for (let i = 0; i < 2_000; i++) wire.send(i * 1_000, "n1", "n2", { type: "m", i });
        const arrivals = await wire.run();
        return arrivals.filter(({ body }) => (body["i"] as number) >= 1_000);
      }),
    );
    expect(wires[0]?.length).toBeGreaterThan(500);
    expect(wires[0]).toEqual(wires[1]);
  });

  test("is named by the operation of a client, not by how many came before", async () => {
    const link = { lossPpm: 300_000, duplicatePpm: 300_000 };
    const run = async (skip: number): Promise<string[]> => {
      const wire = new Wire({ seed: 6, clients: ["c1"], link });
      for (let i = 0; i < 200; i++) {
        if (i !== skip) wire.send(i * SECOND_US, "c1", "n1", { type: "m", i }, i);
      }
      return (await wire.run()).map(({ atUs, body }) => `${body["i"]} at ${atUs}`);
    };
    const all = await run(-1);
    expect(all.length).toBeGreaterThan(120);
    for (const skip of [0, 1, 77]) {
      expect(await run(skip)).toEqual(all.filter((fate) => !fate.startsWith(`${skip} at`)));
    }
  });

  test("depends on the seed and on the link", async () => {
    const lost = async (seed: number, src: string): Promise<string> => {
      const wire = new Wire({ seed, link: { lossPpm: 500_000 } });
      for (let i = 0; i < 64; i++) wire.send(i, src, "n2", { type: "m", i });
      return ids(await wire.run()).join();
    };
    const fatesSeen = await Promise.all([
      lost(1, "n1"),
      lost(1, "n3"),
      lost(2, "n1"),
      lost(1, "n1"),
    ]);
    expect(new Set(fatesSeen).size).toBe(3);
    expect(fatesSeen[3]).toBe(fatesSeen[0]);
  });
});

describe("in a run that promises its schedule only, a delivery", () => {
  interface Sent {
    link?: readonly [string, string];
    body?: JsonObject;
    atUs?: number;
    delayUs?: number;
  }

  async function hash({ link = ["n1", "n2"], body = { type: "m" }, atUs = 5, delayUs }: Sent) {
    const conditions = delayUs === undefined ? {} : { link: { delayUs } };
    const wire = new Wire({ hashScope: "schedule", ...conditions });
    wire.send(atUs, ...link, body);
    expect(await wire.run()).toHaveLength(1);
    return wire.kernel.hash.digest();
  }

  test("counts by its link and the type of its body, whatever else it says and when", async () => {
    const usual = await hash({});
    expect(await hash({ body: { type: "m", id: 7 } })).toBe(usual);
    expect(await hash({ atUs: 9 })).toBe(usual);
    expect(await hash({ delayUs: 7_000 })).toBe(usual);
    const others = [await hash({ link: ["n1", "n3"] }), await hash({ body: { type: "other" } })];
    expect(new Set([usual, ...others]).size).toBe(3);
  });
});
