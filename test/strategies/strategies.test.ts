import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nemeses, type Topology } from "../../nemeses/index.js";
import type { Json } from "../../src/base/json.js";
import { planBin, planRun } from "../../src/controller/index.js";
import type { FaultDraft, FaultKind, Target } from "../../src/plan/fault.js";
import { parsePlan } from "../../src/plan/schema.js";
import { Streams } from "../../src/random/streams.js";
import { simulatedFaultKinds } from "../../src/sim/inject.js";
import { type Strategy, strategies } from "../../strategies/index.js";
import { systems } from "../../systems/index.js";

const SECOND_US = 1_000_000;
const stream = (seed: number) => new Streams(seed).stream("strategy");
const nodesOf = (size: number): string[] => Array.from({ length: size }, (_, i) => `n${i + 1}`);

/** Not even by mistake is what comes in written to. */
function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !(value instanceof Set)) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

const anyStrategy = fc.constantFrom(...strategies.values());
const anyTopology = fc
  .record({
    size: fc.integer({ min: 1, max: 9 }),
    timeLimitUs: fc.integer({ min: 1, max: 60 * SECOND_US }),
    supported: fc.subarray([...simulatedFaultKinds]).map((kinds) => new Set(kinds)),
    driftPpmMax: fc.constantFrom(0, 200_000),
  })
  .map(({ size, ...rest }): Topology => ({ nodes: nodesOf(size), ...rest }));

/** What a swarm draws there: the usual thing for a strategy to make something of. */
function drawnIn(topology: Topology, seed: number): FaultDraft[] {
  return nemeses.get("swarm")?.faults(new Streams(seed).stream("swarm"), topology) ?? [];
}

function faultsOf(strategy: Strategy, topology: Topology, seed: number): readonly FaultDraft[] {
  return strategy.faults(stream(seed), frozen(topology), frozen(drawnIn(topology, seed)));
}

/** Everybody named in a fault, as nodes. */
function named(fault: FaultDraft): string[] {
  if ("target" in fault) return [nodeOf(fault.target)];
  if (fault.kind !== "partition") return [...(fault.from ?? []), ...(fault.to ?? [])];
  if ("groups" in fault) return fault.groups.flat();
  return "pairs" in fault ? fault.pairs.flat() : [nodeOf(fault.isolate)];
}

/** Whom a fault strikes; undefined for those of links and groups. */
function targetOf(fault: FaultDraft): Target | undefined {
  if ("target" in fault) return fault.target;
  return "isolate" in fault ? fault.isolate : undefined;
}

function nodeOf(target: Target): string {
  return typeof target === "string" ? target : target.else;
}

describe("any strategy", () => {
  test("makes the same of the same, from its stream alone", () => {
    fc.assert(
      fc.property(anyStrategy, anyTopology, fc.nat(), (strategy, topology, seed) => {
        expect(faultsOf(strategy, topology, seed)).toEqual(faultsOf(strategy, topology, seed));
      }),
    );
  });

  test("uses no kind of fault that the world lacks", () => {
    fc.assert(
      fc.property(anyStrategy, anyTopology, fc.nat(), (strategy, topology, seed) => {
        for (const { kind } of faultsOf(strategy, topology, seed)) {
          expect(topology.supported).toContain(kind);
        }
      }),
    );
  });

  test("begins and ends its faults within the main phase, on nodes that there are", () => {
    fc.assert(
      fc.property(anyStrategy, anyTopology, fc.nat(), (strategy, topology, seed) => {
        for (const fault of faultsOf(strategy, topology, seed)) {
          expect(fault.atUs).toBeGreaterThanOrEqual(0);
          expect(fault.atUs).toBeLessThan(topology.timeLimitUs);
          expect(fault.untilUs).toBeGreaterThanOrEqual(fault.atUs);
          expect(fault.untilUs).toBeLessThanOrEqual(topology.timeLimitUs);
          for (const node of named(fault)) expect(topology.nodes).toContain(node);
        }
      }),
    );
  });

  test("waits for the node of a moment only where it waits for a moment", () => {
    fc.assert(
      fc.property(anyStrategy, anyTopology, fc.nat(), (strategy, topology, seed) => {
        for (const fault of faultsOf(strategy, topology, seed)) {
          const target =
            "target" in fault ? fault.target : "isolate" in fault ? fault.isolate : "nobody";
          if (typeof target === "string" || target.role !== "moment") continue;
          expect(fault.on).toBeDefined();
        }
      }),
    );
  });

  test("makes sound plans of every system, which say how they were made", () => {
    const anySystem = fc.constantFrom(...systems.keys());
    fc.assert(
      fc.property(anyStrategy, anySystem, fc.nat(), ({ name }, system, seed) => {
        const plan = planRun({ system, seed, strategy: name, operations: 40 });
        expect(plan.strategy).toBe(name);
        expect(parsePlan(JSON.parse(JSON.stringify(plan)) as Json, "a file")).toEqual(plan);
      }),
      { numRuns: 60 },
    );
  });

  test("can be had for a program, whose clock is its own", () => {
    for (const name of strategies.keys()) {
      for (let seed = 0; seed < 20; seed++) {
        const plan = planBin({ bin: "node --version", seed, strategy: name, operations: 10 });
        expect(plan.strategy).toBe(name);
        expect(plan.faults.filter(({ kind }) => kind.startsWith("clock"))).toEqual([]);
      }
    }
  });
});

