import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { faultline, root, scratch } from "./faultline.js";

const cwd = scratch();
const run = (words: string) => faultline(words.split(" "), { cwd });
const document = async (words: string) => JSON.parse((await run(`${words} --json`)).stdout);
const main = join(root, "dist/src/cli/main.js");

/** Starts a command line, to be killed. */
const started = (words: string) =>
  execa(process.execPath, [main, ...words.split(" ")], { cwd, reject: false });

/** A register on the first node, which runs `now` whenever a message comes. */
function register(name: string, now: string, above = ""): string {
  writeFileSync(
    join(cwd, `${name}.ts`),
    `import { isMainThread } from "node:worker_threads";
    ${above}
    export default {
      name: "${name}",
      workloads: ["register"],
      service: () => ({ operations: ["read", "write"], consistency: "linearizable" }),
      create: (context: any) => {
        let value: unknown = null;
        return {
          async onMessage({ body, dest }: any) {
            if (body.type !== "read" && body.type !== "write") return;
            ${now}
            const [first] = context.nodes;
            if (dest !== first) {
              const { msg_id, ...request } = body;
              return context.rpc(first, request, { timeoutMs: 500 });
            }
            if (body.type === "read") return { type: "read_ok", value };
            value = body.value;
            return { type: "write_ok" };
          },
        };
      },
    };`,
  );
  return `campaign ./${name}.ts --nemesis none --ops 60`;
}

interface Failed {
  seed: number;
  reason: string;
}

