import { describe, expect, it } from "vitest";
import type { Json } from "../../src/base/json.js";
import { ids } from "../../systems/ids.js";
import { anomaliesOf, caughtAnomalies } from "./slice.js";
import { Solo } from "./solo.js";

const generate = { type: "generate", msg_id: 1 };
const nodes = ["n1", "n2", "n3"];

describe("a node that hands out ids", () => {
  it("uses its own share of the numbers", async () => {
    const [first, second] = [new Solo(ids, { nodes }), new Solo(ids, { nodes, id: "n2" })];
    expect(await first.ask("c1", generate)).toEqual({ type: "generate_ok", id: 0 });
    expect(await first.ask("c1", generate)).toEqual({ type: "generate_ok", id: 3 });
    expect(await second.ask("c1", generate)).toEqual({ type: "generate_ok", id: 1 });
  });

  it("hands out nothing before the block is its own on disk", async () => {
    const node = new Solo(ids, { nodes });
    const reply = node.tell("c1", generate);
    await node.advance(1);
    expect(reply()).toBeUndefined();
    await node.settle();
    expect(reply()).toEqual({ type: "generate_ok", id: 0 });
  });

  it("begins a new block after a crash", async () => {
    const node = new Solo(ids, { nodes });
    await node.ask("c1", generate);
    node.crash();
    expect(await node.ask("c1", generate)).toEqual({ type: "generate_ok", id: 3 * 16 });
  });

  it("has its note in two places, and goes on behind both where one is damaged", async () => {
    const node = new Solo(ids, { nodes });
    for (let i = 0; i < 17; i++) await node.ask("c1", generate);
    const notes = { earlier: node.disk.read("reserved/1"), later: node.disk.read("reserved/0") };
    expect([notes.earlier, notes.later]).toMatchObject([{ data: 16 }, { data: 32 }]);
    node.disk.write("reserved/0", { sum: 1, data: 0 });
    node.crash(1);
    expect(await node.ask("c1", generate)).toEqual({ type: "generate_ok", id: 3 * 48 });
    const anew = { first: node.disk.read("reserved/0"), second: node.disk.read("reserved/1") };
    expect([anew.first, anew.second]).toMatchObject([{ data: 64 }, { data: 80 }]);
  });

  it("hands out nothing where neither place can be read, and goes on when one can", async () => {
    const node = new Solo(ids, { nodes });
    await node.ask("c1", generate);
    const note = node.disk.read("reserved/1") as Json;
    node.disk.write("reserved/0", "?");
    node.disk.write("reserved/1", "?");
    node.crash(2);
    expect(await node.ask("c1", generate)).toMatchObject({ type: "error", code: 11 });
    node.disk.write("reserved/1", note);
    expect(await node.ask("c1", generate)).toEqual({ type: "generate_ok", id: 3 * 48 });
  });

  it("knows nothing else", async () => {
    expect(await new Solo(ids).ask("c1", { type: "read" })).toMatchObject({ code: 10 });
  });
});

describe("ids under a swarm of faults", () => {
  it("are unique", async () => {
    expect(await anomaliesOf(ids, { seeds: 10 })).toEqual([]);
  });

  it("are unique on bad disks", async () => {
    expect(await anomaliesOf(ids, { seeds: 10, nemesis: ["disk"] })).toEqual([]);
  });

  it.each(Object.entries(ids.bugs))("show the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(ids, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
