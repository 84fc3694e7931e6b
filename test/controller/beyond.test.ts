/** Runs that go beyond the promise on purpose: judged is what must hold all the same. */

import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { excesses, execute, planRun, type RunRequest } from "../../src/controller/index.js";
import { parsePlan } from "../../src/plan/schema.js";
import { simulatedFaultKinds } from "../../src/sim/inject.js";
import { type System, systems } from "../../systems/index.js";
import { raft } from "../../systems/raft/index.js";
import { workloads } from "../../workloads/index.js";

const request: RunRequest = { system: "raft", seed: 1, operations: 60 };

describe("a plan that keeps its promise", () => {
  it("is the same whatever is known about going beyond it", () => {
    const { beyond: _, ...said } = planRun({ ...request, nemesis: ["crash"], beyond: true });
    expect(said).toEqual(planRun({ ...request, nemesis: ["crash"] }));
  });

  it("drifts as far as the system bears, and ten times as far beyond", () => {
    const drifts = (beyond: boolean): number[] =>
      Array.from({ length: 20 }, (_, i) =>
        planRun({ ...request, seed: i, nemesis: ["clock"], beyond }),
      )
        .flatMap(({ faults }) => faults)
        .flatMap((fault) => (fault.kind === "clock-rate" ? [Math.abs(fault.ppm)] : []));
    expect(Math.max(...drifts(false))).toBe(raft.driftPpmMax);
    expect(Math.max(...drifts(true))).toBe(900_000);
  });

  it("says so in its document", () => {
    const plan = planRun({ ...request, beyond: true });
    expect(parsePlan(plan as unknown as Json, "x").beyond).toBe(true);
    const wrong = { ...plan, beyond: "yes" } as unknown as Json;
    expect(() => parsePlan(wrong, "x")).toThrow(UsageError);
  });
});

/** Every write and read under the worst of drifts: who leads is slow, and alone. */
const drifting = (seed: number, more: Partial<RunRequest> = {}) =>
  planRun({
    system: "raft",
    seed,
    nemesis: ["clock"],
    options: { reads: "lease" },
    beyond: true,
    ...more,
  });

describe("a run beyond the promise", () => {
  it("is not held to what leases promise, but to what rests on no clock", async () => {
    let stale = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const { valid, results } = await execute(drifting(seed));
      expect(valid).toBe(true);
      const noted = results["linearizable-if-promised"]?.notes;
      if (noted === undefined) continue;
      expect(noted["promised"]).toContain("beyond the promise: drift");
      expect(Object.keys(results)).toContain("election-safety");
      if (noted["held"] === false) stale++;
    }
    expect(stale).toBeGreaterThan(0);
  });

  it("still shows a bug that breaks what must hold", async () => {
    const nemesis = ["clock", "duplicate", "partition"];
    const found = new Set<string>();
    for (let seed = 1; seed <= 60 && found.size === 0; seed++) {
      const { results } = await execute(drifting(seed, { nemesis, bugs: ["count-votes-twice"] }));
      for (const [name, { valid }] of Object.entries(results)) if (valid === false) found.add(name);
    }
    expect(raft.beyond?.["drift"]).toEqual(expect.arrayContaining([...found]));
    expect(found.size).toBeGreaterThan(0);
  });

  it("is judged in full where nothing was exceeded", async () => {
    const plan = planRun({ ...request, nemesis: ["crash"], beyond: true });
    expect(Object.keys((await execute(plan)).results)).toContain("linearizable");
  });
});

describe("a nemesis that nobody promised to survive", () => {
  it("is refused by name, and said how it can be had", () => {
    const asked: RunRequest = { ...request, nemesis: ["wipe"] };
    expect(() => planRun(asked)).toThrow(
      'nemesis "wipe" needs wipe, which raft does not promise to survive: leave it out, or go there on purpose with --beyond',
    );
    expect(planRun({ ...asked, beyond: true }).faults.map(({ kind }) => kind)).toContain("wipe");
  });
});

/** Everything that judges a system's runs, with its options as they are. */
function judgesOf(system: System): string[] {
  const options = Object.fromEntries(
    Object.entries(system.options).map(([name, spec]) => [name, spec.default]),
  );
  const service = system.service(options, system.nodeCounts[0] as number);
  const own = system.workloads.flatMap((name) => {
    const workload = workloads.get(name);
    const settings = Object.entries(workload?.options ?? {}).map(([key, spec]) => [
      key,
      spec.default,
    ]);
    return workload?.checkers(service, { ...options, ...Object.fromEntries(settings) }) ?? [];
  });
  return [...own.map(({ name }) => name), ...system.invariants, "conduct", "recovery"];
}

describe("what systems say of themselves", () => {
  it.each([...systems.values()].map((system) => [system.name, system] as const))(
    "names only what there is: %s",
    (_, system) => {
      const { beyond = {}, survives = {} } = system;
      for (const [excess, holds] of Object.entries(beyond)) {
        expect([...excesses, ...simulatedFaultKinds]).toContain(excess);
        for (const name of holds) expect(judgesOf(system)).toContain(name);
      }
      for (const kind of survives.kinds ?? []) expect(simulatedFaultKinds).toContain(kind);
    },
  );
});
