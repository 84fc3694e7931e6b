import { describe, expect, it } from "vitest";
import { registry } from "../../../systems/registry/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

const kinds = ["central", "dht"];

describe("the service registry", () => {
  it.each(kinds)("keeps its promise under a swarm of faults: %s", async (kind) => {
    expect(await anomaliesOf(registry, { seeds: 8, options: { kind } })).toEqual([]);
  });

  it.each(kinds)("keeps its promise at the edges of its options: %s", async (kind) => {
    for (const [leaseMs, cacheTtlMs] of [
      [200, 50],
      [3_000, 3_000],
    ] as const) {
      const options = { kind, leaseMs, cacheTtlMs };
      expect(await anomaliesOf(registry, { seeds: 2, options })).toEqual([]);
    }
  });

  it.each(Object.entries(registry.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(registry, name, 60);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
