import { describe, expect, it } from "vitest";
import { execute, planRun } from "../../../src/controller/index.js";
import { workQueue } from "../../../systems/work-queue/index.js";
import { modes } from "../../../systems/work-queue/job.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";

describe("the work queue under a swarm of faults", () => {
  it.each(modes)("accounts for every job: %s", async (mode) => {
    expect(await anomaliesOf(workQueue, { seeds: 4, options: { mode } })).toEqual([]);
  });

  it.each(Object.entries(workQueue.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(workQueue, name, 20);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});

describe("the work queue where nothing fails", () => {
  it.each(modes)("does every job once: %s", async (mode) => {
    const request = { system: workQueue, seed: 1, nemesis: ["none"], options: { mode } };
    const { valid, results } = await execute(planRun(request), { system: workQueue });
    expect(valid).toBe(true);
    const { notes } = results["job-accounting"]!;
    expect(notes?.["acknowledged"]).toBe(notes?.["submitted"]);
    expect(notes?.["effects"]).toBe(notes?.["submitted"]);
    expect(notes?.["repeated"]).toBe(0);
  });
});

describe("the broker", () => {
  const nodes = ["n1", "n2", "n3"];
  const job = (sequence: number) => ({ id: `j${sequence}`, producer: "p/1", sequence });

  it("takes each number of a producer once, and in order", async () => {
    const solo = new Solo(workQueue, { nodes });
    await solo.settle();
    expect(await solo.ask("n2", { type: "accept", ...job(1) })).toMatchObject({ code: 22 });
    expect(await solo.ask("n2", { type: "accept", ...job(0) })).toEqual({ type: "accept_ok" });
    expect(await solo.ask("n2", { type: "accept", ...job(0) })).toEqual({ type: "accept_ok" });
    expect(await solo.ask("n2", { type: "accept", ...job(1) })).toEqual({ type: "accept_ok" });
    expect(solo.observed.filter((line) => line.includes("dropped"))).toEqual([
      'job {"event":"dropped","id":"j0","as":"j0"}',
    ]);
  });

  it("keeps out of sight after a restart what was out before it, for as long as a lease lasts", async () => {
    const solo = new Solo(workQueue, { nodes, options: { visibilityMs: 250 } });
    await solo.settle();
    // Its own consumer waits already, and gets the job.
    await solo.ask("n2", { type: "accept", ...job(0) });
    await solo.settle();
    expect(solo.observed.some((line) => line.includes('"taken"'))).toBe(true);
    solo.crash();
    await solo.settle();
    const taken = () => solo.observed.filter((line) => line.includes('"taken"')).length;
    expect(taken()).toBe(1);
    await solo.advance(240);
    await solo.settle();
    expect(taken()).toBe(1);
    await solo.advance(30);
    await solo.settle();
    expect(taken()).toBe(2);
  });
});
