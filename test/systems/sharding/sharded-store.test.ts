/** The sharded store: one node alone, a slice of a campaign in each partitioning, and its bugs. */

import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json.js";
import { shardedStore } from "../../../systems/sharding/index.js";
import type { Copy, Order, Release } from "../../../systems/sharding/messages.js";
import { partitionings } from "../../../systems/sharding/partitionings.js";
import { edited, firstTable, type Table } from "../../../systems/sharding/table.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo, type SoloOptions } from "../solo.js";

const nodes = ["n1", "n2", "n3"];
/** Ranges of three members: x is in the last one, which is the third's. */
const first: Table = firstTable([
  { from: "", owner: "n1" },
  { from: "i", owner: "n2" },
  { from: "r", owner: "n3" },
]);
const X = "r";

class Member extends Solo {
  constructor(options: SoloOptions = {}) {
    super(shardedStore, { nodes, options: { partitioning: "range" }, id: "n3", ...options });
  }

  async life(): Promise<number> {
    await this.ask("n1", { type: "order", life: 0, releases: [] } as Partial<Order> as JsonObject);
    return Number(this.take("status").at(-1)?.body["life"]);
  }

  async order(order: Partial<Order>): Promise<void> {
    const life = await this.life();
    await this.ask("n1", { type: "order", life, releases: [], ...order } as unknown as JsonObject);
  }

  release(release: Partial<Release> = {}): Promise<void> {
    return this.order({ releases: [{ from: X, epoch: 2, to: "n2", life: 7, ...release }] });
  }
}

const write = (value: number, number = value) => ({
  type: "write",
  key: "x",
  value,
  msg_id: number,
});
const read = { type: "read", key: "x", msg_id: 99 };
const serve = (operation: JsonObject, epoch: number, number = 1): JsonObject => ({
  type: "serve",
  request: { client: "c1", number, operation },
  epoch,
  version: 1,
});
const elsewhere = { type: "elsewhere" };

describe("an owner", () => {
  it("serves its shards under their epoch, and no others", async () => {
    const owner = new Member();
    expect(await owner.ask("c1", write(5))).toEqual({ type: "write_ok" });
    const fetch = { type: "read", key: "x" };
    expect(await owner.ask("n1", serve(fetch, 1))).toEqual({
      type: "served",
      reply: { type: "read_ok", value: 5 },
    });
    expect(await owner.ask("n1", serve(fetch, 2))).toMatchObject(elsewhere);
    expect(await owner.ask("n1", serve({ type: "read", key: "a" }, 1))).toMatchObject(elsewhere);
  });

  it("does a request once, and says again what it said, also to the next owner's clients", async () => {
    const owner = new Member();
    const cas = { type: "cas", key: "x", from: 1, to: 2 };
    const refused = await owner.ask("n1", serve(cas, 1, 1));
    expect(refused).toMatchObject({ reply: { code: 20 } });
    await owner.ask("c2", write(1));
    expect(await owner.ask("n1", serve(cas, 1, 1))).toEqual(refused);
    await owner.release();
    const [copy] = owner.take("copy");
    const next = new Member({ id: "n2" });
    await next.ask("n3", { ...copy?.body, life: await next.life() });
    await next.order({ table: edited(first, [{ from: X, owner: "n2", epoch: 2 }]) });
    expect(await next.ask("n1", serve(cas, 2, 1))).toEqual(refused);
  });

  it("has a write on its disk before it answers", async () => {
    const owner = new Member();
    await owner.settle();
    const reply = owner.tell("c1", write(1));
    expect(reply()).toBeUndefined();
    await owner.settle();
    owner.crash();
    expect(reply()).toEqual({ type: "write_ok" });
    expect(await owner.ask("c2", read)).toMatchObject({ value: 1 });
  });
});