/** What a campaign says but for what may differ. */
function essence(text: string): object {
  const { wallMs: _, dir: __, ...rest } = JSON.parse(text);
  return JSON.parse(JSON.stringify(rest).replaceAll(/"case":"[^"]*\//g, '"case":"'));
}

describe("a run that takes its worker down", () => {
  it("by an endless loop is given up, and the others go on", async () => {
    const words = register("hang", "if (context.random.int(200) === 7) for (;;) {}");
    const asked = `${words} --seeds 1..12 --run-timeout 3s`;
    const { code, stdout } = await run(`${asked} --jobs 2 --json`);
    expect(code).toBe(4);
    const { runs, valid, broken, harnessFailures } = JSON.parse(stdout);
    expect(runs).toBe(12);
    expect(valid).toBe(12 - broken);
    expect(broken).toBeGreaterThan(0);
    expect(valid).toBeGreaterThan(0);
    for (const { reason } of harnessFailures as Failed[]) {
      expect(reason).toMatch(/still going after 3 s of real time and was given up/);
    }
  });

  it("by ending its thread is the harness's failure, and the others go on", async () => {
    // Sooner than all runs take on the fastest machine.
    const leave = "if (!isMainThread) setTimeout(() => process.exit(3), 500);";
    const { runs, valid, harnessFailures } = await document(
      `${register("exit", "", leave)} --ops 3000 --seeds 1..24 --jobs 2`,
    );
    expect(runs).toBe(24);
    expect(valid + harnessFailures.length).toBe(24);
    expect(harnessFailures.map(({ reason }: Failed) => reason).join()).toMatch(
      /its worker ended in the middle of the run, with exit code 3/,
    );
  });

  it("by using up its memory is named so, and the others go on", async () => {
    const words = register(
      "greedy",
      "if (context.random.int(200) === 7) { const all = []; for (;;) all.push([all.length]); }",
    );
    const { stdout, exitCode } = await execa(
      process.execPath,
      ["--max-old-space-size=100", main, ...words.split(" "), "--seeds", "1..6", "--json"],
      { cwd, reject: false },
    );
    const { runs, valid, broken, harnessFailures } = JSON.parse(String(stdout));
    expect([exitCode, runs, valid]).toEqual([4, 6, 6 - broken]);
    expect(broken).toBeGreaterThan(0);
    for (const { reason } of harnessFailures as Failed[]) expect(reason).toMatch(/out of memory/);
  });
});

describe("a system that is not what its seed says", () => {
  it("because a module remembers earlier runs is found out, with the first event that differs", async () => {
    const noise = 'context.send(context.nodes[0], { type: "noise", n: ++messages });';
    const words = register("memory", noise, "let messages = 0;");
    const { code, stdout } = await run(`${words} --seeds 1..60 --jobs 1 --json`);
    expect(code).toBe(4);
    const { harnessFailures, audited } = JSON.parse(stdout);
    expect(audited).toBeGreaterThan(0);
    for (const { reason } of harnessFailures as Failed[]) {
      expect(reason).toMatch(/two runs of one seed differ: .*differs is number \d+.* at \d+ us/);
    }
  });

  it("because it reads what no fence keeps from it is found out when it fails, with its case", async () => {
    const words = register(
      "ambient",
      `if (body.type === "read" && process.cpuUsage().user % 2 === 0) return { type: "read_ok", value: -1 };`,
    );
    const { failures, harnessFailures } = await document(`${words} --seeds 1..3`);
    expect(failures).toEqual([]);
    expect(harnessFailures).toHaveLength(3);
    for (const { reason, case: file } of harnessFailures) {
      expect(reason).toMatch(/two runs of one seed differ/);
      expect(existsSync(join(cwd, file))).toBe(true);
    }
  });

  it("that prints leaves stdout to the document", async () => {
    const words = register("talker", 'console.log("hello");', 'console.log("loaded");');
    const { runs } = await document(`${words} --seeds 1..2`);
    expect(runs).toBe(2);
  });
});

describe("a campaign that is cut off", () => {
  const asked = "campaign quorum --bug weak-quorum --seeds 1..15 --ops 60";
  let uninterrupted: Promise<object> | undefined;
  const whole = (): Promise<object> => {
    uninterrupted ??= run(`${asked} --out whole --json`).then(({ stdout }) => essence(stdout));
    return uninterrupted;
  };

  it("by Ctrl-C says what is known and can go on to the same end", async () => {
    const child = started(`${asked} --out stopped --json`);
    await untilLines("stopped", 5);
    child.kill("SIGINT");
    const { exitCode, stdout } = await child;
    const { runs, interrupted, dir, failures } = JSON.parse(String(stdout));
    expect(interrupted).toEqual({ after: runs, of: 30 });
    expect(exitCode).toBe(failures.length > 0 ? 1 : 3);
    const { stdout: resumed } = await run(`campaign --resume ${dir} --json`);
    expect(essence(resumed)).toEqual(await whole());
  });

  it("by SIGKILL goes on to the same end, found by its --out, without half a line", async () => {
    const child = started(`${asked} --out killed --quiet`);
    const file = await untilLines("killed", 5);
    child.kill("SIGKILL");
    await child;
    writeFileSync(file, '{"ordinal":60,"se', { flag: "a" });
    const { stdout: resumed } = await run("campaign --resume killed --jobs 1 --json");
    expect(essence(resumed)).toEqual(await whole());
  });

  it("twice by Ctrl-C ends at once", async () => {
    const words = register("slow", "for (;;) {}");
    const child = started(`${words} --seeds 1..3 --out twice`);
    await untilHead("twice");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill("SIGINT");
    expect((await child).exitCode).toBe(130);
  });

  it("is refused with other options than it was begun with", async () => {
    const { dir } = await document("campaign quorum --seeds 1..2 --ops 20 --out other");
    expect((await run(`campaign --resume ${dir} --seeds 1..2 --ops 20`)).code).toBe(0);
    const { code, stderr } = await run(`campaign --resume ${dir} --seeds 1..3`);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^faultline: --seeds: .*begun with another value/),
    ]);
    expect((await run(`campaign raft --resume ${dir}`)).stderr).toMatch(/begun with quorum/);
    expect((await run("campaign --resume other")).stderr).toMatch(/no unfinished campaign/);
    expect((await run("campaign --resume nowhere")).stderr).toMatch(/no campaign is kept here/);
  });

  it("by a full disk or a folder that cannot be written says so in one line", async () => {
    const folder = join(cwd, "locked");
    mkdirSync(folder);
    writeFileSync(join(folder, "campaigns"), "in the way");
    const { code, stderr, stdout } = await run("campaign quorum --seeds 1..2 --out locked --json");
    expect([code, stdout, stderr.trim().split("\n").length]).toEqual([2, "", 1]);
  });

  it("by cases that cannot be kept tells what it knows first", async () => {
    mkdirSync(join(cwd, "full"));
    writeFileSync(join(cwd, "full", "cases"), "in the way");
    const { code, stderr, stdout } = await run(`${asked} --out full --json --quiet`);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^faultline: seed \d+ of quorum \(.*\) cannot be kept: .*not a directory$/,
    );
    if (stdout !== "") expect(JSON.parse(stdout).failures).toEqual([]);
  });
});

