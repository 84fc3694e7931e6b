/** A slice of a campaign: it keeps its promises; each bug breaks one. And what it costs: blocking. */

import { describe, expect, it } from "vitest";
import { execute, planRun } from "../../../src/controller/index.js";
import { twoPhaseCommit } from "../../../systems/two-phase-commit/index.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2", "n3"];
const prepare = (coordinator: string, participants: string[], transaction = "c1/16#1") => ({
  type: "prepare",
  readOnly: false,
  part: {
    transaction,
    born: 1,
    coordinator,
    participants,
    reads: [],
    writes: [{ kind: "append", key: "x", value: 1 }],
  },
});
const decide = (transaction = "c1/16#1", outcome = "commit") => ({
  type: "decide",
  transaction,
  outcome,
});

async function prepared(participants = ["n1", "n3"]): Promise<Solo> {
  const solo = new Solo(twoPhaseCommit, { nodes });
  await solo.ask("n2", prepare("n2", participants));
  return solo;
}

describe("a participant in doubt", () => {
  it("asks its coordinator, then the others too, and does neither commit nor abort", async () => {
    const solo = await prepared();
    await solo.advance(250);
    expect(solo.take("inquire").map(({ to }) => to)).toEqual(["n2"]);
    await solo.advance(200);
    expect(solo.take("inquire").map(({ to }) => to)).toEqual(["n2", "n3"]);
    await solo.advance(60_000);
    expect(solo.observed.filter((line) => line.startsWith("outcome"))).toEqual([]);
  });

  it("asks again after a crash, until it hears", async () => {
    const solo = await prepared();
    solo.crash();
    expect(solo.take("inquire").map(({ to }) => to)).toEqual(["n2"]);
    await solo.ask("n2", decide());
    expect(solo.take("ack").map(({ to }) => to)).toEqual(["n2"]);
    await solo.advance(1_000);
    expect(solo.take("inquire")).toEqual([]);
  });

  it("tells another one what it knows, and refuses what it has not voted on", async () => {
    const solo = await prepared();
    const inquire = (transaction: string) => ({ type: "inquire", coordinator: "n2", transaction });
    await solo.ask("n3", inquire("c1/16#1"));
    expect(solo.take("decide")).toEqual([]);
    await solo.ask("n2", decide());
    await solo.ask("n3", inquire("c1/16#1"));
    expect(solo.take("decide").map(({ body }) => body["outcome"])).toEqual(["commit"]);
    await solo.ask("n3", inquire("c2/16#1"));
    expect(solo.take("decide").map(({ body }) => body["outcome"])).toEqual(["abort"]);
    await solo.ask("n2", prepare("n2", ["n1", "n3"], "c2/16#1"));
    expect(solo.take("voted").map(({ body }) => body["vote"])).toEqual(["yes", "no"]);
  });
});

describe("a coordinator", () => {
  it("presumes that what it does not know was aborted", async () => {
    const solo = new Solo(twoPhaseCommit, { nodes });
    await solo.ask("n2", { type: "inquire", coordinator: "n1", transaction: "c1/16#1" });
    expect(solo.take("decide").map(({ body }) => body["outcome"])).toEqual(["abort"]);
  });
});

describe("two-phase commit", () => {
  it("keeps its promises under a swarm of faults", async () => {
    for (const workload of twoPhaseCommit.workloads) {
      const seeds = workload === "list-append" ? 3 : 1;
      expect(await anomaliesOf(twoPhaseCommit, { seeds, workload })).toEqual([]);
    }
  });

  it.each(["ack-crashes", "restarts"])("keeps its promises under %s", async (nemesis) => {
    const slice = { seeds: 2, nemesis: [nemesis] };
    expect(await anomaliesOf(twoPhaseCommit, slice)).toEqual([]);
  });

  it.each(Object.entries(twoPhaseCommit.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(twoPhaseCommit, name, 60);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });

  it("loses nothing when all nodes crash at once", async () => {
    const plan = planRun({ system: twoPhaseCommit, seed: 1, nemesis: ["none"] });
    const outage = { kind: "crash", atUs: 4_000_000, untilUs: 6_000_000 } as const;
    const faults = plan.nodes.map((target, id) => ({ id, ...outage, target }));
    const { valid, probes } = await execute({ ...plan, faults }, { system: twoPhaseCommit });
    expect(valid).toBe(true);
    expect(Object.keys(probes)).toContain("fault: crash");
  });
});
