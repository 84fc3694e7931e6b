import { describe, expect, test } from "vitest";
import { execute, expectedProbes, planRun } from "../../src/controller/index.js";
import type { Fault } from "../../src/plan/fault.js";
import { simulatedFaultKinds } from "../../src/sim/inject.js";
import { systems } from "../../systems/index.js";

const raft = systems.get("raft");
const ids = systems.get("ids");

describe("the probes that a campaign may expect", () => {
  test("are those of its systems, and of the faults that its nemeses make", () => {
    const expected = expectedProbes([raft], ["partition"], simulatedFaultKinds);
    expect(expected).toEqual(expect.arrayContaining([...(raft?.probes ?? [])]));
    expect(expected.filter((name) => !raft?.probes?.includes(name))).toEqual([
      "a message was cut off on arrival",
      "fault: partition",
      "leader isolated",
      "operation during partition",
    ]);
  });

  test("name each moment once, in order, whoever declares it", () => {
    const expected = expectedProbes([raft, raft, ids], ["swarm", "crash"], simulatedFaultKinds);
    expect(expected).toEqual([...new Set(expected)].sort());
  });

  test("of a swarm are those of all its members that the host can suffer", () => {
    const faultsOf = (kinds: typeof simulatedFaultKinds) =>
      expectedProbes([undefined], ["swarm"], kinds).filter((name) => name.startsWith("fault:"));
    expect(faultsOf(["partition", "crash"])).toEqual(["fault: crash", "fault: partition"]);
    expect(faultsOf(simulatedFaultKinds)).toContain("fault: clock-strobe");
  });

  test("leave out what needs a leader where nobody says that he leads", () => {
    expect(expectedProbes([ids], ["partition"], simulatedFaultKinds)).not.toContain(
      "leader isolated",
    );
  });

  test("are none for a program without faults", () => {
    expect(expectedProbes([undefined], ["none"], simulatedFaultKinds)).toEqual([]);
  });
});

describe("operations are counted under the faults that lie over the world when they end", () => {
  const plan = planRun({ system: "ids", seed: 1, nemesis: ["none"], operations: 100 });
  const reach = async (faults: Fault[]): Promise<{ [name: string]: number }> =>
    (await execute({ ...plan, faults })).probes;
  const all = { atUs: 0, untilUs: plan.timeLimitUs };

  test("however many of a kind there are, and not before or after", async () => {
    const loss = { kind: "loss", ppm: 0 } as const;
    const probes = await reach([
      { id: 0, ...loss, atUs: 1_000_000, untilUs: 3_000_000 },
      { id: 1, ...loss, atUs: 2_000_000, untilUs: 4_000_000 },
    ]);
    const { history } = await execute(plan);
    const ends = history.events.filter(
      ({ type, process }) => type === "ok" && process !== "nemesis",
    );
    const within = ends.filter(({ time }) => time >= 1e9 && time < 4e9);
    expect(probes["operation during loss"]).toBe(within.length);
  });

  test("and so are those that end unknown", async () => {
    const probes = await reach(
      plan.nodes.map((target, id) => ({ id, ...all, kind: "crash", target })),
    );
    expect(probes["operation unknown during crash"]).toBeGreaterThan(0);
    expect(probes["operation during crash"]).toBeUndefined();
  });
});
