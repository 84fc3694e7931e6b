import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { faultline, root, scratch } from "./faultline.js";

const cwd = scratch();
/** Plain words are arguments of the command line. */
const run = (words: string) => faultline(words.split(" "), { cwd });
const document = async (words: string) => JSON.parse((await run(`${words} --json`)).stdout);
const read = (path: string): string => readFileSync(join(cwd, path), "utf8");

describe("a run", () => {
  it("gives the same hashes in two processes, and others under another seed", async () => {
    const first = await document("run raft --seed 5");
    const again = await document("run raft --seed 5");
    const other = await document("run raft --seed 6");
    expect([again.traceHash, again.historyHash]).toEqual([first.traceHash, first.historyHash]);
    expect(other.traceHash).not.toBe(first.traceHash);
  });

  it("states what the contract says, and counts its operations without the final reads", async () => {
    const summary = await document(
      "run quorum --seed 2 --ops 80 --nodes 5 --nemesis partition,crash",
    );
    expect(summary).toMatchObject({
      system: "quorum",
      nemesis: ["partition", "crash"],
      seed: 2,
      nodes: 5,
      exactness: "bit",
      valid: true,
      ops: { invoke: 80 },
    });
    const { invoke, ok, fail, info } = summary.ops;
    expect(ok + fail + info).toBe(invoke);
    expect(Object.keys(summary.results)).toContain("linearizable");
    expect(summary.probes["fault: partition"]).toBeGreaterThan(0);
  });

  it("keeps plan, history, results and log, and never writes over an earlier run", async () => {
    const { dir } = await document("run quorum --seed 3 --ops 20");
    for (const name of ["plan.json", "history.jsonl", "results.json", "run.log"]) {
      expect(existsSync(join(cwd, dir, name))).toBe(true);
    }
    expect((await document("run quorum --seed 3 --ops 20")).dir).not.toBe(dir);
  });
});

describe("a failing run", () => {
  const seeds =
    "campaign raft --workload kv --bug stale-read --nemesis partition --seeds 1..60 --max-failures 1";

  it("is found, kept as a case, and replays to the same hashes in a new process", async () => {
    const found = await document(seeds);
    const [failure] = found.failures;
    expect(failure.anomalies).toContain("stale-read");
    expect(failure.signature).toBe("linearizable/kv/stale-read");
    const kept = JSON.parse(read(failure.case));
    const { code, stdout } = await run(`replay ${failure.case} --json`);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      traceHash: kept.expected.traceHash,
      historyHash: kept.expected.historyHash,
    });
  });

  it("whose promise was edited makes replay exit with 4 and name the first window that differs", async () => {
    const [failure] = (await document(seeds)).failures;
    const kept = JSON.parse(read(failure.case));
    kept.expected.checkpoints[1] = "beef";
    kept.expected.traceHash = "beef";
    writeFileSync(join(cwd, "edited.json"), JSON.stringify(kept));
    const { code, stdout, stderr } = await run("replay edited.json");
    expect(code).toBe(4);
    expect(stderr).toMatch(/window that differs is number 1, events 1024 to 2047/);
    expect(stdout).toMatch(/"n":1024,/);
    expect(stdout).toMatch(/"n":2047,/);
  });

  it("whose recorded trace lies beside makes replay name the first event that differs", async () => {
    const [{ seed }] = (await document(seeds)).failures;
    const { dir } = await document(
      `run raft --workload kv --bug stale-read --nemesis partition --seed ${seed}`,
    );
    expect((await run(`replay ${dir}`)).code).toBe(1);
    const plan = JSON.parse(read(`${dir}/plan.json`));
    plan.operations[10].node = plan.nodes.find((node: string) => node !== plan.operations[10].node);
    writeFileSync(join(cwd, dir, "plan.json"), JSON.stringify(plan));
    const { code, stderr } = await run(`replay ${dir}`);
    expect(code).toBe(4);
    const lines = read(`${dir}/trace.jsonl`).split("\n");
    const number = Number(stderr.match(/first event that differs is number (\d+)/)?.[1]);
    expect(stderr).toContain(JSON.parse(lines[number] as string).who);
  });
});

