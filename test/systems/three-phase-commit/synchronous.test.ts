/** Time-outs that mean crashes: survivors end what a coordinator left, and only they. */

import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.js";
import { synchronousThreePhaseCommit } from "../../../systems/three-phase-commit/synchronous.js";
import { timeoutsFor } from "../../../systems/three-phase-commit/timeouts.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";
import { nodes, prepare, stands } from "./messages.js";

const { roundMs, doubtMs } = timeoutsFor(50);

/** A participant that has been in doubt for long enough, and has asked the others. */
async function asking(id: string, crashed = false): Promise<Solo> {
  const solo = new Solo(synchronousThreePhaseCommit, { id, nodes });
  await solo.ask(id === "n2" ? "n1" : "n2", prepare);
  if (crashed) solo.crash();
  await solo.advance(doubtMs);
  await solo.settle();
  return solo;
}

/** Another round goes by. */
async function round(solo: Solo): Promise<void> {
  await solo.advance(roundMs);
  await solo.settle();
  await solo.settle();
}

const outcomes = (solo: Solo) => new Set(solo.take("decide").map(({ body }) => body["outcome"]));

describe("a participant whose coordinator has crashed", () => {
  it("commits where a survivor has joined the commit, and aborts where none has", async () => {
    for (const state of ["pre-commit", "waits"]) {
      const solo = await asking("n1");
      await solo.ask("n3", stands(state));
      await round(solo);
      await round(solo);
      expect(outcomes(solo)).toEqual(new Set([state === "waits" ? "abort" : "commit"]));
    }
  });

  it("brings the others to its side before it decides", async () => {
    const solo = await asking("n1");
    await solo.ask("n3", stands("waits"));
    await round(solo);
    expect(solo.take("join").map(({ to }) => to)).toEqual(["n3"]);
    expect(outcomes(solo)).toEqual(new Set());
    await solo.ask("n3", stands("pre-abort"));
    expect(outcomes(solo)).toEqual(new Set(["abort"]));
  });

  it("leaves the lead to a survivor that stands before it", async () => {
    const solo = await asking("n2");
    await solo.ask("n1", stands("waits"));
    await round(solo);
    await round(solo);
    expect(solo.take("ask").map(({ to }) => to)).toEqual(["n1", "n3"]);
    expect([solo.take("join"), outcomes(solo)]).toEqual([[], new Set()]);
  });

  it("gives no say to who has crashed meanwhile", async () => {
    const solo = await asking("n2");
    await solo.ask("n1", stands("pre-commit", true));
    await round(solo);
    await round(solo);
    expect(outcomes(solo)).toEqual(new Set(["abort"]));
  });

  it("has no say itself where it has crashed, until all have and are back", async () => {
    const alone = await asking("n1", true);
    await alone.ask("n2", stands("waits", true));
    await round(alone);
    await round(alone);
    expect(outcomes(alone)).toEqual(new Set());
    const together = await asking("n1", true);
    await together.ask("n2", stands("waits", true));
    await together.ask("n3", stands("pre-commit", true));
    await round(together);
    await round(together);
    expect(outcomes(together)).toEqual(new Set(["commit"]));
  });

  it("believes who knows the outcome", async () => {
    const solo = await asking("n3");
    await solo.ask("n1", stands("committed", true));
    expect(outcomes(solo)).toEqual(new Set(["commit"]));
  });
});

describe("time-outs", () => {
  it("leave a coordinator the time that it may take, clocks drifting", () => {
    for (const boundMs of [1, 10, 50, 300]) {
      const timeouts = timeoutsFor(boundMs);
      expect(timeouts.roundMs / 1.02).toBeGreaterThan(2 * boundMs + 3);
      const busyMs = 1.02 * (timeouts.votesMs + timeouts.roundMs) + boundMs;
      expect(timeouts.doubtMs / 1.02).toBeGreaterThan(busyMs);
    }
  });
});

describe("synchronous three-phase commit", () => {
  it.each([0, 101, Number.NaN])("has no bound of %d ms", (boundMs) => {
    expect(() => new Solo(synchronousThreePhaseCommit, { options: { boundMs } })).toThrow(
      UsageError,
    );
  });

  it("keeps its promises where links keep their bound", async () => {
    for (const workload of synchronousThreePhaseCommit.workloads) {
      const seeds = workload === "list-append" ? 3 : 1;
      expect(await anomaliesOf(synchronousThreePhaseCommit, { seeds, workload })).toEqual([]);
    }
  });

  it("keeps its promises when nodes crash again and again", async () => {
    for (const nemesis of ["restarts", "ack-crashes"]) {
      const slice = { seeds: 2, nemesis: [nemesis] };
      expect(await anomaliesOf(synchronousThreePhaseCommit, slice)).toEqual([]);
    }
  });

  it.each(Object.entries(synchronousThreePhaseCommit.bugs))(
    "shows the bug %s",
    async (name, bug) => {
      const caught = await caughtAnomalies(synchronousThreePhaseCommit, name, 60);
      expect(caught.length).toBeGreaterThan(0);
      for (const type of caught) expect(bug.anomalies).toContain(type);
    },
  );
});
