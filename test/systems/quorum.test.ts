import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNewer, newest, quorum, quorumsOf, type Version } from "../../systems/quorum.js";
import { anomaliesOf, caughtAnomalies } from "./slice.js";

const version: fc.Arbitrary<Version> = fc.record({
  sequence: fc.integer({ min: 0, max: 3 }),
  writer: fc.constantFrom("c1/16", "c1/32", "c2/16"),
  value: fc.nat(9),
});

describe("tags of versions", () => {
  it("are totally ordered: of two different ones exactly one is newer", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const same = a.sequence === b.sequence && a.writer === b.writer;
        expect(Number(isNewer(a, b)) + Number(isNewer(b, a))).toBe(same ? 0 : 1);
      }),
    );
  });

  it("rank by sequence first, by writer only among equals", () => {
    const early = { sequence: 1, writer: "c9/16", value: "early" };
    const late = { sequence: 2, writer: "c1/16", value: "late" };
    const tied = { sequence: 2, writer: "c2/16", value: "tied" };
    expect(newest([early, late])).toBe(late);
    expect(newest([tied, late, early])).toBe(tied);
  });

  it("have a newest one that no other beats, whatever the order of the answers", () => {
    fc.assert(
      fc.property(fc.array(version), (versions) => {
        const best = newest(versions);
        expect(versions.some((candidate) => isNewer(candidate, best))).toBe(false);
      }),
    );
  });

  it("leave a key that nobody wrote at null", () => {
    expect(newest([])).toMatchObject({ sequence: 0, value: null });
  });
});

describe("quorum sizes", () => {
  it("are majorities by default, which always meet", () => {
    for (const replicas of [1, 2, 3, 4, 5, 6, 7]) {
      const { read, write, meet } = quorumsOf({ r: 0, w: 0 }, replicas);
      expect(read + write).toBeGreaterThan(replicas);
      expect(meet).toBe(true);
      expect(read).toBeLessThanOrEqual(replicas);
    }
  });

  it("never exceed the number of replicas", () => {
    expect(quorumsOf({ r: 9, w: 9 }, 3)).toEqual({ read: 3, write: 3, meet: true });
  });

  it("promise linearizability only where every read quorum meets every write quorum", () => {
    expect(quorum.service({ r: 0, w: 0 }).consistency).toBe("linearizable");
    expect(quorum.service({ r: 1, w: 5 }).consistency).toBe("linearizable");
    expect(quorum.service({ r: 1, w: 1 }).consistency).toBe("eventual");
  });

  it("offer no compare-and-set", () => {
    expect(quorum.service({ r: 0, w: 0 }).operations).toEqual(["read", "write"]);
  });
});

describe("quorum under a swarm of faults", () => {
  it("stays linearizable, with several keys and with one", async () => {
    expect(await anomaliesOf(quorum, { seeds: 12, workload: "kv" })).toEqual([]);
    expect(await anomaliesOf(quorum, { seeds: 12, workload: "register" })).toEqual([]);
  });

  it("stays linearizable with uneven quorums that meet", async () => {
    expect(await anomaliesOf(quorum, { seeds: 8, nodes: 3, options: { r: 1, w: 3 } })).toEqual([]);
    expect(await anomaliesOf(quorum, { seeds: 8, nodes: 5, options: { r: 4, w: 2 } })).toEqual([]);
  });

  it("converges even where quorums do not meet", async () => {
    expect(await anomaliesOf(quorum, { seeds: 8, options: { r: 1, w: 1 } })).toEqual([]);
  });

  it.each(Object.entries(quorum.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(quorum, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
