import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { faultline, root, scratch } from "./faultline.js";

const cwd = scratch();
const file = (name: string, text: string): string => {
  writeFileSync(join(cwd, name), text);
  return name;
};
const event = (fields: object): string => `${JSON.stringify({ value: null, ...fields })}\n`;

async function refused(args: readonly string[], ...mentions: (string | RegExp)[]): Promise<void> {
  const { code, stdout, stderr } = await faultline(args, { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
  for (const mention of mentions) expect(stderr).toMatch(mention);
}

describe("one line and exit code 2 answer", () => {
  it("no command at all", () => refused([], /no command/));
  it("an unknown command, with the nearest", () => refused(["rum"], /did you mean run\?/));
  it("an unknown option, with the nearest", () => refused(["run", "raft", "--sed", "3"], /--seed/));
  it("an unknown system, with the nearest", () => refused(["run", "rafd"], /did you mean raft\?/));
  it("an unknown workload", () => refused(["run", "raft", "--workload", "kw"], /kv/));
  it("an unknown nemesis", () => refused(["run", "raft", "--nemesis", "partitoin"], /partition/));
  it("an unknown bug", () => refused(["run", "raft", "--bug", "stale-red"], /stale-read/));
  it("an unknown option of a system", () => refused(["run", "raft", "--set", "read=log"], /reads/));
  it("a value that an option does not have", () =>
    refused(["run", "raft", "--set", "reads=x"], /lease/));
  it("a number out of its range", () =>
    refused(["run", "quorum", "--set", "r=-1"], /option r of quorum .* from 0 to 100, not -1/));
  it("a workload that the system cannot serve", () =>
    refused(["run", "raft", "--workload", "counter"], /does not offer: use kv/));
  it("a seed that is none", () => refused(["run", "raft", "--seed", "-1"], /whole number/));
  it("seeds in the wrong order", () => refused(["campaign", "raft", "--seeds", "9..3"], /empty/));
  it("a duration without a unit", () => refused(["run", "raft", "--time-limit", "60"], /60s/));
  it("a folder that cannot be made", () =>
    refused(["run", "quorum", "--ops", "5", "--out", "/proc/nowhere"], /\/proc\/nowhere/));
  it("a system and a program at once", () => refused(["run", "raft", "--bin", "cat"], /not both/));
  it("an unknown kind of list", () => refused(["list", "sistems"], /systems/));
  it("an unknown experiment, with the nearest", () =>
    refused(["experiment", "lookup-hop"], /did you mean lookup-hops\?/));
  it("no experiment at all", () => refused(["experiment"], /which experiment/, /--all/));
  it("experiments both by name and all", () =>
    refused(["experiment", "latency", "--all"], /not both/));
  it("a seed of an experiment that is none", () =>
    refused(["experiment", "latency", "--seed", "x"], /--seed/, /whole number/));
  it("a folder for figures that cannot be made", () =>
    refused(["experiment", "latency", "--out", "/proc/nowhere"], /\/proc\/nowhere/));
  it("an unknown model, with the nearest", () =>
    refused(["check", "--model", "linearisable", "x.jsonl"], /linearizable/));
});

describe("a history file that is wrong is refused with its line:", () => {
  it("missing", () => refused(["check", "nope.jsonl"], /nope\.jsonl/, /no such file/));
  it("empty", () => refused(["check", file("empty.jsonl", "")], /empty/));
  it("not JSON", () => refused(["check", file("bad.jsonl", "{oops\n")], /bad\.jsonl:1/));
  it("completed twice", () => {
    const text =
      event({ index: 0, time: 1, process: 0, type: "invoke", f: "read" }) +
      event({ index: 1, time: 2, process: 0, type: "ok", f: "read" }) +
      event({ index: 2, time: 3, process: 0, type: "ok", f: "read" });
    return refused(["check", file("twice.jsonl", text)], /:3/);
  });
  it("completed without invocation", () =>
    refused(
      [
        "check",
        file("orphan.jsonl", event({ index: 0, time: 1, process: 0, type: "ok", f: "read" })),
      ],
      /:1/,
    ));
  it("with time going backwards", () => {
    const text =
      event({ index: 0, time: 5, process: 0, type: "invoke", f: "read" }) +
      event({ index: 1, time: 2, process: 0, type: "ok", f: "read" });
    return refused(["check", file("backwards.jsonl", text)], /:2/);
  });
  it("one among good ones: the others are judged all the same, the exit code is 2", async () => {
    const good = join(root, "histories/examples/register.jsonl");
    const { code, stdout, stderr } = await faultline(["check", good, "nope.jsonl", "--json"], {
      cwd,
    });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject([{ file: good, valid: true }]);
    expect(stderr).toMatch(/nope\.jsonl/);
  });
});

describe("a case that was edited into nonsense is refused:", () => {
  let sound: { plan: { faults: object[]; operations: object[] } };
  const edited = (name: string, edit: (document: typeof sound) => void): string => {
    const document = structuredClone(sound);
    edit(document);
    return file(name, JSON.stringify(document));
  };

  beforeAll(async () => {
    const args = [
      "campaign",
      "quorum",
      "--bug",
      "weak-quorum",
      "--max-failures",
      "1",
      "--seeds",
      "1..100",
    ];
    const { stdout } = await faultline([...args, "--json"], { cwd });
    sound = JSON.parse(readFileSync(join(cwd, JSON.parse(stdout).failures[0].case), "utf8"));
  });

  it("a fault that ends before it begins", () =>
    refused(
      [
        "replay",
        edited("a.json", ({ plan }) =>
          Object.assign(plan.faults[0] as object, { atUs: 9, untilUs: 8 }),
        ),
      ],
      /\/faults\/0/,
    ));
  it("an operation at a node that does not exist", () =>
    refused(
      [
        "replay",
        edited("b.json", ({ plan }) =>
          Object.assign(plan.operations[0] as object, { node: "n99" }),
        ),
      ],
      /\/operations\/0.*n99/,
    ));
  it("a kind of fault that does not exist", () =>
    refused(
      [
        "replay",
        edited("c.json", ({ plan }) =>
          Object.assign(plan.faults[0] as object, { kind: "earthquake" }),
        ),
      ],
      /\/faults\/0/,
    ));
  it("a field too many", () =>
    refused(
      ["replay", edited("d.json", ({ plan }) => Object.assign(plan, { tempo: 3 }))],
      /tempo/,
    ));
  it("a document that is no case", () => refused(["replay", file("e.json", "{}")], /not a case/));
  it("a truncated file, with the line", () =>
    refused(["replay", file("f.json", '{"format":\n"faultline-ca')], /line 2/));
  it("a folder that is no run", () => {
    mkdirSync(join(cwd, "folder"), { recursive: true });
    return refused(["replay", "folder"], /not a run/);
  });
});

describe("a configuration that does not load is refused:", () => {
  it("missing", () => refused(["run", "raft", "--config", "nope.ts"], /nope\.ts/));
  it("with a syntax error", () =>
    refused(
      ["list", "systems", "--config", file("broken.config.ts", "export default {{{")],
      /does not load/,
    ));
  it("that is no configuration", () =>
    refused(
      ["list", "systems", "--config", file("odd.config.ts", "export default { sistems: [] }")],
      /systems/,
    ));
  it("with a system that cannot be created", () =>
    refused(
      [
        "list",
        "systems",
        "--config",
        file("hollow.config.ts", "export default { systems: [{ name: 'x' }] }"),
      ],
      /systems\[0\].*create/,
    ));
});
