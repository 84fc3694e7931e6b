import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.js";
import type { FaultDraft } from "../../src/plan/fault.js";
import { simulatedFaultKinds } from "../../src/sim/inject.js";
import { EPOCH_US } from "../../src/sim/world.js";
import { MS, SECOND, Stage } from "./stage.js";

type PartitionShape =
  Extract<FaultDraft, { kind: "partition" }> extends infer P
    ? P extends { kind: "partition" }
      ? Omit<P, "kind" | "shape" | "atUs" | "untilUs">
      : never
    : never;

const FIVE = ["n1", "n2", "n3", "n4", "n5"];

function partition(shape: PartitionShape, atMs = 10, untilMs = 20): FaultDraft {
  const times = { atUs: atMs * MS, untilUs: untilMs * MS };
  return { kind: "partition", shape: "of the test", ...times, ...shape } as FaultDraft;
}

/** Which messages get through at a time when everybody writes to everybody, as `n1>n2`. */
async function connections(faults: FaultDraft[], atMs = 15): Promise<Set<string>> {
  const stage = new Stage({
    nodes: FIVE,
    create: ({ id, nodes, send, after: later, observe }) => ({
      start: () => {
        later(atMs, () => {
          for (const dest of nodes) send(dest, { type: "hello" });
        });
      },
      onMessage: ({ src, body }) => {
        if (body["type"] === "hello") observe("heard", `${src}>${id}`);
        return undefined;
      },
    }),
  });
  for (const fault of faults) stage.fault(fault);
  await stage.run(SECOND);
  return new Set(stage.observed.map((line) => line.split(" ")[3] as string));
}

const everyone = FIVE.flatMap((src) => FIVE.map((dest) => `${src}>${dest}`));
const without = (cut: (src: string, dest: string) => boolean): Set<string> =>
  new Set(
    everyone.filter((link) => {
      const [src = "", dest = ""] = link.split(">");
      return !cut(src, dest);
    }),
  );

describe("a partition", () => {
  test("into groups stops messages between them, both ways, and none within", async () => {
    const left = new Set(["n1", "n2"]);
    expect(
      await connections([
        partition({
          groups: [
            ["n1", "n2"],
            ["n3", "n4", "n5"],
          ],
        }),
      ]),
    ).toEqual(without((src, dest) => left.has(src) !== left.has(dest)));
  });

  test("leaves a node that is in no group as a bridge between them", async () => {
    const [left, right] = [new Set(["n1", "n2"]), new Set(["n4", "n5"])];
    expect(
      await connections([
        partition({
          groups: [
            ["n1", "n2"],
            ["n4", "n5"],
          ],
        }),
      ]),
    ).toEqual(
      without(
        (src, dest) => (left.has(src) && right.has(dest)) || (right.has(src) && left.has(dest)),
      ),
    );
  });

  test("by pairs stops just those directions", async () => {
    const ring: [string, string][] = [
      ["n1", "n3"],
      ["n3", "n1"],
      ["n2", "n4"],
    ];
    expect(await connections([partition({ pairs: ring })])).toEqual(
      without((src, dest) => ring.some(([from, to]) => from === src && to === dest)),
    );
  });

  test("that isolates a node stops what it sends, what it hears, or both, but not itself", async () => {
    const isolated = (direction: "in" | "out" | "both"): Promise<Set<string>> =>
      connections([partition({ isolate: "n2", direction })]);
    expect(await isolated("out")).toEqual(without((src, dest) => src === "n2" && dest !== "n2"));
    expect(await isolated("in")).toEqual(without((src, dest) => dest === "n2" && src !== "n2"));
    expect(await isolated("both")).toEqual(
      without((src, dest) => (src === "n2") !== (dest === "n2")),
    );
  });

  test("is over when it is lifted, and another one that overlaps goes on", async () => {
    const first = partition({ isolate: "n1", direction: "both" }, 10, 20);
    const second = partition({ isolate: "n2", direction: "both" }, 12, 30);
    expect(await connections([first, second], 25)).toEqual(
      without((src, dest) => (src === "n2") !== (dest === "n2")),
    );
    expect(await connections([first, second], 31)).toEqual(new Set(everyone));
  });

  test("does not come between clients and nodes", async () => {
    const stage = new Stage({ create: () => ({ onMessage: () => ({ type: "here" }) }) });
    stage.fault(partition({ isolate: "n1", direction: "both" }));
    stage.ask(15 * MS, "n1");
    await stage.run();
    expect(stage.answers).toHaveLength(1);
  });
});

