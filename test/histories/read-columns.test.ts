import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterAll, describe, expect, test, vi } from "vitest";
import { operationAt } from "../../histories/columns.js";
import { formatEdn } from "../../histories/edn.js";
import type { HistoryEvent } from "../../histories/history.js";
import { formatJsonl } from "../../histories/jsonl.js";
import { readHistoryFile } from "../../histories/read.js";
import {
  type LiveOptions,
  liveColumns,
  readColumns,
  readColumnsText,
} from "../../histories/read-columns.js";
import { UsageError } from "../../src/base/errors.js";
import { told, toldBy } from "./agreement.js";

const EXAMPLES = "histories/examples";
const INVOKE = '{"index":0,"time":5,"process":0,"type":"invoke","f":"read","value":null}\n';
const OK = '{"index":1,"time":6,"process":0,"type":"ok","f":"read","value":[1]}\n';

const folder = mkdtempSync(join(tmpdir(), "faultline-columns-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Clients that write and read in turn, one event after another. */
function recorded(count: number): HistoryEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const process = (index >> 1) % 25;
    const write = process % 2 === 0;
    const type = index % 2 === 0 ? "invoke" : "ok";
    const value = write ? index >> 1 : type === "invoke" ? null : "the value of a read";
    const f = write ? "write" : "read";
    return { index, time: 1000 * index, process, type, f, key: `key ${process}`, value };
  });
}

describe("a big file is the same in columns and as objects", () => {
  test.each([
    ["big.jsonl", "jsonl", 100_000, formatJsonl],
    ["big.edn", "edn", 10_000, formatEdn],
    [
      "vector.edn",
      "edn",
      10_000,
      (events: readonly HistoryEvent[]) => `[${formatEdn(events).replaceAll("\n", " ")}]`,
    ],
  ])("%s", async (name, format, count, spell) => {
    const path = file(name, spell(recorded(count)));
    const result = await readColumns(path);
    const { history, warnings } = await readHistoryFile(path);
    expect(toldBy(result.columns)).toEqual(told(history));
    expect(result).toMatchObject({ format, warnings });
    expect(result.lineOf(count - 1)).toBe(name === "vector.edn" ? 1 : count);
  });
});

describe("refused in the words of readHistoryFile", () => {
  test.each([
    ["an empty file", ""],
    ["blank lines", " \n\n"],
    ["comments alone", "; nothing\n"],
    ["an empty vector", "[]\n"],
    ["a JSON array", '[{"index":0}]'],
    ["prose", "Dear diary,\n"],
    ["an opening brace", "{"],
    ["an opening bracket", "["],
    ["bytes that are no text", Uint8Array.of(0x1f, 0x8b, 8, 0, 255)],
    ["text that ends inside of a character", Uint8Array.of(0x7b, 0xc3)],
    ["a byte that is none in a later line", Buffer.from(`${INVOKE}\xff\n`, "latin1")],
    ["a bad line in the middle", `${INVOKE}${OK}\n{"index":2}\n${"\n".repeat(1000)}`],
    ["two operations open", INVOKE + INVOKE.replace('"index":0', '"index":1')],
    ["a cut last line", INVOKE + OK.slice(0, 40)],
    ["clients with names", INVOKE.replace('"process":0', '"process":"c1"')],
  ])("%s", async (_, content) => {
    const path = file("f", content);
    const refusal = (reading: Promise<unknown>) =>
      reading.then(
        () => "accepted",
        (error: unknown) => (error instanceof UsageError ? error.message : error),
      );
    const expected = await refusal(readHistoryFile(path));
    expect(expected).toMatch(/^[^\n]*\/f:/);
    expect(await refusal(readColumns(path))).toBe(expected);
  });

  test.each(["none.jsonl", "."])("%s, which cannot be read", async (name) => {
    const path = join(folder, name);
    const expected = await readHistoryFile(path).catch((error: Error) => error.message);
    await expect(readColumns(path)).rejects.toThrow(expected as string);
  });
});

test("one client with a name among numbered ones is a warning", () => {
  const named = INVOKE.replace(
    '"index":0,"time":5,"process":0',
    '"index":2,"time":6,"process":"c"',
  );
  expect(readColumnsText(INVOKE + OK + named, { file: "h" }).warnings).toEqual([
    'h:3: process "c" invokes, but named processes are nodes and nemeses, not clients: its operations are not checked',
  ]);
});

