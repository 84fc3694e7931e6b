import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { strategyRows } from "../../bench/strategies.js";
import type { Pool } from "../../src/campaign/pool.js";
import type { RunSpec } from "../../src/campaign/prepare.js";
import type { RunReport } from "../../src/campaign/run-one.js";

const BUGS = [
  { system: "quorum", bug: "weak-quorum" },
  { system: "ids", bug: "clock-ids" },
];
const FROM = 4096;

/** A pool whose runs fail as told, and that notes what it was asked for. */
function pool(fails: (spec: RunSpec, nth: number) => boolean): Pool & { asked: RunSpec[] } {
  const asked: RunSpec[] = [];
  return {
    asked,
    jobs: 2,
    run: async (spec) => {
      asked.push(spec);
      const nth = (spec.seed % FROM) + 1;
      const report = { valid: !fails(spec, nth), features: [spec.seed] };
      return { report: report as unknown as RunReport };
    },
    audit: async () => undefined,
    close: async () => undefined,
  };
}

describe("the table of strategies", () => {
  const folder = mkdtempSync(join(tmpdir(), "faultline-strategies-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("has the median number of runs to the first failure, for every bug and strategy", async () => {
    // Campaigns have ranges of 4096 seeds: the first fails at its 3rd run, the next at its 5th …
    const fake = pool((spec, nth) => nth === 1 + 2 * Math.floor(spec.seed / FROM));
    const { rows } = await strategyRows(fake, {
      bugs: BUGS,
      campaigns: 3,
      cap: 20,
      from: FROM,
      names: ["random", "pct"],
    });
    expect(rows).toEqual(BUGS.map((bug) => ({ ...bug, random: 5, pct: 5 })));
  });

  test("says of what no run of a cap shows that it takes longer, and counts who beats chance", async () => {
    const fake = pool((spec) => spec.strategy === "portfolio" && spec.system === "ids");
    const { rows, summary } = await strategyRows(fake, {
      bugs: BUGS,
      campaigns: 1,
      cap: 30,
      from: FROM,
      names: ["random", "guided + portfolio"],
    });
    expect(rows.map((row) => [row["random"], row["guided + portfolio"]])).toEqual([
      [">30", ">30"],
      [">30", 2],
    ]);
    expect(summary).toContain("of 2 bugs");
    expect(summary).toContain("guided + portfolio on 1");
  });

  test("draws all from the swarm, each campaign from seeds of its own, and alternates where it says so", async () => {
    const fake = pool(() => false);
    const names = ["random", "guided + portfolio"];
    await strategyRows(fake, { bugs: BUGS, campaigns: 2, cap: 4, from: FROM, names });
    expect(new Set(fake.asked.map(({ nemesis }) => nemesis?.join()))).toEqual(new Set(["swarm"]));
    const one = fake.asked.filter((spec) => spec.system === "ids" && spec.seed < 2 * FROM);
    expect(one.map(({ seed, strategy }) => [seed - FROM, strategy])).toEqual([
      [0, undefined],
      [1, undefined],
      [2, undefined],
      [3, undefined],
      [0, "guided"],
      [1, "portfolio"],
      [2, "guided"],
      [3, "portfolio"],
    ]);
    expect(fake.asked.length).toBe(2 * 2 * 2 * 4);
  });

  test("asks the others only about hard bugs, where that is wanted", async () => {
    const fake = pool((spec) => spec.system === "quorum");
    const names = ["random", "pct"];
    const question = { bugs: BUGS, campaigns: 1, cap: 25, from: FROM, names, hard: true };
    const { rows } = await strategyRows(fake, question);
    expect(rows.map((row) => row["pct"])).toEqual(["-", ">25"]);
  });

  test("takes what is kept in a file from there", async () => {
    const keep = join(folder, "first.jsonl");
    const question = { bugs: BUGS, campaigns: 2, cap: 5, from: FROM, names: ["random"], keep };
    const first = await strategyRows(
      pool((_, nth) => nth === 2),
      question,
    );
    const again = pool(() => true);
    expect(await strategyRows(again, question)).toEqual(first);
    expect(again.asked).toEqual([]);
    expect(readFileSync(keep, "utf8").trim().split("\n").length).toBe(4);
    // What was found within few runs is found within more; within fewer it is not.
    const rowsOf = async (cap: number) =>
      (await strategyRows(again, { ...question, cap })).rows.map(({ random }) => random);
    expect(await rowsOf(9)).toEqual([2, 2]);
    expect(await rowsOf(1)).toEqual([">1", ">1"]);
    expect(again.asked).toEqual([]);
  });

  test("asks again about what a smaller cap did not show", async () => {
    const keep = join(folder, "second.jsonl");
    const question = { bugs: BUGS, campaigns: 1, cap: 3, from: FROM, names: ["random"], keep };
    const fake = pool((_, nth) => nth === 5);
    expect((await strategyRows(fake, question)).rows[0]?.["random"]).toBe(">3");
    expect((await strategyRows(fake, { ...question, cap: 8 })).rows[0]?.["random"]).toBe(5);
  });

  test("is not made of runs that the harness broke", async () => {
    const broken: Pool = { ...pool(() => false), run: async () => ({ broken: "it stumbled" }) };
    await expect(strategyRows(broken, { bugs: BUGS, campaigns: 1, cap: 5 })).rejects.toThrow(
      "it stumbled",
    );
  });
});