describe("the role of a leader", () => {
  /** Nodes that lead in turn: n1 in term 1 from 100 ms, n2 in term 2 from 200 ms. */
  const turns = (stage: Stage): Stage => {
    stage.at(100 * MS, () => stage.world.observe("n1", "leader", { term: 1 }));
    stage.at(200 * MS, () => stage.world.observe("n2", "leader", { term: 2 }));
    stage.at(300 * MS, () => stage.world.observe("n3", "leader", { term: 1 }));
    return stage;
  };
  const crash = (atMs: number): FaultDraft => ({
    kind: "crash",
    atUs: atMs * MS,
    untilUs: (atMs + 120) * MS,
    target: { role: "leader", else: "n3" },
  });
  const downAt = async (fault: FaultDraft, ms: number): Promise<string[]> => {
    const stage = turns(new Stage());
    const down: string[] = [];
    stage.fault(fault);
    stage.at(ms * MS, () => {
      for (const { up, id } of stage.world.machines) if (!up) down.push(id);
    });
    await stage.run(SECOND);
    return down;
  };

  test("is the one named instead as long as nobody leads", async () => {
    expect(await downAt(crash(50), 60)).toEqual(["n3"]);
  });

  test("is played by who leads when the fault begins, whoever leads later", async () => {
    expect(await downAt(crash(150), 160)).toEqual(["n1"]);
    expect(await downAt(crash(150), 250)).toEqual(["n1"]);
    expect(await downAt(crash(150), 271)).toEqual([]);
    expect(await downAt(crash(250), 260)).toEqual(["n2"]);
  });

  test("stays with the highest term, whatever a deposed leader says", async () => {
    expect(await downAt(crash(350), 360)).toEqual(["n2"]);
  });

  test("passes on within a term, and to nobody by what is no announcement", async () => {
    const stage = new Stage();
    const leaders: (string | undefined)[] = [];
    const says: [node: string, f: string, value: Json][] = [
      ["n1", "follower", { term: 9 }],
      ["n1", "leader", 9],
      ["n1", "leader", [9]],
      ["n1", "leader", null],
      ["n1", "leader", { term: 1 }],
      ["n2", "leader", { term: 1 }],
      ["n3", "vote", { term: 2 }],
    ];
    for (const [node, f, value] of says) {
      stage.world.observe(node, f, value);
      leaders.push(stage.world.leader);
    }
    const nobody = undefined;
    expect(leaders).toEqual([nobody, nobody, nobody, nobody, "n1", "n2", "n2"]);
    expect(stage.observed).toHaveLength(7);
  });

  test("is counted when a fault hits it", async () => {
    const stage = turns(new Stage());
    stage.fault(crash(50));
    stage.fault(crash(150));
    stage.fault(
      partition({ isolate: { role: "leader", else: "n3" }, direction: "both" }, 210, 220),
    );
    await stage.run(SECOND);
    expect(stage.probes).toEqual(["a fault hit the leader", "leader isolated"]);
  });
});