describe("an unknown strategy", () => {
  test("is refused, with the one that may have been meant", () => {
    expect(() => planRun({ system: "raft", seed: 1, strategy: "swizle-clog" })).toThrow(
      'unknown strategy "swizle-clog": did you mean swizzle-clog',
    );
  });
});

const five: Topology = {
  nodes: nodesOf(5),
  timeLimitUs: 12 * SECOND_US,
  supported: new Set(simulatedFaultKinds),
  driftPpmMax: 0,
};
const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);

/** What a strategy puts in by itself, in a hundred runs. */
function alone(name: string, topology: Topology = five): FaultDraft[][] {
  const { faults } = strategies.get(name) as Strategy;
  return SEEDS.map((seed) => [...faults(stream(seed), topology, [])]);
}

function without(...kinds: FaultKind[]): Topology {
  const supported = new Set(simulatedFaultKinds.filter((kind) => !kinds.includes(kind)));
  return { ...five, supported };
}

/** A storm. */
const crashes: readonly FaultDraft[] = Array.from({ length: 12 }, (_, i) => ({
  kind: "crash",
  atUs: i * SECOND_US,
  untilUs: i * SECOND_US + 1,
  target: "n1",
}));

/** Those drawn that are still there, of all hundred runs. */
function kept(name: string, drawn: readonly FaultDraft[]): number[] {
  const { faults } = strategies.get(name) as Strategy;
  return SEEDS.map((seed) => {
    const made = new Set(faults(stream(seed), five, drawn));
    return drawn.filter((fault) => made.has(fault)).length;
  });
}

describe("plain chance", () => {
  test("leaves what was drawn as it is", () => {
    const drawn = drawnIn(five, 3);
    expect(strategies.get("random")?.faults(stream(1), five, drawn)).toBe(drawn);
  });
});

describe("what was drawn", () => {
  test.each(["hold-one-message", "pct", "swizzle-clog", "targeted"])(
    "is kept by %s in about half of the runs, whole, and in the others not at all",
    (name) => {
      const counts = kept(name, crashes);
      expect(new Set(counts)).toEqual(new Set([0, crashes.length]));
      const whole = counts.filter((count) => count > 0).length;
      expect(whole).toBeGreaterThan(30);
      expect(whole).toBeLessThan(70);
    },
  );

  test("of how fast clocks go is kept in all runs", () => {
    const drift: FaultDraft = { kind: "clock-rate", atUs: 0, untilUs: 9, target: "n1", ppm: 5 };
    for (const name of ["hold-one-message", "pct", "swizzle-clog", "targeted"]) {
      expect(kept(name, [drift])).toEqual(SEEDS.map(() => 1));
    }
  });
});

