import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/base/json.js";
import { Streams } from "../../src/random/streams.js";
import { maelstromWorkloads } from "../../workloads/index.js";
import { topologies, topology } from "../../workloads/maelstrom/topology.js";
import { BadReply, type Memory, type Workload } from "../../workloads/workload.js";

function workload(name: string): Workload {
  const found = maelstromWorkloads.get(name);
  if (found === undefined) throw new Error(`no workload ${name}`);
  return found;
}

const empty: Memory = new Map();

/** What goes down the wire for one planned operation. */
function bodyOf(name: string, draft: { f: string; key?: string | number; value: JsonValue }) {
  return workload(name).invoke(draft, new Map(empty)).body;
}

type JsonValue = Parameters<Workload["invoke"]>[0]["value"];

describe("Maelstrom's workloads put Maelstrom's bodies on the wire", () => {
  it.each([
    ["echo", { f: "echo", value: "hi" }, { type: "echo", echo: "hi" }],
    ["unique-ids", { f: "generate", value: null }, { type: "generate" }],
    ["broadcast", { f: "broadcast", value: 3 }, { type: "broadcast", message: 3 }],
    ["broadcast", { f: "read", value: null }, { type: "read" }],
    ["g-set", { f: "add", value: 3 }, { type: "add", element: 3 }],
    ["g-set", { f: "read", value: null }, { type: "read" }],
    ["g-counter", { f: "add", value: 3 }, { type: "add", delta: 3 }],
    ["pn-counter", { f: "read", value: null }, { type: "read" }],
    ["lin-kv", { f: "read", key: 1, value: null }, { type: "read", key: 1 }],
    ["lin-kv", { f: "write", key: 1, value: 7 }, { type: "write", key: 1, value: 7 }],
    ["lin-kv", { f: "cas", key: 1, value: [7, 8] }, { type: "cas", key: 1, from: 7, to: 8 }],
    [
      "txn-list-append",
      { f: "txn", value: [["append", 0, 1]] },
      { type: "txn", txn: [["append", 0, 1]] },
    ],
    ["kafka", { f: "send", key: "1", value: 5 }, { type: "send", key: "1", msg: 5 }],
    ["kafka", { f: "poll", value: null }, { type: "poll", offsets: { 0: 0, 1: 0, 2: 0 } }],
    ["kafka", { f: "commit", value: null }, { type: "commit_offsets", offsets: {} }],
    [
      "kafka",
      { f: "assign", value: ["0", "2"] },
      { type: "list_committed_offsets", keys: ["0", "2"] },
    ],
  ] as [string, { f: string; key?: string | number; value: JsonValue }, JsonObject][])(
    "%s: %j",
    (name, draft, body) => {
      expect(bodyOf(name, draft)).toEqual(body);
    },
  );
});

describe("Maelstrom's workloads", () => {
  it.each([...maelstromWorkloads.keys()])(
    "%s plans what its clients can put into words",
    (name) => {
      const { plan, invoke, requires } = workload(name);
      const service = { operations: requires, consistency: "linearizable" as const };
      const random = new Streams(1).stream("plan");
      const drafts = plan({ random, clients: 3, operations: 200, service, options: {} });
      expect(drafts.length).toBe(200);
      const memory: Memory = new Map();
      const types = new Set(drafts.map((draft) => invoke(draft, memory).body["type"]));
      expect([...types].every((type) => typeof type === "string")).toBe(true);
    },
  );

  it("never ask a grow-only counter to shrink, and do ask the other", () => {
    const deltas = (name: string): number[] => {
      const random = new Streams(1).stream("plan");
      const service = { operations: ["add", "read"], consistency: "eventual" as const };
      const drafts = workload(name).plan({
        random,
        clients: 3,
        operations: 300,
        service,
        options: {},
      });
      return drafts.filter(({ f }) => f === "add").map(({ value }) => value as number);
    };
    expect(Math.min(...deltas("g-counter"))).toBeGreaterThanOrEqual(0);
    expect(Math.min(...deltas("pn-counter"))).toBeLessThan(0);
  });

  it("take error 20 on a read for nothing there, and on a cas for not done", () => {
    const { refused } = workload("lin-kv");
    const nothing = { type: "ok", value: null };
    expect(refused?.({ f: "read", key: 0, value: null }, 20)).toEqual(nothing);
    expect(refused?.({ f: "cas", key: 0, value: [1, 2] }, 20)).toMatchObject({ type: "fail" });
    expect(refused?.({ f: "cas", key: 0, value: [1, 2] }, 22)).toBeUndefined();
  });

  it.each([
    ["broadcast", "read", { type: "read_ok", messages: 5 }],
    ["g-set", "read", { type: "read_ok" }],
    ["g-counter", "read", { type: "read_ok", value: 1.5 }],
    ["g-counter", "read", { type: "read_ok", value: "5" }],
    ["unique-ids", "generate", { type: "generate_ok" }],
    ["echo", "echo", { type: "echo", echo: "x" }],
    ["txn-rw-register", "txn", { type: "txn_ok", txn: {} }],
    ["kafka", "poll", { type: "poll_ok", msgs: { a: [1] } }],
    ["kafka", "send", { type: "send_ok", offset: "first" }],
  ])("%s: %s does not take %j for an answer", (name, f, reply) => {
    expect(() => workload(name).complete({ f, value: null }, null, reply, new Map())).toThrow(
      BadReply,
    );
  });
});

