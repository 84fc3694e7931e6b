/** Files that tell completions only: what they are read as, from every spelling, and what is refused. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../histories/history.js";
import { formatJsonl } from "../../histories/jsonl.js";
import { toHistory } from "../../histories/pairing.js";
import { readRecordedText, type TransactionsResult } from "../../histories/read-recorded.js";
import type { Transactions } from "../../histories/transactions.js";
import { transactionsOf } from "../../histories/transactions-builder.js";
import { EdnTransactions } from "../../histories/transactions-jepsen.js";
import { JsonlTransactions } from "../../histories/transactions-jsonl.js";
import type { TransactionsReader } from "../../histories/transactions-reader.js";
import type { Json } from "../../src/base/json.js";
import { cuts, pieces } from "./agreement.js";
import { jepsen, spelledAs, spellings, toldBy, transactional } from "./transactional.js";

const RUNS = Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 200);

const WARNING =
  "h.edn: no invocations: nothing is known of real time; a transaction counts as invoked right after the one before it in its process, or before all others complete";

function read(file: string, text: string): TransactionsResult {
  const recorded = readRecordedText(text, { file });
  if (recorded.kind !== "transactions") throw new Error("read as operations");
  return recorded;
}

function isClient({ process }: HistoryEvent): boolean {
  return typeof process === "number";
}

/** Histories without their invocations; every completion says what was done. */
const completions = transactional({ odd: true })
  .map((events) =>
    events
      .filter((event) => !isClient(event) || (event.type !== "invoke" && event.value !== null))
      .map((event, index) => ({ ...event, index })),
  )
  .filter((events) => events.some(isClient));

/** The same history told in full: invocations as early as its processes allow. */
function inFull(events: readonly HistoryEvent[]): HistoryEvent[] {
  const invocation = (event: HistoryEvent): HistoryEvent => {
    const micros = event.value as Json[][];
    const value = micros.map(([f, k, v]) => [f!, k!, f === "r" ? null : v!]);
    return { ...event, type: "invoke", value };
  };
  const clients = events.filter(isClient);
  const firsts = clients.filter(
    ({ process }, i) => clients.findIndex((other) => other.process === process) === i,
  );
  const all = firsts.map(invocation);
  for (const [i, event] of events.entries()) {
    all.push(event);
    if (!isClient(event)) continue;
    const next = events.slice(i + 1).find(({ process }) => process === event.process);
    if (next !== undefined) all.push(invocation(next));
  }
  return all.map((event, index) => ({ ...event, index, time: 0 }));
}

/** All but times, and the numbers of keys. */
function untimed(transactions: Transactions) {
  const { columns, micros, ...told } = toldBy(transactions);
  const kept = columns.filter((_, i) => i !== 4 && i !== 5);
  return { ...told, columns: kept, micros: micros.map((row) => row.slice(0, -1)) };
}

