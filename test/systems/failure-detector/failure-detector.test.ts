import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../checkers/index.js";
import { execute, planRun } from "../../../src/controller/index.js";
import type { Fault } from "../../../src/plan/fault.js";
import { failureDetector } from "../../../systems/failure-detector/index.js";
import type { System } from "../../../systems/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

/** In some of these runs who is not of the core stays down for the whole second phase. */
async function underCrashes(system: System, kind: string): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const request = { system, nemesis: ["crash"], options: { kind }, seed, operations: 40 };
    const { results } = await execute(planRun(request), { system });
    verdicts.push(results["failure-detector"] as Verdict);
  }
  return verdicts;
}

const kinds = failureDetector.options["kind"]!.values as string[];

describe("failure detectors", () => {
  it.each(kinds)("keep their promise under a swarm of faults: %s", async (kind) => {
    expect(await anomaliesOf(failureDetector, { seeds: 8, options: { kind } })).toEqual([]);
  });

  it.each(kinds)("promise no more than the end where messages have no bound: %s", async (kind) => {
    const slow = { timing: "asynchronous", channel: "reliable", nemesis: ["none"] } as const;
    const size = { operations: 20, timeLimitMs: 20_000, options: { kind } };
    const found = await anomaliesOf(failureDetector, { seeds: 3, ...slow, ...size });
    expect(found).toEqual([]);
  });

  it("suspect nobody for a message or two that links lose", async () => {
    const what = { nodes: 2, channel: "unreliable", nemesis: ["none"] } as const;
    const size = { operations: 20, timeLimitMs: 60_000 };
    expect(await anomaliesOf(failureDetector, { seeds: 6, ...what, ...size })).toEqual([]);
  });

  it.each(kinds)("are judged by what happens to them: %s", async (kind) => {
    const verdicts = await underCrashes(failureDetector, kind);
    expect(verdicts.map(({ valid }) => valid)).not.toContain(false);
    const sum = (name: string): number =>
      verdicts.reduce((total, { notes }) => total + Number(notes?.[name]), 0);
    expect(sum("judged")).toBeGreaterThan(0);
    expect(sum("detections")).toBeGreaterThan(0);
  });

  it.each(kinds)("cannot get away with suspecting nobody: %s", async (kind) => {
    const blind: System = {
      ...failureDetector,
      create: (context) =>
        failureDetector.create({
          ...context,
          // What it makes of silence goes nowhere.
          observe: (f, value) => {
            if (f !== "suspect" && f !== "dead") context.observe(f, value);
          },
        }),
    };
    const verdicts = await underCrashes(blind, kind);
    const types = verdicts.flatMap(({ anomalies }) => anomalies.map(({ type }) => type));
    expect(types).toContain("undetected-failure");
  });

  it.each(kinds)("say whom they cannot reach, dead by hearsay or not: %s", async (kind) => {
    const cut = (id: number, atMs: number, untilMs: number, ...groups: string[][]): Fault => ({
      id,
      kind: "partition",
      shape: "of the test",
      atUs: atMs * 1_000,
      untilUs: untilMs * 1_000,
      groups,
    });
    const system = failureDetector;
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const request = { system, nemesis: ["none"], options: { kind }, operations: 20, seed };
      const plan = planRun({ ...request, nodes: 5, timeLimitMs: 8_000 });
      // Who was alone took everybody for dead, and says so to those whom it can reach again.
      const alone = cut(0, 1_000, 3_000, ["n2"], ["n1", "n3", "n4", "n5"]);
      const faults = [alone, cut(1, 3_000, 8_000, ["n2", "n3", "n4"], ["n1", "n5"])];
      const { results } = await execute({ ...plan, faults }, { system });
      expect(results["failure-detector"]).toMatchObject({ valid: true, anomalies: [] });
      expect(results["failure-detector"]?.notes?.["judged"]).toBeGreaterThan(0);
    }
  });

  it.each(Object.entries(failureDetector.bugs))("show the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(failureDetector, name, 60);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
