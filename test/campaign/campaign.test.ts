import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.js";
import { runCampaign } from "../../src/campaign/campaign.js";
import type { CampaignOutcome, Entry } from "../../src/campaign/ledger.js";
import type { RunSpec } from "../../src/campaign/prepare.js";
import type { RunReport } from "../../src/campaign/run-one.js";
import { essence, fakePool, reportOf, scratch, someOrder, wordOf } from "./fakes.js";

const root = scratch();
let folders = 0;
const freshOut = (): string => join(root, String(folders++));
const request = (seeds: number) => ({ ...someOrder(seeds), out: freshOut(), probes: ["probe 1"] });

/** Runs one after the other. */
const plainly = (seeds: number, limits: object = {}): Promise<CampaignOutcome> =>
  runCampaign({ ...request(seeds), ...limits }, fakePool(1));

describe("the outcome of a campaign", () => {
  it("is that of one run after the other, whatever the jobs and the order of landing", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        fc.boolean(),
        async (seeds, jobs, salt, max, untilFailure) => {
          const limits = { ...(max === undefined ? {} : { maxFailures: max }), untilFailure };
          const pool = fakePool(jobs, (spec) => wordOf(spec, salt) % 5);
          const outcome = await runCampaign({ ...request(seeds), ...limits }, pool);
          expect(essence(outcome)).toEqual(essence(await plainly(seeds, limits)));
        },
      ),
      { numRuns: 30 },
    ));

  it("counts every run once", async () => {
    const { runs, valid, invalid, unknown, broken, audited } = await plainly(200);
    expect(runs).toBe(400);
    expect(valid + invalid + unknown + broken).toBe(runs);
    expect(invalid).toBeGreaterThan(0);
    expect(broken).toBeGreaterThan(0);
    // All that failed, and some of the others.
    expect(audited).toBeGreaterThan(invalid);
    expect(audited).toBeLessThan(invalid + 60);
  });

  it("ends with the failure that reaches the limit, and begins little beyond", async () => {
    const pool = fakePool(3);
    const outcome = await runCampaign({ ...request(500), maxFailures: 2 }, pool);
    expect(outcome.failures).toHaveLength(2);
    expect(pool.ran).toBeLessThanOrEqual(outcome.runs + 6);
    const limit = outcome.failures[1];
    const { run } = someOrder(500);
    expect(run(outcome.runs - 1)).toMatchObject({ seed: limit?.seed, system: limit?.system });
  });

  it("ends with a run that broke, too, when it runs until something happens", async () => {
    const { failures, broken } = await plainly(500, { untilFailure: true });
    expect(failures.length + broken).toBe(1);
  });

  it("is a prefix of the order when time or a signal ended it", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 70 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(),
        fc.boolean(),
        async (runsMax, jobs, salt, bySignal) => {
          let begun = 0;
          const abort = new AbortController();
          const pool = fakePool(jobs, (spec) => wordOf(spec, salt) % 5);
          const outcome = await runCampaign(
            {
              ...request(40),
              signal: abort.signal,
              mayBegin: () => {
                if (bySignal && begun >= runsMax) abort.abort();
                return begun++ < runsMax || bySignal;
              },
            },
            pool,
          );
          const prefix = {
            ...someOrder(40),
            count: outcome.runs,
            out: freshOut(),
            probes: ["probe 1"],
          };
          const { interrupted } = outcome;
          expect(interrupted).toBe(bySignal && outcome.runs < 80);
          expect(essence(outcome)).toEqual({
            ...essence(await runCampaign(prefix, fakePool(1))),
            interrupted,
          });
        },
      ),
      { numRuns: 30 },
    ));

  it("does not wait for a run that hangs, when a signal has come", async () => {
    const abort = new AbortController();
    const pool = fakePool(2);
    const hanging = someOrder(50).run(20);
    const run = (spec: RunSpec) => {
      if (spec.seed !== hanging.seed) return pool.run(spec);
      abort.abort();
      return new Promise<never>(() => undefined);
    };
    const outcome = await runCampaign({ ...request(50), signal: abort.signal }, { ...pool, run });
    expect(outcome).toMatchObject({ interrupted: true, runs: 20 });
  });
});