describe("a link fault", () => {
  const during = { atUs: 10 * MS, untilUs: 20 * MS };
  /** When a message of 15 ms arrives, by link, where that is not the usual millisecond later. */
  async function disturbed(...faults: FaultDraft[]): Promise<{ [link: string]: number }> {
    const nodes = ["n1", "n2", "n3"];
    const stage = new Stage({
      nodes,
      create: ({ peers, send, after: later, observe, clock }) => {
        const bootedMs = clock.monotonicMs();
        return {
          start: () => {
            later(15, () => {
              for (const dest of peers) send(dest, { type: "m" });
            });
          },
          onMessage: ({ src }) => observe("heard", [src, clock.monotonicMs() - bootedMs]),
        };
      },
    });
    for (const fault of faults) stage.fault(fault);
    for (const node of nodes) {
      stage.at(15 * MS, () => stage.network.send("c0", node, { type: "m" }));
      stage.at(15 * MS, () => stage.network.send(node, "c0", { type: "m" }));
    }
    await stage.run(SECOND);
    const seen: { [link: string]: number } = {};
    for (const line of stage.observed) {
      const [, dest, , json] = line.split(" ");
      const [src, atMs] = JSON.parse(json as string) as [string, number];
      if (atMs !== 16) seen[`${src}>${dest}`] = Math.round(atMs - 15);
    }
    for (const line of stage.answers) {
      const [at, src] = line.split(" ");
      if (Number(at) !== 16 * MS) seen[`${src}>c0`] = Number(at) / MS - 15;
    }
    return seen;
  }
  const delay = (ms: number, where: object = {}): FaultDraft => ({
    kind: "delay",
    ...during,
    delayUs: ms * MS,
    jitterUs: 0,
    ...where,
  });

  test("covers all links between nodes, and none of a client", async () => {
    expect(Object.keys(await disturbed(delay(5))).sort()).toEqual([
      "n1>n2",
      "n1>n3",
      "n2>n1",
      "n2>n3",
      "n3>n1",
      "n3>n2",
    ]);
  });

  test("covers only links from and to the nodes that it names", async () => {
    expect(await disturbed(delay(5, { from: ["n1"] }))).toEqual({ "n1>n2": 6, "n1>n3": 6 });
    expect(await disturbed(delay(5, { to: ["n1"] }))).toEqual({ "n2>n1": 6, "n3>n1": 6 });
    expect(await disturbed(delay(5, { from: ["n1"], to: ["n2"] }))).toEqual({ "n1>n2": 6 });
  });

  test("covers the links of clients when it says so", async () => {
    const named = delay(5, { from: ["n1"], to: ["n1"], clients: true });
    expect(await disturbed(named)).toEqual({ "c0>n1": 6, "n1>c0": 6 });
  });

  test("adds its delay to that of others, and lasts as long as it says", async () => {
    const only = { from: ["n1"], to: ["n2"] };
    expect(await disturbed(delay(5, only), delay(7, only))).toEqual({ "n1>n2": 13 });
    expect(await disturbed({ ...delay(5, only), untilUs: 14 * MS })).toEqual({});
    expect(await disturbed({ ...delay(5, only), atUs: 16 * MS })).toEqual({});
  });

  test("limits bandwidth as far as the narrowest of its kind", async () => {
    const narrow = (bytesPerSecond: number): FaultDraft => ({
      kind: "bandwidth",
      ...during,
      bytesPerSecond,
      from: ["n1"],
      to: ["n2"],
    });
    const alone = await disturbed(narrow(1_000));
    expect(alone["n1>n2"]).toBeGreaterThan(5);
    expect(await disturbed(narrow(1_000), narrow(100_000))).toEqual(alone);
    expect(await disturbed(narrow(100_000), narrow(1_000))).toEqual(alone);
  });

  test("loses, doubles and reorders as much as the worst of its kind", async () => {
    const kinds = {
      loss: (ppm: number) => ({ kind: "loss", ppm }) as const,
      duplicate: (ppm: number) => ({ kind: "duplicate", ppm }) as const,
      reorder: (ppm: number) => ({ kind: "reorder", ppm, byUs: ppm / 10 }) as const,
    };
    const outcome = async (...drafts: object[]) => {
      const stage = new Stage({
        seed: 4,
        create: ({ observe }) => ({ onMessage: () => observe("heard", null) }),
      });
      const whole = { atUs: 0, untilUs: SECOND };
      for (const draft of drafts) stage.fault({ ...whole, ...draft } as FaultDraft);
      for (let i = 1; i <= 500; i++) {
        stage.at(i * MS, () => stage.network.send("n1", "n2", { type: "m" }));
      }
      await stage.run(SECOND);
      return { counters: stage.network.counters, heard: stage.observed };
    };
    for (const kind of Object.values(kinds)) {
      const worst = await outcome(kind(400_000));
      const { lost, duplicated, reordered } = worst.counters;
      expect(Math.abs(lost + duplicated + reordered - 200)).toBeLessThan(90);
      expect(await outcome(kind(400_000), kind(100_000))).toEqual(worst);
      expect(await outcome(kind(100_000), kind(400_000))).toEqual(worst);
    }
  });

  test("reorders by as much as it says", async () => {
    const stage = new Stage({
      create: ({ observe }) => ({ onMessage: ({ body }) => observe("heard", body["at"] ?? null) }),
    });
    const whole = { atUs: 0, untilUs: SECOND };
    stage.fault({ kind: "reorder", ...whole, ppm: 1_000_000, byUs: 40 * MS });
    for (let i = 1; i <= 900; i++) {
      stage.at(i * MS, () => stage.network.send("n1", "n2", { type: "m", at: i * MS }));
    }
    await stage.run(3 * SECOND);
    const late = stage.observed.map((line) => {
      const [at, , , sent] = line.split(" ").map(Number);
      return (at as number) - (sent as number) - MS;
    });
    expect(late).toHaveLength(900);
    const mean = late.reduce((sum, one) => sum + one, 0) / late.length;
    // Standard error 1.3 ms.
    expect(Math.abs(mean / MS - 40)).toBeLessThan(10);
  });
});

