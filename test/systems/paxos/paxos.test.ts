/** Single-decree Paxos: its parts, a slice of a campaign, and its bugs. */

import { describe, expect, it } from "vitest";
import { Ballots } from "../../../systems/paxos/ballots.js";
import { paxos } from "../../../systems/paxos/index.js";
import { Tally } from "../../../systems/paxos/tally.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2", "n3"];
const prepare = (ballot: number) => ({ type: "prepare", key: "k", ballot });
const accept = (ballot: number, value: number) => ({ type: "accept", key: "k", ballot, value });

describe("ballots", () => {
  const ballots = new Ballots(nodes, { shared: false });

  it("rise, and no two proposers share one", () => {
    const owners = new Map<number, string>();
    for (let above = 0; above < 30; above++) {
      for (const node of nodes) {
        const ballot = ballots.after(above, node);
        expect(ballot).toBeGreaterThan(above);
        expect(owners.get(ballot) ?? node).toBe(node);
        owners.set(ballot, node);
      }
    }
  });

  it("are shared with the bug ballots-collide", () => {
    const shared = new Ballots(nodes, { shared: true });
    expect(shared.after(4, "n1")).toBe(shared.after(4, "n3"));
  });
});

describe("a tally", () => {
  const tally = (addUp = false) => new Tally<string>({ majority: 2, addUp });

  it("is for a value when a majority accepted it in one ballot", () => {
    const counts = tally();
    expect(counts.count("n1", 1, "a")).toBeUndefined();
    expect(counts.count("n1", 1, "a")).toBeUndefined();
    expect(counts.count("n2", 2, "b")).toBeUndefined();
    expect(counts.count("n3", 2, "b")).toEqual({ value: "b" });
  });

  it("adds up ballots with the bug adds-up-ballots", () => {
    const counts = tally(true);
    counts.count("n1", 1, "a");
    expect(counts.count("n2", 2, "b")).toEqual({ value: "a" });
  });

  it("leaves out an acceptor that is no longer what it was", () => {
    const counts = tally();
    counts.count("n1", 1, "a");
    counts.forget("n1");
    expect(counts.count("n2", 1, "a")).toBeUndefined();
  });
});

describe("an acceptor", () => {
  it("refuses what is lower than its promise, also after a crash", async () => {
    const solo = new Solo(paxos, { nodes });
    await solo.ask("n2", prepare(8));
    expect(solo.take("promise")).toHaveLength(1);
    solo.crash();
    await solo.ask("n3", accept(6, 1));
    expect(solo.take("accepted")).toEqual([]);
    expect(solo.take("refused")[0]?.body).toMatchObject({ ballot: 6, promised: 8 });
  });

  it("says nothing before it is durable", async () => {
    const solo = new Solo(paxos, { nodes });
    solo.tell("n2", prepare(2));
    solo.tell("n2", accept(2, 1));
    expect([...solo.take("promise"), ...solo.take("accepted")]).toEqual([]);
    await solo.settle();
    expect(solo.take("promise")).toHaveLength(1);
    expect(solo.take("accepted").map(({ to }) => to)).toEqual(["n2", "n3"]);
  });

  it("forgets a promise with the bug promise-not-durable", async () => {
    const solo = new Solo(paxos, { nodes, bugs: ["promise-not-durable"] });
    await solo.ask("n2", prepare(8));
    solo.crash();
    await solo.ask("n3", accept(6, 1));
    expect(solo.take("accepted")).toHaveLength(2);
  });
});

describe("a proposer", () => {
  const propose = { type: "propose", key: "k", value: 7, msg_id: 1 };
  const promise = (accepted: { ballot: number; value: number } | null) => ({
    type: "promise",
    key: "k",
    ballot: 4,
    accepted,
  });

  it("takes over the value of the highest ballot accepted, and only then proposes its own", async () => {
    for (const [accepted, value] of [
      [null, 7],
      [{ ballot: 2, value: 5 }, 5],
    ] as const) {
      const solo = new Solo(paxos, { nodes });
      await solo.ask("n2", prepare(3));
      await solo.ask("c1", propose);
      await solo.ask("n2", promise(accepted));
      expect(solo.take("accept").map(({ body }) => body["value"])).toEqual([value, value]);
    }
  });

  it("uses no ballot again after a crash", async () => {
    const solo = new Solo(paxos, { nodes });
    await solo.ask("c1", propose);
    const [first] = solo.take("prepare");
    solo.crash();
    await solo.ask("c1", propose);
    const [second] = solo.take("prepare");
    expect(Number(second?.body["ballot"])).toBeGreaterThan(Number(first?.body["ballot"]));
  });
});

describe("paxos", () => {
  it.each(["swarm", "restarts", "alternating-leader-crashes"])(
    "decides one value for each key under %s",
    async (name) => {
      expect(await anomaliesOf(paxos, { seeds: 10, nemesis: [name] })).toEqual([]);
    },
  );

  it.each(Object.entries(paxos.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(paxos, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
