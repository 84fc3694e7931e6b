import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shapes } from "../systems/litmus-runs.js";
import { faultline, type Outcome, root, scratch } from "./faultline.js";
import { writtenFile } from "./recorded-files.js";

const cwd = scratch();
const litmus = (...args: string[]): Promise<Outcome> => faultline(["litmus", ...args], { cwd });
const few = ["--seeds", "1..1", "--instances", "40", "--nemesis", "none", "--jobs", "1", "--quiet"];

writtenFile(cwd, "SB.store", shapes.SB);
writtenFile(cwd, "fences.store", shapes["SB+fences"]);
writtenFile(cwd, "MP.store", shapes.MP);

describe("litmus tests against a system", () => {
  it("print a table of what was seen, and end well within the claim", async () => {
    const { code, stdout } = await litmus("SB.store", "--system", "tso-store", ...few);
    expect(code).toBe(0);
    expect(stdout).toContain("tso-store, tso held: 2 runs in 2 placements, 80 of 80 instances");
    expect(stdout).toMatch(/\* 0:r0=0 1:r0=0 +\d+ +- +yes +yes/);
    expect(stdout).toContain("weaker than sequential consistency");
  });

  it("end with 1 outside the claim, and say how to see it again", async () => {
    const args = ["--system", "tso-store", "--bug", "fence-noop", ...few];
    const { code, stdout } = await litmus("fences.store", ...args);
    expect(code).toBe(1);
    expect(stdout).toMatch(/FORBIDDEN/);
    const [, file] = /replay: npx faultline replay (\S+)/.exec(stdout) ?? [];
    const again = await faultline(["replay", String(file), "--quiet"], { cwd });
    expect([again.code, again.stdout]).toEqual([1, expect.stringContaining("forbidden-outcome")]);
  });

  it("are one document for scripts, tests that cannot be run among them", async () => {
    const args = ["--system", "causal-store", "--json", ...few];
    const { code, stdout } = await litmus("MP.store", "fences.store", ...args);
    const [ran, skipped] = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(ran).toMatchObject({
      file: "MP.store",
      name: "MP",
      system: "causal-store",
      model: "causal-convergence",
      runs: 2,
      instances: 80,
      forbidden: [],
      valid: true,
    });
    expect(ran.outcomes[0]).toMatchObject({ count: expect.any(Number), sc: true, allowed: true });
    expect(skipped).toEqual({
      file: "fences.store",
      name: "SB+fences",
      system: "causal-store",
      skipped: "needs fence",
    });
  });

  it("are put to programs, too, as far as lin-kv goes", async () => {
    const bin = `${process.execPath} ${join(root, "systems/samples/javascript/lin-kv.mjs")}`;
    const { code, stdout } = await litmus("SB.store", "fences.store", "--bin", bin, ...few);
    expect(code).toBe(0);
    expect(stdout).toContain("sc held: 2 runs in 2 placements, 80 of 80 instances came through");
    expect(stdout).toContain("fences.store: not run: it needs fence");
  });

  it.each([
    [["SB.store", "--claim", "tso"], /--claim is about a system/],
    [["SB.store", "--system", "tso-store", "--model", "sc,tso"], /held to one model/],
    [["SB.store", "--system", "tso-store", "--expect", "a.tsv"], /--expect is about models alone/],
    [["SB.store", "--system", "raft", "--bin", "true"], /not both/],
    [["fences.store", "--system", "causal-store"], /no test can be put to this system/],
    [["SB.store", "--system", "nosuch"], /nosuch/],
    [["SB.store", "--system", "tso-store", "--claim", "strong"], /no model is called "strong"/],
  ])("are refused when they make no sense: %j", async (args, reason) => {
    const { code, stderr } = await litmus(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(reason)]);
  });
});
