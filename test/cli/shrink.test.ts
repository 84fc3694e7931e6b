/** `faultline shrink` as a user meets it: the smaller case, what is said of it, and what is refused. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/base/json.js";
import { type Case, parseCase } from "../../src/store/case-file.js";
import { formatCase } from "../../src/store/run-dir.js";
import { type Failing, failing } from "../shrink/failing.js";
import { faultline, root, scratch } from "./faultline.js";

const cwd = scratch();
const request = { system: "ids", bugs: ["unsynced-block"], nemesis: ["crash"], operations: 60 };

/** A failing run as a case file in the scratch folder. */
async function failingCase(name: string): Promise<{ file: string; found: Failing }> {
  const found = await failing(request);
  writeFileSync(join(cwd, name), formatCase(found.execution));
  return { file: name, found };
}

function readCase(file: string): Case {
  return parseCase(JSON.parse(readFileSync(join(cwd, file), "utf8")) as Json, file);
}

describe("faultline shrink", () => {
  test("writes a smaller case beside, tells what is left, and never writes over another", async () => {
    const { file, found } = await failingCase("story.json");
    const first = await faultline(["shrink", file], { cwd });
    expect(first.code).toBe(0);
    expect(first.stdout).toContain(`operations  ${found.plan.operations.length}`);
    expect(first.stdout).toMatch(/minimal: each of .* is needed/);
    expect(first.stdout).toContain("replay: npx faultline replay story-min.json");
    const smaller = readCase("story-min.json");
    expect(smaller.expected.signature).toBe(found.signature);
    const { seed } = found.plan;
    expect(smaller.shrunk).toMatchObject({ minimal: true, from: { operations: 60, seed } });
    const other = smaller.plan.seed !== seed;
    expect(first.stdout.includes(`at seed ${smaller.plan.seed} instead of ${seed}`)).toBe(other);
    expect(smaller.plan.operations.length).toBeLessThan(10);
    const replayed = await faultline(["replay", "story-min.json"], { cwd });
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toContain("everything promised came out the same");
    const second = await faultline(["shrink", file], { cwd });
    expect(second.stdout).toContain("story-min-2.json");
    expect(readCase("story-min-2.json")).toEqual(smaller);
  });

  test("gives one document, and puts the case where it is told", async () => {
    const { file, found } = await failingCase("document.json");
    const out = join("deep", "down", "small.json");
    const { code, stdout } = await faultline(["shrink", file, "--out", out, "--json"], { cwd });
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      case: file,
      out,
      signature: found.signature,
      before: { operations: 60, faults: found.plan.faults.length },
      minimal: true,
    });
    const { nodes, operations, faults, clients } = readCase(out).plan;
    expect(document.after).toEqual({
      nodes: nodes.length,
      clients,
      operations: operations.length,
      faults: faults.length,
    });
    expect(document.group).toBe(readCase(out).shrunk?.group);
    expect(document.proof).toHaveLength(faults.length + operations.length);
    expect(typeof document.wallMs).toBe("number");
  });

  test("stops at its budget with what it has, and says so", async () => {
    const { file } = await failingCase("budget.json");
    const { code, stdout } = await faultline(["shrink", file, "--runs-max", "5"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("stopped before the end");
    expect(readCase("budget-min.json").shrunk).toMatchObject({ minimal: false, runs: 5 });
  });

  test("takes a run's directory, and puts the case into it", async () => {
    const found = await failing(request);
    const args = ["run", "ids", "--bug", "unsynced-block", "--nemesis", "crash", "--ops", "60"];
    const run = await faultline([...args, "--seed", `${found.plan.seed}`, "--json"], { cwd });
    const { dir } = JSON.parse(run.stdout);
    const { code } = await faultline(["shrink", dir, "--quiet"], { cwd });
    expect(code).toBe(0);
    expect(existsSync(join(cwd, dir, "case-min.json"))).toBe(true);
  });

  test("writes the best so far when it is interrupted", async () => {
    const found = await failing({ system: "raft", bugs: ["ack-before-commit"] });
    writeFileSync(join(cwd, "long.json"), formatCase(found.execution));
    const main = join(root, "dist/src/cli/main.js");
    const child = execa(process.execPath, [main, "shrink", "long.json"], { cwd, reject: false });
    // The first news says that it has begun.
    child.stderr.once("data", () => child.kill("SIGINT"));
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(0);
    // A fast machine may be done before there are any news.
    expect(stdout).toMatch(/stopped before the end|minimal: each/);
    expect(readCase("long-min.json").expected.signature).toBe(found.signature);
  });
});

describe("faultline shrink refuses", () => {
  test.each([
    ["a file that is not there", "nowhere.json", "nowhere.json: no such file or directory"],
    ["what is no case", "other.json", "other.json: not a case"],
    ["what is not JSON", "text.json", "text.json: not JSON"],
    ["a folder that is no run", "folder", "folder: not a run's directory"],
  ])("%s", async (_what, source, message) => {
    writeFileSync(join(cwd, "other.json"), "{}");
    writeFileSync(join(cwd, "text.json"), "once upon");
    mkdirSync(join(cwd, "folder"), { recursive: true });
    const { code, stderr } = await faultline(["shrink", source], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(`faultline: ${message}`);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("a case that does not fail any more, saying what it gives now", async () => {
    const { file, found } = await failingCase("fixed.json");
    const fixed = readCase(file);
    writeFileSync(join(cwd, file), JSON.stringify({ ...fixed, plan: { ...fixed.plan, bugs: [] } }));
    const { code, stderr } = await faultline(["shrink", file], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(`fixed.json: it does not fail as ${found.signature}: it is valid now`);
  });

  test("a place where nothing can be written, before any run", async () => {
    const { file } = await failingCase("place.json");
    const { code, stderr } = await faultline(["shrink", file, "--out", "."], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("is a directory");
  });
});
