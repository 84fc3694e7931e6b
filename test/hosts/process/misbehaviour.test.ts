import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.js";
import type { Execution } from "../../../src/controller/index.js";
import { anomaliesOf, fixtures, processesWith, run } from "./programs.js";

function misbehave(way: string, operations = 30, patienceMs?: number): Promise<Execution> {
  const bin = `node ${fixtures}/misbehaving.mjs ${way}`;
  const patience = patienceMs === undefined ? {} : { answerMs: patienceMs, workMs: patienceMs };
  return run({ bin, workload: "echo", nemesis: [], nodes: 1, operations, patience });
}

function messages(execution: Execution): string {
  const verdicts = Object.values(execution.results);
  return verdicts.flatMap(({ anomalies }) => anomalies.map(({ message }) => message)).join("\n");
}

describe("a program that misbehaves", () => {
  it("by crashing is named with its exit code and its last words", async () => {
    const execution = await misbehave("crash");
    expect(execution.valid).toBe(false);
    expect(anomaliesOf(execution)).toContain("node-crashed");
    expect(messages(execution)).toContain(
      "exited with code 7; its last words: the disk is on fire",
    );
    expect(execution.log).toContainEqual(
      expect.objectContaining({ data: ["the disk is on fire"] }),
    );
  });

  it("by crashing is started again once the faults are over, and may then do well", async () => {
    const { history } = await misbehave("crash");
    const outcomes = history.operations.map(({ outcome }) => outcome);
    expect(outcomes.lastIndexOf("ok")).toBeGreaterThan(outcomes.indexOf("fail"));
  });

  it("by dying of a signal is named with the signal", async () => {
    expect(messages(await misbehave("signal"))).toContain("was killed by SIGSEGV");
  });

  it("by ending before it was initialised counts as crashed", async () => {
    expect(anomaliesOf(await misbehave("exit-at-start"))).toContain("node-crashed");
  });

  it.each([
    ["not-json", "bad-message"],
    ["no-body", "bad-message"],
    ["unknown-source", "bad-message"],
    ["unknown-destination", "unknown-destination"],
    ["huge-line", "oversized-message"],
  ])("with a line like %s is reported for %s, and all else it says is heard", async (way, type) => {
    const execution = await misbehave(way);
    expect(execution.valid).toBe(false);
    expect(anomaliesOf(execution)).toEqual([type]);
    expect(execution.history.operations.every(({ outcome }) => outcome === "ok")).toBe(true);
  });

  it("by printing its log on standard output is reported a few times, not a thousand", async () => {
    const execution = await misbehave("not-json", 60);
    const reports = execution.history.observations.filter(({ f }) => f === "misconduct");
    expect(reports.length).toBe(3);
    expect(execution.log.some(({ text }) => /bad-message: \d+ times in all/.test(text))).toBe(true);
  });

  it.each(["babble", "endless-line"])("by printing without end (%s) is stopped", async (way) => {
    expect(anomaliesOf(await misbehave(way))).toContain("babbling-node");
    expect(processesWith(`misbehaving.mjs ${way}`)).toEqual([]);
  });

  it("by spinning is stopped and counts as silent", async () => {
    const execution = await misbehave("spin", 30, 1500);
    expect(messages(execution)).toContain("without coming to rest");
    expect(anomaliesOf(execution)).toEqual(["silent-node"]);
  });

  it("by answering nothing counts as silent, without long waiting", async () => {
    const execution = await misbehave("silent");
    expect(messages(execution)).toContain('did not answer "init"');
    expect(anomaliesOf(execution)).toEqual(["silent-node"]);
  });

  it("by sleeping instead of reading counts as silent, once it had its time", async () => {
    expect(anomaliesOf(await misbehave("deaf", 30, 1500))).toEqual(["silent-node"]);
  });

  it("by answering other than it was asked is named by the workload's checker", async () => {
    const execution = await misbehave("wrong-echo");
    expect(anomaliesOf(execution)).toEqual(["wrong-echo"]);
  });

  it("by leaving out a field is reported with the reply", async () => {
    const execution = await misbehave("no-echo");
    expect(anomaliesOf(execution)).toEqual(["bad-message"]);
    expect(messages(execution)).toContain('echo_ok without "echo"');
  });
});

describe("what cannot be run", () => {
  it("is refused before anything starts", async () => {
    const refused = (bin: string, more = {}) => run({ bin, ...more });
    await expect(async () => refused("no-such-program")).rejects.toThrow(UsageError);
    const clock = { workload: "echo", nemesis: ["clock"] };
    await expect(async () => refused("node x.mjs", clock)).rejects.toThrow("x.mjs does not exist");
    await expect(async () => refused("cat", clock)).rejects.toThrow("cannot suffer");
    await expect(async () => refused("cat", { bugs: ["x"] })).rejects.toThrow("--bug");
    await expect(async () => refused("cat", { workload: "kv" })).rejects.toThrow("lin-kv");
    const options = { workload: "broadcast", options: { topology: "ring" } };
    await expect(async () => refused("cat", options)).rejects.toThrow("one of line, grid");
  });
});
