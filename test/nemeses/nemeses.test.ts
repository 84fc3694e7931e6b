import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawRates, kindsMade, nemeses, type Topology } from "../../nemeses/index.js";
import { anyone, countOf, spaced, stretch } from "../../nemeses/nemesis.js";
import { planRun } from "../../src/controller/index.js";
import type { FaultDraft, FaultKind } from "../../src/plan/fault.js";
import { parsePlan } from "../../src/plan/schema.js";
import type { Random } from "../../src/random/random.js";
import { Streams } from "../../src/random/streams.js";
import { simulatedFaultKinds } from "../../src/sim/inject.js";
import { strategies } from "../../strategies/index.js";

const SECOND_US = 1_000_000;
const stream = (seed: number) => new Streams(seed).stream("nemesis");

const nodesOf = (size: number): string[] => Array.from({ length: size }, (_, i) => `n${i + 1}`);

function topology(options: Partial<Topology> = {}): Topology {
  return {
    nodes: ["n1", "n2", "n3", "n4", "n5"],
    timeLimitUs: 12 * SECOND_US,
    supported: new Set(simulatedFaultKinds),
    driftPpmMax: 100_000,
    ...options,
  };
}

const anyTopology = fc
  .record({
    size: fc.integer({ min: 1, max: 9 }),
    timeLimitUs: fc.integer({ min: 1, max: 60 * SECOND_US }),
    driftPpmMax: fc.constantFrom(0, 1, 200_000),
    ratePercent: fc.constantFrom(1, 25, 100, 400, 1_000),
  })
  .map(({ size, ...rest }) => topology({ nodes: nodesOf(size), ...rest }));
const anyNemesis = fc.constantFrom(...nemeses.values());

/** Every node that a fault names, wherever it does. */
function named(fault: FaultDraft): string[] {
  const texts: string[] = [];
  const collect = (value: unknown, field: string): void => {
    if (
      typeof value === "string" &&
      !["kind", "shape", "direction", "role", "moment", "edge"].includes(field)
    ) {
      texts.push(value);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        collect(inner, Array.isArray(value) ? field : name);
      }
    }
  };
  collect(fault, "");
  return texts;
}

/** All faults of a nemesis over many seeds. */
function many(name: string, options: Partial<Topology> = {}, seeds = 100): FaultDraft[] {
  const nemesis = nemeses.get(name);
  if (nemesis === undefined) throw new RangeError(name);
  return Array.from({ length: seeds }, (_, seed) =>
    nemesis.faults(stream(seed), topology(options)),
  ).flat();
}

