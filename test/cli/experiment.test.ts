import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { experiments } from "../../experiments/index.js";
import { faultline, main, scratch } from "./faultline.js";

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
    const { code, stdout, stderr } = await run("experiment window latency --json --out kept");
    expect(code).toBe(0);
    // Progress at most, and no report.
    expect(stderr).not.toMatch(/predicted|holds/);
    const told = JSON.parse(stdout);
    expect(told.map(({ name, holds }: { name: string; holds: boolean }) => [name, holds])).toEqual([
      ["window", true],
      ["latency", true],
    ]);
    for (const { figure } of told) expect(existsSync(join(cwd, figure))).toBe(true);
  });

  it("say what is measured by then, and what is missing, when they are interrupted", async () => {
    const args = [main, "experiment", "--all", "--out", "stopped", "--quiet"];
    const child = execa(process.execPath, args, { cwd, reject: false });
    // The folder is made before anything is measured.
    await expect
      .poll(() => existsSync(join(cwd, "stopped/experiments")), { timeout: 20_000 })
      .toBe(true);
    child.kill("SIGINT");
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(3);
    const [, missing = ""] = /^interrupted: not measured: (.+)$/m.exec(String(stdout)) ?? [];
    const names = [...experiments.keys()];
    const left = missing.split(", ");
    const measured = names.slice(0, names.length - left.length);
    expect([...measured, ...left]).toEqual(names);
    for (const name of measured) {
      expect(existsSync(join(cwd, `stopped/experiments/${name}.svg`))).toBe(true);
      expect(String(stdout)).toMatch(new RegExp(`^${name}: `, "m"));
    }
  });
});
