import { describe, expect, it } from "vitest";
import { logicalClocks } from "../../../systems/logical-clocks/index.js";
import { clockNames } from "../../../systems/logical-clocks/node.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";
import { Solo } from "../solo.js";

const nodes = ["n1", "n2", "n3"];

describe("logical time as a service", () => {
  it.each(clockNames)("agrees with what happened before what under faults: %s", async (clock) => {
    expect(await anomaliesOf(logicalClocks, { seeds: 10, options: { clock } })).toEqual([]);
  });

  it.each(Object.entries(logicalClocks.bugs))(
    "shows the bug %s within 60 seeds",
    async (name, bug) => {
      const caught = await caughtAnomalies(logicalClocks, name, 60);
      expect(caught.length).toBeGreaterThan(0);
      for (const type of caught) expect(bug.anomalies).toContain(type);
    },
  );

  it("stamps a receipt above its sending", async () => {
    const node = new Solo(logicalClocks, { nodes });
    await node.ask("n2", { type: "message", stamp: [7, "n2"], from: { node: "n2", place: 3 } });
    expect(await node.ask("c1", { type: "event" })).toEqual({ type: "event_ok", stamp: [9, "n1"] });
    expect(node.observed).toEqual([
      'event {"stamp":[8,"n1"],"place":1,"after":{"node":"n2","place":3}}',
      'event {"stamp":[9,"n1"],"place":2}',
    ]);
  });

  it("goes on after a crash from what is on disk, and records what nobody was told of", async () => {
    const node = new Solo(logicalClocks, { nodes, options: { clock: "vector" } });
    await node.ask("c1", { type: "event" });
    node.tell("c1", { type: "event" });
    node.tell("c2", { type: "event" });
    node.crash(1);
    expect(await node.ask("c3", { type: "event" })).toEqual({
      type: "event_ok",
      stamp: { n1: 3 },
    });
    expect(node.observed).toEqual([
      'event {"stamp":{"n1":1},"place":1}',
      'event {"stamp":{"n1":2},"place":2}',
      'event {"stamp":{"n1":3},"place":3}',
    ]);
  });

  it("sends a message only when its sending is on disk", async () => {
    const node = new Solo(logicalClocks, { nodes });
    node.tell("c1", { type: "send", to: 1 });
    expect(node.take("message")).toEqual([]);
    await node.settle();
    expect(node.take("message").map(({ to }) => to)).toEqual(["n3"]);
  });

  it("refuses a message from too far ahead of the calendar, and takes one at the bound", async () => {
    const node = new Solo(logicalClocks, { nodes, options: { clock: "hybrid", boundMs: 10 } });
    const from = { node: "n2", place: 1 };
    await node.ask("n2", { type: "message", stamp: [1_011, 0, "n2"], from });
    expect(node.observed).toEqual([]);
    await node.ask("n2", { type: "message", stamp: [1_010, 4, "n2"], from });
    expect(node.observed).toEqual([
      'event {"stamp":[1010,5,"n1"],"physicalMs":1000,"place":1,"after":{"node":"n2","place":1},"boundMs":10}',
    ]);
  });
});
