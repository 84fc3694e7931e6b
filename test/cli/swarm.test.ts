import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { swarmLine } from "../../src/cli/story.js";
import { planRun } from "../../src/controller/index.js";
import { faultline, root, scratch } from "./faultline.js";

const cwd = scratch();
const run = (words: string) => faultline(words.split(" "), { cwd });
const document = async (words: string) => JSON.parse((await run(`${words} --json`)).stdout);
const swarmIn = (stdout: string): string | undefined =>
  stdout.split("\n").find((line) => line.startsWith("swarm: "));

describe("the line about a swarm", () => {
  it("tells rates as factors of the usual, and what is off", () => {
    const rates = { partition: 200, crash: 50, clock: 25, pause: 0 };
    const mix = { read: 4, write: 1, cas: 0 };
    expect(swarmLine({ rates, mix })).toBe(
      "swarm: partition x2.0, crash x0.5, clock x0.25, pause off; mix read 4 write 1 cas off",
    );
    expect(swarmLine({ rates: { crash: 100 }, mix: {} })).toBe("swarm: crash x1.0");
    expect(swarmLine({ rates: {}, mix: { read: 1 } })).toBe("swarm: no faults; mix read 1");
  });

  it("is in the manual as it is", () => {
    const page = readFileSync(join(root, "docs/campaigns.md"), "utf8");
    expect(page).toContain(`\n${swarmLine(planRun({ system: "raft", seed: 4 }).swarm!)}\n`);
  });
});

describe("run", () => {
  it("prints what the swarm drew, says it in JSON and in the plan, and replay says the same", async () => {
    const told = await run("run quorum --seed 3 --ops 30");
    const { swarm, dir } = await document("run quorum --seed 3 --ops 30");
    expect(swarmIn(told.stdout)).toBe(swarmLine(swarm));
    expect(JSON.parse(readFileSync(join(cwd, dir, "plan.json"), "utf8")).swarm).toEqual(swarm);
    expect(swarmIn((await run(`replay ${dir}`)).stdout)).toBe(swarmLine(swarm));
  });

  it("takes rates and weights, several at once or one after the other", async () => {
    const words = "run raft --ops 30 --rate crash=0,pause=300 --rate pause=250 --mix cas=0";
    const { swarm, valid } = await document(words);
    expect(valid).toBe(true);
    expect(swarm.rates).toMatchObject({ crash: 0, pause: 250 });
    expect(swarm.mix.cas).toBe(0);
  });

  it("says nothing of a swarm where nothing was drawn", async () => {
    const words = "run quorum --nemesis crash --ops 20";
    expect((await document(words)).swarm).toBeNull();
    expect(swarmIn((await run(words)).stdout)).toBeUndefined();
  });

  it.each([
    ["--rate partitoin=50", 'unknown nemesis "partitoin": did you mean partition?'],
    ["--rate crash=1001", "--rate crash is a whole number from 0 to 1000, not 1001"],
    ["--rate crash=-1", "expected name=number"],
    ["--rate crash", "expected name=number"],
    ["--mix cass=1", 'unknown function of kv "cass": did you mean cas?'],
    ["--mix read=0,write=0,cas=0", "--mix leaves kv nothing to do"],
  ])("refuses %s in one line", async (words, message) => {
    const { code, stderr, stdout } = await run(`run raft --workload kv ${words}`);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain(message);
  });
});

describe("campaign", () => {
  it("gives each workload what it knows of a mix, and refuses what none knows", async () => {
    const words = "campaign counter-set --workload set,counter --seeds 1 --ops 20 --jobs 1";
    expect((await document(`${words} --mix remove=5,read=3`)).runs).toBe(2);
    const { code, stderr } = await run(`${words} --mix append=1`);
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("of several systems is not refused for what only one of them offers", async () => {
    const words = "campaign raft quorum --workload kv --seeds 1 --ops 20 --jobs 1 --mix cas=9";
    expect((await document(words)).runs).toBe(2);
    const none = await run("campaign quorum counter-set --seeds 1 --ops 20 --jobs 1 --mix cas=9");
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('unknown function to mix "cas"');
  });
});