describe("a history without invocations", () => {
  test("means the same from every spelling: that each was invoked as early as can be", () => {
    fc.assert(
      fc.property(completions, (events) => {
        const expected = untimed(transactionsOf(toHistory(inFull(events))));
        for (const [name, [file, text]] of Object.entries(spellings(events))) {
          const { transactions, warnings } = read(file, text);
          expect(untimed(transactions), name).toEqual(expected);
          expect(warnings).toEqual([WARNING.replace("h.edn", file)]);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("has all of them concurrent but those that a process did one after another", () => {
    fc.assert(
      fc.property(completions, (events) => {
        const { transactions, lineOf } = read("h.edn", spelledAs(jepsen, events));
        const { size, process, invoked, completed, outcome } = transactions;
        const lines = Array.from(invoked, (position) => lineOf(position));
        const before = (t: number): number =>
          Math.max(0, ...lines.filter((line, i) => process[i] === process[t] && line < lines[t]!));
        for (let a = 0; a < size; a++) {
          if (outcome[a] === 2) continue;
          expect(lineOf(completed[a]!)).toBe(lines[a]);
          for (let b = 0; b < size; b++) {
            expect(completed[a]! < invoked[b]!).toBe(lines[a]! <= before(b));
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("has processes of their own where it does not say whose they are", () => {
    fc.assert(
      fc.property(completions, (events) => {
        let own = 0;
        const apart = events.map((event) =>
          isClient(event) ? { ...event, process: own++ } : event,
        );
        const expected = toldBy(read("h.edn", spelledAs(jepsen, apart)).transactions);
        const anonymous = spelledAs(jepsen, events).replaceAll(/, :process \d+/g, "");
        for (const text of [anonymous, anonymous.replaceAll(", :f :txn", "")]) {
          const { transactions, warnings } = read("h.edn", text);
          expect(toldBy(transactions)).toEqual(expected);
          expect(warnings).toEqual([WARNING]);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("comes in pieces cut anywhere", () => {
    fc.assert(
      fc.property(completions, cuts, (events, places) => {
        const whole = read("h.jsonl", formatJsonl(events));
        const expected = toldBy(whole.transactions);
        const readers: [TransactionsReader, string][] = [
          [new JsonlTransactions("h"), formatJsonl(events)],
          [new EdnTransactions({}), spelledAs(jepsen, events)],
        ];
        for (const [reader, text] of readers) {
          for (const piece of pieces(text, places)) reader.push(piece);
          reader.end();
          const { size, invoked, ...told } = reader.builder.finish();
          expect(toldBy({ size, invoked, ...told })).toEqual(expected);
          for (const position of invoked) {
            expect(reader.lineOf(position)).toBe(whole.lineOf(position));
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  test("may mix processes that are known with others", () => {
    const text = `
      {:type :ok, :process 1, :value [[:append 1 1]]}
      {:type :ok, :value [[:r 1 [1]]]}
      {:type :ok, :process nil, :value [[:r 1]]}
      {:type :info, :process 0, :value [[:append 1 2] [:r 1 nil]]}
      {:type :fail, :process 1, :value [[:append 1 3]]}`;
    const { transactions } = read("h.edn", text);
    const { process, invoked, completed, outcome } = transactions;
    expect([...process]).toEqual([1, 2, 3, 0, 1]);
    expect([...outcome]).toEqual([0, 0, 0, 2, 1]);
    expect([...invoked]).toEqual([0, 1, 2, 3, 5]);
    expect([...completed]).toEqual([4, 6, 7, 0x7fff_ffff, 9]);
  });

  test("is one of operations all the same when it holds no transactions", () => {
    expect(() => read("h.edn", "{:type :ok, :f :read, :value 3, :process 0}")).toThrow(
      "h.edn:1: process 0 completes read without having invoked anything",
    );
    expect(() => read("h.edn", "{:type :ok, :f :txn, :value [[:send 1 2]], :process 0}")).toThrow(
      "h.edn:1: process 0 completes txn without having invoked anything",
    );
    expect(() => read("h.edn", "{:type :ok, :value 3, :process 0}")).toThrow(
      'h.edn:1: "f" is missing',
    );
  });
});

describe("refused in one line is", () => {
  test.each([
    [
      "an invocation after completions",
      "{:type :ok, :process 4, :value [[:append 1 1]]}\n{:type :invoke, :process 5, :value []}",
      "h.edn:1: process 4 completes txn without having invoked anything",
    ],
    [
      "an invocation after completions that are nobody's",
      "{:type :ok, :value [[:append 1 1]]}\n{:type :invoke, :process 5, :value []}",
      'h.edn:1: "process" is missing: without it nobody can tell which completion belongs to which invocation',
    ],
    [
      "a completion that is nobody's, after an invocation",
      "{:type :invoke, :process 5, :value [[:r 1]]}\n{:type :ok, :value [[:r 1 nil]]}",
      'h.edn:2: "process" is missing: without it nobody can tell which completion belongs to which invocation',
    ],
    [
      "a second invocation that is nobody's while the first is open",
      "{:type :invoke, :f :txn, :value [[:r 1]]}\n{:type :invoke, :f :txn, :value [[:r 1]]}",
      'h.edn:2: "process" is missing: without it nobody can tell which completion belongs to which invocation',
    ],
    [
      "an unknown outcome that does not say what was done",
      "{:type :ok, :value [[:r 1 [7]]]}\n{:type :info, :f :txn, :value :timeout}",
      'h.edn:2: the value of a transaction must be a list of micro-operations such as [["r","x",null]], not "timeout": nobody else says what was done without an invocation',
    ],
    [
      "a process that goes on after an unknown outcome",
      "{:type :info, :process 1, :value [[:append 1 1]]}\n{:type :ok, :process 1, :value [[:r 1]]}",
      "h.edn:2: process 1 completes txn after its txn of line 1 ended in info: go on under a new process number",
    ],
    [
      "a value that is appended twice",
      "{:type :ok, :value [[:append 1 1]]}\n{:type :ok, :value [[:append 1 1]]}",
      "h.edn:2: the transaction appends 1 to 1 again, after line 1: every value may be written only once to a key",
    ],
  ])("%s", (_, text, message) => {
    for (const spelled of [text, `${text}\n`]) {
      expect(() => read("h.edn", spelled)).toThrow(message);
    }
  });
});

test("invocations and completions of nobody in turn are those of clients of their own", () => {
  const text = `
    {:type :invoke, :value [[:append 1 1]]}
    {:type :ok, :value [[:append 1 1]]}
    {:type :invoke, :value [[:r 1 nil]]}
    {:type :ok, :value [[:r 1 [1]]]}`;
  const recorded = readRecordedText(text, { file: "h.edn" });
  if (recorded.kind !== "transactions") throw new Error("not read as transactions");
  const { process, invoked, completed } = recorded.transactions;
  expect([[...process], [...invoked], [...completed]]).toEqual([
    [0, 1],
    [0, 2],
    [1, 3],
  ]);
});

test("who names some processes must name all", () => {
  const named = "{:type :invoke, :process 7, :f :txn, :value [[:r 1 nil]]}";
  const unnamed = "{:type :invoke, :f :txn, :value [[:r 1 nil]]}";
  for (const text of [`${named}\n${unnamed}`, `${unnamed}\n${named}`]) {
    expect(() => readRecordedText(text, { file: "h.edn" })).toThrow(
      /^h\.edn:2: "process" is missing/,
    );
  }
});
