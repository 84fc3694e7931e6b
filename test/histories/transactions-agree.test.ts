import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatEdn } from "../../histories/edn.js";
import { formatJsonl, jsonlReader } from "../../histories/jsonl.js";
import { toHistory } from "../../histories/pairing.js";
import { readRecordedText } from "../../histories/read-recorded.js";
import { eventsOfTransactions } from "../../histories/transaction-events.js";
import type { Transactions } from "../../histories/transactions.js";
import { TransactionsBuilder, transactionsOf } from "../../histories/transactions-builder.js";
import { EdnTransactions } from "../../histories/transactions-jepsen.js";
import { JsonlTransactions } from "../../histories/transactions-jsonl.js";
import type { TransactionsReader } from "../../histories/transactions-reader.js";
import { cuts, outcomeOf, pieces, readLineOf } from "./agreement.js";
import { jepsen, spelledAs, spellings, toldBy, transactional } from "./transactional.js";

const RUNS = Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 200);

function read(file: string, text: string): Transactions {
  const recorded = readRecordedText(text, { file });
  if (recorded.kind !== "transactions") throw new Error("read as operations");
  return recorded.transactions;
}

function quickly(reader: TransactionsReader, parts: readonly string[]) {
  for (const part of parts) reader.push(part);
  const warnings = reader.end();
  const { eventCount } = reader.builder;
  const lines = Array.from({ length: eventCount }, (_, position) => reader.lineOf(position));
  return { ...toldBy(reader.builder.finish()), lines, warnings };
}

describe("every way of reading a transactional history gives the same columns", () => {
  test("from memory and from every spelling", () => {
    fc.assert(
      fc.property(transactional({ odd: true }), (events) => {
        fc.pre(events.some(({ process }) => typeof process === "number"));
        const expected = toldBy(transactionsOf(toHistory(events)));
        for (const [name, [file, text]] of Object.entries(spellings(events))) {
          expect(toldBy(read(file, text)), name).toEqual(expected);
        }
        expect(toldBy(read("h.edn", formatEdn(events)))).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  test("from pieces cut anywhere", () => {
    fc.assert(
      fc.property(transactional({ odd: true }), cuts, (events, places) => {
        const json = formatJsonl(events);
        const expected = toldBy(transactionsOf(toHistory(events)));
        const {
          lines: _,
          warnings,
          ...told
        } = quickly(new JsonlTransactions("h"), pieces(json, places));
        expect(told).toEqual(expected);
        const maps = pieces(spelledAs(jepsen, events), places);
        const { lines: __, warnings: cut, ...edn } = quickly(new EdnTransactions({}), maps);
        expect(edn).toEqual(expected);
        expect([...warnings, ...cut]).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test("without functions, where values say what they are, and without results of reads", () => {
    fc.assert(
      fc.property(transactional({ odd: true }), (events) => {
        fc.pre(events.some(({ process }) => typeof process === "number"));
        const expected = toldBy(transactionsOf(toHistory(events)));
        const maps = spelledAs(jepsen, events);
        expect(toldBy(read("h.edn", maps.replaceAll(", :f :txn", "")))).toEqual(expected);
        expect(toldBy(read("h.edn", maps.replaceAll(" nil]", "]")))).toEqual(expected);
        const json = formatJsonl(events).replaceAll(",null]", "]");
        expect(toldBy(read("h.jsonl", json))).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  test("from the events that the columns stand for", () => {
    fc.assert(
      fc.property(transactional({ odd: true }), (events) => {
        const clients = events
          .filter(({ process, type }) => typeof process === "number" && type !== "info")
          .map((event, index) => ({ ...event, index }));
        const columns = transactionsOf(toHistory(clients));
        const again = eventsOfTransactions(columns);
        expect(toldBy(transactionsOf(toHistory(again)))).toEqual(toldBy(columns));
      }),
      { numRuns: RUNS },
    );
  });
});

describe("the quick reader and the careful one agree", () => {
  /** What the careful reader and the builder make of a text, told of the first fault in the file. */
  function carefully(text: string) {
    const lines: number[] = [];
    const builder = new TransactionsBuilder({
      source: "h",
      lineOf: (position) => lines[position]!,
    });
    const next = jsonlReader("h");
    const all = text.split("\n");
    for (const [i, line] of all.entries()) {
      readLineOf(all, i, () => {
        const event = next(line);
        if (event === undefined) return;
        lines.push(i + 1);
        builder.add(event);
      });
    }
    return { ...toldBy(builder.finish()), lines, warnings: [] };
  }

  const events = [
    {
      process: 0,
      type: "invoke",
      value: [
        ["append", "x", 1],
        ["r", "y", null],
      ],
    },
    {
      process: 1,
      type: "invoke",
      value: [
        ["append", "y", "é"],
        ["append", "x", 20],
      ],
    },
    {
      process: 0,
      type: "ok",
      value: [
        ["append", "x", 1],
        ["r", "y", ["é", 3, 40]],
      ],
    },
    {
      process: 1,
      type: "fail",
      value: [
        ["append", "y", "é"],
        ["append", "x", 20],
      ],
    },
  ] as const;
  const history = events.map((event, index) => ({
    ...event,
    index,
    time: index,
    f: "txn",
    value: JSON.parse(JSON.stringify(event.value)) as string[][],
  }));
  const parts = [
    ["whole transactions", history.slice(0, 3)],
    ["completions only", history.slice(2).map((event, index) => ({ ...event, index }))],
  ] as const;
  const damages = ["", "\n", '"', "0", " ", "}", "]", ",", "\\", "-", "."];

  test.each(parts)("on any damage to one character of JSON, of %s", (_, part) => {
    const text = formatJsonl(part);
    let accepted = 0;
    for (let i = 0; i < text.length; i++) {
      for (const other of [...damages, text[i]!.repeat(2)]) {
        const damaged = text.slice(0, i) + other + text.slice(i + 1);
        const expected = outcomeOf(() => carefully(damaged));
        const halves = [damaged.slice(0, i), damaged.slice(i)];
        expect(outcomeOf(() => quickly(new JsonlTransactions("h"), halves))).toEqual(expected);
        if (typeof expected !== "string") accepted += 1;
      }
    }
    expect(accepted).toBeGreaterThan(10);
  });

  test.each(parts)("on any damage to one character of EDN, of %s", (_, part) => {
    const text = spelledAs(jepsen, part);
    let accepted = 0;
    for (let i = 0; i < text.length; i++) {
      for (const other of [...damages, ";", "#", ":", text[i]!.repeat(2)]) {
        const damaged = text.slice(0, i) + other + text.slice(i + 1);
        const forced = damaged.replaceAll(/^\{/gm, "{#_0 ");
        const careful = outcomeOf(() => quickly(new EdnTransactions({ source: "h" }), [forced]));
        const halves = [damaged.slice(0, i), damaged.slice(i)];
        const quick = outcomeOf(() => quickly(new EdnTransactions({ source: "h" }), halves));
        expect(quick, damaged).toEqual(careful);
        if (typeof careful !== "string") accepted += 1;
      }
    }
    expect(accepted).toBeGreaterThan(10);
  });
});
