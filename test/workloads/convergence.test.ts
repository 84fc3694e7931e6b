import { describe, expect, it } from "vitest";
import { execute, planRun } from "../../src/controller/index.js";
import { systems } from "../../systems/index.js";
import type { Service } from "../../systems/system.js";
import { convergence } from "../../workloads/convergence.js";
import { anomaliesOf } from "../systems/slice.js";

const judgedBy = (service: Partial<Service>, move = 0) =>
  convergence
    .checkers(
      { operations: ["read", "write"], consistency: "eventual", ...service },
      {
        keys: 3,
        writePercent: 70,
        move,
      },
    )
    .map(({ name }) => name);

describe("the workload", () => {
  it("lets every session write every key", () => {
    const { operations } = planRun({
      system: "quorum",
      workload: "convergence",
      seed: 1,
      nodes: 3,
    });
    const writers = operations.filter(({ f }) => f === "write");
    expect(new Set(writers.map(({ client, key }) => `${client} ${key}`)).size).toBe(5 * 3);
    expect(new Set(writers.map(({ value }) => value)).size).toBe(writers.length);
  });

  it("reads every key at every node in the end", async () => {
    const plan = planRun({ system: "multi-leader", workload: "convergence", seed: 1, nodes: 3 });
    const { history } = await execute(plan);
    const finals = history.operations.filter(({ final, outcome }) => final && outcome === "ok");
    const read = new Set(finals.map(({ key, node }) => `${key} ${node}`));
    expect(read.size).toBe(3 * 3);
  });

  it("reads at every node also where there are fewer clients", async () => {
    const plan = planRun({
      system: "multi-leader",
      workload: "convergence",
      seed: 1,
      nodes: 5,
      clients: 2,
    });
    const { results } = await execute(plan);
    const { agreed } = results["eventual"]!.notes as { agreed: { k0: { by: string[] } } };
    expect(agreed.k0.by.map((reader) => reader.slice(-2)).sort()).toEqual([
      "n1",
      "n2",
      "n3",
      "n4",
      "n5",
    ]);
  });
});

describe("the judge", () => {
  it("holds to strong convergence whoever orders conflicts with causes first", () => {
    expect(judgedBy({ consistency: "linearizable" })).toEqual([
      "linearizable",
      "eventual",
      "strong-convergence",
    ]);
    expect(judgedBy({ sticky: "causal-convergence" })).toEqual([
      "causal-convergence",
      "eventual",
      "strong-convergence",
    ]);
  });

  it("notes it of others", () => {
    expect(judgedBy({ sticky: "causal-convergence" }, 20)).toEqual([
      "causal-if-promised",
      "eventual",
      "strong-convergence-if-promised",
    ]);
    expect(judgedBy({ consistency: "lossy" })).toEqual([
      "causal-if-promised",
      "convergence",
      "eventual-if-promised",
      "strong-convergence-if-promised",
    ]);
  });
});

describe("correct systems", () => {
  it.each(["quorum", "raft", "primary-backup", "causal-store"])(
    "are not accused: %s",
    async (name) => {
      const system = systems.get(name)!;
      expect(await anomaliesOf(system, { seeds: 4, workload: "convergence" })).toEqual([]);
    },
  );
});