describe("a clock fault", () => {
  /** What a node of a clock under faults sees: its timers, set at boot, and both faces. */
  function clocks(faults: FaultDraft[], timersMs: readonly number[] = []): Stage {
    const stage = new Stage({
      nodes: ["n1", "n2"],
      clocks: { n1: { wallOffsetUs: 0 }, n2: { wallOffsetUs: 123 } },
      create: ({ after: later, observe }) => ({
        start: () => {
          for (const timer of timersMs) later(timer, () => observe("timer", timer));
        },
      }),
    });
    for (const fault of faults) stage.fault(fault);
    return stage;
  }
  const rate = (ppm: number, atMs: number, untilMs: number): FaultDraft => ({
    kind: "clock-rate",
    atUs: atMs * MS,
    untilUs: untilMs * MS,
    target: "n1",
    ppm,
  });
  /** How far n1's wall clock is from the truth, in microseconds. */
  const errorOf = (stage: Stage, node = "n1"): number =>
    stage.world.machine(node).wallUs() - EPOCH_US - stage.kernel.now;

  async function errors(faults: FaultDraft[], atMs: readonly number[]): Promise<number[]> {
    const stage = clocks(faults);
    const seen: number[] = [];
    for (const at of atMs) stage.at(at * MS, () => seen.push(errorOf(stage)));
    await stage.run(SECOND);
    expect(errorOf(stage, "n2")).toBe(123);
    return seen;
  }

  test("makes the timers of a fast node early and those of a slow one late, of that node alone", async () => {
    const fast = await clocks([rate(1_000_000, 0, 1_000)], [100]).run(SECOND);
    expect(fast.observed).toEqual([`${50 * MS} n1 timer 100`, `${100 * MS} n2 timer 100`]);
    const slow = await clocks([rate(-500_000, 0, 1_000)], [100]).run(SECOND);
    expect(slow.observed).toEqual([`${100 * MS} n2 timer 100`, `${200 * MS} n1 timer 100`]);
  });

  test("moves the timers that are pending when the rate changes", async () => {
    const stage = await clocks([rate(-500_000, 50, 100)], [40, 70, 100]).run(SECOND);
    const own = stage.observed.filter((line) => line.includes(" n1 "));
    expect(own).toEqual([
      `${40 * MS} n1 timer 40`,
      `${90 * MS} n1 timer 70`,
      `${125 * MS} n1 timer 100`,
    ]);
  });

  test("that stops a clock holds its timers until it runs again", async () => {
    const stage = await clocks([rate(-1_000_000, 50, 500)], [100]).run(SECOND);
    expect(stage.observed).toEqual([`${100 * MS} n2 timer 100`, `${550 * MS} n1 timer 100`]);
  });

  test("leaves neither messages nor the disk of a stopped clock waiting", async () => {
    const stage = new Stage({
      nodes: ["n1"],
      create: ({ disk }) => ({
        onMessage: async () => {
          disk.write("asked", true);
          await disk.fsync();
          return { type: "durable" };
        },
      }),
    });
    stage.fault(rate(-1_000_000, 50, 500));
    stage.ask(100 * MS, "n1");
    await stage.run();
    expect(Number(stage.answers[0]?.split(" ")[0])).toBeLessThan(110 * MS);
  });

  test("of the rate leaves the true rate behind, in whatever order such faults are lifted", async () => {
    const ppm = fc.integer({ min: -1_000_000, max: 1_000_000 });
    const spans = fc.array(fc.tuple(ppm, fc.nat(100), fc.nat(100)), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(spans, async (list) => {
        const faults = list.map(([value, atMs, lasts]) => rate(value, atMs, atMs + lasts));
        const stage = await clocks(faults).run(SECOND);
        expect(stage.world.machine("n1").clock.ratePpm).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test("steps the wall clock there and back, and no timer", async () => {
    const step: FaultDraft = {
      kind: "clock-step",
      atUs: 10 * MS,
      untilUs: 200 * MS,
      target: "n1",
      byUs: -5_000_000,
    };
    expect(await errors([step], [5, 15, 199, 201])).toEqual([0, -5_000_000, -5_000_000, 0]);
    const stage = await clocks([step], [100]).run(SECOND);
    expect(stage.observed).toEqual(
      expect.arrayContaining([`${100 * MS} n1 timer 100`, `${100 * MS} n2 timer 100`]),
    );
  });

  test("strobes between the true time and the wrong one, and ends at the true one", async () => {
    const strobe = (untilMs: number): FaultDraft => ({
      kind: "clock-strobe",
      atUs: 10 * MS,
      untilUs: untilMs * MS,
      target: "n1",
      byUs: 777,
      periodUs: 20 * MS,
    });
    const moments = [5, 15, 35, 55, 75, 95, 500];
    expect(await errors([strobe(90)], moments)).toEqual([0, 777, 0, 777, 0, 0, 0]);
    expect(await errors([strobe(80)], moments)).toEqual([0, 777, 0, 777, 0, 0, 0]);
    expect(await errors([strobe(60)], moments)).toEqual([0, 777, 0, 777, 0, 0, 0]);
    expect(await errors([strobe(20)], moments)).toEqual([0, 777, 0, 0, 0, 0, 0]);
  });

  test("adds to others of the wall clock, and takes off only its own part", async () => {
    const step = (byUs: number, atMs: number, untilMs: number): FaultDraft => ({
      kind: "clock-step",
      atUs: atMs * MS,
      untilUs: untilMs * MS,
      target: "n1",
      byUs,
    });
    expect(await errors([step(100, 10, 30), step(1, 20, 40)], [15, 25, 35, 45])).toEqual([
      100, 101, 1, 0,
    ]);
  });
});

describe("the kinds of fault", () => {
  test("that a simulated world claims to apply are all applied and lifted", async () => {
    const some: { [kind: string]: object } = {
      partition: { shape: "isolate", isolate: "n1", direction: "both" },
      delay: { delayUs: 1, jitterUs: 1 },
      loss: { ppm: 1 },
      duplicate: { ppm: 1 },
      reorder: { ppm: 1, byUs: 1 },
      bandwidth: { bytesPerSecond: 1 },
      clog: {},
      hold: { nth: 1 },
      priorities: { salt: 1, levels: 2, stepUs: 1, changes: [] },
      corrupt: { ppm: 1 },
      reset: {},
      crash: { target: "n1" },
      pause: { target: "n1" },
      wipe: { target: "n1" },
      slow: { target: "n1", costUs: 1 },
      leave: { target: "n1" },
      join: { target: "n2" },
      "lost-fsync": { target: "n1" },
      "torn-write": { target: "n1" },
      "bit-rot": { target: "n1", ppm: 1 },
      "misdirected-write": { target: "n1", nth: 1 },
      "read-error": { target: "n1", ppm: 1 },
      "disk-full": { target: "n1" },
      "slow-disk": { target: "n1", addUs: 1 },
      equivocate: { target: "n1", ppm: 1 },
      lie: { target: "n1", ppm: 1 },
      mute: { target: "n1" },
      "clock-step": { target: "n1", byUs: 1 },
      "clock-rate": { target: "n1", ppm: 1 },
      "clock-strobe": { target: "n1", byUs: 1, periodUs: 1_000 },
      "clock-slew": { target: "n1", byUs: 1, ppm: 1 },
      "clock-freeze": { target: "n1" },
      "clock-leap": { target: "n1" },
    };
    expect(Object.keys(some).sort()).toEqual([...simulatedFaultKinds].sort());
    const stage = new Stage({ record: true, members: ["n1", "n3"] });
    for (const [kind, own] of Object.entries(some)) {
      stage.fault({ kind, atUs: 10 * MS, untilUs: 20 * MS, ...own } as FaultDraft);
    }
    await stage.run(SECOND);
    const begun = (stage.recorder?.records ?? []).filter(({ kind }) => kind === "fault");
    for (const kind of simulatedFaultKinds) {
      expect(begun.map(({ who }) => who)).toEqual(expect.arrayContaining([kind, `${kind}-end`]));
    }
  });
});
