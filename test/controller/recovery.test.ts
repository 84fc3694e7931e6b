/** Plans with a second phase, run: the core serves, or the system is accused of it. */

import { describe, expect, test } from "vitest";
import { type Execution, execute, planRun } from "../../src/controller/index.js";
import type { Fault } from "../../src/plan/fault.js";
import { PLAN_FORMAT, type Plan } from "../../src/plan/plan.js";
import { systems } from "../../systems/index.js";

function typesOf({ results }: Execution): Set<string> {
  return new Set(Object.values(results).flatMap(({ anomalies }) => anomalies.map((a) => a.type)));
}

describe("correct systems", () => {
  test.each([...systems.keys()])("%s serves again in time", async (system) => {
    const workloads = systems.get(system)?.workloads ?? [];
    for (let seed = 1; seed <= 3; seed++) {
      const workload = workloads[seed % workloads.length] as string;
      const run = await execute(planRun({ system, workload, seed, operations: 120 }));
      expect(run.results["recovery"]?.anomalies ?? []).toEqual([]);
    }
  });

  test("read and write all through the phase, at the core", async () => {
    const { plan, history } = await execute(planRun({ system: "quorum", seed: 2 }));
    const fromNs = plan.timeLimitUs * 1000;
    const toNs = fromNs + (plan.recovery?.withinUs ?? 0) * 1000;
    const late = history.operations.filter(
      ({ invokedAt, final }) => !final && invokedAt >= fromNs && invokedAt < toNs,
    );
    expect(late.length).toBeGreaterThan(30);
    expect(late.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
    for (const { node } of late) expect(plan.recovery?.core).toContain(node);
  });
});

/** The first seed of the bug that leaves a core without service. */
async function stuck(): Promise<Execution> {
  for (let seed = 1; seed <= 40; seed++) {
    const run = await execute(planRun({ system: "raft", seed, bugs: ["refusal-names-own-end"] }));
    if (typesOf(run).has("no-recovery")) return run;
  }
  throw new Error("not found in 40 seeds");
}

describe("a follower that is never caught up", () => {
  test("is found by a swarm; too small a core, too short a time, or nobody who asks excuses", async () => {
    const run = await stuck();
    expect(run.valid).toBe(false);
    const { plan } = run;
    const { core = [], withinUs = 0 } = plan.recovery ?? {};
    const smaller = { ...plan, recovery: { core: core.slice(1), withinUs } };
    expect(typesOf(await execute(smaller)).has("no-recovery")).toBe(false);
    const shorter = { ...plan, recovery: { core, withinUs: withinUs - 1 } };
    expect(typesOf(await execute(shorter)).has("no-recovery")).toBe(false);
    const elsewhere = plan.operations.filter(({ node }) => !core.includes(node));
    const unasked = await execute({ ...plan, operations: elsewhere });
    expect(typesOf(unasked).has("no-recovery")).toBe(false);
  });
});

/** What runs were before there was a second phase. */
const faults: Fault[] = [
  {
    id: 0,
    atUs: 800_000,
    untilUs: 1_900_000,
    kind: "partition",
    shape: "isolate",
    isolate: { role: "leader", else: "n1" },
    direction: "both",
  },
  { id: 1, atUs: 1_500_000, untilUs: 2_500_000, kind: "crash", target: "n2" },
  { id: 2, atUs: 3_000_000, untilUs: 5_000_000, kind: "loss", ppm: 200_000 },
  { id: 3, atUs: 3_500_000, untilUs: 5_000_000, kind: "pause", target: "n3" },
];

describe("a plan without a second phase", () => {
  test.each([
    ["raft", "55203f43254a2fee", "2b98f78023651fef"],
    ["quorum", "089f211b40452e4c", "831b8de252d194d4"],
    ["primary-backup", "a5f22e952c87483b", "077c4d6afdfb8c9d"],
  ])("runs as it always did: %s", async (system, traceHash, historyHash) => {
    const plan: Plan = {
      ...planRun({ system, seed: 11, nemesis: ["none"], operations: 60, nodes: 3 }),
      format: PLAN_FORMAT,
      clocks: {},
      operations: Array.from({ length: 60 }, (_, id) => ({
        id,
        client: id % 5,
        atUs: 80_000 * id,
        node: `n${1 + (id % 3)}`,
        f: id % 3 === 0 ? "read" : "write",
        key: `k${id % 2}`,
        value: id % 3 === 0 ? null : id,
      })),
      faults,
    };
    const run = await execute(plan);
    expect(run.traceHash).toBe(traceHash);
    expect(run.historyHash.slice(0, 16)).toBe(historyHash);
    expect(run.results).not.toHaveProperty("recovery");
  });
});