describe("every nemesis", () => {
  test("makes the same faults of the same stream, whatever was made before", () => {
    fc.assert(
      fc.property(fc.nat(), anyNemesis, anyTopology, (seed, nemesis, place) => {
        const before = JSON.stringify(place);
        const first = nemesis.faults(stream(seed), place);
        nemesis.faults(stream(seed + 1), place);
        expect(nemesis.faults(stream(seed), place)).toEqual(first);
        expect(JSON.stringify(place)).toBe(before);
      }),
    );
  });

  test("keeps its faults within the time limit", () => {
    fc.assert(
      fc.property(fc.nat(), anyNemesis, anyTopology, (seed, nemesis, place) => {
        for (const { atUs, untilUs } of nemesis.faults(stream(seed), place)) {
          expect(Number.isInteger(atUs) && Number.isInteger(untilUs)).toBe(true);
          expect(atUs).toBeGreaterThanOrEqual(0);
          expect(untilUs).toBeGreaterThanOrEqual(atUs);
          expect(untilUs).toBeLessThanOrEqual(place.timeLimitUs);
        }
      }),
    );
  });

  test("names only nodes that there are", () => {
    fc.assert(
      fc.property(fc.nat(), anyNemesis, anyTopology, (seed, nemesis, place) => {
        for (const fault of nemesis.faults(stream(seed), place)) {
          for (const node of named(fault)) expect(place.nodes).toContain(node);
        }
      }),
    );
  });

  test("makes the kinds of fault that it declares, each of them some time, and no other", () => {
    for (const { name, kinds } of nemeses.values()) {
      const made = new Set(many(name).map(({ kind }) => kind));
      expect({ name, made }).toEqual({ name, made: new Set(kinds) });
    }
  });

  test("makes one fault at least in every run, at the lowest rate too, where it makes any kind", () => {
    for (const { name, kinds, faults } of nemeses.values()) {
      for (let seed = 0; seed < 50; seed++) {
        const count = faults(stream(seed), topology({ ratePercent: 1 })).length;
        if (kinds.length === 0) expect(count).toBe(0);
        else expect({ name, seed, some: count > 0 }).toEqual({ name, seed, some: true });
      }
    }
  });

  test("differs from seed to seed", () => {
    for (const { name, kinds, faults } of nemeses.values()) {
      if (kinds.length === 0) continue;
      const plans = Array.from({ length: 20 }, (_, seed) =>
        JSON.stringify(faults(stream(seed), topology())),
      );
      expect({ name, different: new Set(plans).size }).toEqual({ name, different: 20 });
    }
  });

  test("is listed under its own name, with a summary", () => {
    for (const [name, nemesis] of nemeses) {
      expect(nemesis.name).toBe(name);
      expect(nemesis.summary.length).toBeGreaterThan(5);
    }
  });

  test("makes more faults in a longer run, where it makes any of a length of their own", () => {
    for (const name of ["partition", "reorder", "crash", "pause", "clock"]) {
      const steady = { driftPpmMax: 0 };
      const short = many(name, { ...steady, timeLimitUs: 5 * SECOND_US }).length;
      const long = many(name, { ...steady, timeLimitUs: 50 * SECOND_US }).length;
      expect({ name, more: long > 3 * short }).toEqual({ name, more: true });
    }
  });
});

describe("every kind of fault", () => {
  const sources = [
    ...[...nemeses.values()].map(({ name, faults }) => ({ name, faults })),
    ...[...strategies.values()].map(({ name, faults }) => ({
      name,
      faults: (random: Random, place: Topology) => faults(random, place, []),
    })),
  ];
  const drafts = sources.flatMap(({ faults }) =>
    Array.from({ length: 40 }, (_, seed) => faults(stream(seed), topology())).flat(),
  );

  test("is made by a nemesis or a strategy, and is sound where it is made", () => {
    expect(new Set(drafts.map(({ kind }) => kind))).toEqual(new Set(simulatedFaultKinds));
    const plan = planRun({ system: "raft", seed: 1, nodes: 5, nemesis: ["none"], operations: 300 });
    const whole = { ...plan, timeLimitUs: topology().timeLimitUs };
    // Each by itself: what joins twice in one plan comes from two runs.
    for (const [id, draft] of drafts.entries()) {
      const document = JSON.parse(JSON.stringify({ ...whole, faults: [{ id, ...draft }] }));
      expect(parsePlan(document, draft.kind).faults).toHaveLength(1);
    }
  });
});

describe("a nemesis that makes some of its kinds", () => {
  const partial = ["disk", "clock-shapes", "byzantine"].map((name) => nemeses.get(name)!);

  test("makes those that there are, one at least", () => {
    for (const nemesis of partial) {
      const { some = [], kinds } = nemesis;
      const others = kinds.filter((kind) => !some.includes(kind));
      expect(kindsMade(nemesis, new Set(others))).toBeUndefined();
      for (const kind of some) {
        const supported = new Set([...others, kind]);
        const made = kindsMade(nemesis, supported);
        expect(new Set(made)).toEqual(supported);
        const kindsOf = new Set(many(nemesis.name, { supported }).map((fault) => fault.kind));
        // A full disk is noticed without a crash.
        expect(new Set([...kindsOf, ...others])).toEqual(supported);
      }
    }
  });

  test("needs all its other kinds", () => {
    const { disk } = Object.fromEntries(partial.map((nemesis) => [nemesis.name, nemesis]));
    expect(kindsMade(disk!, new Set(["bit-rot"]))).toBeUndefined();
    expect(kindsMade(disk!, new Set(["bit-rot", "crash"]))).toEqual(["bit-rot", "crash"]);
  });
});