describe("an interrupted run", () => {
  it("says what it saw until then, leaves the verdict open, and keeps what it has", async () => {
    const main = join(root, "dist/src/cli/main.js");
    const args = ["run", "raft", "--ops", "200000", "--nemesis", "none", "--json"];
    const child = execa(process.execPath, [main, ...args], { cwd, reject: false });
    await once(child.stderr, "data");
    child.kill("SIGINT");
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(3);
    const summary = JSON.parse(String(stdout));
    expect(summary).toMatchObject({
      valid: "unknown",
      results: { interrupted: { valid: "unknown" } },
    });
    expect(read(`${summary.dir}/history.jsonl`)).not.toBe("");
  });
});

describe("a campaign", () => {
  it("gives the same hash twice, whatever the number of jobs", async () => {
    const one = await document("campaign quorum counter-set --seeds 1..6 --jobs 1");
    const two = await document("campaign quorum counter-set --seeds 1..6 --jobs 2");
    expect(one).toMatchObject({ invalid: 0, unknown: 0, broken: 0, failures: [] });
    expect(two.hash).toBe(one.hash);
    expect(two.runs).toBe(one.runs);
  });

  it("reports the first failures in order of seeds, whatever the number of jobs", async () => {
    const words = "campaign quorum --bug weak-quorum --seeds 1..40 --max-failures 2";
    const one = await document(`${words} --jobs 1`);
    const two = await document(`${words} --jobs 2`);
    expect(one.failures).toHaveLength(2);
    expect(two.failures).toEqual(one.failures);
    expect([two.runs, two.hash]).toEqual([one.runs, one.hash]);
  });

  it("opens its cases from another directory than where it keeps them", async () => {
    const found = await document(
      "campaign quorum --bug weak-quorum --seeds 1..40 --max-failures 1 --out kept/here",
    );
    expect(found.failures[0].case).toMatch(/^kept\/here\//);
    expect((await run(`replay ${found.failures[0].case}`)).code).toBe(1);
  });
});

describe("a system of the user's own", () => {
  const own = (body: string): string => `
    export default {
      name: "own",
      workloads: ["register"],
      service: () => ({ operations: ["read", "write"], consistency: "linearizable" }),
      create: (context: any) => {
        let value: unknown = null;
        return {
          async onMessage({ body, dest }: any) {
            ${body}
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
    };`;

  it("is read from a TypeScript file and passes where it keeps its promise", async () => {
    writeFileSync(join(cwd, "own.ts"), own(""));
    expect((await run("run ./own.ts --nemesis slow-network --seed 2")).code).toBe(0);
  });

  it("is caught where it does not: its memory is gone after a crash", async () => {
    writeFileSync(join(cwd, "own.ts"), own(""));
    const { failures } = await document(
      "campaign ./own.ts --nemesis crash --seeds 1..20 --max-failures 1",
    );
    expect(failures).toHaveLength(1);
    expect((await run(`replay ${failures[0].case}`)).code).toBe(1);
  });

  it("has a name when the configuration lists it", async () => {
    writeFileSync(join(cwd, "own.ts"), own(""));
    writeFileSync(
      join(cwd, "faultline.config.ts"),
      'import own from "./own.ts";\nexport default { systems: [own] };\n',
    );
    const listed = await document("list systems");
    expect(listed.map(({ name }: { name: string }) => name)).toContain("own");
    expect((await run("run own --nemesis none")).code).toBe(0);
  });

  it.each([
    ["Date.now()", "clock"],
    ["Math.random()", "context.random"],
    ["setTimeout(() => {}, 1)", "context.after"],
    ["crypto.randomUUID()", "context.random"],
    ["try { new Date() } catch {}", "clock"],
    ["process.exit(0)", "throw an error"],
  ])("that uses %s is refused, with what to use instead", async (use, instead) => {
    writeFileSync(join(cwd, "ambient.ts"), own(`${use};`));
    const { code, stderr } = await run("run ./ambient.ts --nemesis none");
    expect(code).toBe(2);
    expect(stderr).toContain(instead);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});
