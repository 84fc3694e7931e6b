import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.js";
import type { RunOutcome } from "../../src/campaign/pool.js";
import type { RunSpec } from "../../src/campaign/prepare.js";
import type { RunReport } from "../../src/campaign/run-one.js";
import type { Pool } from "../../src/campaign/run-pool.js";
import { mustAnswer, parseQueueAddress } from "../../src/queue/address.js";
import { openQueuePool } from "../../src/queue/queue-pool.js";
import { serve } from "../../src/queue/serve.js";
import { freePort, redisPresent, startRedis } from "./redis.js";

const report = (seed: number): RunReport =>
  ({ valid: true, traceHash: `hash of ${seed}` }) as RunReport;

/** Answers by the seed, and remembers what it ran. */
class FakePool implements Pool {
  readonly jobs = 3;
  readonly ran: number[] = [];

  async run({ seed }: RunSpec): Promise<RunOutcome> {
    this.ran.push(seed);
    await new Promise((resolve) => setTimeout(resolve, seed % 3));
    if (seed === 13) throw new UsageError("thirteen is refused");
    if (seed === 14) throw new Error("the worker is broken\nat some place");
    return seed === 15 ? { broken: "died" } : { report: report(seed) };
  }

  async audit(_spec: RunSpec, first: RunReport): Promise<string | undefined> {
    return first.traceHash === "hash of 4" ? "event 7 differs" : undefined;
  }

  async close(): Promise<void> {
    return undefined;
  }
}

const spec = (seed: number): RunSpec => ({ seed, system: "raft" });

describe.skipIf(!redisPresent)("a queue in Redis (skipped without redis-server)", () => {
  it("gives every run one outcome, whoever of the workers carried it out", async () => {
    const address = parseQueueAddress(await startRedis());
    const pool = await openQueuePool(address, { inFlight: 20 });
    const stop = new AbortController();
    const workers = [new FakePool(), new FakePool()];
    const serving = workers.map((each) => serve(address, each, { signal: stop.signal }));
    try {
      const seeds = Array.from({ length: 60 }, (_, i) => 20 + i);
      const outcomes = await Promise.all(seeds.map((seed) => pool.run(spec(seed))));
      expect(outcomes).toEqual(seeds.map((seed) => ({ report: report(seed) })));
      const ran = workers.flatMap((worker) => worker.ran);
      expect(ran.sort((a, b) => a - b)).toEqual(seeds);
      await expect(pool.run(spec(13))).rejects.toThrow("thirteen is refused");
      expect(await pool.run(spec(14))).toEqual({
        broken: "the run was given up: the worker is broken",
      });
      expect(await pool.run(spec(15))).toEqual({ broken: "died" });
      expect(await pool.audit(spec(4), report(4))).toBe("event 7 differs");
      expect(await pool.audit(spec(5), report(5))).toBeUndefined();
    } finally {
      stop.abort();
      await Promise.all(serving);
      await pool.close();
    }
  });

  it("takes back what no worker has begun", async () => {
    const address = parseQueueAddress(await startRedis());
    const left = await openQueuePool(address);
    const asked = left.run(spec(1));
    void asked;
    await new Promise((resolve) => setTimeout(resolve, 200));
    await left.close();
    const pool = await openQueuePool(address);
    const stop = new AbortController();
    const worker = new FakePool();
    const serving = serve(address, worker, { signal: stop.signal });
    try {
      expect(await pool.run(spec(2))).toEqual({ report: report(2) });
      expect(worker.ran).toEqual([2]);
    } finally {
      stop.abort();
      await serving;
      await pool.close();
    }
  });
});

describe("the address of a queue", () => {
  it("is refused in one line when it is none", () => {
    for (const text of ["", "localhost", "http://localhost", "redis://", "redis://h/x"]) {
      expect(() => parseQueueAddress(text)).toThrow(UsageError);
      expect(() => parseQueueAddress(text)).toThrow(/^--queue: [^\n]*$/);
    }
  });

  it("is shown without its password", () => {
    expect(parseQueueAddress("redis://me:secret@host:1/2").shown).not.toContain("secret");
  });

  it("is refused in one line where nobody answers", async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    await expect(mustAnswer(parseQueueAddress(url))).rejects.toThrow(
      /^--queue: no Redis at redis:\/\/127[^\n]*ECONNREFUSED[^\n]*$/,
    );
  });
});
