import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterAll, describe, expect, test, vi } from "vitest";
import { FORMATS } from "../../histories/format.js";
import { readHistoryFile, readHistoryText } from "../../histories/read.js";
import { UsageError } from "../../src/base/errors.js";

const EXAMPLES = "histories/examples";
const JSONL =
  '{"index":0,"time":5,"process":0,"type":"invoke","f":"read","value":null}\n{"index":1,"time":6,"process":0,"type":"ok","f":"read","value":[1]}\n';
const EDN =
  "{:process 0 :type :invoke :f :read :value nil}\n{:process 0 :type :ok :f :read :value #{1}}\n";
const LOG = "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\t[1]\n";

const folder = mkdtempSync(join(tmpdir(), "faultline-read-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function refusal(path: string): Promise<string> {
  try {
    await readHistoryFile(path);
  } catch (error) {
    if (error instanceof UsageError) return error.message.replace(folder, "");
    throw error;
  }
  return "accepted";
}

describe("the format is found out", () => {
  test.each([
    ["h.jsonl", "jsonl", JSONL],
    ["h.json", "jsonl", JSONL],
    ["h.txt of JSON", "jsonl", JSONL],
    ["a name without extension", "jsonl", `\uFEFF\n${JSONL}`],
    ["misnamed.edn", "jsonl", JSONL],
    ["h.edn", "edn", EDN],
    ["h.txt of maps", "edn", EDN],
    ["a commented vector", "edn", `; by Jepsen\n[${EDN}]`],
    ["h.log", "jepsen-log", LOG],
    ["h.txt of log lines", "jepsen-log", `Starting\n${LOG}`],
    ["history.txt", "jepsen-log", LOG.replaceAll("INFO  jepsen.util - ", "")],
  ])("%s is %s", (file, format, text) => {
    const result = readHistoryText(text, { file });
    expect(result.format).toBe(format);
    expect(result.history.operations).toMatchObject([{ f: "read", output: [1], outcome: "ok" }]);
    expect(result.warnings).toEqual([]);
  });

  test("or told", () => {
    const refused = () => readHistoryText(EDN, { file: "h", format: "jsonl" });
    expect(refused).toThrow(/^h:1: not one JSON object on a line/);
  });
});

describe("refused in one line", () => {
  test.each([
    ["an empty file", "", "/f: the file is empty: give a recorded history"],
    ["blank lines", " \n\n", "/f: the file is empty: give a recorded history"],
    ["comments alone", "; nothing\n", "/f: no event in the whole file: give a recorded history"],
    ["an empty vector", "[]\n", "/f: no event in the whole file: give a recorded history"],
    [
      "a JSON array",
      `[${JSONL.trim().replace("\n", ",")}]`,
      "/f: a JSON array: write one event a line (jq -c '.[]' does)",
    ],
    [
      "prose",
      "Dear diary,\n",
      "/f: not a history in a known format: give JSON Lines (.jsonl), Jepsen's EDN (.edn) or its log",
    ],
    [
      "bytes that are no text",
      Uint8Array.of(0x1f, 0x8b, 8, 0, 255),
      "/f: not UTF-8 text: unpack or convert it first",
    ],
    [
      "a text that ends inside of a character",
      Uint8Array.of(0x7b, 0xc3),
      "/f: not UTF-8 text: unpack or convert it first",
    ],
    [
      "two operations open",
      JSONL.replace('"type":"ok"', '"type":"invoke"'),
      "/f:2: process 0 invokes read while its read of line 1 is open: a process does one operation at a time",
    ],
  ])("%s", async (_, content, message) => {
    expect(await refusal(file("f", content))).toBe(message);
  });

  test("a missing file", async () => {
    expect(await refusal(join(folder, "none.jsonl"))).toBe(
      "/none.jsonl: no such file: check the path",
    );
  });

  test("a directory", async () => {
    expect(await refusal(folder)).toBe(": a directory, not a history: name the files in it");
  });

  test("clients with names: all their operations would go unchecked", () => {
    const named = JSONL.replaceAll('"process":0', '"process":"c1"');
    expect(() => readHistoryText(named, { file: "h" })).toThrow(
      'h:1: process "c1" invokes, but named processes are nodes and nemeses, not clients: number the clients',
    );
  });
});

test("whatever the text, it is read or refused in one line", () => {
  const pieces =
    '{ } [ ] ( ) #{ #_ #t ## \\ " ; , : - + 0 1N 1/2 a nil :ok :read 0\t:ok :value'.split(" ");
  const piece = fc.constantFrom(
    ...pieces,
    "\n",
    " ",
    ...EDN.split(/(?<=[ {}])/),
    ...JSONL.split(/(?<=[,:])/),
  );
  let read = 0;
  fc.assert(
    fc.property(
      fc.array(piece),
      fc.constantFrom(...FORMATS),
      fc.boolean(),
      (soup, format, keyed) => {
        try {
          readHistoryText(EDN + soup.join(""), { file: "h", format, keyed: keyed || "auto" });
          read += 1;
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect((error as Error).message).toMatch(/^h(:\d+)?: [^\n]+$/);
        }
      },
    ),
    { numRuns: Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 3000) },
  );
  expect(read).toBeGreaterThan(0);
});

