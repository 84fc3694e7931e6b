import { describe, expect, it } from "vitest";
import { dynamo } from "../../../systems/dynamo/index.js";
import { Ring } from "../../../systems/dynamo/ring.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo, type SoloOptions } from "../solo.js";

const nodes = ["n1", "n2", "n3", "n4", "n5"];
const ring = new Ring(nodes, 3);
const homes = ring.homes(ring.rangeOf("x"));
const home = homes[0]!;
const standIn = ring.standIns(ring.rangeOf("x"))[0]!;

const write = (value: number, id: number) => ({ type: "write", key: "x", value, msg_id: id });
const read = { type: "read", key: "x" };
const query = { type: "query", key: "x" };
const version = (sequence: number, value: number | null) => ({ sequence, writer: "c1/16", value });
const store = (sequence: number, value: number | null) => ({
  type: "store",
  key: "x",
  version: version(sequence, value),
});

function nodeAt(id: string, options: SoloOptions = {}): Solo {
  return new Solo(dynamo, { id, nodes, ...options });
}

describe("a home", () => {
  it("acknowledges a version once it is durable, and has it after a crash", async () => {
    const node = nodeAt(home);
    const reply = node.tell("n9", store(1, 7));
    await node.advance(1);
    expect(reply()).toBeUndefined();
    await node.settle();
    expect(reply()).toEqual({ type: "store_ok" });
    node.crash();
    expect(await node.ask("n9", query)).toMatchObject({ version: version(1, 7) });
  });

  it("tells of a version only what a crash cannot take back", async () => {
    const node = nodeAt(home);
    void node.ask("n9", { ...store(1, 7), type: "repair" });
    const reply = node.tell("n9", query);
    await node.advance(1);
    expect(reply()).toBeUndefined();
    await node.settle();
    expect(reply()).toMatchObject({ version: version(1, 7) });
  });

  it("keeps a tombstone, so that no older value comes back by repair or by hint", async () => {
    const node = nodeAt(home);
    await node.ask("n9", store(2, null));
    await node.ask("n9", { ...store(1, 7), type: "repair" });
    await node.ask("n9", { type: "handoff", versions: [["x", version(1, 7)]] });
    expect(await node.ask("n9", query)).toMatchObject({ version: version(2, null) });
    node.crash();
    expect(await node.ask("n9", query)).toMatchObject({ version: version(2, null) });
  });

  it("exchanges nothing with a peer that has the same", async () => {
    const [one, other] = [nodeAt(homes[0]!), nodeAt(homes[1]!)];
    for (const node of [one, other]) await node.ask("n9", store(1, 7));
    await one.advance(1_000);
    for (const { to, body } of one.take("summary")) {
      if (to === homes[1]) await other.ask(homes[0]!, body);
    }
    expect(other.take("compare")).toEqual([]);
  });

  it("finds by comparing hash trees what a peer has missed", async () => {
    const all = { one: nodeAt(homes[0]!), other: nodeAt(homes[1]!) };
    await all.one.ask("n9", store(1, 7));
    await all.one.advance(1_000);
    const summary = all.one.take("summary").find(({ to }) => to === homes[1])!;
    await all.other.ask(homes[0]!, summary.body);
    for (let turn = 0; turn < 6; turn++) {
      for (const type of ["compare", "versions"]) {
        for (const { to, body } of all.one.take(type)) {
          if (to === homes[1]) await all.other.ask(homes[0]!, body);
        }
        for (const { to, body } of all.other.take(type)) {
          if (to === homes[0]) await all.one.ask(homes[1]!, body);
        }
      }
    }
    expect(await all.other.ask("n9", query)).toMatchObject({ version: version(1, 7) });
  });
});