describe("the membership nemesis", () => {
  test("keeps a majority of all nodes where they are, and has everybody back before the end", () => {
    for (let seed = 0; seed < 200; seed++) {
      const place = topology();
      const faults = nemeses.get("membership")!.faults(stream(seed), place);
      for (const { atUs } of faults) {
        const away = faults.filter((one) => one.atUs <= atUs && atUs < one.untilUs);
        expect(away.length).toBeLessThanOrEqual(2);
      }
      const last = Math.max(...faults.map(({ untilUs }) => untilUs));
      expect(last).toBeLessThanOrEqual((place.timeLimitUs * 3) / 4);
      expect(faults.filter(({ kind }) => kind === "join").length).toBeLessThanOrEqual(1);
    }
  });

  test("leaves two nodes alone", () => {
    expect(many("membership", { nodes: ["n1", "n2"] })).toEqual([]);
  });
});

describe("a disk, or a traitor,", () => {
  test("is that of a minority", () => {
    for (let seed = 0; seed < 60; seed++) {
      const hit = (name: string): number =>
        new Set(
          nemeses
            .get(name)!
            .faults(stream(seed), topology())
            .flatMap((fault) => ("target" in fault ? [fault.target] : [])),
        ).size;
      expect(hit("disk")).toBeLessThanOrEqual(2);
      expect(hit("byzantine")).toBe(1);
    }
  });
});

describe("a rate", () => {
  const striking = [...nemeses.values()].filter(({ kinds }) => kinds.length > 0);

  test("of 100 percent is the usual one", () => {
    for (const { faults } of striking) {
      for (let seed = 0; seed < 20; seed++) {
        const usual = faults(stream(seed), topology());
        expect(faults(stream(seed), topology({ ratePercent: 100 }))).toEqual(usual);
      }
    }
  });

  test("makes every nemesis strike more often when it is higher, less when it is lower", () => {
    const options = { timeLimitUs: 60 * SECOND_US, driftPpmMax: 0 };
    for (const { name } of striking) {
      // What is so all the time is so at any rate.
      if (name.startsWith("fallacy-")) continue;
      const at = (ratePercent: number): number =>
        many(name, { ...options, ratePercent }, 30).length;
      const [low, usual, high] = [at(25), at(100), at(400)] as [number, number, number];
      expect({ name, more: high > 2 * usual }).toEqual({ name, more: true });
      expect({ name, less: 2 * low < usual }).toEqual({ name, less: true });
    }
  });

  test("keeps the faults of a lower one as the first of a higher one, where each is drawn by itself", () => {
    for (const name of ["partition", "reorder", "duplicate", "lossy", "crash", "pause"]) {
      const { faults } = nemeses.get(name)!;
      for (let seed = 0; seed < 20; seed++) {
        const few = faults(stream(seed), topology({ ratePercent: 40 }));
        const more = faults(stream(seed), topology({ ratePercent: 240 }));
        expect(more.slice(0, few.length)).toEqual(few);
      }
    }
  });

  test("spaces faults in proportion, and never without end in one moment", () => {
    expect(spaced(topology(), 3_000)).toBe(3_000);
    expect(spaced(topology({ ratePercent: 25 }), 3_000)).toBe(12_000);
    expect(spaced(topology({ ratePercent: 400 }), 3_000)).toBe(750);
    expect(spaced(topology({ ratePercent: 1_000 }), 1)).toBe(1);
  });
});

