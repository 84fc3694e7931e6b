import { describe, expect, it } from "vitest";
import { planRun } from "../../src/controller/index.js";
import { sequentialStore } from "../../systems/sequential-store/index.js";
import type { Consistency } from "../../systems/system.js";
import { tsoStore } from "../../systems/tso-store/index.js";
import { dekker } from "../../workloads/dekker.js";
import { anomaliesOf } from "../systems/slice.js";

const plan = (options = {}) =>
  planRun({ system: "tso-store", workload: "dekker", nemesis: ["none"], seed: 1, options });
const judged = (consistency: Consistency, fence: boolean) =>
  dekker
    .checkers({ operations: [], consistency }, { fence })
    .map(({ name, summary }) => name + summary);

describe("two rivals", () => {
  it("raise their flags, fence, look at each other's, and leave", () => {
    const own = plan().operations.filter(({ client, key }) => client === 0 && key === "e0");
    expect(own.map(({ f }) => f)).toEqual(["write", "fence", "read", "write"]);
  });

  it("do without a fence where they are told so", () => {
    expect(plan({ fence: false }).operations.some(({ f }) => f === "fence")).toBe(false);
  });

  it("are never both in behind store buffers with a fence, nor on one copy without", async () => {
    const slice = { seeds: 4, workload: "dekker" };
    expect(await anomaliesOf(tsoStore, slice)).toEqual([]);
    expect(await anomaliesOf(sequentialStore, { ...slice, options: { fence: false } })).toEqual([]);
  });

  it("are not held to what a store buffer does not promise", () => {
    expect(judged("tso", false)).not.toEqual(judged("tso", true));
    expect(judged("sequential", false)).toEqual(judged("tso", true));
  });
});
