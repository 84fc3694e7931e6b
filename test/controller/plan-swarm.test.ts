import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nemeses } from "../../nemeses/index.js";
import { planBin, planRun, type RunRequest } from "../../src/controller/index.js";
import type { FaultKind } from "../../src/plan/fault.js";
import type { Plan } from "../../src/plan/plan.js";

const raft: RunRequest = { system: "raft", workload: "kv", seed: 1, operations: 60 };
/** Planning looks the program up, and never starts it. */
const bin = "node --version";

/** Those of the first phase: what is frozen in the second has its own reasons. */
const drawnIn = ({ faults, timeLimitUs }: Plan) => faults.filter(({ atUs }) => atUs < timeLimitUs);
const faultsOf = (plan: Plan, kinds: readonly FaultKind[]) =>
  drawnIn(plan)
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ id: _, ...fault }) => fault);
const anySeed = fc.nat(100_000).map((seed) => ({ ...raft, seed }));
const SEEDS = Array.from({ length: 300 }, (_, i) => i + 1);

describe("a swarm", () => {
  it("is the same for the same seed, and told in the plan", () => {
    fc.assert(
      fc.property(anySeed, (request) => {
        const plan = planRun(request);
        expect(planRun(request)).toEqual(plan);
        expect(plan.swarm).toBeDefined();
      }),
    );
  });

  it("has at least one nemesis, within the rates that are drawn", () => {
    fc.assert(
      fc.property(anySeed, (request) => {
        const rates = Object.values(planRun(request).swarm!.rates);
        const present = rates.filter((rate) => rate > 0);
        expect(present.length).toBeGreaterThan(0);
        for (const rate of present) {
          expect(rate).toBeGreaterThanOrEqual(25);
          expect(rate).toBeLessThanOrEqual(400);
        }
      }),
    );
  });

  it("makes faults of what it has, and none of what it leaves out", () => {
    fc.assert(
      fc.property(anySeed, (request) => {
        const plan = planRun(request);
        const present = Object.entries(plan.swarm!.rates).filter(([, rate]) => rate > 0);
        const kinds = present.flatMap(([name]) => nemeses.get(name)?.kinds ?? []);
        for (const { kind } of drawnIn(plan)) expect(kinds).toContain(kind);
        expect(drawnIn(plan).length).toBeGreaterThan(0);
      }),
    );
  });

  it("never leaves out what is written or what is read, and leaves out the rest at times", () => {
    const mixes = SEEDS.map((seed) => planRun({ ...raft, seed }).swarm!.mix);
    for (const { read, write } of mixes) expect(Math.min(read!, write!)).toBeGreaterThan(0);
    const without = mixes.filter(({ cas }) => cas === 0).length;
    expect(without).toBeGreaterThan(20);
    expect(without).toBeLessThan(150);
  });

  it("strikes more often at a higher rate, and less at a lower", () => {
    const counts = [25, 100, 400].map((crash) =>
      SEEDS.slice(0, 40)
        .map((seed) =>
          planRun({ ...raft, seed, timeLimitMs: 60_000, nemesis: ["crash"], rates: { crash } }),
        )
        .reduce((sum, plan) => sum + drawnIn(plan).length, 0),
    );
    expect(counts[1]! / counts[0]!).toBeGreaterThan(2);
    expect(counts[2]! / counts[1]!).toBeGreaterThan(2);
  });

  it("of a program has rates for what a process can suffer only", () => {
    const { swarm } = planBin({ bin, seed: 1 });
    expect(Object.keys(swarm!.rates)).not.toContain("clock");
    expect(Object.keys(swarm!.rates)).toContain("partition");
    expect(Object.keys(swarm!.mix)).toEqual(["read", "write", "cas"]);
  });

  it("beside a named nemesis has that one at its usual rate", () => {
    for (const seed of SEEDS.slice(0, 30)) {
      const { swarm } = planRun({ ...raft, seed, nemesis: ["swarm", "pause"] });
      expect(swarm!.rates["pause"]).toBe(100);
    }
  });
});