describe("the swarm", () => {
  const rates = (seed: number, supported: Iterable<FaultKind> = simulatedFaultKinds) =>
    drawRates(nemeses.values(), new Set(supported), (name) =>
      new Streams(seed).stream(`swarm/faults/${name}`),
    );
  const present = (drawn: { [name: string]: number }): string[] =>
    Object.keys(drawn).filter((name) => drawn[name] !== 0);

  test("has only nemeses that the world supports", () => {
    fc.assert(
      fc.property(fc.nat(), fc.subarray([...simulatedFaultKinds]), (seed, kinds) => {
        for (const name of Object.keys(rates(seed, kinds))) {
          const { some = [], ...nemesis } = nemeses.get(name)!;
          for (const kind of nemesis.kinds) expect([...kinds, ...some]).toContain(kind);
        }
      }),
    );
  });

  test("leaves nemeses out and puts them together: each is missing and present in some runs", () => {
    const mixes = Array.from({ length: 300 }, (_, seed) => present(rates(seed)));
    const members = [...nemeses.values()].filter(({ swarmOdds }) => swarmOdds !== undefined);
    expect(members.length).toBeGreaterThan(5);
    for (const { name } of members) {
      const count = mixes.filter((mix) => mix.includes(name)).length;
      expect(count).toBeGreaterThan(10);
      expect(count).toBeLessThan(190);
    }
    expect(new Set(mixes.map((mix) => mix.join())).size).toBeGreaterThan(60);
    expect(mixes.every((mix) => mix.length > 0)).toBe(true);
  });

  test("draws the rate of each by itself: another world changes nothing for those it supports", () => {
    const process: readonly FaultKind[] = ["partition", "crash", "pause", "delay", "loss"];
    for (let seed = 0; seed < 100; seed++) {
      const all = rates(seed);
      const few = rates(seed, process);
      if (
        Object.values(few)
          .filter((rate) => rate > 0)
          .join() === "100"
      )
        continue;
      for (const [name, rate] of Object.entries(few)) expect(all[name]).toBe(rate);
    }
  });

  test("draws rates below and above the usual, as many of each", () => {
    const drawn = Array.from({ length: 300 }, (_, seed) => Object.values(rates(seed))).flat();
    const low = drawn.filter((rate) => rate > 0 && rate < 100).length;
    const high = drawn.filter((rate) => rate > 100).length;
    expect(low).toBeGreaterThan(200);
    expect(high / low).toBeGreaterThan(0.8);
    expect(high / low).toBeLessThan(1.25);
  });

  test("has none where the world supports none", () => {
    expect(rates(1, [])).toEqual({});
  });
});

