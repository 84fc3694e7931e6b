import { describe, expect, it } from "vitest";
import type { RunSpec } from "../../src/campaign/prepare.js";
import type { RunReport } from "../../src/campaign/run-one.js";
import type { WorkerAnswer, WorkerTask } from "../../src/campaign/worker.js";
import { seatsFor, type Worker, Workers } from "../../src/campaign/workers.js";
import type { TraceRecord } from "../../src/sim/trace.js";
import { reportOf } from "./fakes.js";

const spec = (seed: number): RunSpec => ({ system: "raft", workload: "kv", seed });

/** Seats whose answers are made up; `log` tells who did what, `atOnce` how many at a time. */
function crew(jobs: number, answer: (task: WorkerTask, seat: number) => WorkerAnswer) {
  const log: string[] = [];
  let underWay = 0;
  const state = { atOnce: 0, log };
  const seats = Array.from({ length: seatsFor(jobs) }, (_, seat): Worker => {
    return {
      busy: false,
      close: async () => undefined,
      renew: async () => void log.push(`${seat} renewed`),
      perform: async (task) => {
        state.atOnce = Math.max(state.atOnce, ++underWay);
        const [kind] = Object.keys(task);
        log.push(`${seat} ${kind}`);
        for (let i = 0; i <= seat; i++) await new Promise((resolve) => setImmediate(resolve));
        underWay--;
        return answer(task, seat);
      },
    };
  });
  return { pool: new Workers(jobs, seats), state };
}

const honest = (task: WorkerTask): WorkerAnswer =>
  "run" in task ? { report: reportOf(task.run, true) } : { begun: true };

async function reportFrom(pool: Workers, seed: number): Promise<RunReport> {
  const outcome = await pool.run(spec(seed));
  if ("broken" in outcome) throw new Error(outcome.broken);
  return outcome.report;
}

describe("a pool of workers", () => {
  it.each([1, 2, 5])("has at most %i runs under way, audits included", async (jobs) => {
    const { pool, state } = crew(jobs, honest);
    await Promise.all(
      Array.from({ length: 20 }, async (_, seed) => {
        const report = await reportFrom(pool, seed);
        expect(await pool.audit(spec(seed), report)).toBeUndefined();
      }),
    );
    expect(state.atOnce).toBe(jobs);
    expect(state.log).toHaveLength(40);
  });

  it.each([1, 2, 3])("audits in another worker, with %i jobs", async (jobs) => {
    const { pool, state } = crew(jobs, honest);
    for (let seed = 0; seed < 10; seed++) {
      const report = await reportFrom(pool, seed);
      await pool.audit(spec(seed), report);
      const [ran, audited] = state.log.slice(-2);
      expect(audited).not.toBe(ran);
    }
  });

  it("audits the first failure in a fresh worker: others may remember earlier runs", async () => {
    const failing = (task: WorkerTask): WorkerAnswer =>
      "run" in task ? { report: reportOf(task.run, false) } : { begun: true };
    const { pool, state } = crew(2, failing);
    for (let seed = 0; seed < 10; seed++) {
      await pool.audit(spec(seed), await reportFrom(pool, seed));
    }
    expect(state.log.filter((line) => line.endsWith("renewed"))).toHaveLength(1);
    expect(state.log.slice(0, 3)).toEqual(["0 run", "1 renewed", "1 run"]);
  });

  it("tells what broke a run, in its first line, and throws what was asked for wrongly", async () => {
    const { pool } = crew(2, (task) =>
      "run" in task && task.run.seed === 1 ? { broken: "no\nstack" } : { usage: "no such thing" },
    );
    expect(await pool.run(spec(1))).toEqual({ broken: "no" });
    await expect(pool.run(spec(2))).rejects.toThrow("no such thing");
  });
});

describe("an audit", () => {
  const record = (n: number, drew: string): TraceRecord => ({
    ...{ n, timeUs: n * 10, kind: "message", who: "n1->n2", hash: "0" },
    draws: [drew],
  });
  const trace = (seat: number) => [
    record(0, "order"),
    record(1, seat === 0 ? "node/n1" : "node/n2"),
  ];

  it("names the first event that differs: its kind, time, place and what it drew", async () => {
    const { pool } = crew(2, (task, seat) =>
      "run" in task
        ? { report: { ...reportOf(task.run, true), traceHash: `${seat}` } }
        : { recording: { exactness: "bit", trace: trace(seat) } },
    );
    const difference = await pool.audit(spec(1), await reportFrom(pool, 1));
    expect(difference).toBe(
      "two runs of one seed differ: the trace hash differs (promised 0, got 1): the first event " +
        "that differs is number 1, message n1->n2 at 10 us: it drew from node/n1 and drew from node/n2 now",
    );
  });

  it("of a run that breaks the second time says how", async () => {
    const { pool } = crew(1, (task, seat) => (seat === 0 ? honest(task) : { broken: "it died" }));
    const difference = await pool.audit(spec(1), await reportFrom(pool, 1));
    expect(difference).toBe("run again in another worker: it died");
  });

  it("expects no more of a program that woke by itself than its plan", async () => {
    const { pool } = crew(2, (task, seat) =>
      "run" in task
        ? { report: { ...reportOf(task.run, seat === 0), exactness: "statistical" } }
        : { begun: true },
    );
    expect(await pool.audit(spec(1), await reportFrom(pool, 1))).toBeUndefined();
  });
});
