import { describe, expect, it } from "vitest";
import { execute, planBin } from "../../src/controller/index.js";
import { maelstromWorkloads } from "../../workloads/index.js";

/** Planning looks the program up, and never starts it. */
const bin = "node --version";

describe("a plan for an external program", () => {
  it("is a document: the same request gives the same one, and it survives JSON", () => {
    const plan = planBin({ bin, seed: 4 });
    expect(planBin({ bin, seed: 4 })).toEqual(plan);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(planBin({ bin, seed: 5 })).not.toEqual(plan);
  });

  it("names program and nodes as Maelstrom does, and tests lin-kv unless told otherwise", () => {
    const plan = planBin({ bin, seed: 1 });
    expect(plan).toMatchObject({ system: "bin", bin, workload: "lin-kv", bugs: [], options: {} });
    expect(plan.nodes).toEqual(["n0", "n1", "n2"]);
    expect(planBin({ bin, seed: 1, nodes: 5 }).nodes.at(-1)).toBe("n4");
  });

  it.each([...maelstromWorkloads.keys()])("of %s has the operations asked for", (workload) => {
    const plan = planBin({ bin, seed: 2, workload, operations: 50 });
    expect(plan.operations.length).toBe(50);
    expect(plan.operations.every(({ node }) => plan.nodes.includes(node))).toBe(true);
  });

  it("never has faults that a process cannot suffer, whatever the swarm", () => {
    for (let seed = 0; seed < 100; seed++) {
      const { faults } = planBin({ bin, seed, operations: 10 });
      expect(faults.filter(({ kind }) => kind.startsWith("clock"))).toEqual([]);
    }
  });

  it("knows the topology of broadcast: the grid, or the one asked for", () => {
    const broadcast = { bin, seed: 1, workload: "broadcast" };
    expect(planBin(broadcast).options).toEqual({ topology: "grid" });
    const line = planBin({ ...broadcast, options: { topology: "line" } });
    expect(line.options).toEqual({ topology: "line" });
    expect(() => planBin({ ...broadcast, options: { topologie: "line" } })).toThrow("topology?");
  });

  it("that was edited to hold a clock fault is refused when it is run", async () => {
    const plan = planBin({ bin, seed: 1, nemesis: [], operations: 1 });
    plan.faults.push({ id: 0, kind: "clock-step", target: "n0", byUs: 1, atUs: 0, untilUs: 1 });
    await expect(execute(plan)).rejects.toThrow("clock-step");
  });
});