describe("a kafka client", () => {
  const { invoke, complete } = workload("kafka");

  it("polls on from where it was, and commits how far it has read", () => {
    const memory: Memory = new Map();
    const reply = {
      type: "poll_ok",
      msgs: {
        1: [
          [4, "a"],
          [6, "b"],
        ],
      },
    };
    complete({ f: "poll", value: null }, null, reply, memory);
    expect(invoke({ f: "poll", value: null }, memory).body).toMatchObject({
      offsets: { 0: 0, 1: 7, 2: 0 },
    });
    expect(invoke({ f: "commit", value: null }, memory).body).toMatchObject({ offsets: { 1: 6 } });
  });

  it("starts an assigned key at its own position, else at the committed offset, else at 0", () => {
    const memory: Memory = new Map();
    complete(
      { f: "poll", value: null },
      null,
      { type: "poll_ok", msgs: { 0: [[2, "a"]] } },
      memory,
    );
    // Polling made a position of every key; a new assignment keeps those that it names.
    const committed = { type: "list_committed_offsets_ok", offsets: { 0: 9 } };
    complete({ f: "assign", value: ["0"] }, ["0"], committed, memory);
    expect(invoke({ f: "poll", value: null }, memory).body).toMatchObject({ offsets: { 0: 3 } });
    const fresh: Memory = new Map();
    complete({ f: "assign", value: ["0", "1"] }, ["0", "1"], committed, fresh);
    expect(invoke({ f: "poll", value: null }, fresh).body).toMatchObject({
      offsets: { 0: 9, 1: 0 },
    });
  });
});

describe("a topology", () => {
  const nodes = fc.integer({ min: 1, max: 30 }).map((n) => range(n).map((i) => `n${i}`));

  it.each(topologies)("%s joins all nodes, and neighbours are mutual", (name) => {
    fc.assert(
      fc.property(nodes, (all) => {
        const neighbours = topology(name, all);
        expect(Object.keys(neighbours)).toEqual(all);
        const reached = new Set([all[0] as string]);
        for (const node of reached) {
          for (const next of neighbours[node] ?? []) {
            expect(neighbours[next]).toContain(node);
            reached.add(next);
          }
        }
        expect(reached.size).toBe(all.length);
      }),
    );
  });

  it("grid is as Maelstrom lays it: rows of equal length", () => {
    const grid = topology(
      "grid",
      range(5).map((i) => `n${i}`),
    );
    expect(grid["n0"]).toEqual(["n1", "n3"]);
    expect(grid["n1"]?.sort()).toEqual(["n0", "n2", "n4"]);
    expect(grid["n2"]).toEqual(["n1"]);
  });

  it("that does not exist is refused", () => {
    expect(() => topology("ring", ["n0"])).toThrow("unknown topology");
  });
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
