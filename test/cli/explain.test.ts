import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { execute } from "../../src/controller/index.js";
import type { Explanation } from "../../src/explain/index.js";
import { formatCase } from "../../src/store/run-dir.js";
import { twoPrimaries } from "../explain/cases.js";
import { faultline, scratch } from "./faultline.js";

const cwd = scratch();
const small = ["--points", "2", "--futures", "2"];

beforeAll(async () => {
  writeFileSync(join(cwd, "case.json"), formatCase(await execute(twoPrimaries())));
  const sound = { ...twoPrimaries(), bugs: [] };
  writeFileSync(join(cwd, "sound.json"), formatCase(await execute(sound)));
});

describe("faultline explain", () => {
  test("tells people the story of a case as it is", async () => {
    const args = ["explain", "case.json", "--no-shrink", "--out", "told.json", ...small];
    const { code, stdout } = await faultline(args, { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("What went wrong");
    expect(stdout).toMatch(/n\d, the leader, is cut off from all others from 2 s to 5.5 s/);
    const told = JSON.parse(readFileSync(join(cwd, "told.json"), "utf8")) as Explanation;
    expect(told.format).toBe("faultline-explanation/1");
    expect(told.shrunk).toBeNull();
    expect(told.run.plan).toEqual(twoPrimaries());
  });

  test("shrinks first what was never shrunk, and prints one document with --json", async () => {
    const { code, stdout } = await faultline(["explain", "case.json", "--json", ...small], { cwd });
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as Explanation;
    expect(told.shrunk).not.toBeNull();
    expect(told.run.plan.operations.length).toBeLessThan(twoPrimaries().operations.length);
    expect(told.faults.map(({ kind }) => kind)).toEqual(["partition"]);
    expect(told.faults[0]!.without!.passes).toBe(true);
  });

  test("refuses a case that does not fail, in one line", async () => {
    for (const way of [[], ["--no-shrink"]]) {
      const { code, stderr } = await faultline(["explain", "sound.json", ...way], { cwd });
      expect(code).toBe(2);
      expect(stderr.trim().split("\n")).toEqual([
        expect.stringContaining("sound.json: the run does not fail (its verdict is true)"),
      ]);
    }
  });
});
