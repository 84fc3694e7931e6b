/** `faultline check` of transactions, as scripts and people rely on it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatEdn } from "../../histories/edn.js";
import { formatJsonl } from "../../histories/jsonl.js";
import { eventsOf } from "../checkers/transactions/notation.js";
import { faultline, root, scratch } from "./faultline.js";
import { writtenFile } from "./recorded-files.js";

const cwd = scratch();
const check = (...args: string[]) => faultline(["check", ...args], { cwd });

async function verdict(...args: string[]): Promise<{ [field: string]: unknown }> {
  const { code, stdout } = await check(...args, "--json", "--no-page");
  return { code, ...(JSON.parse(stdout) as object) };
}

const WRITE_SKEW = "rx ry ax1 | rx ry ay1 ; rx1 ry1";
const skew = writtenFile(cwd, "skew.jsonl", formatJsonl(eventsOf(WRITE_SKEW)));
const STALE = "ax1 ; rx";
const stale = writtenFile(cwd, "stale.edn", formatEdn(eventsOf(STALE)));

describe("a history of transactions", () => {
  it("is held against strict serializability when no model is named", async () => {
    expect(await verdict(skew)).toMatchObject({
      code: 1,
      valid: false,
      model: "strict-serializable",
      ops: 3,
      anomalies: [{ type: "G2-item", ops: [0, 1], certified: true }],
    });
  });

  it("is held against any model of the lattice, by any of its names, in JSON Lines and EDN", async () => {
    for (const model of ["snapshot-isolation", "SI", "PL-SI"]) {
      const named = { code: 0, valid: true, model: "snapshot-isolation" };
      expect(await verdict(skew, "--model", model)).toMatchObject(named);
    }
    const anomalies = [{ type: "G-single-item-realtime" }];
    expect(await verdict(stale)).toMatchObject({ code: 1, anomalies });
    expect(await verdict(stale, "--model", "serializable")).toMatchObject({ code: 0 });
  });

  it("is told with reasons, the reads that prove them, and a page", async () => {
    const { stdout } = await check(skew, "--out", "pages");
    expect(stdout).toContain("G2-item (write skew): 2 transactions");
    expect(stdout).toMatch(/T1 < T2: T1 read y = \[\] .*\(T3 read y = \[1\]\)/);
    const page = /page: (\S+)/.exec(stdout)![1]!;
    expect(readFileSync(join(cwd, page), "utf8")).toMatch(/^<!doctype html>[\s\S]*<svg/i);
  });

  it("comes through a pipe", async () => {
    const input = formatJsonl(eventsOf(STALE));
    const { code, stdout } = await faultline(["check", "-"], { cwd, input });
    expect([code, stdout]).toEqual([1, expect.stringContaining("stale read")]);
  });

  it("is reported in the same words each time", async () => {
    const timeless = async () => ({ ...(await verdict(skew)), wallMs: 0 });
    expect(await timeless()).toEqual(await timeless());
  });

  it("says what else was found where the model allows it", async () => {
    const aborted = writtenFile(cwd, "aborted.jsonl", formatJsonl(eventsOf("fail ax1 ; rx1")));
    expect(await verdict(aborted, "--model", "read-uncommitted")).toMatchObject({
      code: 0,
      notes: { not: ["read-committed"] },
    });
    expect(await verdict(aborted, "--model", "read-committed")).toMatchObject({
      code: 1,
      anomalies: [{ type: "G1a" }],
    });
  });
});

describe("--strongest", () => {
  it("says which models hold, which do not, and why", async () => {
    const answer = await verdict(skew, "--strongest");
    expect(answer).toMatchObject({ code: 1, file: skew, strongest: ["strong-snapshot-isolation"] });
    expect(answer["satisfied"]).toContain("read-committed");
    expect(answer["violated"]).toContainEqual({ model: "serializable", anomalies: ["G2-item"] });
  });

  it("ends with 0 where everything holds", async () => {
    const sound = writtenFile(cwd, "sound.jsonl", formatJsonl(eventsOf("ax1 ; rx1")));
    const answer = await verdict(sound, "--strongest");
    expect(answer).toMatchObject({ code: 0, strongest: ["strict-serializable"], violated: [] });
    expect(answer["undecided"]).toEqual([]);
  });

  it.each(["register.jsonl", "stale-read.jsonl", "keyed.edn", "set.jsonl", "write-skew.jsonl"])(
    "answers for the example %s",
    async (name) => {
      const answer = await verdict(join(root, "histories/examples", name), "--strongest");
      const { satisfied, violated } = answer as unknown as { satisfied: []; violated: [] };
      expect(satisfied.length + violated.length).toBeGreaterThan(0);
    },
  );
});

describe("--certificate", () => {
  it("saves the part that fails, which fails in the same way alone", async () => {
    const long = `az1 ; rz1 ; ${WRITE_SKEW} ; aw1 ; rw1`;
    const file = writtenFile(cwd, "long.jsonl", formatJsonl(eventsOf(long)));
    await check(file, "--certificate", "part.jsonl", "--no-page");
    const again = await verdict("part.jsonl");
    expect(again).toMatchObject({ code: 1, ops: 2, anomalies: [{ type: "G2-item" }] });
    expect(again["notes"]).toMatchObject({ carried: { about: "G2-item", verified: true } });
    const [claim] = readFileSync(join(cwd, "part.jsonl"), "utf8").split("\n");
    expect(JSON.parse(claim!)).toMatchObject({ process: "certificate", f: "claim" });
  });

  it("saves a valid history with the order that explains it", async () => {
    await check(skew, "--model", "SI", "--certificate", "order.jsonl");
    const lines = readFileSync(join(cwd, "order.jsonl"), "utf8").trim().split("\n");
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      process: "certificate",
      f: "snapshot-order",
    });
    expect(await verdict("order.jsonl", "--model", "SI")).toMatchObject({ code: 0, ops: 3 });
  });
});

it("a certificate of a weaker model is judged by that model", async () => {
  const events = eventsOf("ax1ay1 ; rx1ry");
  const file = writtenFile(cwd, "fractured.jsonl", formatJsonl(events));
  await check(file, "--model", "read-atomic", "--certificate", "fracture.jsonl", "--no-page");
  expect(await verdict("fracture.jsonl")).toMatchObject({
    code: 1,
    model: "read-atomic",
    anomalies: [{ type: "fractured-read" }],
  });
});

it("Jepsen's long forks are transactions, whatever their functions are called", async () => {
  const named = (f: string, type: string, process: number, value: string): string =>
    `{:process ${process}, :type :${type}, :f :${f}, :value ${value}}`;
  const lines = [
    named("write", "invoke", 0, "[[:w 0 1]]"),
    named("write", "ok", 0, "[[:w 0 1]]"),
    named("read", "invoke", 1, "[[:r 0 nil] [:r 1 nil]]"),
    named("read", "ok", 1, "[[:r 0 1] [:r 1 nil]]"),
  ];
  const file = writtenFile(cwd, "fork.edn", lines.join("\n"));
  expect(await verdict(file)).toMatchObject({ code: 0, model: "strict-serializable", ops: 2 });
  expect(await verdict(file, "--checker", "long-fork")).toMatchObject({ code: 0 });
});

describe("registers", () => {
  it("are not serializable when no order of blind writes explains them", async () => {
    const events = eventsOf("wx1wy2 | wx2wy1 | rx2ry2");
    const file = writtenFile(cwd, "blind.jsonl", formatJsonl(events));
    expect(await verdict(file, "--model", "serializable")).toMatchObject({ code: 1, valid: false });
  });

  it("are held against what is assumed of their versions", async () => {
    const file = writtenFile(cwd, "assumed.jsonl", formatJsonl(eventsOf("wx1 ; wx2 ; rx1")));
    const args = [file, "--model", "serializable"];
    expect(await verdict(...args)).toMatchObject({ code: 0 });
    expect(await verdict("--assume", "linearizable-keys", ...args)).toMatchObject({
      code: 1,
      anomalies: [{ type: "cyclic-versions" }],
    });
  });
});

it("registers are held against the commit order that the database claims", async () => {
  const file = writtenFile(cwd, "claimed.jsonl", formatJsonl(eventsOf("rx_ wy2 | wx3 wy4")));
  const claims = writtenFile(cwd, "claims.json", '{"0":2,"1":1}');
  const args = [file, "--model", "serializable"];
  expect(await verdict(...args)).toMatchObject({ code: 0 });
  expect(await verdict(...args, "--claimed", claims)).toMatchObject({
    code: 1,
    anomalies: [{ type: "G-single-item" }],
  });
  const strange = writtenFile(cwd, "strange.json", '{"9":1}');
  const { code, stderr } = await check(...args, "--claimed", strange);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/event 9 .* no transaction/)]);
});

it("operations that no model is about are judged by the checker that they call for", async () => {
  const transfer = '"f":"transfer","value":{"from":0,"to":1,"amount":3}}';
  const lines = ["invoke", "ok"].map(
    (type, index) => `{"index":${index},"time":${index},"process":0,"type":"${type}",${transfer}`,
  );
  const file = writtenFile(cwd, "bank.jsonl", lines.join("\n"));
  expect(await verdict(file)).toMatchObject({ model: "bank" });
  const { strongest, undecided } = await verdict(file, "--strongest");
  expect([strongest, undecided]).toEqual([
    [],
    expect.arrayContaining([
      { model: "linearizable", reason: expect.stringContaining("--checker bank") },
    ]),
  ]);
});

describe("bad input is refused in one line that says where", () => {
  const invoke = (index: number, process: number, value: string, f = "txn"): string =>
    `{"index":${index},"time":${index},"process":${process},"type":"invoke","f":"${f}","value":${value}}`;
  const ok = (index: number, process: number, value: string): string =>
    invoke(index, process, value).replace("invoke", "ok");

  it.each([
    [
      "one value appended twice to one key",
      [invoke(0, 0, '[["append","x",1]]'), invoke(1, 1, '[["append","x",1]]')],
      /:2: .*1 .*"x".*line 1/,
    ],
    [
      "a micro-operation of unknown kind",
      [invoke(0, 0, '[["increment","x",1]]')],
      /:1: .*increment/,
    ],
    [
      "appends and writes in one file",
      [invoke(0, 0, '[["append","x",1]]'), invoke(1, 1, '[["w","y",1]]')],
      /:2: /,
    ],
    [
      "other operations between transactions",
      [invoke(0, 0, '[["append","x",1]]'), invoke(1, 1, "null", "read")],
      /:2: .*read/,
    ],
    [
      "a transaction that completes twice",
      [invoke(0, 0, '[["append","x",1]]'), ok(1, 0, '[["append","x",1]]')].concat(
        ok(2, 0, '[["append","x",1]]'),
      ),
      /:3: .*complete/,
    ],
    ["a last line that was cut", [invoke(0, 0, '[["append","x",1]]'), '{"index":1,"ti'], /:2: /],
  ])("%s", async (name, lines, expected) => {
    const file = writtenFile(cwd, `${name}.jsonl`, lines.join("\n"));
    const { code, stdout, stderr } = await check(file);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(expected);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("but a cut line may be left out", async () => {
    const text = `${formatJsonl(eventsOf(STALE))}{"index":4,"ti`;
    const file = writtenFile(cwd, "cut.jsonl", text);
    const { code, stderr } = await check(file, "--allow-truncated");
    expect([code, stderr]).toEqual([1, expect.stringContaining(":5: ")]);
  });

  it("a model that says nothing of the file", async () => {
    expect(await check(skew, "--model", "linearizable")).toMatchObject({ code: 2 });
    const register = join(root, "histories/examples/register.jsonl");
    expect(await check(register, "--model", "serializable")).toMatchObject({ code: 2 });
  });

  it("options of objects", async () => {
    const { code, stderr } = await check(skew, "--type", "register");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--type says nothing of transact/)]);
  });

  it("options that ask for different things", async () => {
    const { code, stderr } = await check(skew, "--strongest", "--model", "SI");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--model and --strongest/)]);
  });
});

it("a checker of the list judges a file, too", async () => {
  const file = join(root, "histories/examples/set.jsonl");
  expect(await verdict(file, "--checker", "set-full")).toMatchObject({
    code: 0,
    model: "set-full",
  });
});