test.each(["register.jsonl", "stale-read.jsonl", "set.jsonl", "keyed.edn"])(
  "the example %s is the same in columns",
  async (name) => {
    const { columns, format, warnings } = await readColumns(`${EXAMPLES}/${name}`);
    const result = await readHistoryFile(`${EXAMPLES}/${name}`);
    expect(toldBy(columns)).toEqual(told(result.history));
    expect({ format, warnings }).toEqual({ format: result.format, warnings: result.warnings });
  },
);

test("characters and lines may be cut by the chunks of a stream", async () => {
  const text = INVOKE.replace("null", '"é€😀 and more than twelve"') + OK;
  const bytes = Buffer.from(`\uFEFF${text}`);
  vi.spyOn(process, "stdin", "get").mockReturnValue(
    Readable.from(Array.from(bytes, (byte) => Buffer.of(byte))) as never,
  );
  const { columns } = await readColumns("-");
  vi.restoreAllMocks();
  expect(operationAt(columns, 0).input).toBe("é€😀 and more than twelve");
  expect(columns.eventCount).toBe(2);
});

describe("live", () => {
  const LATER = INVOKE.replace('"index":0,"time":5', '"index":2,"time":7');
  const LAST = OK.replace('"index":1,"time":6', '"index":3,"time":8');
  const EDN = "{:process 0 :type :invoke :f :write :value 1}\n";

  /** A stream to write to, and what the next snapshot of it holds. */
  function live(options: LiveOptions) {
    const stream = new PassThrough();
    const snapshots = liveColumns(stream, { source: "h", ...options });
    const next = async () => {
      const { value } = await snapshots.next();
      if (!value) return "the end";
      const { columns, ended } = value;
      const outcomesSoFar = Array.from(columns.outcome, (code) => ["ok", "fail", "info"][code]);
      return { events: columns.eventCount, outcomes: outcomesSoFar, ended };
    };
    return { stream, snapshots, next };
  }

  test("a writer that pauses is judged up to there, before the stream ends", async () => {
    const { stream, next } = live({ quietMs: 1 });
    stream.write(INVOKE + OK + LATER);
    expect(await next()).toEqual({ events: 3, outcomes: ["ok", "info"], ended: false });
    const following = next();
    stream.write(LAST.slice(0, 40));
    stream.write(LAST.slice(40));
    expect(await following).toEqual({ events: 4, outcomes: ["ok", "ok"], ended: false });
    stream.end();
    expect(await next()).toEqual({ events: 4, outcomes: ["ok", "ok"], ended: true });
    expect(await next()).toBe("the end");
  });

  test("a writer that never pauses is judged after some more events", async () => {
    const { stream, next } = live({ quietMs: 2 ** 30, eventsMin: 2 });
    stream.write(INVOKE);
    stream.write(OK);
    expect(await next()).toMatchObject({ events: 2, ended: false });
    stream.end(LATER);
    expect(await next()).toMatchObject({ events: 3, ended: true });
  });

  test("a bad line is refused with its number, after what came before it", async () => {
    const { stream, next } = live({ quietMs: 1 });
    stream.write(INVOKE + OK);
    expect(await next()).toMatchObject({ events: 2 });
    stream.write(`\n${OK}`);
    await expect(next()).rejects.toThrow("h:4: index 1 where 2 is next: count events from 0");
    expect(stream.destroyed).toBe(true);
  });

  test("who has seen enough stops reading, though the writer goes on", async () => {
    const { stream, snapshots } = live({ quietMs: 1 });
    stream.write(INVOKE);
    for await (const { columns } of snapshots) {
      expect(columns.size).toBe(1);
      break;
    }
    expect(stream.destroyed).toBe(true);
  });

  test("EDN is judged at the end, unless it is known whether values hold keys", async () => {
    const tuples = EDN.replace("1}", "[1 2]}");
    const undecided = live({ quietMs: 1 });
    undecided.stream.end(tuples);
    expect(await undecided.next()).toMatchObject({ events: 1, ended: true });

    for (const [text, options] of [
      [tuples, { keyed: true }],
      [tuples, { keyed: false }],
      [EDN, {}],
    ] as const) {
      const decided = live({ quietMs: 1, ...options });
      decided.stream.write(text);
      expect(await decided.next()).toMatchObject({ events: 1, ended: false });
      decided.stream.end();
    }
  });

  test("what ends at once is given whole", async () => {
    const path = `${EXAMPLES}/register.jsonl`;
    const results = [];
    for await (const result of liveColumns(createReadStream(path))) results.push(result);
    expect(results.at(-1)).toMatchObject({ ended: true, warnings: [] });
    expect(toldBy(results.at(-1)!.columns)).toEqual(told((await readHistoryFile(path)).history));
  });
});
