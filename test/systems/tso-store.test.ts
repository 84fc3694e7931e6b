import { describe, expect, it } from "vitest";
import { tsoStore } from "../../systems/tso-store/index.js";
import { effort, litmusAnomalies, litmusRun, shapes } from "./litmus-runs.js";
import { anomaliesOf, caughtAnomalies } from "./slice.js";
import { Solo } from "./solo.js";

/** Longer than any entry lingers. */
const DRAINED_MS = 200;

async function drained(node: Solo): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await node.advance(DRAINED_MS);
    await node.settle();
  }
}

describe("the store with store buffers", () => {
  it.each(["register", "causal-sessions"])(
    "is TSO under a swarm of faults: %s",
    async (workload) => {
      expect(await anomaliesOf(tsoStore, { seeds: 4 * effort, workload })).toEqual([]);
    },
  );

  it.each(["SB", "SB+fences", "MP", "2+2W", "swaps", "cas"] as const)(
    "is TSO under a swarm of faults: the litmus test %s",
    async (name) => {
      expect(await litmusAnomalies(tsoStore, 2 * effort, { test: shapes[name] })).toEqual([]);
    },
  );

  it("is not sequentially consistent: both of SB miss the other's write", async () => {
    const asPromised = await litmusRun(tsoStore, { seed: 1, nemesis: ["none"], test: shapes.SB });
    expect(asPromised.execution.valid).toBe(true);
    expect(asPromised.condition).toBeGreaterThan(0);
    const claim = "sequential";
    const asSequential = await litmusRun(tsoStore, {
      seed: 1,
      nemesis: ["none"],
      test: shapes.SB,
      claim,
    });
    expect(asSequential.found[0]).toMatch(/^forbidden-outcome: SB, instance \d+: /);
  });

  it("is refuted as sequential by a history of sessions, too", async () => {
    const options = { model: "sequential" };
    const workload = "causal-sessions";
    const found = await anomaliesOf(tsoStore, { seeds: 3, nemesis: ["none"], workload, options });
    expect(found).not.toEqual([]);
  });

  it.each(Object.entries(tsoStore.bugs))("shows the bug %s within 20 seeds", async (name, bug) => {
    const caught = await caughtAnomalies(tsoStore, name, 20);
    expect(caught.length).toBeGreaterThan(0);
    for (const type of caught) expect(bug.anomalies).toContain(type);
  });

  it("acknowledges a write that others do not see yet, and loses it in no crash", async () => {
    const node = new Solo(tsoStore);
    const written = await node.ask("c1", { type: "write", key: "x", value: 7, msg_id: 16 });
    expect(written).toMatchObject({ type: "write_ok" });
    const read = { type: "read", key: "x" };
    expect(await node.ask("c1", { ...read, msg_id: 32 })).toMatchObject({ value: 7 });
    expect(await node.ask("c2", { ...read, msg_id: 16 })).toMatchObject({ value: null });
    node.crash();
    await drained(node);
    expect(await node.ask("c2", { ...read, msg_id: 32 })).toMatchObject({ value: 7 });
  });

  it.each(["at once", "after a restart"])(
    "makes a write that comes a second time %s once",
    async (when) => {
      const node = new Solo(tsoStore);
      const request = { type: "write", key: "x", value: 1, msg_id: 16 };
      await node.ask("c1", request);
      await drained(node);
      await node.ask("c2", { type: "write", key: "x", value: 2, msg_id: 16 });
      await drained(node);
      if (when === "after a restart") node.crash();
      await node.ask("c1", request);
      await drained(node);
      expect(await node.ask("c3", { type: "read", key: "x", msg_id: 16 })).toMatchObject({
        value: 2,
      });
    },
  );

  it("answers a fence when what came before it is there for all", async () => {
    const node = new Solo(tsoStore);
    await node.ask("c1", { type: "write", key: "x", value: 1, msg_id: 16 });
    expect(await node.ask("c1", { type: "fence", msg_id: 32 })).toMatchObject({ type: "fence_ok" });
    expect(await node.ask("c2", { type: "read", key: "x", msg_id: 16 })).toMatchObject({
      value: 1,
    });
  });

  it("swaps in one step, behind the session's own writes", async () => {
    const node = new Solo(tsoStore);
    await node.ask("c1", { type: "write", key: "x", value: 1, msg_id: 16 });
    const swapped = await node.ask("c1", { type: "swap", key: "x", value: 2, msg_id: 32 });
    expect(swapped).toMatchObject({ type: "swap_ok", value: 1 });
    const refused = await node.ask("c2", { type: "cas", key: "x", from: 1, to: 3, msg_id: 16 });
    expect(refused).toMatchObject({ type: "error", code: 22 });
    const created = await node.ask("c2", { type: "cas", key: "y", from: null, to: 3, msg_id: 32 });
    expect(created).toMatchObject({ type: "cas_ok" });
  });
});
