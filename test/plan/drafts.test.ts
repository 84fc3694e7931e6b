import { expect, test } from "vitest";
import { planRun } from "../../src/controller/index.js";
import { asFaults } from "../../src/plan/drafts.js";
import type { FaultDraft } from "../../src/plan/fault.js";

const plan = { nodes: ["n1", "n2", "n3"], faults: [], timeLimitUs: 100 };
const join = (target: string): FaultDraft => ({ kind: "join", atUs: 0, untilUs: 50, target });
const crash = (atUs: number): FaultDraft => ({ kind: "crash", atUs, untilUs: 100, target: "n1" });

test("a fault that would begin with the next phase is left out, and the others keep their numbers", () => {
  const faults = asFaults([crash(99), crash(100), crash(1)], plan, 7);
  expect(faults.map(({ id, atUs }) => [id, atUs])).toEqual([
    [7, 99],
    [9, 1],
  ]);
});

test("a node joins once, whoever has it join", () => {
  const [first] = asFaults([join("n2"), join("n2")], plan, 0);
  expect(asFaults([join("n2"), join("n2")], plan, 0)).toEqual([first]);
  expect(
    asFaults([join("n2")], { ...plan, faults: first === undefined ? [] : [first] }, 1),
  ).toEqual([]);
});

test("of nodes that all join later one is there from the beginning", () => {
  const faults = asFaults([join("n3"), join("n1"), join("n2")], plan, 0);
  expect(faults.map(({ id }) => id)).toEqual([0, 1]);
});

test("whoever leads in the phase of recovery is not crashed by what was drawn for the first one", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const asked = { system: "quorum", seed, nemesis: ["laggards"], operations: 20 };
    const { faults, timeLimitUs } = planRun(asked);
    const leaders = faults.filter((fault) => "target" in fault && typeof fault.target !== "string");
    expect(leaders.length).toBeGreaterThan(0);
    for (const { atUs } of leaders) expect(atUs).toBeLessThan(timeLimitUs);
  }
});

test("nemeses that each have nodes join stand in one plan", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const nemesis = ["membership", "rival-changes"];
    const { faults } = planRun({ system: "raft", seed, nemesis, nodes: 5, beyond: true });
    const joining = faults.flatMap((fault) => (fault.kind === "join" ? [fault.target] : []));
    expect(joining.length).toBeGreaterThan(0);
    expect(new Set(joining).size).toBe(joining.length);
  }
});
