import { describe, expect, it } from "vitest";
import { multiLeader } from "../../../systems/multi-leader/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2", "n3"];
const read = { type: "read", key: "x" };
const write = (value: number, id: number) => ({ type: "write", key: "x", value, msg_id: id });
type VersionSent = [key: string, version: { stamp: object }];

/** A write of another node, stamped so many milliseconds after 1970. */
const remote = (ms: number, value: string, node = "n2") => ({
  type: "replicate",
  versions: [["x", { stamp: { ms, count: 0, node }, value }]],
});

describe("a leader", () => {
  it("answers a write by itself, and tells the others once it is durable", async () => {
    const node = new Solo(multiLeader, { nodes });
    const reply = node.tell("c1", write(1, 16));
    await node.advance(0);
    expect(reply()).toBeUndefined();
    expect(node.take("replicate")).toEqual([]);
    await node.settle();
    expect(reply()).toEqual({ type: "write_ok" });
    expect(node.take("replicate").map(({ to }) => to)).toEqual(["n2", "n3"]);
  });

  it("keeps the highest stamp, in whatever order writes arrive", async () => {
    for (const order of [
      [5000, 6000],
      [6000, 5000],
    ]) {
      const node = new Solo(multiLeader, { nodes });
      for (const ms of order) await node.ask("n2", remote(ms, `at ${ms}`));
      expect(await node.ask("c1", read)).toMatchObject({ value: "at 6000" });
    }
  });

  it("settles equal times by the node's name, everywhere alike", async () => {
    const node = new Solo(multiLeader, { nodes });
    await node.ask("n3", remote(5000, "n3's", "n3"));
    await node.ask("n2", remote(5000, "n2's", "n2"));
    expect(await node.ask("c1", read)).toMatchObject({ value: "n3's" });
  });

  it("overwrites what it has seen, though its own calendar is behind", async () => {
    const node = new Solo(multiLeader, { nodes });
    await node.ask("n2", remote(1_000_000, "from the future"));
    await node.ask("c1", write(2, 16));
    expect(await node.ask("c1", read)).toMatchObject({ value: 2 });
  });

  it("loses that write where it stamps by the calendar alone", async () => {
    const node = new Solo(multiLeader, { nodes, bugs: ["wall-clock"] });
    await node.ask("n2", remote(1_000_000, "from the future"));
    await node.ask("c1", write(2, 16));
    expect(await node.ask("c1", read)).toMatchObject({ value: "from the future" });
  });

  it("takes a write that is delivered twice once, across a crash", async () => {
    const node = new Solo(multiLeader, { nodes });
    await node.ask("c1", write(1, 16));
    await node.ask("c2", write(2, 16));
    node.crash();
    expect(await node.ask("c1", write(1, 16))).toBeUndefined();
    expect(await node.ask("c3", read)).toMatchObject({ value: 2 });
  });

  it("sends what was not confirmed again, after a crash too, and stops when it was", async () => {
    const node = new Solo(multiLeader, { nodes: ["n1", "n2"] });
    await node.ask("c1", write(1, 16));
    node.crash();
    await node.advance(300);
    const versions = node
      .take("replicate")
      .flatMap(({ body }) => body["versions"] as VersionSent[]);
    expect(versions.length).toBeGreaterThan(0);
    await node.ask("n2", { type: "replicated", versions } as never);
    await node.advance(1000);
    expect(node.take("replicate")).toEqual([]);
  });

  it("sends the later of two writes again, though the earlier was durable last", async () => {
    const node = new Solo(multiLeader, { nodes: ["n1", "n2"] });
    node.tell("c1", write(1, 16));
    node.tell("c2", write(2, 16));
    await node.settleLastFirst();
    node.take("replicate");
    await node.advance(300);
    const again = node.take("replicate").flatMap(({ body }) => body["versions"] as VersionSent[]);
    expect(again).toMatchObject([["x", { value: 2 }]]);
  });

  it("confirms what is durable", async () => {
    const node = new Solo(multiLeader, { nodes });
    node.tell("n2", remote(5000, "a"));
    await node.advance(0);
    expect(node.take("replicated")).toEqual([]);
    await node.settle();
    expect(node.take("replicated")).toHaveLength(1);
    node.crash();
    expect(await node.ask("c1", read)).toMatchObject({ value: "a" });
  });

  it("knows no compare-and-set", async () => {
    const cas = { type: "cas", key: "x", from: 1, to: 2, msg_id: 16 };
    expect(await new Solo(multiLeader).ask("c1", cas)).toMatchObject({ type: "error", code: 10 });
  });
});

describe("multi-leader under a swarm of faults", () => {
  it("agrees in the end, and each key is sequential for sessions that stay", async () => {
    expect(await anomaliesOf(multiLeader, { seeds: 8, workload: "convergence" })).toEqual([]);
    const options = { move: 0 };
    const slice = { seeds: 8, workload: "causal-sessions", options };
    expect(await anomaliesOf(multiLeader, slice)).toEqual([]);
  });

  it("agrees in the end where sessions move", async () => {
    expect(await anomaliesOf(multiLeader, { seeds: 8, workload: "causal-sessions" })).toEqual([]);
    expect(await anomaliesOf(multiLeader, { seeds: 4, workload: "kv" })).toEqual([]);
  });

  it("promises no more: sessions that move see time go back", async () => {
    const options = { model: "monotonic-reads", move: 50 };
    const slice = { seeds: 5, workload: "causal-sessions", options };
    expect((await anomaliesOf(multiLeader, slice)).length).toBeGreaterThan(0);
  });

  it.each(Object.entries(multiLeader.bugs))(
    "shows the bug %s within 50 seeds",
    async (name, bug) => {
      const caught = await caughtAnomalies(multiLeader, name, 50);
      expect(caught.length).toBeGreaterThan(0);
      for (const type of caught) expect(bug.anomalies).toContain(type);
    },
  );
});
