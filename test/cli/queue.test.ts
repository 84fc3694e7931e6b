import { join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { describe, expect, it } from "vitest";
import { freePort, redisPresent, startRedis } from "../queue/redis.js";
import { faultline, root, scratch } from "./faultline.js";

const main = join(root, "dist/src/cli/main.js");

function startWorker(url: string, cwd: string): ResultPromise {
  const args = [main, "worker", "--queue", url, "--jobs", "1", "--quiet"];
  return execa(process.execPath, args, { cwd, reject: false });
}

/** What must be the same however the runs were carried out. */
function summaryOf(stdout: string): object {
  const { wallMs: _wall, dir: _dir, failures, ...summary } = JSON.parse(stdout);
  return {
    ...summary,
    failures: failures.map(({ case: _case, ...rest }: object & { case: string }) => rest),
  };
}

describe.skipIf(!redisPresent)("a campaign through a queue (skipped without redis-server)", () => {
  it("has the summary of one process, though a worker is killed in the middle", async () => {
    const url = await startRedis();
    const [here, there] = [scratch(), scratch()];
    const campaign = ["campaign", "quorum", "raft", "--seeds", "1..20", "--json", "--quiet"];
    const alone = await faultline(campaign, { cwd: here });
    const victim = startWorker(url, there);
    const shared = faultline([...campaign, "--queue", url], { cwd: there });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    victim.kill("SIGKILL");
    const heir = startWorker(url, there);
    const { stdout, code } = await shared;
    heir.kill("SIGINT");
    await Promise.all([victim, heir]);
    expect(code).toBe(alone.code);
    expect(summaryOf(stdout)).toEqual(summaryOf(alone.stdout));
  });

  it("finds and keeps failures as one process does", async () => {
    const url = await startRedis();
    const [here, there] = [scratch(), scratch()];
    const campaign = [
      "campaign",
      "counter-set",
      "--bug",
      "merge-by-sum",
      "--seeds",
      "1..5",
      "--json",
    ];
    const alone = await faultline(campaign, { cwd: here });
    const worker = startWorker(url, there);
    const shared = await faultline([...campaign, "--queue", url], { cwd: there });
    worker.kill("SIGINT");
    await worker;
    expect(shared.code).toBe(1);
    expect(summaryOf(shared.stdout)).toEqual(summaryOf(alone.stdout));
    const [first] = JSON.parse(shared.stdout).failures;
    expect((await faultline(["replay", first.case], { cwd: there })).code).toBe(1);
  });
});

it("says in one line that nobody answers", async () => {
  const url = `redis://127.0.0.1:${await freePort()}`;
  for (const args of [
    ["worker", "--queue", url],
    ["campaign", "--queue", url, "--seeds", "1..2"],
  ]) {
    const { code, stderr } = await faultline(args, { cwd: scratch() });
    expect(code).toBe(2);
    expect(stderr.trim()).toMatch(/^faultline: --queue: no Redis at [^\n]*ECONNREFUSED[^\n]*$/);
  }
});