describe("a hand-off", () => {
  it("sends a copy when the freeze is durable, with all that was written, and serves no more", async () => {
    const owner = new Member();
    await owner.ask("c1", write(5));
    const life = await owner.life();
    const releases = [{ from: X, epoch: 2, to: "n2", life: 7 }];
    owner.tell("n1", { type: "order", life, releases });
    expect(owner.take("copy")).toEqual([]);
    await owner.settle();
    const [copy] = owner.take("copy");
    expect(copy).toMatchObject({ to: "n2", body: { epoch: 2, life: 7, cells: [{ value: 5 }] } });
    expect(await owner.ask("n1", serve({ type: "read", key: "x" }, 1))).toMatchObject(elsewhere);
    owner.crash();
    expect(await owner.ask("n1", serve({ type: "read", key: "x" }, 1))).toMatchObject(elsewhere);
  });

  it("that is given up leaves the shard where it was, under a later epoch", async () => {
    const owner = new Member();
    await owner.ask("c1", write(5));
    await owner.release();
    await owner.order({ table: edited(first, [{ from: X, owner: "n3", epoch: 3 }]) });
    const fetch = { type: "read", key: "x" };
    expect(await owner.ask("n1", serve(fetch, 3))).toMatchObject({ reply: { value: 5 } });
    owner.take("copy");
    await owner.release({ epoch: 2 });
    expect(owner.take("copy")).toEqual([]);
    expect(await owner.ask("n1", serve(fetch, 3))).toMatchObject({ reply: { value: 5 } });
  });

  it("begins to serve with the table, not with the copy", async () => {
    const next = new Member({ id: "n2" });
    const life = await next.life();
    const cells = [{ key: "x", value: 5, answered: {} }];
    const copy: Copy = { type: "copy", from: X, to: null, epoch: 2, life, cells };
    await next.ask("n3", copy as unknown as JsonObject);
    expect(next.take("status")[0]?.body["staged"]).toEqual([{ from: X, epoch: 2 }]);
    const fetch = { type: "read", key: "x" };
    expect(await next.ask("n1", serve(fetch, 2))).toMatchObject(elsewhere);
    next.crash();
    await next.order({ table: edited(first, [{ from: X, owner: "n2", epoch: 2 }]) });
    expect(await next.ask("n1", serve(fetch, 2))).toMatchObject({ reply: { value: 5 } });
  });

  it("is nothing to a node that has lost its disk since", async () => {
    const copy: Copy = { type: "copy", from: X, to: null, epoch: 2, life: 1, cells: [] };
    const blank = new Member({ id: "n2", members: ["n1", "n3"] });
    await blank.ask("n3", copy as unknown as JsonObject);
    expect(blank.take("status")).toEqual([]);
    const table = edited(first, [{ from: X, owner: "n2", epoch: 2 }]);
    await blank.ask("n1", { type: "order", life: 1, table, releases: [] });
    expect(blank.take("status")[0]?.body).toMatchObject({ version: 0, staged: [] });
    expect(blank.observed).toEqual([]);
  });
});

describe("a range", () => {
  it("that is cut keeps the keys of both halves", async () => {
    const owner = new Member();
    await owner.ask("c1", write(5));
    await owner.ask("c2", { type: "write", key: "s", value: 6, msg_id: 1 });
    const halves = [X, "t"].map((from) => ({ from, owner: "n3", epoch: 2 }));
    await owner.order({ table: edited(first, halves) });
    await owner.release({ from: "t", epoch: 3 });
    expect(owner.take("copy")[0]?.body["cells"]).toMatchObject([{ key: "x", value: 5 }]);
    expect(await owner.ask("n1", serve({ type: "read", key: "s" }, 2))).toMatchObject({
      reply: { value: 6 },
    });
  });
});

describe("the sharded store under faults", () => {
  it.each(partitionings)(
    "is linearizable under a swarm, partitioned by %s",
    async (partitioning) => {
      expect(await anomaliesOf(shardedStore, { seeds: 5, options: { partitioning } })).toEqual([]);
    },
  );

  it.each(["membership", "restarts"])("is linearizable under %s", async (name) => {
    const slice = { seeds: 4, nemesis: [name], options: { rebalanceMs: 100 } };
    expect(await anomaliesOf(shardedStore, slice)).toEqual([]);
  });

  it.each(Object.entries(shardedStore.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(shardedStore, name, 60);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
