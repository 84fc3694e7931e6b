import { describe, expect, it } from "vitest";
import { execute, planRun, type RunRequest } from "../../src/controller/index.js";
import { parsePlan } from "../../src/plan/schema.js";
import { systems } from "../../systems/index.js";
import { litmusRun, shapes, storeTest } from "../systems/litmus-runs.js";

const planOf = (system: string, test: string, request: Partial<RunRequest> = {}) =>
  planRun({
    seed: 1,
    nemesis: ["none"],
    operations: 96,
    ...request,
    system,
    workload: "litmus",
    options: { test, ...request.options },
  });

describe("the plan of a litmus run", () => {
  it("gives every instance keys of its own, and all its steps", () => {
    const { operations } = planOf("tso-store", shapes["SB+fences"]);
    expect(operations.length).toBe(96);
    const keys = operations.filter(({ f }) => f === "write").map(({ key }) => key);
    expect(new Set(keys).size).toBe(32);
    expect(keys.slice(0, 2).sort()).toEqual(["0.x", "0.y"]);
  });

  it("gives a thread to one client, its steps in order, at one node", () => {
    const { operations, clients } = planOf("tso-store", shapes["SB+fences"], { clients: 4 });
    for (let client = 0; client < clients; client++) {
      const own = operations.filter((operation) => operation.client === client);
      expect(new Set(own.map(({ node }) => node)).size).toBe(1);
      expect(own.map(({ f }) => f)).toEqual(own.map((_, i) => ["write", "fence", "read"][i % 3]));
      expect(own.map(({ id }) => id)).toEqual(own.map(({ id }) => id).sort((a, b) => a - b));
    }
  });

  it("places threads as it is told", () => {
    const { operations } = planOf("tso-store", shapes.SB, { options: { placement: "2,0" } });
    const nodesOf = (key: string) =>
      new Set(
        operations.filter((it) => it.f === "write" && it.key === key).map(({ node }) => node),
      );
    expect([nodesOf("0.x"), nodesOf("0.y")]).toEqual([new Set(["n3"]), new Set(["n1"])]);
  });

  it("reads final values only of a test that asks for them", async () => {
    const finalsOf = async (test: string) =>
      (await execute(planOf("tso-store", test, { operations: 12 }))).history.events.filter(
        ({ final, type }) => final && type === "invoke",
      ).length;
    expect(await finalsOf(shapes.SB)).toBe(0);
    expect(await finalsOf(shapes.S)).toBe(3 * 3);
  });

  it.each([
    ["few clients", "tso-store", shapes.IRIW, { clients: 3 }, /4 threads.*--clients 4/],
    ["a missing fence", "causal-store", shapes["SB+fences"], {}, /needs fence/],
    ["a missing swap", "raft", shapes.swaps, {}, /needs swap/],
    ["a bad placement", "tso-store", shapes.SB, { options: { placement: "0" } }, /as in 0,1/],
    ["a strange claim", "tso-store", shapes.SB, { options: { claim: "strong" } }, /"strong"/],
    ["no test", "tso-store", "store", {}, /^the test:1/],
    [
      "no location",
      "tso-store",
      storeTest("t", [["r0 := 1"]], "exists (0:r0=1)"),
      {},
      /no location/,
    ],
  ] as const)("is refused for %s", (_, system, test, request, reason) => {
    expect(() => planOf(system, test, request)).toThrow(reason);
  });
});

describe("a litmus run", () => {
  const systemOf = (name: string) => systems.get(name)!;

  it("is repeated, bit for bit, from its plan alone", async () => {
    const plan = planRun({
      system: "tso-store",
      seed: 5,
      workload: "litmus",
      operations: 200,
      options: { test: shapes["2+2W"], claim: "pso" },
    });
    const copy = parsePlan(JSON.parse(JSON.stringify(plan)), "a file");
    const [first, second] = [await execute(plan), await execute(copy)];
    expect(second.traceHash).toBe(first.traceHash);
    expect(second.results).toEqual(first.results);
  });

  it("stores what a thread has read", async () => {
    const copy = storeTest(
      "copy",
      [
        ["x := 1", "r0 := x"],
        ["", "y := r0"],
        ["", "r1 := y"],
      ],
      "forall (1:r0=0 /\\ 1:r1=0 \\/ 1:r0=1 /\\ 1:r1=1)",
    );
    const { notes, condition } = await litmusRun(systemOf("sequential-store"), {
      seed: 1,
      nemesis: ["none"],
      test: copy,
    });
    expect(notes.outcomes.map(({ outcome }) => outcome["1:r0"]).sort()).toEqual([0, 1]);
    expect(condition).toBe(notes.complete);
  });

  it.each(["tso-store", "sequential-store", "raft", "primary-backup"])(
    "compares and sets keys that were never written, at %s",
    async (name) => {
      const { notes, found } = await litmusRun(systemOf(name), {
        seed: 2,
        nemesis: ["none"],
        test: shapes.cas,
      });
      expect(found).toEqual([]);
      expect(notes.complete).toBeGreaterThan(0);
      expect(notes.outcomes.map(({ outcome }) => outcome["0:r0"]).sort()).toEqual([0, 1]);
    },
  );

  it("finds a linearizable store sequentially consistent, while messages get lost", async () => {
    for (const seed of [1, 2, 3]) {
      const { found, notes } = await litmusRun(systemOf("quorum"), {
        seed,
        nemesis: ["lossy"],
        test: shapes["2+2W"],
      });
      expect(found).toEqual([]);
      expect(notes.model).toBe("sc");
    }
  });

  it("only counts where nothing is claimed that a litmus test could refute", async () => {
    const { notes, execution } = await litmusRun(systemOf("tso-store"), {
      seed: 1,
      nemesis: ["none"],
      test: shapes.SB,
      claim: "causal",
    });
    expect([execution.valid, notes.model, notes.neverSeen]).toEqual([true, null, []]);
    expect(notes.complete).toBe(notes.instances);
  });
});