describe("hold-one-message", () => {
  test("holds one to six messages, each for half an election timeout to three, and does no more", () => {
    for (const faults of alone("hold-one-message")) {
      expect(faults.length).toBeGreaterThanOrEqual(1);
      expect(faults.length).toBeLessThanOrEqual(6);
      for (const fault of faults) {
        expect(fault.kind).toBe("hold");
        const lasts = fault.untilUs - fault.atUs;
        expect(lasts).toBeLessThanOrEqual(900_000);
        if (fault.untilUs < five.timeLimitUs) expect(lasts).toBeGreaterThanOrEqual(150_000);
      }
    }
  });

  test("holds any message, the next of a link, and now and then one of a kind", () => {
    const holds = alone("hold-one-message").flat() as Extract<FaultDraft, { kind: "hold" }>[];
    const typed = holds.filter(({ type }) => type !== undefined);
    expect(typed.length).toBeGreaterThan(holds.length / 20);
    expect(typed.length).toBeLessThan(holds.length / 3);
    expect(holds.some(({ from, to }) => from?.[0] !== to?.[0])).toBe(true);
    expect(holds.some(({ from, type }) => from === undefined && type === undefined)).toBe(true);
  });

  test("delays a link for a while where nothing can be held", () => {
    const faults = alone("hold-one-message", without("hold")).flat();
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(["delay"]));
  });
});

