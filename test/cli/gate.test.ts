/** The gate as a pull request meets it: real cases, real seeds, few of them. */

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { firstSeedOf } from "../../src/gate/index.js";
import { faultline, scratch } from "./faultline.js";

const cwd = scratch();
const run = (words: string, where = cwd) => faultline(words.split(" "), { cwd: where });
const read = (file: string) => readFileSync(join(cwd, file), "utf8");
const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), text);
};

async function gate(words: string, where = cwd) {
  const { code, stdout, stderr } = await run(`gate ${words} --json`, where);
  return { code, stderr, ...JSON.parse(stdout) };
}

/** No fresh seeds worth mentioning, for what is about the rest. */
const quick = "ids --seeds 1 --ops 20 --canary none --jobs 1";

describe("a saved case", () => {
  const file = "faultline/cases/weak.json";

  beforeAll(async () => {
    const words = "campaign quorum --bug weak-quorum --seeds 1..100 --max-failures 1 --json";
    const [failure] = JSON.parse((await run(words)).stdout).failures;
    mkdirSync(join(cwd, "faultline/cases"), { recursive: true });
    renameSync(join(cwd, failure.case), join(cwd, file));
  });

  it("that fails keeps a change out, and says how to see it", async () => {
    const { code, stdout } = await run(`gate ${quick}`);
    expect(code).toBe(1);
    expect(stdout).toContain(`npx faultline replay ${file}`);
    expect(stdout).toMatch(/gate failed in .*: 1 case not as expected/);
  });

  it("that is marked as failing lets it in, for as long as it fails", async () => {
    const before = read(file);
    const mark = await run(`gate --mark ${file} --issue https://example.org/issues/1`);
    expect(mark.code).toBe(0);
    const open = await gate(quick);
    expect(open).toMatchObject({ code: 0, cases: [{ expected: "fails", got: "fails" }] });

    const document = JSON.parse(read(file));
    document.plan.bugs = [];
    const marked = read(file);
    write(file, `${JSON.stringify(document, null, 2)}\n`);
    const fixed = await run(`gate ${quick}`);
    expect(fixed.code).toBe(1);
    expect(fixed.stdout).toContain(`npx faultline gate --unmark ${file}`);
    expect(fixed.stdout).toContain("https://example.org/issues/1");
    expect((await run(`gate --unmark ${file}`)).code).toBe(0);
    expect(await gate(quick)).toMatchObject({ code: 0, cases: [{ got: "passes" }] });

    write(file, marked);
    expect((await run(`gate --unmark ${file}`)).code).toBe(0);
    expect(read(file)).toBe(before);
  });

  it("that is none is refused in a line, and all others are run nevertheless", async () => {
    const bad = join(cwd, "bad");
    const good = JSON.parse(read(file));
    good.plan.bugs = [];
    const variants: { [name: string]: unknown } = {
      "good.json": good,
      "deep/good.json": good,
      "foreign.json": { format: "package/1" },
      "newer.json": { ...good, format: "faultline-case/99" },
      "nobody.json": { ...good, plan: { ...good.plan, system: "quorumm" } },
      "unlinked.json": { ...good, gate: { expected: "fails" } },
    };
    for (const [name, document] of Object.entries(variants)) {
      write(join("bad", name), JSON.stringify(document));
    }
    write("bad/corrupt.json", "{");
    const { code, stderr, cases } = await gate(`${quick} --cases bad`);
    expect(code).toBe(2);
    expect(cases.map((one: { case: string; got: string }) => [one.case, one.got])).toEqual([
      ["bad/corrupt.json", "refused"],
      ["bad/deep/good.json", "passes"],
      ["bad/foreign.json", "refused"],
      ["bad/good.json", "passes"],
      ["bad/newer.json", "refused"],
      ["bad/nobody.json", "refused"],
      ["bad/unlinked.json", "refused"],
    ]);
    const lines = stderr.split("\n").filter((line: string) => line.startsWith("faultline: bad/"));
    expect(lines).toHaveLength(5);
    expect(stderr).toMatch(/bad\/nobody\.json: unknown system "quorumm".*quorum/);
    expect(stderr).toMatch(/bad\/unlinked\.json: .*--issue URL/);
    rmSync(bad, { recursive: true });
  });
});

