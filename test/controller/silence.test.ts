import { describe, expect, test } from "vitest";
import { execute, planRun } from "../../src/controller/index.js";
import type { System } from "../../systems/index.js";

const mute: System = {
  name: "mute",
  summary: "never says a word",
  nodeCounts: [3],
  workloads: ["kv"],
  options: {},
  bugs: {},
  invariants: [],
  service: () => ({ operations: ["read", "write"], consistency: "linearizable" }),
  create: () => ({ onMessage: () => undefined }),
};

describe("a system that never answers", () => {
  // One client with few operations reads most at the end, compared with what the plan allows it.
  test.each([
    { operations: 1, clients: 1 },
    { operations: 4, clients: 1 },
    { operations: 30, clients: 5 },
  ])("is an anomaly, however short the run: %o", async (size) => {
    const plan = planRun({ system: mute, seed: 1, nemesis: ["none"], timeLimitMs: 100, ...size });
    const { valid, results } = await execute(plan, { system: mute });
    expect(valid).toBe(false);
    const types = Object.values(results).flatMap(({ anomalies }) => anomalies.map((a) => a.type));
    expect(new Set(types)).toEqual(new Set(["silent-node"]));
  });
});
