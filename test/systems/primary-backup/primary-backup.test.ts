import { describe, expect, it } from "vitest";
import { primaryBackup } from "../../../systems/primary-backup/index.js";
import { modes } from "../../../systems/primary-backup/rules.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

describe("primary-backup under a swarm of faults", () => {
  it.each(modes)("keeps what it promises in mode %s", async (mode) => {
    expect(await anomaliesOf(primaryBackup, { seeds: 6, options: { mode } })).toEqual([]);
  });

  it.each(modes)("keeps what it promises in mode %s when leaders crash in turn", async (mode) => {
    const nemesis = ["alternating-leader-crashes"];
    expect(await anomaliesOf(primaryBackup, { seeds: 4, nemesis, options: { mode } })).toEqual([]);
  });

  it("keeps what it promises when any node may be the last in sync", async () => {
    const options = { mode: "in-sync", minInSync: 1, reads: "marked" };
    expect(await anomaliesOf(primaryBackup, { seeds: 6, options })).toEqual([]);
  });

  it.each(Object.entries(primaryBackup.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(primaryBackup, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
