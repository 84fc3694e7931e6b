/** A slice of a campaign: it keeps its promises; each bug breaks one. And what it is for. */

import { describe, expect, it } from "vitest";
import { threePhaseCommit } from "../../../systems/three-phase-commit/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";
import { nodes, prepare, stands, transaction } from "./messages.js";

async function prepared(): Promise<Solo> {
  const solo = new Solo(threePhaseCommit, { nodes });
  await solo.ask("n2", prepare);
  return solo;
}

const join = (toward: string) => ({ type: "join", transaction, toward });
const states = (solo: Solo) => solo.take("stands").map(({ body }) => body["state"]);

describe("a participant", () => {
  it.each([
    ["commit", "abort"],
    ["abort", "commit"],
  ])("that has joined the %s keeps out of the %s, also when it has crashed", async (one, other) => {
    const solo = await prepared();
    await solo.ask("n2", join(one));
    await solo.ask("n3", join(other));
    expect(states(solo)).toEqual([`pre-${one}`, `pre-${one}`]);
    solo.crash();
    await solo.ask("n3", join(other));
    expect(states(solo)).toEqual([`pre-${one}`]);
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
