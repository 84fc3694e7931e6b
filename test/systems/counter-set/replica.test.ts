import { describe, expect, it } from "vitest";
import { counterSet } from "../../../systems/counter-set/index.js";
import { Solo } from "../solo.js";

const add = { type: "add", key: "counter", delta: 3, msg_id: 16 };
const readCounter = { type: "read", key: "counter" };
const readSet = { type: "read", key: "set" };

describe("a counter-set replica", () => {
  it("counts a request once that comes twice, before and after a crash", async () => {
    const node = new Solo(counterSet);
    expect(await node.ask("c1", add)).toEqual({ type: "add_ok" });
    expect(await node.ask("c1", add)).toBeUndefined();
    node.crash();
    expect(await node.ask("c1", add)).toBeUndefined();
    expect(await node.ask("c1", readCounter)).toEqual({ type: "read_ok", value: 3 });
  });

  it("counts a request that it had lost in a crash when it comes again", async () => {
    const node = new Solo(counterSet);
    node.tell("c1", add);
    node.crash();
    expect(await node.ask("c1", add)).toEqual({ type: "add_ok" });
    expect(await node.ask("c1", readCounter)).toEqual({ type: "read_ok", value: 3 });
  });

  it("acknowledges and shows a change only once it is durable", async () => {
    const node = new Solo(counterSet, { nodes: ["n1", "n2"] });
    await node.settle();
    node.take("gossip");
    const acknowledged = node.tell("c1", add);
    const read = node.tell("c2", readCounter);
    await node.advance(150);
    expect([acknowledged(), read(), node.take("gossip")]).toEqual([undefined, undefined, []]);
    await node.settle();
    expect([acknowledged(), read()]).toEqual([{ type: "add_ok" }, { type: "read_ok", value: 3 }]);
    expect(node.take("gossip")[0]?.body["counter"]).toEqual({ n1: 3 });
  });

  it("does not remove what was added after the original of a duplicate remove", async () => {
    const node = new Solo(counterSet);
    const remove = { type: "remove", key: "set", element: "x", msg_id: 32 };
    await node.ask("c1", { type: "add", key: "set", element: "x", msg_id: 16 });
    await node.ask("c1", remove);
    await node.ask("c2", { type: "add", key: "set", element: "x", msg_id: 16 });
    expect(await node.ask("c1", remove)).toBeUndefined();
    expect(await node.ask("c1", readSet)).toEqual({ type: "read_ok", value: ["x"] });
  });

  it("refuses what it does not offer without changing anything", async () => {
    const node = new Solo(counterSet);
    const decrement = await node.ask("c1", { ...add, delta: -1 });
    expect(decrement).toMatchObject({ type: "error", code: 12 });
    expect(await node.ask("c1", readCounter)).toEqual({ type: "read_ok", value: 0 });
  });

  it("with the bug merge-by-sum counts gossip that it has heard before", async () => {
    const gossip = { type: "gossip", counter: { n2: 5 }, set: { added: {}, removed: [] } };
    const totals = [];
    for (const bugs of [[], ["merge-by-sum"]]) {
      const node = new Solo(counterSet, { nodes: ["n1", "n2"], bugs });
      await node.ask("n2", gossip);
      await node.ask("n2", gossip);
      totals.push((await node.ask("c1", readCounter))?.["value"]);
    }
    expect(totals).toEqual([5, 10]);
  });
});
