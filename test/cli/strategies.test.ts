import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { strategies } from "../../strategies/index.js";
import { faultline, scratch } from "./faultline.js";

const cwd = scratch();
/** Plain words are arguments of the command line. */
const run = (words: string) => faultline(words.split(" "), { cwd });

describe("strategies", () => {
  it("are listed with what they do", async () => {
    const listed = JSON.parse((await run("list strategies --json")).stdout);
    expect(listed).toEqual(
      [...strategies.values()].map(({ name, summary }) => ({ name, summary })),
    );
    const { stdout } = await run("list strategies");
    for (const { name, summary } of strategies.values()) {
      expect(stdout).toContain(name);
      expect(stdout).toContain(summary);
    }
  });

  it("that do not exist are refused with the nearest, by run and by campaign", async () => {
    for (const words of ["run raft --seed 1", "campaign raft --seeds 1..2"]) {
      const { code, stdout, stderr } = await run(`${words} --strategy guidd`);
      expect(code).toBe(2);
      expect(stdout).toBe("");
      expect(stderr).toBe('faultline: unknown strategy "guidd": did you mean guided?');
    }
  });

  it("make the faults of a run, whose plan says so", async () => {
    const { dir } = JSON.parse(
      (await run("run quorum --seed 3 --ops 40 --strategy swizzle-clog --json")).stdout,
    );
    const plan = JSON.parse(readFileSync(join(cwd, dir, "plan.json"), "utf8"));
    expect(plan.strategy).toBe("swizzle-clog");
    expect(plan.faults.some(({ kind }: { kind: string }) => kind === "clog")).toBe(true);
  });

  it("of plain chance are what happens anyhow", async () => {
    const hashOf = async (words: string): Promise<string> =>
      JSON.parse((await run(`run quorum --seed 4 --ops 40 --json ${words}`.trim())).stdout)
        .traceHash;
    expect(await hashOf("--strategy random")).toBe(await hashOf("--quiet"));
  });

  it("that are guided learn the same with any number of jobs", async () => {
    const hashOf = async (words: string): Promise<string> =>
      JSON.parse(
        (await run(`campaign ids --seeds 0..63 --ops 20 --strategy guided --json ${words}`)).stdout,
      ).hash;
    const alone = await hashOf("--jobs 1 --out one");
    expect(await hashOf("--jobs 2 --out two")).toBe(alone);
    const portfolio = await run("campaign ids --seeds 0..63 --ops 20 --strategy portfolio --json");
    expect(JSON.parse(portfolio.stdout).hash).not.toBe(alone);
  });
});
