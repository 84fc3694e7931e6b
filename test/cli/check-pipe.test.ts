import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { formatJsonl } from "../../histories/jsonl.js";
import { timeline } from "../checkers/timeline.js";
import { faultline, root, scratch } from "./faultline.js";

const cwd = scratch();
const SOUND = "0 write 1 0..1\n1 read = 1 2..3\n0 write 2 4..5\n1 read = 2 6..7";
const STALE = SOUND.replace("read = 2", "read = 1");
const lines = (operations: string): string => formatJsonl(timeline(operations).events);

it("a violation is reported while the writer still holds the pipe open", async () => {
  const main = join(root, "dist/src/cli/main.js");
  const args = [main, "check", "-", "--json"];
  const child = execa(process.execPath, args, { cwd, reject: false });
  child.stdin.write(lines(STALE));
  const { exitCode, stdout } = await child;
  expect(exitCode).toBe(1);
  expect(JSON.parse(String(stdout))).toMatchObject({
    file: "-",
    valid: false,
    anomalies: [{ type: "stale-read", page: expect.stringMatching(/stdin.*\.html$/) }],
  });
});

it("a valid history is read to its end", async () => {
  const { code, stdout } = await faultline(["check", "-"], { cwd, input: lines(SOUND) });
  expect([code, stdout]).toEqual([
    0,
    "standard input: valid: linearizable as register (inferred), 4 operations",
  ]);
});

it("an operation that makes no sense is refused while the writer still holds the pipe open", async () => {
  const main = join(root, "dist/src/cli/main.js");
  const child = execa(process.execPath, [main, "check", "-"], { cwd, reject: false });
  child.stdin.write(lines("0 enqueue 1 0..1\n0 enqueue 2..3"));
  const { exitCode, stderr } = await child;
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/standard input:3: .*enqueue/)]);
});

it("an empty pipe is refused", async () => {
  const { code, stderr } = await faultline(["check", "-"], { cwd, input: "" });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^faultline: standard input: .*empty/)]);
});
