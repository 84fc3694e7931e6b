import { describe, expect, it } from "vitest";
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

  it("knows nothing else", async () => {
    expect(await new Solo(ids).ask("c1", { type: "read" })).toMatchObject({ code: 10 });
  });
});

describe("ids under a swarm of faults", () => {
  it("are unique", async () => {
    expect(await anomaliesOf(ids, { seeds: 10 })).toEqual([]);
  });

  it.each(Object.entries(ids.bugs))("show the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(ids, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
