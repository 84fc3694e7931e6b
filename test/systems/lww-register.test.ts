import { describe, expect, it } from "vitest";
import { strongConvergence } from "../../checkers/memory/convergence/index.js";
import { execute, planRun } from "../../src/controller/index.js";
import { lwwRegister } from "../../systems/lww-register.js";
import { anomaliesOf, caughtAnomalies } from "./slice.js";
import { Solo } from "./solo.js";

const nodes = ["n1", "n2", "n3"];
const read = { type: "read", key: "x" };
const write = (value: number, id: number) => ({ type: "write", key: "x", value, msg_id: id });
/** The state of another replica: how many writes it covers, and what x is. */
const gossip = (covered: object, count: number, value: string, node = "n2") =>
  ({
    type: "gossip",
    versions: { x: { stamp: { ms: 0, count, node }, value } },
    covered,
  }) as never;

describe("a replica", () => {
  it("merges states in any order, and any number of times, to the same", async () => {
    const states = [
      gossip({ n2: 1 }, 1, "a"),
      gossip({ n2: 2 }, 2, "b"),
      gossip({ n3: 1 }, 1, "c", "n3"),
    ];
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2, 1, 0],
    ];
    for (const order of orders) {
      const node = new Solo(lwwRegister, { nodes });
      for (const i of order) node.tell("n2", states[i] as never);
      expect(await node.ask("c1", read)).toMatchObject({ value: "b" });
      expect(node.observed.at(-1)).toBe(
        `state ${JSON.stringify({ kind: "state-based", delivered: order[0] === 2 ? { n3: 1, n2: 2 } : { n2: 2, n3: 1 }, state: { x: "b" } })}`,
      );
    }
  });

  it("settles equal times by the replica's name, unless it has the bug", async () => {
    const settled = async (bugs: string[]) => {
      const node = new Solo(lwwRegister, { nodes, bugs });
      node.tell("n2", gossip({ n2: 1 }, 5, "n2's"));
      node.tell("n3", gossip({ n3: 1 }, 5, "n3's", "n3"));
      return (await node.ask("c1", read))?.["value"];
    };
    expect(await settled([])).toBe("n3's");
    expect(await settled(["tie-keeps-local"])).toBe("n2's");
  });

  it("shows what is durable only: to readers, to peers and in the record", async () => {
    const node = new Solo(lwwRegister, { nodes });
    const reply = node.tell("c1", write(1, 16));
    const answer = node.tell("c2", read);
    await node.advance(150);
    expect([reply(), answer(), node.take("gossip"), node.observed]).toEqual([
      undefined,
      undefined,
      [],
      [],
    ]);
    await node.settle();
    expect(answer()).toEqual({ type: "read_ok", value: 1 });
    expect(node.take("gossip")).not.toEqual([]);
    expect(node.observed).toHaveLength(1);
  });

  it("gives no stamp twice after a crash", async () => {
    const node = new Solo(lwwRegister, { nodes: ["n1", "n2"] });
    const stamps: unknown[] = [];
    for (const id of [16, 32, 48]) {
      await node.ask("c1", write(id, id));
      await node.advance(110);
      await node.settle();
      const versions = node.take("gossip").at(-1)?.body["versions"] as { x: { stamp: object } };
      stamps.push(JSON.stringify(versions.x.stamp));
      node.crash();
    }
    expect(new Set(stamps).size).toBe(3);
  });

  it("takes a write that is delivered twice once, across a crash", async () => {
    const node = new Solo(lwwRegister, { nodes });
    await node.ask("c1", write(1, 16));
    await node.ask("c2", write(2, 16));
    node.crash();
    expect(await node.ask("c1", write(1, 16))).toBeUndefined();
    expect(await node.ask("c3", read)).toMatchObject({ value: 2 });
  });
});

describe("lww-register under a swarm of faults", () => {
  it("converges strongly, and causally for sessions that stay", async () => {
    expect(await anomaliesOf(lwwRegister, { seeds: 12, workload: "convergence" })).toEqual([]);
    const slice = { seeds: 8, workload: "causal-sessions", options: { move: 0 } };
    expect(await anomaliesOf(lwwRegister, slice)).toEqual([]);
  });

  it("agrees in the end where sessions move", async () => {
    expect(await anomaliesOf(lwwRegister, { seeds: 8, workload: "causal-sessions" })).toEqual([]);
    expect(await anomaliesOf(lwwRegister, { seeds: 4, workload: "kv" })).toEqual([]);
  });

  it("records states that several replicas were in", async () => {
    const plan = planRun({ system: lwwRegister, workload: "convergence", seed: 1 });
    const { history } = await execute(plan, { system: lwwRegister });
    const { notes } = strongConvergence().check(history);
    expect(notes?.["sharedDeliveries"]).toBeGreaterThan(0);
  });

  it.each(Object.entries(lwwRegister.bugs))(
    "shows the bug %s within 50 seeds",
    async (name, bug) => {
      const caught = await caughtAnomalies(lwwRegister, name, 50);
      expect(caught.length).toBeGreaterThan(0);
      for (const type of caught) expect(bug.anomalies).toContain(type);
    },
  );
});