describe("pct", () => {
  type Priorities = Extract<FaultDraft, { kind: "priorities" }>;

  test("lays priorities over the whole run, with 0 to 4 change points", () => {
    const runs = alone("pct") as Priorities[][];
    for (const [fault, ...others] of runs) {
      expect(others).toEqual([]);
      expect(fault).toMatchObject({ kind: "priorities", atUs: 0, untilUs: five.timeLimitUs });
    }
    const depths = new Set(runs.map(([fault]) => fault?.changes.length));
    expect(depths).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  test("counts its change points over more messages where there are more nodes or more time", () => {
    const latest = (topology: Topology): number =>
      Math.max(
        ...(alone("pct", topology).flat() as Priorities[]).flatMap(({ changes }) => changes),
      );
    expect(latest({ ...five, nodes: nodesOf(3) })).toBeLessThan(latest(five));
    expect(latest({ ...five, timeLimitUs: SECOND_US })).toBeLessThan(latest(five));
  });

  test("takes the faults of links out: the order of messages is its own", () => {
    const loss: FaultDraft = { kind: "loss", atUs: 0, untilUs: 9, ppm: 5 };
    expect(kept("pct", [loss])).toEqual(SEEDS.map(() => 0));
  });
});

describe("swizzle-clog", () => {
  type Clog = Extract<FaultDraft, { kind: "clog" }>;
  const node = ({ from, to }: Clog): string => (from ?? to)?.[0] as string;
  /** So short that a run has one swizzle. */
  const brief: Topology = { ...five, timeLimitUs: 4 * SECOND_US };

  test("clogs half of the nodes and no more at a time", () => {
    for (const size of [1, 2, 3, 4, 7]) {
      const half = (size + 1) >> 1;
      for (const faults of alone("swizzle-clog", { ...brief, nodes: nodesOf(size) })) {
        expect(new Set((faults as Clog[]).map(node)).size).toBe(half);
      }
    }
  });

  test("clogs one by one in the first half, and unclogs in the second in another order", () => {
    let reordered = 0;
    for (const faults of alone("swizzle-clog", brief)) {
      const clogs = faults as Clog[];
      const begins = clogs.map(({ atUs }) => atUs);
      const ends = clogs.map(({ untilUs }) => untilUs);
      expect(Math.min(...ends)).toBeGreaterThanOrEqual(Math.max(...begins));
      const order = (by: (clog: Clog) => number): string =>
        [...new Set([...clogs].sort((a, b) => by(a) - by(b)).map(node))].join();
      if (order(({ atUs }) => atUs) !== order(({ untilUs }) => untilUs)) reordered++;
    }
    // Three nodes come back in the same order in one run of six.
    expect(reordered).toBeGreaterThan(60);
  });

  test("clogs both directions mostly, sometimes one", () => {
    const sided = alone("swizzle-clog", brief).filter((faults) => {
      const sides = new Set((faults as Clog[]).map(({ from }) => from !== undefined));
      return sides.size === 1;
    });
    expect(sided.length).toBeGreaterThan(2);
    expect(sided.length).toBeLessThan(50);
  });

  test("cuts nodes off in its way where links cannot be clogged", () => {
    const faults = alone("swizzle-clog", without("clog")).flat();
    expect(faults.every((fault) => "isolate" in fault)).toBe(true);
    expect(faults.length).toBeGreaterThan(0);
  });
});

describe("targeted", () => {
  test("strikes at new leaders, before and after answers, and at leaders with their entries half copied", () => {
    const faults = alone("targeted").flat();
    const moments = faults.map(({ on }) =>
      on === undefined ? "none" : on.moment === "ack" ? on.edge : on.moment,
    );
    expect(new Set(moments)).toEqual(new Set(["leader", "before", "after", "none"]));
    const kinds = new Set(faults.flatMap(({ on, kind }) => (on === undefined ? [] : [kind])));
    expect(kinds).toEqual(new Set(["crash", "pause", "partition", "clock-step"]));
    for (const fault of faults.filter(({ on }) => on !== undefined)) {
      const target = "target" in fault ? fault.target : "isolate" in fault ? fault.isolate : "";
      if (typeof target === "string") expect(fault.kind).toBe("crash");
      else expect(target.role).toBe("moment");
    }
  });

  test("has leaders fall in a row while messages get lost, each gone until the next one is", () => {
    const rows = alone("targeted").flatMap((faults) =>
      faults.flatMap((loss) => {
        if (loss.kind !== "loss") return [];
        const during = faults.filter(
          ({ atUs, untilUs, on }) => !on && atUs >= loss.atUs && untilUs <= loss.untilUs,
        );
        return [during.filter((fault) => typeof targetOf(fault) === "object")];
      }),
    );
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      expect(row.length).toBeGreaterThan(0);
      for (const fault of row) expect(targetOf(fault)).toMatchObject({ role: "leader" });
    }
    const chained = rows.filter((row) =>
      row.some(({ untilUs }) => row.some(({ atUs }) => atUs === untilUs)),
    );
    expect(chained.length).toBeGreaterThan(rows.length / 2);
  });

  test("has nodes restart soon, one after the other, while links are slow", () => {
    const slow = alone("targeted").flatMap((faults) =>
      faults.flatMap((delay) =>
        delay.kind === "delay"
          ? [faults.filter(({ kind, atUs }) => kind === "crash" && atUs >= delay.atUs)]
          : [],
      ),
    );
    expect(slow.length).toBeGreaterThan(10);
    for (const crashes of slow) {
      expect(crashes.some(({ atUs, untilUs }) => untilUs - atUs <= 40_000)).toBe(true);
    }
  });
});

describe("a portfolio", () => {
  test("follows each of the others in some runs, by the seed, and plain chance in some", () => {
    const drawn = drawnIn(five, 3);
    const { faults } = strategies.get("portfolio") as Strategy;
    const made = SEEDS.map((seed) => faults(stream(seed), five, drawn));
    expect(made.filter((each) => each === drawn).length).toBeGreaterThan(5);
    const kinds = new Set(made.flatMap((each) => each.map(({ kind }) => kind)));
    for (const kind of ["hold", "priorities", "clog"]) expect(kinds).toContain(kind);
    expect(made.flat().some(({ on }) => on !== undefined)).toBe(true);
  });
});

describe("guided", () => {
  test("starts from the plans of the portfolio", () => {
    const drawn = drawnIn(five, 3);
    const { faults, guided } = strategies.get("guided") as Strategy;
    expect(guided).toBe(true);
    for (const seed of SEEDS) {
      const started = strategies.get("portfolio")?.faults(stream(seed), five, drawn);
      expect(faults(stream(seed), five, drawn)).toEqual(started);
    }
  });
});
