/** What can be set leaves a system what it promises: what does not is refused when the run is planned. */

import { describe, expect, it } from "vitest";
import { planRun } from "../../src/controller/index.js";
import { systems } from "../../systems/index.js";
import { anomaliesOf } from "./slice.js";

const consensus = ["raft", "multi-paxos"];

describe.each(consensus)("%s", (name) => {
  const plan = (options: { [name: string]: number }) => planRun({ system: name, seed: 1, options });

  it("has no lease that allows for less drift than it promises to survive", async () => {
    const system = systems.get(name)!;
    const driftPpm = system.driftPpmMax ?? 0;
    expect(() => plan({ leaseDriftMarginPpm: driftPpm - 1 })).toThrow(
      `is a whole number from ${driftPpm} to 999999, not ${driftPpm - 1}`,
    );
    const options = { reads: "lease", leaseDriftMarginPpm: driftPpm };
    const slice = { seeds: 4, operations: 60, nemesis: ["clock"], options };
    expect(await anomaliesOf(system, slice)).toEqual([]);
  });

  it("elects in time for final reads to be answered", () => {
    expect(() => plan({ electionTimeoutMs: 5_000 })).not.toThrow();
    expect(() => plan({ electionTimeoutMs: 600_000 })).toThrow("from 2 to 5000");
  });
});

it.each(["txn", "two-phase-commit", "three-phase-commit", "three-phase-commit-synchronous"])(
  "%s has no steps so long that not even a final read is answered",
  (system) => {
    const plan = (stepMs: number) => planRun({ system, seed: 1, options: { stepMs } });
    expect(() => plan(100)).not.toThrow();
    expect(() => plan(60_000)).toThrow("from 0 to 100");
  },
);