describe("fresh seeds that fail", () => {
  const where = scratch();
  // Enough time for shrinking to come to its end also where many others compute.
  const words = "counter-set --workload counter --bug merge-by-sum --nemesis none";
  const fresh = `${words} --seeds 1..3 --ops 30 --time 5m --canary none`;

  it("leave one case for each group, ready to commit, which the next gate runs", async () => {
    const found = await gate(fresh, where);
    expect(found).toMatchObject({ code: 1, invalid: 3, baseline: null });
    const [group] = found.groups;
    expect(found.groups).toEqual([expect.objectContaining({ known: false, count: 3 })]);
    expect(group.group).toMatch(/\+no-fault$/);
    expect(readdirSync(join(where, "faultline/cases"))).toEqual([group.case.split("/").pop()]);
    const kept = JSON.parse(readFileSync(join(where, group.case), "utf8"));
    expect(kept).toMatchObject({ gate: { expected: "passes" }, shrunk: { group: group.group } });
    expect((await run(`replay ${group.case}`, where)).code).toBe(1);

    const again = await gate(fresh, where);
    expect(again.cases).toMatchObject([{ case: group.case, expected: "passes", got: "fails" }]);
    expect(again.groups[0].case).toBe(group.case);
    expect(readdirSync(join(where, "faultline/cases"))).toHaveLength(1);
  });

  it("are let in by the baseline when their groups are known", async () => {
    rmSync(join(where, "faultline"), { recursive: true });
    expect(await gate(`${fresh} --update-baseline`, where)).toMatchObject({ code: 0, invalid: 3 });
    const baseline = readFileSync(join(where, "faultline/baseline.json"), "utf8");
    expect(JSON.parse(baseline).groups).toMatchObject([{ system: "counter-set", firstSeed: 1 }]);

    const known = await run(`gate ${fresh}`, where);
    expect(known.code).toBe(0);
    expect(known.stdout).toMatch(/known counter-set .* 3 runs/);
    expect(existsSync(join(where, "faultline/cases"))).toBe(false);

    const other = await gate("ids --seeds 1 --ops 20 --canary none --update-baseline", where);
    expect(other).toMatchObject({ code: 0, baseline: { notSeen: [] } });
    expect(readFileSync(join(where, "faultline/baseline.json"), "utf8")).toBe(baseline);
    const sound = words.replace("--bug merge-by-sum ", "");
    const gone = await gate(`${sound} --seeds 1..20 --ops 10 --canary none`, where);
    expect(gone).toMatchObject({ code: 0, baseline: { notSeen: [{ system: "counter-set" }] } });
    rmSync(join(where, "faultline"), { recursive: true });
  });

  it("leave nothing behind with --no-save, and their cases open all the same", async () => {
    const bare = scratch();
    const found = await gate(`${fresh} --no-save`, bare);
    expect(found.code).toBe(1);
    expect(readdirSync(bare)).toEqual([]);
    expect((await run(`replay ${found.groups[0].case}`, bare)).code).toBe(1);
    rmSync(dirname(dirname(join(bare, found.groups[0].case))), { recursive: true });
  });
});

describe("the canary", () => {
  it("is caught by the harness as it is", async () => {
    const { code, canary, canaryRun } = await gate("ids --seeds 1 --ops 20", scratch());
    expect({ code, canary }).toEqual({ code: 0, canary: "caught" });
    expect(canaryRun.bug).toBe("stale-read");
  });

  it("that nothing can catch fails the gate with exit code 4", async () => {
    const where = scratch();
    const bug = '{ summary: "none", source: "none", needs: "none", anomalies: ["stale-read"] }';
    writeFileSync(
      join(where, "faultline.config.mjs"),
      `const create = () => ({ async onMessage({ body }) {
         if (body.type === "read") return { type: "read_ok", value: null };
         return { type: "error", code: 11 };
       } });
       const service = () => ({ operations: ["read", "write"], consistency: "linearizable" });
       const own = { name: "own", workloads: ["register"], service, create, bugs: { harmless: ${bug} } };
       export default { systems: [own], gate: { canary: "own:harmless", nemesis: ["none"] } };\n`,
    );
    const { code, stdout } = await run("gate --seeds 1 --ops 20", where);
    expect(stdout).toMatch(/canary missed: own:harmless was not caught in 100 runs/);
    expect(code).toBe(4);
  });

  it("may be left out with a warning", async () => {
    const { code, stderr, canary } = await gate(quick, scratch());
    expect({ code, canary }).toEqual({ code: 0, canary: null });
    expect(stderr).toMatch(/without a canary/);
  });
});

describe("the seeds", () => {
  it("are those of the commit that is checked out", async () => {
    const where = scratch();
    const git = (...args: string[]) =>
      execa("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: where });
    await git("init", "-q");
    await git("commit", "-q", "--allow-empty", "-m", "first");
    const commit = (await git("rev-parse", "HEAD")).stdout;
    const words = "ids --ops 20 --canary none --time 1s";
    const { seeds } = await gate(words, where);
    expect(seeds).toEqual({ from: firstSeedOf(commit), to: null, commit });
    const asked = await gate(`${words} --seed-from-commit ${commit}`, scratch());
    expect(asked.seeds).toEqual(seeds);
  });

  it("begin with 1 where there is no git, and it is told", async () => {
    const { seeds, stderr } = await gate("ids --ops 20 --canary none --time 1s", scratch());
    expect(seeds).toEqual({ from: 1, to: null, commit: null });
    expect(stderr).toMatch(/not a git repository/);
  });
});

describe("what makes no sense", () => {
  const where = scratch();
  beforeAll(() => {
    writeFileSync(join(where, "odd.config.mjs"), "export default { gate: { tiem: '60s' } };");
  });

  it.each([
    ["ids --seeds 1 --seed-from-commit", /not both/],
    ["ids --seed-from-commit nowhere", /--seed-from-commit nowhere/],
    ["ids --canary raft:stale-raed", /did you mean stale-read/],
    ["ids --cases nowhere", /nowhere: no such folder/],
    ["ids --config odd.config.mjs", /unknown setting "tiem": did you mean time/],
    ["--mark some.json", /--issue URL/],
  ])("is refused in one line before anything runs: gate %s", async (words, mention) => {
    const { code, stdout, stderr } = await run(`gate ${words}`, where);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(mention);
  });
});
