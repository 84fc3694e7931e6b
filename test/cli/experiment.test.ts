import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { experiments } from "../../experiments/index.js";
import { faultline, scratch } from "./faultline.js";

const cwd = scratch();
/** Plain words are arguments of the command line. */
const run = (words: string) => faultline(words.split(" "), { cwd });

describe("experiments", () => {
  it("are listed with what they claim", async () => {
    const listed = JSON.parse((await run("list experiments --json")).stdout);
    expect(listed).toEqual(
      [...experiments.values()].map(({ name, summary, formula }) => ({ name, summary, formula })),
    );
    const { code, stdout } = await run("list experiments");
    expect(code).toBe(0);
    for (const { name, summary } of experiments.values()) {
      expect(stdout).toContain(name);
      expect(stdout).toContain(summary);
    }
  });

  it("say what was predicted and measured, and keep their figure", async () => {
    const { code, stdout } = await run("experiment latency --seed 7 --out kept");
    expect(code).toBe(0);
    expect(stdout).toMatch(/predicted +measured +95 % interval/);
    expect(stdout).toMatch(/holds: (\d+) of \1 comparisons/);
    expect(readFileSync(join(cwd, "kept/experiments/latency.svg"), "utf8")).toMatch(/^<svg /);
  });

  it("are a document with --json, several in the order named", async () => {
    const { code, stdout } = await run("experiment window latency --json --out kept");
    expect(code).toBe(0);
    const told = JSON.parse(stdout);
    expect(told.map(({ name, holds }: { name: string; holds: boolean }) => [name, holds])).toEqual([
      ["window", true],
      ["latency", true],
    ]);
    for (const { figure } of told) expect(existsSync(join(cwd, figure))).toBe(true);
  });
});
