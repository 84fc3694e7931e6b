import { describe, expect, test } from "vitest";
import { bugsPage, catchRows, silenceRows } from "../../bench/bugs-page.js";
import { catchBugs, medianRuns } from "../../bench/catches.js";
import { keepSilence } from "../../bench/silence.js";
import type { Pool } from "../../src/campaign/pool.js";
import type { RunSpec } from "../../src/campaign/prepare.js";
import { systems } from "../../systems/index.js";
import { reportOf } from "../campaign/fakes.js";

const RANGE = 10_000;

/** A pool whose runs are as told, and that notes what it was asked for. */
function pool(
  tell: (spec: RunSpec) => { valid: boolean | "unknown"; anomalies?: string[] },
): Pool & { asked: RunSpec[] } {
  const asked: RunSpec[] = [];
  return {
    asked,
    jobs: 2,
    run: async (spec) => {
      asked.push(spec);
      const { valid, ...rest } = tell(spec);
      return { report: { ...reportOf(spec, valid), ...rest } };
    },
    audit: async () => undefined,
    close: async () => undefined,
  };
}

const bug = { system: "quorum", bug: "weak-quorum" };

describe("the table of bugs", () => {
  test("counts runs to the first catch, range by range", async () => {
    // The first range shows it in its 1st run, the next in its 3rd …
    const fake = pool(({ seed }) => ({ valid: seed % RANGE <= 2 * Math.floor(seed / RANGE) }));
    const [caught] = await catchBugs(fake, { bugs: [bug], ranges: 5, cap: 20 });
    expect(caught!.catches.map(({ runs }) => runs)).toEqual([1, 3, 5, 7, 9]);
    expect(medianRuns(caught!)).toBe(5);
    expect(caught!.catches[4]!.virtualMs).toBe(9_000);
    expect(catchRows([caught!])[0]).toMatchObject({ median: 5, max: 9, anomaly: "stale-read" });
  });

  test("takes no anomaly for a catch that the bug does not declare", async () => {
    const fake = pool(({ seed }) => ({
      valid: false,
      anomalies: [seed % RANGE < 4 ? "node-threw" : "stale-read"],
    }));
    const [caught] = await catchBugs(fake, { bugs: [bug], ranges: 2, cap: 20 });
    expect(caught!.catches.map(({ runs }) => runs)).toEqual([4, 4]);
  });

  test("says of what no run shows that it escaped", async () => {
    const fake = pool(() => ({ valid: "unknown" }));
    const all = await catchBugs(fake, { bugs: [bug], ranges: 3, cap: 4 });
    expect(fake.asked.length).toBe(12);
    expect(catchRows(all)[0]).toMatchObject({ median: "–", max: "–", anomaly: "-" });
  });

  test("asks for the bug as it wants to be found", async () => {
    const fake = pool(() => ({ valid: false }));
    await catchBugs(fake, {
      bugs: [{ system: "raft", bug: "vote-not-durable" }],
      ranges: 1,
      cap: 1,
    });
    const { nemesis } = systems.get("raft")!.bugs["vote-not-durable"]!;
    expect(fake.asked[0]).toMatchObject({ bugs: ["vote-not-durable"], nemesis: [nemesis] });
  });
});

describe("the table of silence", () => {
  const quorum = systems.get("quorum")!;

  test("spreads the runs over all settings, bugs' own included, and switches no bug on", async () => {
    const fake = pool(() => ({ valid: true }));
    const [silence] = await keepSilence(fake, [systems.get("txn")!], 100, () => undefined);
    expect(silence).toMatchObject({ runs: 100, valid: 100, invalid: 0, unknown: 0 });
    expect(silence!.first).toBeUndefined();
    const settings = new Set(fake.asked.map(({ seed: _, ...setting }) => JSON.stringify(setting)));
    expect(settings.size).toBe(silence!.settings);
    expect(fake.asked.every(({ bugs }) => bugs === undefined)).toBe(true);
    expect(fake.asked.some(({ options }) => options?.["isolation"] === "serializable")).toBe(true);
  });

  test("counts what is not silent, and says what to run to see it", async () => {
    const fake = pool(({ seed, workload }) => ({
      valid: seed === 2 && workload === "kv" ? "unknown" : true,
    }));
    const [silence] = await keepSilence(fake, [quorum], 40, () => undefined);
    expect(silence!.unknown).toBeGreaterThan(0);
    expect(silence!.first).toBe("quorum --workload kv --seed 2");
    expect(silenceRows([silence!])[0]).toMatchObject({ silent: 40 - silence!.unknown });
  });
});

test("the page has a row for every bug and every system", async () => {
  const fake = pool(() => ({ valid: false }));
  const caught = await catchBugs(fake, { bugs: [bug], ranges: 2, cap: 3 });
  const quiet = pool(() => ({ valid: true }));
  const silences = await keepSilence(quiet, [systems.get("quorum")!], 8, () => undefined);
  const page = bugsPage(caught, silences);
  expect(page).toMatch(/^\| Q?1? ?\| `quorum` \| `weak-quorum` \|.*\| stale-read \|/m);
  expect(page).toMatch(/^\| `quorum` \| \d+ \| 8 \| 8 \| 0 \| 0 \|$/m);
});

test("the page keeps what was not measured this time, and takes what was", async () => {
  const fake = pool(() => ({ valid: false }));
  const raft = { system: "raft", bug: "stale-read" };
  const both = await catchBugs(fake, { bugs: [bug, raft], ranges: 1, cap: 3 });
  const silent = (runs: number) =>
    keepSilence(
      pool(() => ({ valid: true })),
      [systems.get("quorum")!],
      runs,
      () => undefined,
    );
  const before = bugsPage(both, await silent(8));
  const escaped = await catchBugs(
    pool(() => ({ valid: true })),
    { bugs: [bug], ranges: 1, cap: 3 },
  );
  const page = bugsPage(escaped, [], before);
  const rowOf = (text: string, name: string) =>
    text.split("\n").filter((line) => line.includes(`| \`${name}\` |`));
  expect(rowOf(page, "stale-read")).toEqual(rowOf(before, "stale-read"));
  expect(rowOf(page, "weak-quorum").map((row) => row.includes("| - | - | – |"))).toEqual([true]);
  expect(page).toMatch(/^\| `quorum` \| \d+ \| 8 \| 8 \| 0 \| 0 \|$/m);
  expect(bugsPage([], await silent(9), before)).toMatch(
    /^\| `quorum` \| \d+ \| 9 \| 9 \| 0 \| 0 \|$/m,
  );
});
