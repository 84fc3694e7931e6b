import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/base/json.js";
import { cops } from "../../../systems/cops/index.js";
import { Placement } from "../../../systems/cops/placement.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";

const put = (key: string, time: number, nearest: Json[] = []): JsonObject => ({
  key,
  value: time,
  version: { time, node: "n2" },
  nearest,
  past: {},
  session: "c1",
  number: time,
});
const x1 = { key: "x", version: { time: 1, node: "n2" } };

/** n1 has a data centre to itself. */
const alone = { nodes: ["n1", "n2"], options: { datacentres: 2 } };
const replicate = (place: number, write: JsonObject) => ({ type: "replicate", place, put: write });

describe("the causal store across data centres", () => {
  it.each(["causal-sessions", "read-transactions", "register"])(
    "is causally convergent under a swarm of faults: %s",
    async (workload) => {
      expect(await anomaliesOf(cops, { seeds: 4, workload })).toEqual([]);
    },
  );

  it.each(Object.entries(cops.bugs))("shows the bug %s within 30 seeds", async (name, bug) => {
    const caught = await caughtAnomalies(cops, name, 30);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });

  it("needs three data centres for the bug of dependencies pruned by where they come from", async () => {
    const twoSites = { options: { datacentres: 2 }, workload: "read-transactions", seeds: 4 };
    const bugs = ["foreign-dependencies-pruned"];
    expect(await anomaliesOf(cops, { ...twoSites, bugs, nemesis: ["one-bad-link"] })).toEqual([]);
  });
});

describe("a server", () => {
  it("applies a write of another data centre when it has what the write depends on", async () => {
    const node = new Solo(cops, alone);
    await node.ask("n2", replicate(2, put("y", 2, [x1])));
    expect(await node.ask("n1", { type: "get", key: "y" })).toEqual({ type: "put", put: null });
    await node.ask("n2", replicate(1, put("x", 1)));
    await node.settle();
    expect(await node.ask("n1", { type: "get", key: "y" })).toMatchObject({ put: { value: 2 } });
  });

  it("waits for that very version: a later one of the key is no substitute", async () => {
    const node = new Solo(cops, alone);
    await node.ask("n2", replicate(3, put("x", 3)));
    await node.ask("n2", replicate(2, put("y", 2, [x1])));
    expect(await node.ask("n1", { type: "get", key: "y" })).toEqual({ type: "put", put: null });
  });

  it("acknowledges what is applied without a gap, and what it has had before", async () => {
    const node = new Solo(cops, alone);
    for (const time of [2, 1, 1]) await node.ask("n2", replicate(time, put("x", time)));
    expect(node.take("applied").map(({ body }) => body["count"])).toEqual([0, 2, 2]);
    node.crash();
    await node.ask("n2", replicate(2, put("x", 2)));
    expect(node.take("applied").map(({ body }) => body["count"])).toEqual([2]);
  });

  it("lets the later stamp of a key stay, in whichever order they come", async () => {
    const node = new Solo(cops, alone);
    for (const time of [5, 4]) await node.ask("n2", replicate(time, put("x", time)));
    expect(await node.ask("n1", { type: "get", key: "x" })).toMatchObject({ put: { value: 5 } });
    const wanted = { key: "x", version: { time: 4, node: "n2" } };
    expect(await node.ask("n1", { type: "get-version", wanted })).toMatchObject({
      put: { value: 4 },
    });
  });

  it("writes once what is asked for twice, above all that it follows", async () => {
    const node = new Solo(cops, alone);
    const past = { x: { time: 7, node: "n2" } };
    const wish = { key: "y", value: 1, nearest: [], past, session: "c1", number: 1 };
    const first = await node.ask("n1", { type: "put", wish });
    expect(first).toMatchObject({ put: { version: { time: 8, node: "n1" } } });
    expect(await node.ask("n1", { type: "put", wish })).toEqual(first);
  });

  it("sends a write to the other data centre until that has applied it", async () => {
    const node = new Solo(cops, alone);
    const wish = { key: "y", value: 1, nearest: [], past: {}, session: "c1", number: 1 };
    await node.ask("n1", { type: "put", wish });
    await node.advance(400);
    expect(node.take("replicate").length).toBeGreaterThan(1);
    await node.ask("n2", { type: "applied", count: 1 });
    await node.advance(400);
    expect(node.take("replicate")).toEqual([]);
  });
});

describe("a session", () => {
  it("depends on its last write and on what it has read since", async () => {
    const node = new Solo(cops, { nodes: ["n1"], options: { datacentres: 1 } });
    const ask = (body: JsonObject) => node.ask("c1", body);
    await ask({ type: "write", key: "a", value: 1, msg_id: 1 });
    await ask({ type: "write", key: "b", value: 2, msg_id: 2 });
    await ask({ type: "read", key: "a", msg_id: 3 });
    await ask({ type: "write", key: "c", value: 3, msg_id: 4 });
    const { put: written } = (await node.ask("n1", { type: "get", key: "c" })) as {
      put: { nearest: { key: string }[]; past: object };
    };
    expect(written.nearest.map(({ key }) => key)).toEqual(["b"]);
    expect(Object.keys(written.past)).toEqual(["a", "b"]);
  });

  it("keeps over a crash of its home what it has seen", async () => {
    const node = new Solo(cops, { nodes: ["n1"], options: { datacentres: 1 } });
    const ask = (body: JsonObject) => node.ask("c1", body);
    await ask({ type: "write", key: "a", value: 1, msg_id: 1 });
    node.crash();
    await ask({ type: "write", key: "b", value: 2, msg_id: 2 });
    const reply = await node.ask("n1", { type: "get", key: "b" });
    expect(reply).toMatchObject({ put: { nearest: [{ key: "a" }] } });
  });
});

describe("the placement", () => {
  it("has a server for every key in every data centre, however many nodes there are", () => {
    for (const nodes of [["n1"], ["n1", "n2", "n3", "n4"], ["n1", "n2", "n3", "n4", "n5"]]) {
      for (const id of nodes) {
        const placement = new Placement({ nodes, id, options: { datacentres: 3 } });
        const count = Math.min(3, nodes.length);
        const servers = [placement.local("k"), ...placement.remote("k")];
        expect(new Set(servers).size).toBe(count);
        expect(placement.isLocal(id)).toBe(true);
        expect(placement.isLocal(placement.local("k"))).toBe(true);
      }
    }
  });
});