describe("a partition", () => {
  type Cut = Extract<FaultDraft, { kind: "partition" }>;
  const cuts = many("partition") as Cut[];
  const ofShape = (shape: string): Cut[] => cuts.filter((cut) => cut.shape === shape);

  test("comes in every shape", () => {
    expect(new Set(cuts.map(({ shape }) => shape))).toEqual(
      new Set(["halves", "minority", "isolate", "one-way", "bridge", "ring"]),
    );
  });

  test("in halves or with a minority has every node in one group", () => {
    for (const cut of [...ofShape("halves"), ...ofShape("minority")]) {
      if (!("groups" in cut)) throw new TypeError(cut.shape);
      expect(cut.groups.flat().sort()).toEqual(["n1", "n2", "n3", "n4", "n5"]);
      const small = Math.min(...cut.groups.map((group) => group.length));
      expect(small).toBeGreaterThan(0);
      if (cut.shape === "minority") expect(cut.groups[0]?.length).toBe(small);
    }
  });

  test("with a bridge has one node in no group", () => {
    for (const cut of ofShape("bridge")) {
      if (!("groups" in cut)) throw new TypeError(cut.shape);
      expect(cut.groups.map((group) => group.length)).toEqual([2, 2]);
      expect(new Set(cut.groups.flat()).size).toBe(4);
    }
  });

  test("in a ring leaves every node a majority, no two of them the same, and cuts both ways", () => {
    for (const size of [4, 5, 6, 7, 9, 10]) {
      const nodes = nodesOf(size);
      const rings = (many("partition", { nodes }) as Cut[]).filter(({ shape }) => shape === "ring");
      expect(rings.length).toBeGreaterThan(0);
      for (const cut of rings) {
        if (!("pairs" in cut)) throw new TypeError(cut.shape);
        const stopped = new Set(cut.pairs.map(([src, dest]) => `${src}>${dest}`));
        for (const [src, dest] of cut.pairs) expect(stopped).toContain(`${dest}>${src}`);
        const seen = nodes.map((node) => nodes.filter((peer) => !stopped.has(`${node}>${peer}`)));
        for (const group of seen) expect(group.length).toBeGreaterThan(size / 2);
        expect(new Set(seen.map((group) => group.join())).size).toBe(size);
      }
    }
  });

  test("cuts somebody off from somebody in a cluster of three or more", () => {
    for (const size of [3, 4, 5, 8]) {
      for (const cut of many("partition", { nodes: nodesOf(size) }) as Cut[]) {
        const groups = "groups" in cut ? cut.groups.filter((group) => group.length > 0).length : 0;
        const pairs = "pairs" in cut ? cut.pairs.length : 0;
        expect("isolate" in cut || groups > 1 || pairs > 0).toBe(true);
      }
    }
  });

  test("isolates whoever leads in about half of the cases, else a node", () => {
    const alone = cuts.filter((cut) => "isolate" in cut);
    const leaders = alone.filter((cut) => typeof cut.isolate !== "string").length;
    expect(leaders / alone.length).toBeGreaterThan(0.3);
    expect(leaders / alone.length).toBeLessThan(0.7);
    expect(new Set(alone.map(({ direction }) => direction))).toEqual(
      new Set(["in", "out", "both"]),
    );
  });
});

describe("the clock nemesis", () => {
  test("drifts no further than the system says it tolerates, and not at all where it tolerates none", () => {
    const rates = (driftPpmMax: number): number[] =>
      many("clock", { driftPpmMax }).flatMap((fault) =>
        fault.kind === "clock-rate" ? [fault.ppm] : [],
      );
    expect(new Set(rates(70_000))).toEqual(new Set([-70_000, 0, 70_000]));
    expect(rates(0)).toEqual([]);
  });
});

describe("what nemeses draw with", () => {
  test("a stretch begins in the run, lasts as long as asked for, and ends with the run", () => {
    fc.assert(
      fc.property(fc.nat(), anyTopology, (seed, place) => {
        const { atUs, untilUs } = stretch(stream(seed), place, 1_000, 50_000);
        expect(atUs).toBeGreaterThanOrEqual(0);
        expect(atUs).toBeLessThan(place.timeLimitUs);
        const lasts = untilUs - atUs;
        expect(lasts).toBeLessThanOrEqual(50_000);
        if (untilUs < place.timeLimitUs) expect(lasts).toBeGreaterThanOrEqual(1_000);
      }),
    );
  });

  test("anyone is the leader or a node, each node some time", () => {
    const drawn = Array.from({ length: 200 }, (_, seed) => anyone(stream(seed), topology()));
    const names = drawn.filter((target) => typeof target === "string");
    expect(new Set(names).size).toBe(5);
    const roles = drawn.filter((target) => typeof target !== "string");
    expect(new Set(roles.map((target) => target.else)).size).toBe(5);
  });

  test("a count is near one in so much time, and one at least", () => {
    fc.assert(
      fc.property(fc.nat(), anyTopology, (seed, place) => {
        const count = countOf(stream(seed), place, SECOND_US);
        expect(count).toBeGreaterThanOrEqual(1);
        const { ratePercent = 100, timeLimitUs } = place;
        const usual = (ratePercent * timeLimitUs) / (100 * SECOND_US);
        expect(count).toBeLessThanOrEqual(Math.max(1, 2 * usual));
      }),
    );
  });
});