describe("a run that differs when it is carried out again", () => {
  const differing = (report: RunReport): boolean => report.workload === "kv";
  const pool = {
    ...fakePool(2),
    audit: async (_: RunSpec, first: RunReport) =>
      differing(first) ? "two runs of one seed differ" : undefined,
  };

  it("is the harness's failure; if it failed, its case is kept", async () => {
    const asked = request(100);
    const { invalid, audited, broken, harnessFailures } = await runCampaign(asked, pool);
    const plain = await plainly(100);
    expect(invalid).toBe(0);
    expect(broken).toBe(plain.broken + audited);
    const kept = harnessFailures.flatMap(({ case: file }) => (file === undefined ? [] : [file]));
    expect(kept).toHaveLength(plain.invalid);
    for (const file of kept) expect(existsSync(file)).toBe(true);
  });
});

describe("a campaign that cannot go on", () => {
  it("says why, and what came before", async () => {
    const notes: Entry[] = [];
    const journal = {
      spentMs: 0,
      end: () => undefined,
      append: (entry: Entry) => {
        if (notes.length === 30) throw new UsageError("runs.jsonl: cannot write: no space left");
        notes.push(entry);
      },
    };
    const outcome = await runCampaign({ ...request(50), journal }, fakePool(4));
    expect(outcome.runs).toBe(30);
    expect(outcome.stopped).toMatch(/^seed 16 of raft.* cannot be kept: runs.jsonl: .*no space/);
    const { stopped: _, ...known } = outcome;
    const prefix = { ...someOrder(50), count: 30, out: freshOut(), probes: ["probe 1"] };
    expect(essence(known)).toEqual(essence(await runCampaign(prefix, fakePool(1))));
  });

  it("because a run is impossible names it in its turn, whatever lands first", async () => {
    const pool = fakePool(4, (spec) => spec.seed % 3);
    const run = async (spec: RunSpec) => {
      const outcome = await pool.run(spec);
      if (spec.seed >= 9) throw new UsageError(`seed ${spec.seed} asks for the impossible`);
      return outcome;
    };
    const outcome = await runCampaign(request(50), { ...pool, run });
    expect(outcome).toMatchObject({
      runs: 16,
      stopped: expect.stringMatching(/^seed 9 of \w+, \w+: seed 9 asks for the impossible$/),
    });
  });

  it("because the harness itself broke throws", async () => {
    const run = () => Promise.reject(new Error("our own fault"));
    await expect(runCampaign(request(5), { ...fakePool(2), run })).rejects.toThrow("our own fault");
  });
});

describe("the case of a failing run", () => {
  const failing = (text: string) => ({
    ...fakePool(1),
    run: async (spec: RunSpec) => ({ report: { ...reportOf(spec, false), caseText: text } }),
  });

  it("is kept under its name once, and beside it when it differs", async () => {
    const asked = { ...request(1), count: 1 };
    const file = async (text: string) =>
      (await runCampaign(asked, failing(text))).failures[0]?.case as string;
    const first = await file("one");
    expect(await file("one")).toBe(first);
    const second = await file("two");
    expect([first, second].map((name) => readFileSync(name, "utf8"))).toEqual(["one", "two"]);
    expect(readdirSync(join(asked.out, "cases"))).toHaveLength(2);
  });

  it("survives other campaigns that keep the same at the same time", async () => {
    const out = freshOut();
    const texts = ["a", "b", "c", "d"];
    const outcomes = await Promise.all(
      texts.map((text) => runCampaign({ ...request(8), out }, failing(text))),
    );
    for (const [i, { failures }] of outcomes.entries()) {
      const kept = failures.map(({ case: file }) => readFileSync(file, "utf8"));
      expect(kept).toEqual(failures.map(() => texts[i]));
    }
  });
});

it("a pool is asked for at most twice its jobs at once", async () => {
  const pool = fakePool(3, () => 2);
  await runCampaign(request(30), pool);
  expect(pool.mostAtOnce).toBe(6);
  expect(pool.ran).toBe(60);
});