/** Waits until the only campaign below `out` has begun. */
async function untilHead(out: string): Promise<string> {
  const folder = join(cwd, out, "campaigns");
  for (;;) {
    const [name] = existsSync(folder) ? readdirSync(folder) : [];
    if (name !== undefined) return join(folder, name, "runs.jsonl");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** … and has taken in so many runs. */
async function untilLines(out: string, count: number): Promise<string> {
  const file = await untilHead(out);
  for (;;) {
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
    if (lines >= count) return file;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("campaigns side by side", () => {
  it("in one folder keep their cases and journals apart", async () => {
    const outcomes = await Promise.all(
      ["weak-quorum", "no-write-back", "weak-quorum"].map((bug) =>
        document(`campaign quorum --bug ${bug} --workload kv --seeds 1..6 --out shared --jobs 1`),
      ),
    );
    expect(new Set(outcomes.map(({ dir }) => dir)).size).toBe(3);
    for (const { failures } of outcomes) {
      for (const { case: file, seed, signature } of failures) {
        const { plan, expected } = JSON.parse(readFileSync(join(cwd, file), "utf8"));
        expect([plan.seed, expected.signature]).toEqual([seed, signature]);
      }
    }
    expect(outcomes[2].failures.length).toBe(outcomes[0].failures.length);
  });

  it("as shards give together what one gives alone", async () => {
    const asked = "campaign quorum --bug weak-quorum --seeds 1..3 --ops 40";
    for (const i of [1, 2, 3]) await run(`${asked} --shard ${i}/3 --out shard${i}`);
    const { stdout: merged } = await run("campaign --merge shard1 shard2 shard3 --json");
    const { stdout: whole } = await run(`${asked} --out alone --json`);
    expect(essence(merged)).toEqual(essence(whole));
    for (const { case: file } of JSON.parse(merged).failures) {
      expect(existsSync(join(cwd, file))).toBe(true);
    }
    const refused = async (words: string) => (await run(`campaign --merge ${words}`)).stderr;
    expect(await refused("shard1 shard3")).toMatch(/of 3 shards, 2 is missing/);
    expect(await refused("shard1 shard2 shard3 shard3")).toMatch(/shard 3\/3 is there twice/);
    expect(await refused("alone")).toMatch(/not a shard/);
    await run(`${asked} --shard 3/3 --out foreign --nodes 5`);
    expect(await refused("shard1 shard2 foreign")).toMatch(/a shard of another campaign/);
  });
});

describe("a budget", () => {
  it("of time ends a campaign that has no last seed, after a prefix of its order", async () => {
    const timed = await document("campaign quorum --duration 2s --ops 40");
    expect(timed.runs).toBeGreaterThan(0);
    const counted = await document(
      `campaign quorum --ops 40 --seeds 1..${Math.ceil(timed.runs / 2)}`,
    );
    if (timed.runs % 2 === 0) expect(counted.hash).toBe(timed.hash);
    expect(counted.runs - timed.runs).toBe(timed.runs % 2);
  });

  it("until the first failure ends with it", async () => {
    const { failures } = await document("campaign quorum --bug weak-quorum --until-failure");
    expect(failures).toHaveLength(1);
  });
});
