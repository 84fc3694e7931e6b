/** Workloads that came with the leaderless store: deletes, degraded-reads, write-once. */

import { describe, expect, it } from "vitest";
import { execute, planRun, type RunRequest } from "../../src/controller/index.js";
import { systems } from "../../systems/index.js";
import { anomaliesOf } from "../systems/slice.js";

const planned = (workload: string, rest: Partial<RunRequest> = {}) =>
  planRun({ system: "dynamo", workload, nemesis: ["none"], seed: 1, ...rest });

const isRead = ({ f }: { f: string }) => f === "read";

describe("deletes", () => {
  it("are writes of null in the history, and found again as null", async () => {
    const { history, valid } = await execute(planned("deletes"));
    const deleted = history.operations.filter(({ f, input }) => f === "write" && input === null);
    expect(deleted.length).toBeGreaterThan(10);
    expect(deleted.every(({ outcome }) => outcome === "ok")).toBe(true);
    const last = deleted[0]!.completed;
    const later = history.operations.filter((one) => isRead(one) && one.invoked > last);
    expect(later.some(({ output }) => output === null)).toBe(true);
    expect(valid).toBe(true);
  });

  it("need a service that deletes", () => {
    expect(() => planned("deletes", { system: "quorum" })).toThrow(/needs delete/);
  });
});

describe("degraded reads", () => {
  it("are asked for, but not in the end", async () => {
    const plan = planned("degraded-reads", { nemesis: ["partition"], seed: 3 });
    const { history, results } = await execute(plan);
    expect(results["degraded"]?.notes?.["degraded"]).toBeGreaterThan(0);
    const finals = history.operations.filter(({ final }) => final);
    expect(finals.length).toBeGreaterThan(0);
    expect(finals.every(({ output }) => output === null || Number.isInteger(output))).toBe(true);
  });

  it("are not given where the store does not degrade", async () => {
    const options = { degraded: false };
    const plan = planned("degraded-reads", { nemesis: ["partition"], seed: 3, options });
    const { results, valid } = await execute(plan);
    expect(results["degraded"]?.notes?.["degraded"]).toBe(0);
    expect(valid).toBe(true);
  });

  it("may be asked of services that know nothing of them", async () => {
    const system = systems.get("quorum")!;
    expect(await anomaliesOf(system, { seeds: 3, workload: "degraded-reads" })).toEqual([]);
  });
});

describe("write-once", () => {
  it("writes every key once, and in the end reads them all", async () => {
    const plan = planned("write-once");
    const written = plan.operations.filter(({ f }) => f === "write").map(({ key }) => key);
    expect(written.length).toBeGreaterThan(40);
    expect(new Set(written).size).toBe(written.length);
    const { history } = await execute(plan);
    const read = history.operations.filter(({ final }) => final).map(({ key }) => key);
    expect(new Set(read)).toEqual(new Set([...written, ...read]));
  });

  it("holds a store to its acknowledgements where it says little else", async () => {
    const system = systems.get("dynamo")!;
    const options = { sloppy: true };
    expect(await anomaliesOf(system, { seeds: 2, workload: "write-once", options })).toEqual([]);
    const { results } = await execute(planned("write-once", { options }));
    expect(Object.keys(results)).toContain("eventual");
  });
});
