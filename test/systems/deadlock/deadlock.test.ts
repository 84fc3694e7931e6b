import { describe, expect, it } from "vitest";
import { cyclesIn } from "../../../systems/deadlock/central.js";
import { deadlockDetector } from "../../../systems/deadlock/index.js";
import { type Edge, youngestOf } from "../../../systems/deadlock/messages.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

describe("deadlock-detector under a swarm of faults", () => {
  it.each(["probes", "central"])(
    "breaks deadlocks, and only deadlocks, by %s",
    async (detection) => {
      expect(await anomaliesOf(deadlockDetector, { seeds: 5, options: { detection } })).toEqual([]);
    },
  );

  it.each(Object.entries(deadlockDetector.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(deadlockDetector, name, 60);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});

describe("the victim", () => {
  it("is the same for all who look, wherever on the cycle they begin", () => {
    const cycle = ["n1/1/9", "n2/1/10", "n3/2/10", "n1/4/2"];
    for (const i of cycle.keys()) {
      expect(youngestOf([...cycle.slice(i), ...cycle.slice(0, i)])).toBe("n3/2/10");
    }
  });
});

describe("cycles in a graph that was put together", () => {
  const edges = (...pairs: string[]): Edge[] =>
    pairs.map((pair, i) => ({
      txn: pair[0] as string,
      key: `k${i}`,
      holder: pair[1] as string,
      boot: 1,
    }));
  const found = (...pairs: string[]): string[] =>
    cyclesIn(edges(...pairs)).map((cycle) =>
      cycle
        .map(({ txn }) => txn)
        .sort()
        .join(""),
    );

  it("are found once each, and paths that lead to them are none", () => {
    expect(found("ab", "bc", "cd")).toEqual([]);
    expect(found("ab", "ba", "cb")).toEqual(["ab"]);
    expect(found("ab", "bc", "ca", "de", "ed", "xd")).toEqual(["abc", "de"]);
  });

  it("are found where reports from different times give somebody two edges", () => {
    expect(found("ax", "ab", "bc", "ca")).toEqual(["abc"]);
  });
});
