/** What a replica does with one message, and what a crash leaves of it. */

import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json.js";
import { crdts } from "../../../systems/crdt/index.js";
import type { System } from "../../../systems/index.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2", "n3"];

function replica(name: string, form: string): Solo {
  const system = crdts.find((candidate) => candidate.name === name) as System;
  return new Solo(system, { nodes, options: { form } });
}

const add = (element: string): JsonObject => ({ type: "add", key: "set", element, msg_id: 1 });

async function elementsAt(solo: Solo): Promise<unknown> {
  const reply = await solo.ask("c0", { type: "read", key: "set", msg_id: 2 });
  return reply?.["value"];
}

/** Lets the replica gossip until it has sent such a message there. */
async function gossiped(solo: Solo, type: string, to: string): Promise<JsonObject> {
  for (let round = 0; round < 50; round++) {
    await solo.advance(100);
    await solo.settle();
    const sent = solo.take(type).find((message) => message.to === to);
    if (sent !== undefined) return sent.body;
  }
  throw new Error(`no ${type} went to ${to}`);
}

describe("a replica told by operations", () => {
  const entry = (node: string, n: number, element: string): JsonObject => ({
    dot: { replica: node, n },
    after: n === 1 ? {} : { [node]: n - 1 },
    key: "set",
    operation: { tag: `${node}:${n}`, element },
    requests: {},
  });

  it.each([0, 1, 2, 3, 4])(
    "keeps its own operations when it crashes %i writes into a snapshot",
    async (writes) => {
      const solo = replica("crdt-or-set", "op");
      expect(await solo.ask("c0", add("mine"))).toMatchObject({ type: "add_ok" });
      solo.tell("n2", {
        type: "snapshot",
        sender: "n2",
        covered: { n2: 1 },
        forgotten: { n2: 1 },
        objects: { set: { added: { "n2:1": "theirs" } } },
        requests: {},
        entries: [],
      });
      solo.crash(writes);
      expect(await elementsAt(solo)).toContain("mine");
    },
  );

  it("takes over what is forgotten and what is not, its own operations on top", async () => {
    const solo = replica("crdt-or-set", "op");
    await solo.ask("c0", add("mine"));
    await solo.ask("n2", {
      type: "snapshot",
      sender: "n2",
      covered: { n2: 2 },
      forgotten: { n2: 1 },
      objects: { set: { added: { "n2:1": "old", "n2:2": "new" } } },
      requests: {},
      entries: [entry("n2", 2, "new")],
    });
    expect(await elementsAt(solo)).toEqual(["old", "new", "mine"]);
    const { forgotten, entries } = await gossiped(solo, "snapshot", "n3");
    expect(forgotten).toEqual({ n2: 1 });
    expect(entries).toMatchObject([{ dot: { n: 2 } }, { dot: { replica: "n1", n: 1 } }]);
  });

  it("can still tell others what a snapshot that it did not need has brought", async () => {
    const solo = replica("crdt-or-set", "op");
    const first = entry("n2", 1, "x");
    const second = entry("n2", 2, "y");
    await solo.ask("n2", {
      type: "operations",
      sender: "n2",
      covered: { n2: 1 },
      entries: [first],
    });
    await solo.ask("n2", {
      type: "snapshot",
      sender: "n2",
      covered: { n2: 2 },
      forgotten: { n2: 1 },
      objects: { set: { added: { "n2:1": "x", "n2:2": "y" } } },
      requests: {},
      entries: [second],
    });
    const { entries } = await gossiped(solo, "operations", "n3");
    expect(entries).toMatchObject([{ dot: first["dot"] }, { dot: second["dot"] }]);
  });
});

describe("a replica told by deltas", () => {
  const confirms = (sender: string, of: string, changes: number, covered: JsonObject) => ({
    type: "merged",
    sender,
    of,
    changes,
    covered,
  });

  /** Its own name, by what it says of itself. */
  async function nameOf(solo: Solo): Promise<string> {
    return String((await gossiped(solo, "hello", "n2"))["sender"]);
  }

  it("takes nothing from a delta for the replica that it replaces", async () => {
    const solo = replica("crdt-g-set", "delta");
    await solo.ask("n2", {
      type: "delta",
      whom: "n1~before",
      sender: "n2~1",
      covered: { "n2~1": 2 },
      objects: { set: { '"b"': "b" } },
      requests: {},
      changes: 2,
    });
    expect(solo.take("merged")).toEqual([]);
    expect((await gossiped(solo, "hello", "n2"))["covered"]).toEqual({});
    await solo.ask("n2", {
      type: "state",
      sender: "n2~1",
      covered: { "n2~1": 2 },
      objects: { set: { '"a"': "a", '"b"': "b" } },
      requests: {},
      changes: 2,
    });
    expect(await elementsAt(solo)).toEqual(["a", "b"]);
  });

  it("names the replica that a delta is for, and starts afresh with a new one", async () => {
    const solo = replica("crdt-g-set", "delta");
    const name = await nameOf(solo);
    for (const peer of ["n2", "n3"]) {
      const welcome = { type: "welcome", whom: name, requests: {}, covered: {} };
      await solo.ask(peer, { ...welcome, sender: `${peer}~1` });
    }
    solo.tell("c0", add("a"));
    await gossiped(solo, "state", "n2");
    await solo.ask("n2", confirms("n2~1", name, 1, { [name]: 1 }));
    solo.tell("c0", { ...add("b"), msg_id: 2 });
    const delta = await gossiped(solo, "delta", "n2");
    expect(delta).toMatchObject({ whom: "n2~1", objects: { set: { '"b"': "b" } } });
    await solo.ask("n2", { type: "hello", sender: "n2~2", covered: {} });
    const { objects } = await gossiped(solo, "state", "n2");
    expect(objects).toEqual({ set: { '"a"': "a", '"b"': "b" } });
  });

  it("passes on no add whose remove it has seen, though its own tombstone is not in the delta", async () => {
    const solo = replica("crdt-or-set", "delta");
    await solo.ask("n2", {
      type: "state",
      sender: "n2",
      covered: { n2: 1, n3: 1 },
      objects: { set: { added: {}, removed: { "n3:1": "n2:1" } } },
      requests: {},
      changes: 1,
    });
    await solo.ask("n2", confirms("n2", "n1", 1, { n2: 1, n3: 1 }));
    await solo.ask("n3", {
      type: "delta",
      whom: "n1",
      sender: "n3",
      covered: { n3: 2 },
      objects: { set: { added: { "n3:1": "gone", "n3:2": "here" } } },
      requests: {},
      changes: 2,
    });
    const { objects } = await gossiped(solo, "delta", "n2");
    expect(objects).toMatchObject({ set: { added: { "n3:2": "here" } } });
    expect(JSON.stringify(objects)).not.toContain("gone");
  });
});
