import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json.js";
import { log } from "../../../systems/log/index.js";
import { Partitions } from "../../../systems/log/partitions.js";
import { anomaliesOf, caughtAnomalies } from "../slice.js";

describe("the partitions", () => {
  let number = 0;
  const apply = (
    partitions: Partitions,
    operation: { type: string; [field: string]: string | number | JsonObject },
  ) => partitions.apply({ client: "c1", number: ++number, operation: operation as never });
  const send = (partitions: Partitions, key: string, msg: number) =>
    apply(partitions, { type: "send", key, msg });

  it("give every message of a key the next offset", () => {
    const partitions = new Partitions();
    expect(send(partitions, "x", 7)).toEqual({ type: "send_ok", offset: 0 });
    expect(send(partitions, "x", 8)).toEqual({ type: "send_ok", offset: 1 });
    expect(send(partitions, "y", 9)).toEqual({ type: "send_ok", offset: 0 });
  });

  it("are polled from an offset on, to the end", () => {
    const partitions = new Partitions();
    for (const message of [7, 8, 9]) send(partitions, "x", message);
    const poll = (x: number) => partitions.read({ offsets: { x, z: 0 } });
    expect(poll(1)).toEqual({
      type: "poll_ok",
      msgs: {
        x: [
          [1, 8],
          [2, 9],
        ],
        z: [],
      },
    });
    expect(poll(3)).toEqual({ type: "poll_ok", msgs: { x: [], z: [] } });
    expect(poll(9)).toEqual({ type: "poll_ok", msgs: { x: [], z: [] } });
  });

  it("remember which offsets were committed", () => {
    const partitions = new Partitions();
    expect(apply(partitions, { type: "commit", offsets: { x: 4 } })).toEqual({
      type: "commit_offsets_ok",
    });
    expect(partitions.read({ keys: ["x", "y"] })).toEqual({
      type: "list_committed_offsets_ok",
      offsets: { x: 4 },
    });
  });

  it("append what arrives again once, unless they have the bug", () => {
    const twice = (partitions: Partitions) => {
      const request = { client: "c1", number: 1, operation: { type: "send", key: "x", msg: 7 } };
      return [partitions.apply(request), partitions.apply(request)].map(({ offset }) => offset);
    };
    expect(twice(new Partitions())).toEqual([0, 0]);
    expect(twice(new Partitions({ once: false }))).toEqual([0, 1]);
  });
});

describe("the log under a swarm of faults", () => {
  it("loses, doubles and reorders nothing", async () => {
    expect(await anomaliesOf(log, { seeds: 8 })).toEqual([]);
  });

  it("holds, too, when keys are replaced and chosen unevenly", async () => {
    const options = { sendsPerKey: 20, keyDistribution: "exponential", keys: 4 };
    expect(await anomaliesOf(log, { seeds: 4, options })).toEqual([]);
  });

  it.each(Object.entries(log.bugs))("shows the bug %s", async (name, bug) => {
    const caught = await caughtAnomalies(log, name);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });
});