describe("a stand-in", () => {
  const hint = { ...store(1, 7), home };

  it("keeps a hint through crashes, until its home acknowledges it", async () => {
    const node = nodeAt(standIn);
    await node.ask("n9", hint);
    node.crash();
    await node.advance(200);
    const [handoff] = node.take("handoff");
    expect(handoff).toEqual({
      to: home,
      body: { type: "handoff", versions: [["x", version(1, 7)]] },
    });
  });

  it("keeps the newest of several versions for a home", async () => {
    const node = nodeAt(standIn);
    await node.ask("n9", { ...store(2, 8), home });
    await node.ask("n9", hint);
    await node.advance(200);
    expect(node.take("handoff")[0]?.body).toMatchObject({ versions: [["x", version(2, 8)]] });
  });

  it("has its hints after a second, but for the bug hints-expire", async () => {
    const known = async (bugs: string[]) => {
      const node = nodeAt(standIn, { bugs });
      await node.ask("n9", hint);
      await node.advance(1_000);
      return (await node.ask("n9", query))?.["version"];
    };
    expect(await known([])).toMatchObject({ sequence: 1 });
    expect(await known(["hints-expire"])).toMatchObject({ sequence: 0 });
  });
});

describe("a coordinator", () => {
  it("does not bring an old value back when a write is delivered again", async () => {
    const node = new Solo(dynamo);
    await node.ask("c1", write(1, 16));
    await node.ask("c2", write(2, 16));
    node.crash();
    expect(await node.ask("c1", write(1, 16))).toBeUndefined();
    expect(await node.ask("c3", read)).toEqual({ type: "read_ok", value: 2 });
  });

  it("deletes", async () => {
    const node = new Solo(dynamo);
    await node.ask("c1", write(1, 16));
    const deleted = await node.ask("c1", { type: "delete", key: "x", msg_id: 32 });
    expect(deleted).toEqual({ type: "delete_ok" });
    expect(await node.ask("c3", read)).toEqual({ type: "read_ok", value: null });
  });

  it("says for certain that a write failed which nobody was asked to store", async () => {
    const node = nodeAt(home);
    const reply = node.tell("c1", write(1, 16));
    await node.settle();
    await node.advance(1_000);
    expect(reply()).toMatchObject({ type: "error", code: 11 });
    expect(node.take("store")).toEqual([]);
  });

  it("leaves open what became of a write that somebody was asked to store", async () => {
    const node = nodeAt(home, { options: { r: 1, w: 3 } });
    const reply = node.tell("c1", write(1, 16));
    await node.settle();
    await node.settle();
    await node.advance(1_000);
    expect(node.take("store").map(({ to }) => to)).toEqual(expect.arrayContaining([homes[1]]));
    expect(reply()).toMatchObject({ type: "error", code: 0 });
  });

  it("gives a marked answer in place of none only to whoever asks for it", async () => {
    const node = nodeAt(home);
    await node.ask("n9", store(1, 7));
    const replies = [read, { ...read, degraded: true }].map((body) => node.tell("c1", body));
    await node.settle();
    await node.advance(1_000);
    expect(replies[0]?.()).toMatchObject({ type: "error", code: 11 });
    expect(replies[1]?.()).toEqual({ type: "read_ok", value: 7, degraded: true });
  });

  it("refuses a compare-and-set", async () => {
    const cas = { type: "cas", key: "x", from: 1, to: 2, msg_id: 16 };
    expect(await new Solo(dynamo).ask("c1", cas)).toMatchObject({ type: "error", code: 10 });
  });
});

const modes: { [name: string]: number | boolean }[] = [
  { sloppy: true },
  { r: 1, w: 3 },
  { n: 5, degraded: false },
  { r: 1, w: 1 },
];

describe("the promise", () => {
  it("is one copy where quorums meet and homes only are in them", () => {
    const promised = (options: { [name: string]: number | boolean }) =>
      dynamo.service({ n: 3, r: 0, w: 0, sloppy: false, ...options }, 5).consistency;
    expect(promised({})).toBe("linearizable");
    expect(promised({ r: 1, w: 3 })).toBe("linearizable");
    expect(promised({ r: 1, w: 2 })).toBe("eventual");
    expect(promised({ sloppy: true })).toBe("eventual");
  });

  it.each(dynamo.workloads)("is kept under a swarm of faults: %s", async (workload) => {
    expect(await anomaliesOf(dynamo, { seeds: 3, workload })).toEqual([]);
  });

  it.each(modes)("is kept with %j", async (options) => {
    expect(await anomaliesOf(dynamo, { seeds: 2, options })).toEqual([]);
    expect(await anomaliesOf(dynamo, { seeds: 1, workload: "write-once", options })).toEqual([]);
  });

  it.each(Object.entries(dynamo.bugs))("is broken by the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(dynamo, name, 60);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
