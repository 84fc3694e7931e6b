/** The timing model of a run: what its plan says of it, and what it leaves of the faults. */

import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { execute, planRun, type RunRequest } from "../../src/controller/index.js";
import type { NodeContext } from "../../src/hosts/ts/node.js";
import type { Plan } from "../../src/plan/plan.js";
import { parsePlan } from "../../src/plan/schema.js";
import { quorum } from "../../systems/quorum.js";
import { defineSystem, type System } from "../../systems/system.js";

const request: RunRequest = { system: "raft", seed: 1, operations: 60 };
const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1);
const needing = (timing: "synchronous" | "partially-synchronous"): System => ({
  ...quorum,
  survives: { timing },
});
const of = (system: System, more: Partial<RunRequest> = {}): Plan =>
  planRun({ ...request, system, ...more });
const breaking = new Set(["partition", "loss", "clog", "hold", "pause", "priorities"]);

describe("a plan without a timing model", () => {
  it("says nothing of it", () => {
    expect(planRun(request)).not.toHaveProperty("timing");
  });
});

describe("a synchronous run", () => {
  it("has no fault that stops, loses or withholds a message, in either phase", () => {
    const kinds = SEEDS.flatMap((seed) =>
      planRun({ ...request, seed, timing: "synchronous" }).faults.map(({ kind }) => kind),
    );
    expect(new Set(kinds)).toContain("delay");
    expect(kinds.filter((kind) => breaking.has(kind))).toEqual([]);
  });

  it("refuses such a nemesis by name, unless it goes beyond", () => {
    const asked: RunRequest = { ...request, timing: "synchronous", nemesis: ["lossy"] };
    expect(() => planRun(asked)).toThrow(
      'nemesis "lossy" needs loss, which would break the bound of synchronous links: leave it out, or go there on purpose with --beyond',
    );
    expect(planRun({ ...asked, beyond: true }).faults.length).toBeGreaterThan(0);
  });

  it("tells its nodes the bound", async () => {
    const told: NodeContext["timing"][] = [];
    const system: System = {
      ...quorum,
      create: (context) => {
        told.push(context.timing);
        return quorum.create(context);
      },
    };
    await execute(of(system, { timing: "synchronous", boundMs: 20, nemesis: ["none"] }), {
      system,
    });
    await execute(of(system, { nemesis: ["none"] }), { system });
    expect(told.slice(0, 3)).toEqual(Array(3).fill({ model: "synchronous", boundMs: 20 }));
    expect(told.slice(3)).toEqual(Array(3).fill(undefined));
  });
});

describe("a partially synchronous run", () => {
  it("stabilises in the middle, and has no such fault from then on", () => {
    let before = 0;
    for (const seed of SEEDS) {
      const plan = planRun({ ...request, seed, timing: "partially-synchronous", boundMs: 10 });
      const { timing, timeLimitUs, faults } = plan;
      if (timing?.model !== "partially-synchronous") throw new Error("not as asked");
      expect(timing.boundUs).toBe(10_000);
      expect(timing.stabilisesAtUs).toBeGreaterThanOrEqual(Math.floor(timeLimitUs / 3));
      expect(timing.stabilisesAtUs).toBeLessThanOrEqual((timeLimitUs * 2) / 3);
      for (const { kind, atUs, untilUs } of faults) {
        if (!breaking.has(kind) || atUs >= timeLimitUs) continue;
        before++;
        expect(untilUs).toBeLessThanOrEqual(timing.stabilisesAtUs);
      }
    }
    expect(before).toBeGreaterThan(0);
  });
});

describe("an asynchronous run", () => {
  it("leaves a system right that assumes nothing, and lasts until all heals", async () => {
    for (const seed of [1, 2, 3]) {
      const plan = planRun({ system: "quorum", seed, timing: "asynchronous" });
      expect(plan.timing).toEqual({ model: "asynchronous", untilUs: plan.timeLimitUs });
      expect((await execute(plan)).valid).toBe(true);
    }
  });
});

describe("a system that needs a timing model", () => {
  it("gets it, with its own bound where it has one", () => {
    expect(of(needing("synchronous")).timing).toEqual({ model: "synchronous", boundUs: 50_000 });
    const options = { boundMs: { summary: "the bound", default: 8 } };
    const own = { ...needing("synchronous"), options: { ...quorum.options, ...options } };
    expect(of(own).timing).toEqual({ model: "synchronous", boundUs: 8_000 });
    expect(of(own, { boundMs: 3 }).timing).toEqual({ model: "synchronous", boundUs: 3_000 });
    expect(of(needing("partially-synchronous")).timing?.model).toBe("partially-synchronous");
  });

  it("refuses a weaker one, and takes a stronger one", () => {
    const needs = needing("partially-synchronous");
    expect(() => of(needs, { timing: "asynchronous" })).toThrow(
      "--timing asynchronous: quorum is only safe where links are partially-synchronous: leave it out, or go there on purpose with --beyond",
    );
    expect(() => of(needing("synchronous"), { timing: "partially-synchronous" })).toThrow(
      UsageError,
    );
    expect(of(needs, { timing: "synchronous" }).timing?.model).toBe("synchronous");
  });

  it("is held to nothing under a weaker one, but to what it says", async () => {
    const weak = { timing: "asynchronous", nemesis: ["none"], beyond: true } as const;
    const system = needing("synchronous");
    const { results } = await execute(of(system, weak), { system });
    expect(results["linearizable-if-promised"]?.notes?.["promised"]).toContain("timing");
    const held = { ...system, beyond: { timing: ["linearizable"] } };
    expect((await execute(of(held, weak), { system: held })).results).toHaveProperty(
      "linearizable",
    );
  });
});

describe("a bound", () => {
  it("needs a model that has one", () => {
    expect(() => planRun({ ...request, boundMs: 5 })).toThrow(UsageError);
    expect(() => planRun({ ...request, boundMs: 5, timing: "asynchronous" })).toThrow(UsageError);
  });
});

describe("the timing of a plan from a file", () => {
  it("is one of three shapes", () => {
    for (const timing of ["synchronous", "partially-synchronous", "asynchronous"] as const) {
      const plan = planRun({ ...request, timing }) as unknown as Json;
      expect(parsePlan(plan, "x")).toEqual(plan);
    }
    const wrong = { ...planRun(request), timing: { model: "synchronous" } } as unknown as Json;
    expect(() => parsePlan(wrong, "x")).toThrow(UsageError);
  });
});

describe("a system of the user's own", () => {
  it("is asked for nothing of this", () => {
    const own = defineSystem({
      name: "own",
      workloads: ["register"],
      service: quorum.service,
      create: quorum.create,
    });
    expect(of(own)).not.toHaveProperty("timing");
  });
});
