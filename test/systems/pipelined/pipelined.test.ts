import { describe, expect, it } from "vitest";
import { pipelinedLog } from "../../../systems/pipelined/index.js";
import { ReceiveWindow } from "../../../systems/pipelined/receive-window.js";
import type { Request } from "../../../systems/primary-backup/messages.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

describe("pipelined-log under a swarm of faults", () => {
  it.each([1, 4])("is linearizable with a window of %i", async (window) => {
    expect(await anomaliesOf(pipelinedLog, { seeds: 4, options: { window } })).toEqual([]);
  });

  it.each(Object.entries(pipelinedLog.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(pipelinedLog, name, 60);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});

describe("a receiver's window", () => {
  const request = (number: number): Request => ({
    client: "c",
    number,
    operation: { type: "write", key: "x", value: number },
  });
  const windowOf = (size: number, space = Number.POSITIVE_INFINITY) =>
    new ReceiveWindow(size, space);

  it("keeps what comes early, and hands it out by its place", () => {
    const window = windowOf(4);
    expect(window.put(10, 12, request(12))).toBe(12);
    expect(window.take(10)).toBeUndefined();
    expect(window.put(10, 10, null)).toBe(10);
    expect(window.take(10)).toBeNull();
    expect(window.take(12)).toEqual(request(12));
    expect(window.isEmpty).toBe(true);
  });

  it("takes nothing that is held already, nor what is beyond it", () => {
    const window = windowOf(4);
    for (const sequence of [0, 9, 14, 99]) {
      expect(window.put(10, sequence, request(sequence))).toBeUndefined();
    }
    expect(window.isEmpty).toBe(true);
    expect(window.end).toBe(0);
  });

  it("keeps the first of two entries for one place", () => {
    const window = windowOf(4);
    window.put(0, 1, request(1));
    window.put(0, 1, request(7));
    expect(window.take(1)).toEqual(request(1));
  });

  it("takes an old entry for a new one where numbers come again too soon", () => {
    // Of five numbers, that of entry 6 is also that of entry 11.
    expect(windowOf(4, 5).put(10, 6, request(6))).toBe(11);
    // Twice the window is enough for what is no older than a window.
    for (const sequence of [6, 7, 8, 9]) {
      expect(windowOf(4, 8).put(10, sequence, request(sequence))).toBeUndefined();
    }
  });
});
