import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNewer, newest, quorum, quorumsOf, type Version } from "../../systems/quorum.js";
import { anomaliesOf, caughtAnomalies } from "./slice.js";
import { Solo } from "./solo.js";

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
    expect(quorum.service({ r: 0, w: 0 }, 5).consistency).toBe("linearizable");
    expect(quorum.service({ r: 1, w: 5 }, 5).consistency).toBe("linearizable");
    expect(quorum.service({ r: 1, w: 1 }, 5).consistency).toBe("eventual");
  });

  it("offer no compare-and-set", () => {
    expect(quorum.service({ r: 0, w: 0 }, 5).operations).toEqual(["read", "write"]);
  });
});

describe("a quorum node", () => {
  const write = (value: number, id: number) => ({ type: "write", key: "x", value, msg_id: id });
  const read = { type: "read", key: "x" };

  it("does not bring an old value back when a write is delivered again", async () => {
    const node = new Solo(quorum);
    await node.ask("c1", write(1, 16));
    await node.ask("c2", write(2, 16));
    expect(await node.ask("c1", write(1, 16))).toBeUndefined();
    expect(await node.ask("c3", read)).toEqual({ type: "read_ok", value: 2 });
  });

  it("remembers across a crash which writes it has taken", async () => {
    const node = new Solo(quorum);
    await node.ask("c1", write(1, 16));
    await node.ask("c2", write(2, 16));
    node.crash();
    expect(await node.ask("c1", write(1, 16))).toBeUndefined();
    expect(await node.ask("c3", read)).toEqual({ type: "read_ok", value: 2 });
  });

  it("notes a write durably before any replica is told to store it", async () => {
    const node = new Solo(quorum, { nodes: ["n1", "n2"], options: { r: 1, w: 2 } });
    node.tell("c1", write(1, 16));
    await node.advance(1);
    expect(node.take("store")).toEqual([]);
    await node.settle();
    expect(node.take("store")).toHaveLength(1);
  });

  it("acknowledges a stored version once it is durable", async () => {
    const node = new Solo(quorum, { nodes: ["n1", "n2"] });
    const version = { sequence: 1, writer: "c1/16", value: 7 };
    const reply = node.tell("n2", { type: "store", key: "x", version });
    await node.advance(1);
    expect(reply()).toBeUndefined();
    await node.settle();
    expect(reply()).toEqual({ type: "store_ok" });
    node.crash();
    expect(await node.ask("n2", { type: "query", key: "x" })).toMatchObject({ version });
  });

  it("refuses a compare-and-set", async () => {
    const cas = { type: "cas", key: "x", from: 1, to: 2, msg_id: 16 };
    expect(await new Solo(quorum).ask("c1", cas)).toMatchObject({ type: "error", code: 10 });
  });
});

describe("quorum under a swarm of faults", () => {
  it("stays linearizable, with several keys and with one", async () => {
    expect(await anomaliesOf(quorum, { seeds: 8, workload: "kv" })).toEqual([]);
    expect(await anomaliesOf(quorum, { seeds: 8, workload: "register" })).toEqual([]);
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
