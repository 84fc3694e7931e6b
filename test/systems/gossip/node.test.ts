import { describe, expect, it } from "vitest";
import { canonical, type JsonObject } from "../../../src/base/json.js";
import { hashText } from "../../../src/random/mix.js";
import { gossip } from "../../../systems/gossip/index.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2"];

function sealed(body: JsonObject): JsonObject {
  return { ...body, checksum: hashText(canonical(body)) };
}

function rumour(value: string): JsonObject {
  const stamp = { ms: 0, count: 1, node: "n2" };
  return { type: "rumour", items: [{ name: 'message/"hello"', stamp, value }] };
}

describe("a node that gossips", () => {
  it("believes a letter that arrives as it was sent, and no other", async () => {
    const altered = { ...sealed(rumour("hello")), ...rumour("hullo") };
    const node = new Solo(gossip, { nodes });
    await node.ask("n2", altered);
    expect(await node.ask("c1", { type: "read" })).toEqual({ type: "read_ok", messages: [] });
    await node.ask("n2", sealed(rumour("hello")));
    expect(await node.ask("c1", { type: "read" })).toEqual({
      type: "read_ok",
      messages: ["hello"],
    });
    const trusting = new Solo(gossip, { nodes, bugs: ["no-checksum"] });
    await trusting.ask("n2", altered);
    expect(await trusting.ask("c1", { type: "read" })).toMatchObject({ messages: ["hullo"] });
  });

  it("knows after a crash what it acknowledged, and takes no request twice", async () => {
    const node = new Solo(gossip, { nodes });
    const write = { type: "write", key: "k", value: 7, msg_id: 1 };
    expect(await node.ask("c1", write)).toEqual({ type: "write_ok" });
    node.crash();
    expect(await node.ask("c1", write)).toBeUndefined();
    expect(await node.ask("c1", { type: "read", key: "k" })).toEqual({
      type: "read_ok",
      value: 7,
    });
  });

  it("removes those additions of a member that it has seen", async () => {
    const node = new Solo(gossip, { nodes });
    const member = { key: "set", element: "m" };
    const added = await node.ask("c1", { type: "add", ...member, msg_id: 1 });
    const removed = await node.ask("c1", { type: "remove", ...member, msg_id: 2 });
    expect(removed).toEqual({ type: "remove_ok", tags: [added?.["tag"]] });
    expect(await node.ask("c1", { type: "read", key: "set" })).toMatchObject({ value: [] });
  });

  it("refuses what it does not offer", async () => {
    const node = new Solo(gossip, { nodes });
    expect(await node.ask("c1", { type: "cas", key: "k" })).toMatchObject({ code: 10 });
  });
});
