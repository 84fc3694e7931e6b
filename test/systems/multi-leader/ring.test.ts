import { describe, expect, it } from "vitest";
import { multiLeader } from "../../../systems/multi-leader/index.js";
import { anomaliesOf } from "../slice.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2", "n3"];
const options = { topology: "ring" };
const entry = (value: number, origin: string) => ({
  key: "x",
  origin,
  change: `${origin}/${value}`,
  state: { stamp: { ms: 5_000 + value, count: 0, node: origin }, value },
});

describe("a leader in a ring", () => {
  it("tells the next one what it took, once it is durable, until it is confirmed", async () => {
    const node = new Solo(multiLeader, { nodes, options });
    node.tell("c1", { type: "write", key: "x", value: 1, msg_id: 16 });
    await node.advance(0);
    await node.advance(60);
    expect(node.take("relay")).toEqual([]);
    await node.settle();
    await node.advance(60);
    const sent = node.take("relay");
    expect(sent.map(({ to }) => to)).toContain("n2");
    expect(sent.at(-1)!.body).toMatchObject({ from: 0, entries: [{ key: "x", origin: "n1" }] });
    await node.ask("n2", { type: "relayed", position: 1 });
    await node.advance(200);
    expect(node.take("relay")).toEqual([]);
  });

  it("passes on what others took, and not its own", async () => {
    const node = new Solo(multiLeader, { nodes, options });
    await node.ask("n3", { type: "relay", from: 0, entries: [entry(1, "n3"), entry(2, "n1")] });
    await node.advance(60);
    const [relay] = node.take("relay");
    expect((relay!.body["entries"] as { origin: string }[]).map(({ origin }) => origin)).toEqual([
      "n3",
    ]);
  });

  it("passes its own on again without the filter", async () => {
    const node = new Solo(multiLeader, { nodes, options, bugs: ["no-origin-filter"] });
    await node.ask("n3", { type: "relay", from: 0, entries: [entry(2, "n1")] });
    await node.advance(60);
    expect(node.take("relay")).toHaveLength(1);
  });

  it("takes what comes twice once, and nothing out of turn", async () => {
    const node = new Solo(multiLeader, { nodes, options });
    await node.ask("n3", { type: "relay", from: 5, entries: [entry(9, "n3")] });
    await node.ask("n3", { type: "relay", from: 0, entries: [entry(1, "n3")] });
    await node.ask("n3", { type: "relay", from: 0, entries: [entry(1, "n3"), entry(2, "n3")] });
    await node.advance(60);
    const entries = node.take("relay").at(-1)!.body["entries"] as { change: string }[];
    expect(entries.map(({ change }) => change)).toEqual(["n3/1", "n3/2"]);
  });

  it("agrees in the end under a swarm of faults", async () => {
    for (const workload of ["replication", "convergence", "deletes", "unique-names"]) {
      expect(await anomaliesOf(multiLeader, { seeds: 3, workload, options })).toEqual([]);
    }
  });
});
