/** Two writes, seen in opposite orders: told from everything that only looks like it. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longFork } from "../../checkers/index.js";
import type { HistoryEvent } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import { recorded, timeline } from "./timeline.js";

type Seen = { [key: string]: number | null };

const write = (key: string, at: number, outcome = "") =>
  `${at} txn [["w","${key}",1]] = [["w","${key}",1]] ${at}..${outcome === "?" ? "?" : 100}${outcome === "failed" ? " failed" : ""}`;
const read = (process: number, seen: Seen, at: number) => {
  const keys = Object.keys(seen);
  const input = JSON.stringify(keys.map((key) => ["r", key, null]));
  const output = JSON.stringify(keys.map((key) => ["r", key, seen[key]!]));
  return `${process} txn ${input} = ${output} ${at}..${at + 1}`;
};
const judge = (...lines: string[]) => longFork.check(timeline(lines.join("\n")));

describe("two reads", () => {
  it("that see two writes in opposite orders are a fork", () => {
    const { valid, anomalies } = judge(
      write("a", 0),
      write("b", 1),
      read(10, { a: 1, b: null }, 20),
      read(11, { a: null, b: 1 }, 30),
    );
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "long-fork",
        message:
          "process 10 saw the write of key a but not that of key b, process 11 saw the write of key b but not that of key a",
        ops: [0, 1, 2, 4],
      },
    ]);
  });

  it("that see them in one order are none, nor those that see both or neither", () => {
    const { valid, notes } = judge(
      write("a", 0),
      write("b", 1),
      read(10, { a: null, b: null }, 20),
      read(10, { a: 1, b: null }, 30),
      read(11, { a: 1, b: null }, 40),
      read(11, { a: 1, b: 1 }, 50),
    );
    expect(valid).toBe(true);
    expect(notes).toEqual({ reads: 4, early: 1, between: 2, keys: 2 });
  });

  it("may be of different groups, as long as they share two keys", () => {
    const { anomalies } = judge(
      write("a", 0),
      write("b", 1),
      write("c", 2),
      read(10, { a: 1, b: null, c: null }, 20),
      read(11, { a: null, b: 1 }, 30),
    );
    expect(anomalies.map(({ type }) => type)).toEqual(["long-fork"]);
  });

  it("fork over a write of unknown outcome, too", () => {
    const lines = [read(10, { a: 1, b: null }, 20), read(11, { a: null, b: 1 }, 30)];
    expect(judge(write("a", 0, "?"), write("b", 1), ...lines).valid).toBe(false);
  });
});

describe("three reads", () => {
  it("that see three writes in a circle are a fork", () => {
    const { anomalies } = judge(
      write("a", 0),
      write("b", 1),
      write("c", 2),
      read(10, { a: 1, b: null }, 20),
      read(11, { b: 1, c: null }, 30),
      read(12, { c: 1, a: null }, 40),
    );
    expect(anomalies).toHaveLength(1);
    expect(anomalies[0]!.ops).toHaveLength(6);
  });
});

describe("a value", () => {
  it("must have been written", () => {
    expect(judge(write("a", 0), read(10, { a: 2 }, 20)).anomalies[0]!.type).toBe("garbage-read");
    expect(judge(read(10, { a: 1 }, 20)).anomalies[0]!.type).toBe("garbage-read");
    expect(judge(write("a", 0, "failed"), read(10, { a: 1 }, 200)).anomalies[0]!.type).toBe(
      "aborted-read",
    );
    expect(judge(write("a", 50), read(60, { a: 1 }, 20)).anomalies[0]!.type).toBe("future-read");
  });
});

describe("a history", () => {
  it("without an answered read is not judged", () => {
    expect(judge(write("a", 0)).valid).toBe("unknown");
  });

  it("in Jepsen's form, with functions write and read, is the same", () => {
    const jepsen = [
      '1 write [["w",1,1]] = [["w",1,1]] 0..9',
      '2 write [["w",2,1]] = [["w",2,1]] 0..9',
      '3 read [["r",1,null],["r",2,null]] = [["r",1,1],["r",2,null]] 1..2',
      '4 read [["r",1,null],["r",2,null]] = [["r",1,null],["r",2,1]] 1..2',
    ];
    expect(judge(...jepsen).anomalies[0]!.type).toBe("long-fork");
  });

  it("that writes a key twice, or several at once, is refused", () => {
    expect(() => judge(write("a", 0), write("a", 1))).toThrow(
      "event 1: process 1: txn: writes key a a second time (first: event 0)",
    );
    expect(() => judge('1 txn [["w","a",1],["w","b",1]] 0..1')).toThrow("writes one key at a time");
    expect(() => judge('1 txn [["append","a",1]] 0..1')).toThrow("use r and w");
    expect(() => judge("1 txn 5 0..1")).toThrow("takes a list of micro-operations, got 5");
  });
});

describe("random reads of four keys", () => {
  /** Written, not written, not read. */
  type Sight = 1 | null | "-";
  const keys = ["a", "b", "c", "d"];
  const sights = fc.array(
    fc.array(fc.constantFrom<Sight[]>(1, null, "-"), { minLength: 4, maxLength: 4 }),
    { minLength: 1, maxLength: 6 },
  );

  /** Some order of the writes puts in every read what it saw before what it did not. */
  function hasOrder(reads: Sight[][]): boolean {
    const orders = (rest: number[]): number[][] =>
      rest.length === 0
        ? [[]]
        : rest.flatMap((first) =>
            orders(rest.filter((other) => other !== first)).map((tail) => [first, ...tail]),
          );
    return orders([0, 1, 2, 3]).some((order) =>
      reads.every((seen) => {
        const values = order.map((key) => seen[key] as Sight).filter((value) => value !== "-");
        return values.lastIndexOf(1) < (values.includes(null) ? values.indexOf(null) : 4);
      }),
    );
  }

  it("are forked exactly when no order of the writes explains them all", () => {
    fc.assert(
      fc.property(sights, (reads) => {
        const events: HistoryEvent[] = [];
        const operation = (process: number, from: number, input: Json, output: Json): void => {
          const common = { index: 0, process, f: "txn" };
          events.push({ ...common, time: from, type: "invoke", value: input });
          events.push({ ...common, time: from + 100, type: "ok", value: output });
        };
        for (const [i, key] of keys.entries()) {
          operation(i, 0, [["w", key, 1]], [["w", key, 1]]);
        }
        reads.forEach((seen, i) => {
          const named = keys.filter((_, key) => seen[key] !== "-");
          if (named.length === 0) return;
          const micro = (key: string): Json => ["r", key, seen[keys.indexOf(key)] as Json];
          const input: Json = named.map((key) => ["r", key, null]);
          operation(10 + i, 10, input, named.map(micro));
        });
        const { valid } = longFork.check(recorded(events));
        if (valid !== "unknown") expect(valid).toBe(hasOrder(reads));
      }),
      { numRuns: 300 },
    );
  });
});
