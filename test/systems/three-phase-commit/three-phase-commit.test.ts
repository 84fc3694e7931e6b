/** A slice of a campaign: it keeps its promises; each bug breaks one. And what it is for. */

import { describe, expect, it } from "vitest";
import { threePhaseCommit } from "../../../systems/three-phase-commit/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2", "n3"];
const transaction = "c1/16#1";
const prepare = {
  type: "prepare",
  readOnly: false,
  part: {
    transaction,
    born: 1,
    coordinator: "n2",
    participants: nodes,
    reads: [],
    writes: [{ kind: "append", key: "x", value: 1 }],
  },
};

async function prepared(): Promise<Solo> {
  const solo = new Solo(threePhaseCommit, { nodes });
  await solo.ask("n2", prepare);
  return solo;
}

const join = (toward: string) => ({ type: "join", transaction, toward });
const stands = (state: string, recovered = false) => ({
  type: "stands",
  transaction,
  state,
  recovered,
});
const states = (solo: Solo) => solo.take("stands").map(({ body }) => body["state"]);

describe("a participant", () => {
  it("joins one side, once, also when it crashes in between", async () => {
    const solo = await prepared();
    await solo.ask("n2", join("commit"));
    await solo.ask("n3", join("abort"));
    expect(states(solo)).toEqual(["pre-commit", "pre-commit"]);
    solo.crash();
    await solo.ask("n3", join("abort"));
    expect(states(solo)).toEqual(["pre-commit"]);
  });

  it("says which side it has joined only when that is durable", async () => {
    const solo = await prepared();
    solo.tell("n2", join("commit"));
    expect(states(solo)).toEqual([]);
    await solo.settle();
    expect(states(solo)).toEqual(["pre-commit"]);
  });

  it("ends a transaction without its coordinator, by a quorum of those that are left", async () => {
    const solo = await prepared();
    await solo.advance(500);
    expect(solo.take("ask").map(({ to }) => to)).toEqual(["n2", "n3"]);
    await solo.ask("n1", stands("waits"));
    await solo.ask("n3", stands("pre-commit"));
    await solo.advance(121);
    await solo.settle();
    await solo.settle();
    expect(solo.observed.at(-1)).toBe(
      `outcome ${JSON.stringify({ transaction, outcome: "commit" })}`,
    );
    expect(solo.take("decide").map(({ body }) => body["outcome"])).toEqual(["commit", "commit"]);
  });

  it("waits where it is alone", async () => {
    const solo = await prepared();
    await solo.advance(60_000);
    expect(solo.observed.filter((line) => line.startsWith("outcome"))).toEqual([]);
    expect(solo.take("join")).toEqual([]);
  });
});

describe("three-phase commit", () => {
  it("keeps its promises under a swarm of faults", async () => {
    for (const workload of threePhaseCommit.workloads) {
      const seeds = workload === "list-append" ? 3 : 1;
      expect(await anomaliesOf(threePhaseCommit, { seeds, workload })).toEqual([]);
    }
  });

  it("keeps its promises under partitions", async () => {
    const slice = { seeds: 3, nemesis: ["partition", "slow-network"] };
    expect(await anomaliesOf(threePhaseCommit, slice)).toEqual([]);
  });

  it.each(Object.entries(threePhaseCommit.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(threePhaseCommit, name, 60);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
