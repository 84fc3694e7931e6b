import { describe, expect, it } from "vitest";
import { execute, planBin } from "../../../src/controller/index.js";
import { fixtures, hasPython, run, samples } from "./programs.js";

const onLinux = describe.skipIf(process.platform !== "linux");

onLinux("a program that only reacts (Linux only: elsewhere rest is guessed)", () => {
  it.each([
    [`node ${samples}/javascript/lin-kv.mjs`, "lin-kv", "partition,lossy,reorder"],
    [`node ${fixtures}/threads.mjs`, "echo", "duplicate,slow-network"],
    [`node ${samples}/javascript/lin-kv.mjs`, "lin-kv", "crash,pause"],
  ])("runs the same way twice: %s, %s, %s", async (bin, workload, nemesis) => {
    const request = { bin, workload, nemesis: nemesis.split(","), operations: 100, seed: 11 };
    const [first, second] = [await run(request), await run(request)];
    expect(first.exactness).toBe("schedule");
    expect(second.exactness).toBe("schedule");
    expect(second.traceHash).toBe(first.traceHash);
    expect(second.historyHash).toBe(first.historyHash);
  });

  it.skipIf(!hasPython)("runs the same way twice in Python, under a swarm", async () => {
    const bin = `python3 ${samples}/python/lin_kv.py`;
    for (const seed of [1, 2, 3]) {
      const request = { bin, workload: "lin-kv", nemesis: ["swarm"], operations: 100, seed };
      expect((await run(request)).traceHash).toBe((await run(request)).traceHash);
    }
  });

  it("runs another way with another seed", async () => {
    const request = { bin: `node ${samples}/javascript/echo.mjs`, workload: "echo" };
    const one = await run({ ...request, operations: 30, seed: 1 });
    const two = await run({ ...request, operations: 30, seed: 2 });
    expect(one.traceHash).not.toBe(two.traceHash);
  });

  it("takes no longer in real time for more virtual time", async () => {
    const bin = `node ${samples}/javascript/echo.mjs`;
    const request = { bin, workload: "echo", nemesis: [], operations: 10 };
    const hour = await run({ ...request, timeLimitMs: 3_600_000 });
    expect(hour.virtualUs).toBeGreaterThan(3_600_000_000);
    expect(hour.valid).toBe(true);
  });

  it("has the faults of its plan in its hash", async () => {
    const bin = `node ${samples}/javascript/echo.mjs`;
    const plan = planBin({ bin, workload: "echo", nemesis: ["pause"], operations: 20, seed: 3 });
    const { traceHash } = await execute(plan);
    expect(plan.faults.length).toBeGreaterThan(0);
    expect((await execute({ ...plan, faults: [] })).traceHash).not.toBe(traceHash);
  });
});

describe("a program with timers of its own", () => {
  it("is heard when they go off, and no schedule is promised for it", async () => {
    const bin = `node ${fixtures}/slow.mjs 20`;
    const execution = await run({ bin, workload: "echo", nemesis: ["pause"], operations: 30 });
    expect(execution.valid).toBe(true);
    expect(execution.exactness).toBe("statistical");
    expect(execution.checkpoints).toEqual([]);
  });
});