describe("put up with, and warned about", () => {
  test("time that goes backwards in EDN; in JSON Lines it is refused", () => {
    const edn = EDN.replace("nil}", "nil :time 9}").replace("#{1}}", "#{1} :time 7}");
    expect(readHistoryText(edn, { file: "h.edn" }).warnings).toEqual([
      "h.edn: time goes backwards once, first at line 2",
    ]);
    const jsonl = JSONL.replace('"time":5', '"time":9');
    expect(() => readHistoryText(jsonl, { file: "h" })).toThrow(
      /^h:2: time goes backwards, from 9 to 6/,
    );
  });

  test("one client with a name among numbered ones", () => {
    const named = `${JSONL}${JSONL.split("\n")[0]!.replace('"index":0,"time":5,"process":0', '"index":2,"time":6,"process":"c1"')}`;
    expect(readHistoryText(named, { file: "h" }).warnings).toEqual([
      'h:3: process "c1" invokes, but named processes are nodes and nemeses, not clients: its operations are not checked',
    ]);
  });
});

test("- is standard input", async () => {
  vi.spyOn(process, "stdin", "get").mockReturnValue(
    Readable.from([Buffer.from(JSONL.slice(0, 30)), Buffer.from(JSONL.slice(30))]) as never,
  );
  const { history } = await readHistoryFile("-");
  expect(history.operations).toHaveLength(1);
  vi.restoreAllMocks();
});

describe("the recorded examples", () => {
  test("a register, its cas left unknown, its final read marked", async () => {
    const { history, warnings } = await readHistoryFile(`${EXAMPLES}/register.jsonl`);
    expect(warnings).toEqual([]);
    expect(history.observations).toHaveLength(1);
    expect(history.operations.map((one) => [one.f, one.outcome, one.final])).toEqual([
      ["write", "ok", false],
      ["read", "ok", false],
      ["cas", "info", false],
      ["read", "ok", false],
      ["cas", "fail", false],
      ["read", "ok", true],
    ]);
  });

  test("a stale read: it begins after the write of 2 ended, and returns 1", async () => {
    const { operations } = (await readHistoryFile(`${EXAMPLES}/stale-read.jsonl`)).history;
    const [, second, read] = operations;
    expect(read!.invoked).toBeGreaterThan(second!.completed);
    expect([second?.input, read?.output]).toEqual([2, 1]);
  });

  test("a set", async () => {
    const { operations } = (await readHistoryFile(`${EXAMPLES}/set.jsonl`)).history;
    expect(operations.map((one) => one.outcome)).toEqual(["ok", "info", "fail", "ok"]);
    expect(operations.at(-1)).toMatchObject({ output: [1, 2], final: true });
  });

  test("a keyed EDN history: the key comes out of the value", async () => {
    const { history, format } = await readHistoryFile(`${EXAMPLES}/keyed.edn`);
    expect(format).toBe("edn");
    expect(history.operations.map((one) => [one.key, one.f, one.input, one.outcome])).toEqual([
      ["x", "write", 1, "ok"],
      ["x", "read", null, "ok"],
      ["y", "write", 4, "ok"],
      ["y", "cas", [4, 5], "info"],
      ["y", "read", null, "ok"],
    ]);
    expect(history.observations.map((one) => one.value)).toEqual([null, ["n2"]]);
  });
});
