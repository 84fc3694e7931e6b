/** Locks and leaders by leases: silent when sound, and each known mistake is seen. */

import { describe, expect, it } from "vitest";
import { leaseElection } from "../../../systems/lease-election/index.js";
import { guardMs, quorumOf, spanOf } from "../../../systems/locks/rules.js";
import { quorumLock } from "../../../systems/quorum-lock/index.js";
import { redlock } from "../../../systems/redlock/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

describe.each([quorumLock, redlock, leaseElection])("$name", (system) => {
  it("keeps its promise under a swarm of faults", async () => {
    expect(await anomaliesOf(system, { seeds: 4 })).toEqual([]);
  });

  it("keeps it where answers come late, and clocks drift", async () => {
    expect(await anomaliesOf(system, { seeds: 2, nemesis: ["late-answers", "clock"] })).toEqual([]);
  });

  it.each(Object.entries(system.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(system, name, 100);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});

describe("a leader by lease", () => {
  it("asks for more time before the little that it trusts is over", async () => {
    // Of a lease of 1 s a tenth is trusted, and the period is longer than that.
    const options = { guardMs: 900, periodMs: 250 };
    expect(await anomaliesOf(leaseElection, { seeds: 6, operations: 100, options })).toEqual([]);
  });

  it("cannot be asked to trust next to nothing", async () => {
    const options = { guardMs: 951 };
    await expect(anomaliesOf(leaseElection, { seeds: 1, options })).rejects.toThrow(
      "a guard of 951 ms leaves less than 50 ms of leaseMs=1000: take a longer lease",
    );
  });
});

describe("the rules of leases", () => {
  it("refuse a lease in which nothing can be done", () => {
    expect(spanOf("leaseMs", 600)).toBe(600);
    for (const odd of [-5, 0, 99, 100.5, 60_001]) {
      expect(() => spanOf("leaseMs", odd)).toThrow(/leaseMs is a whole number from 100 to 60000/);
    }
  });

  it("keep a guard of 2 rho P, rounded up, and a millisecond", () => {
    expect(guardMs(1_000)).toBe(21);
    expect(guardMs(1_001)).toBe(22);
  });

  it("never let two quorums miss each other", () => {
    for (const nodes of [1, 2, 3, 4, 5, 7]) {
      for (const asked of [0, 1, 2, 3, 4, 9]) {
        const quorum = quorumOf(asked, nodes);
        expect(2 * quorum).toBeGreaterThan(nodes);
        expect(quorum).toBeLessThanOrEqual(nodes);
      }
    }
  });
});