describe("a rate that is asked for", () => {
  const others = (name: string) =>
    [...nemeses.values()].filter((nemesis) => nemesis.name !== name && nemesis.kinds.length > 0);

  it("leaves the rates and faults of the others, the mix, the cluster and the operations as they were", () => {
    fc.assert(
      fc.property(anySeed, fc.constantFrom(0, 1, 100, 1000), (request, pause) => {
        const drawn = planRun(request);
        const asked = planRun({ ...request, rates: { pause } });
        expect(asked.swarm).toEqual({
          ...drawn.swarm,
          rates: { ...drawn.swarm!.rates, pause },
        });
        expect(asked.nodes).toEqual(drawn.nodes);
        expect(asked.clocks).toEqual(drawn.clocks);
        expect(asked.operations).toEqual(drawn.operations);
        const kinds = others("pause")
          .flatMap((nemesis) => nemesis.kinds)
          .filter((kind) => kind !== "pause");
        expect(faultsOf(asked, kinds)).toEqual(faultsOf(drawn, kinds));
      }),
    );
  });

  it("of 0 leaves the nemesis out", () => {
    fc.assert(
      fc.property(anySeed, (request) => {
        expect(faultsOf(planRun({ ...request, rates: { pause: 0 } }), ["pause"])).toEqual([]);
      }),
    );
    const named = planRun({ ...raft, nemesis: ["pause", "crash"], rates: { pause: 0 } });
    expect(new Set(drawnIn(named).map(({ kind }) => kind))).toEqual(new Set(["crash"]));
    expect(named.swarm!.rates).toEqual({ pause: 0, crash: 100 });
  });

  it("brings a nemesis in that the swarm had left out", () => {
    for (const seed of SEEDS.slice(0, 30)) {
      const plan = planRun({ ...raft, seed, rates: { pause: 300 } });
      expect(faultsOf(plan, ["pause"]).length).toBeGreaterThan(0);
    }
  });

  it("of the usual percentage changes nothing about a named nemesis", () => {
    for (const [name, { kinds }] of nemeses) {
      if (kinds.length === 0) continue;
      const request = { ...raft, nemesis: [name], beyond: true };
      const usual = planRun(request);
      const { swarm, ...asked } = planRun({ ...request, rates: { [name]: 100 } });
      expect(asked).toEqual(usual);
      expect(swarm!.rates).toEqual({ [name]: 100 });
    }
  });

  it.each([
    [{ partitoin: 100 }, 'unknown nemesis "partitoin": did you mean partition?'],
    [{ partition: 50 }, "--rate partition: it has no part in a run under crash"],
    [{ swarm: 50 }, "--rate swarm: it makes no faults of its own"],
    [{ crash: 1001 }, "--rate crash is a whole number from 0 to 1000, not 1001"],
    [{ crash: 0.5 }, "--rate crash is a whole number from 0 to 1000, not 0.5"],
  ])("is refused where it makes no sense: %j", (rates, message) => {
    const request = { ...raft, nemesis: ["crash"], rates: rates as { [name: string]: number } };
    expect(() => planRun(request)).toThrow(message);
  });

  it("is refused for what a program cannot suffer, unless it leaves that out", () => {
    expect(() => planBin({ bin, seed: 1, rates: { clock: 10 } })).toThrow("cannot suffer");
    expect(planBin({ bin, seed: 1, rates: { clock: 0 } }).faults).toEqual(
      planBin({ bin, seed: 1 }).faults,
    );
  });
});

describe("a mix that is asked for", () => {
  it("leaves the faults, their rates and the other weights as they were", () => {
    fc.assert(
      fc.property(anySeed, (request) => {
        const drawn = planRun(request);
        const asked = planRun({ ...request, mix: { cas: 0 } });
        expect(asked.faults).toEqual(drawn.faults);
        expect(asked.swarm!.rates).toEqual(drawn.swarm!.rates);
        expect(asked.swarm!.mix["cas"]).toBe(0);
        const { read, write } = asked.swarm!.mix;
        const before = drawn.swarm!.mix;
        expect(read! * before["write"]!).toBe(write! * before["read"]!);
      }),
    );
  });

  it("is what clients do: nothing at weight 0, and the rest in proportion", () => {
    const { operations } = planRun({
      ...raft,
      operations: 2_000,
      mix: { read: 9, write: 1, cas: 0 },
    });
    const count = (f: string): number => operations.filter((operation) => operation.f === f).length;
    expect(count("cas")).toBe(0);
    expect(count("read")).toBeGreaterThan(1_700);
    expect(count("write")).toBeGreaterThan(120);
  });

  it("is relative to the usual weights, with a named nemesis, too", () => {
    const plan = planRun({ ...raft, nemesis: ["crash"], mix: { read: 9 } });
    expect(plan.swarm!.mix).toEqual({ read: 9, write: 3, cas: 2 });
    expect(plan.faults).toEqual(planRun({ ...raft, nemesis: ["crash"] }).faults);
  });

  it("is not varied by a swarm where a setting says it", () => {
    const queue: RunRequest = { system: "queue", seed: 1, options: { enqueuePercent: 70 } };
    for (const seed of SEEDS.slice(0, 20)) {
      expect(planRun({ ...queue, seed }).swarm!.mix).toEqual({ enqueue: 70, dequeue: 30 });
    }
  });

  it.each([
    ["kv", { cass: 1 }, 'unknown function of kv "cass": did you mean cas?'],
    ["kv", { constructor: 1 }, "unknown function of kv"],
    [
      "kv",
      { read: 0, write: 0, cas: 0 },
      "--mix leaves kv nothing to do: give one of read, write, cas",
    ],
    ["kv", { read: -1 }, "--mix read is a whole number from 0 to 1000, not -1"],
    ["litmus", { read: 1 }, "--mix read: the workload litmus has no choice of functions"],
  ])("is refused where it makes no sense: of %s, %j", (workload, mix, message) => {
    const request = { ...raft, workload, mix: mix as unknown as { [f: string]: number } };
    expect(() => planRun(request)).toThrow(message);
  });
});

describe("a run with nemeses by name", () => {
  it("has nothing drawn for it, and says so by saying nothing", () => {
    for (const nemesis of [["crash"], ["none"], ["partition", "clock"]]) {
      expect(planRun({ ...raft, nemesis })).not.toHaveProperty("swarm");
      expect(planBin({ bin, seed: 1, nemesis: ["crash"] })).not.toHaveProperty("swarm");
    }
  });
});
