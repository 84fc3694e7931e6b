import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventType, HistoryEvent } from "../../histories/history.js";
import { toHistory } from "../../histories/pairing.js";
import { UsageError } from "../../src/base/errors.js";
import { histories } from "./arbitraries.js";

/** `3 invoke read`, one event a string; the time is the position. */
function events(...lines: string[]): HistoryEvent[] {
  return lines.map((line, index) => {
    const [process = "", type = "", f = ""] = line.split(" ");
    const client = /^\d+$/.test(process) ? Number(process) : process;
    return { index, time: index, process: client, type: type as EventType, f, value: null };
  });
}

function refusal(list: HistoryEvent[]): string {
  try {
    toHistory(list, { source: "h.jsonl", lineOf: (position) => position + 1 });
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "accepted";
}

describe("an operation", () => {
  test("joins an invocation with the completion of its process", () => {
    const list = events("0 invoke write", "1 invoke read", "1 ok read", "0 fail write");
    list[0]!.value = 7;
    list[2]!.value = 5;
    list[3]!.error = "full";
    expect(toHistory(list).operations).toEqual([
      {
        id: 0,
        process: 0,
        f: "write",
        input: 7,
        output: null,
        outcome: "fail",
        error: "full",
        final: false,
        invoked: 0,
        completed: 3,
        invokedAt: 0,
        completedAt: 3,
      },
      {
        id: 1,
        process: 1,
        f: "read",
        input: null,
        output: 5,
        outcome: "ok",
        final: false,
        invoked: 1,
        completed: 2,
        invokedAt: 1,
        completedAt: 2,
      },
    ]);
  });

  test("that ended in info has no end, and keeps what its completion said", () => {
    const list = events("0 invoke write", "0 info write");
    Object.assign(list[1]!, { value: 9, error: "timeout" });
    expect(toHistory(list).operations[0]).toMatchObject({
      outcome: "info",
      output: 9,
      error: "timeout",
      completed: Number.POSITIVE_INFINITY,
      completedAt: Number.POSITIVE_INFINITY,
    });
  });

  test("without a completion counts as info", () => {
    const [operation] = toHistory(events("0 invoke write")).operations;
    expect(operation).toMatchObject({ outcome: "info", completed: Number.POSITIVE_INFINITY });
  });

  test("takes key, final and node from whichever event has them", () => {
    const list = events("0 invoke read", "0 ok read");
    Object.assign(list[0]!, { key: "x", node: "n1" });
    Object.assign(list[1]!, { final: true });
    expect(toHistory(list).operations[0]).toMatchObject({ key: "x", node: "n1", final: true });
  });
});

test("named processes observe: they never have an operation open", () => {
  const list = events("nemesis info kill", "nemesis info kill", "n1 info leader", "0 invoke read");
  const history = toHistory(list);
  expect(history.observations).toEqual(list.slice(0, 3));
  expect(history.operations).toHaveLength(1);
});

describe("refused, with the line", () => {
  test.each([
    ["an operation that completes twice", events("0 invoke read", "0 ok read", "0 ok read")],
    ["a completion after info", events("0 invoke read", "0 info read", "0 ok read")],
    ["a completion without invocation", events("1 invoke read", "1 ok read", "0 ok read")],
    [
      "a second invocation while one is open",
      events("0 invoke read", "1 invoke read", "0 invoke read"),
    ],
    ["an invocation after info", events("0 invoke read", "0 info read", "0 invoke read")],
    ["a completion of another function", events("0 invoke read", "1 invoke read", "0 ok write")],
  ])("%s", (_, list) => {
    expect(refusal(list)).toMatch(/^h\.jsonl:3: process 0 .*(line 1|without)/);
    expect(refusal(list)).not.toContain("\n");
  });

  test("a completion with another key", () => {
    const list = events("0 invoke read", "0 ok read");
    list[0]!.key = "x";
    list[1]!.key = "y";
    expect(refusal(list)).toBe(
      'h.jsonl:2: process 0 completes read of line 1 with key "y", but it was invoked with "x"',
    );
  });

  test("indexes that do not count from 0", () => {
    const list = events("0 invoke read", "0 ok read").map((event) => ({
      ...event,
      index: event.index + 1,
    }));
    expect(refusal(list)).toBe("h.jsonl:1: index 1 where 0 is next: count events from 0");
  });

  test("a time that is not an integer", () => {
    const list = events("0 invoke read");
    list[0]!.time = 1.5;
    expect(refusal(list)).toMatch(/^h\.jsonl:1: time 1\.5 is not an integer/);
  });
});

describe("time that goes backwards", () => {
  const list = events("0 invoke read", "0 ok read", "0 invoke read");
  list[1]!.time = 9;

  test("is refused", () => {
    expect(refusal(list)).toMatch(/^h\.jsonl:3: time goes backwards, from 9 to 2/);
  });

  test("is a warning where the format puts up with it", () => {
    const warnings: string[] = [];
    const history = toHistory(list, { source: "h.edn", warn: (message) => warnings.push(message) });
    expect(history.operations).toHaveLength(2);
    expect(warnings).toEqual(["h.edn: time goes backwards once, first at event 2"]);
  });
});

test("without lines, a message counts events", () => {
  expect(() => toHistory(events("0 ok read"))).toThrow(
    /^event 0: process 0 completes read without/,
  );
});

const event = fc.record({
  process: fc.constantFrom<number | string>(0, 1, 2, "n1"),
  type: fc.constantFrom<EventType>("invoke", "invoke", "ok", "fail", "info"),
  f: fc.constantFrom("read", "read", "read", "write"),
});

/** The grammar of one process, spelled out: complete operations, and at most one without an end. */
const PROCESS = /^(?:(?:iR oR |iW oW )*)(?:i[RW] ?|iR xR |iW xW )?$/;

test("a sequence is accepted exactly when every process follows the grammar of a client", () => {
  const letters = { invoke: "i", ok: "o", fail: "o", info: "x" };
  fc.assert(
    fc.property(fc.array(event, { maxLength: 8 }), (list) => {
      const sequence = list.map((one, index) => ({ ...one, index, time: 0, value: null }));
      const sound = [0, 1, 2].every((process) => {
        const own = list.filter((one) => one.process === process);
        const word = own.map((one) => `${letters[one.type]}${one.f === "read" ? "R" : "W"} `);
        return PROCESS.test(word.join(""));
      });
      expect(refusal(sequence) === "accepted").toBe(sound);
    }),
    { numRuns: Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 2000) },
  );
});

test("every client event belongs to one operation, every other to the observations", () => {
  fc.assert(
    fc.property(histories, (list) => {
      const { operations, observations } = toHistory(list);
      const positions = observations.map((one) => one.index);
      for (const operation of operations) {
        const invocation = list[operation.invoked]!;
        positions.push(operation.invoked);
        expect(operation.input).toBe(invocation.value);
        const later = list.slice(operation.invoked + 1);
        const completion = later.find((one) => one.process === operation.process);
        if (completion === undefined) {
          expect(operation.outcome).toBe("info");
          continue;
        }
        positions.push(completion.index);
        expect(operation.outcome).toBe(completion.type);
        expect(operation.output).toBe(completion.value);
        expect(operation.completed).toBe(
          completion.type === "info" ? Number.POSITIVE_INFINITY : completion.index,
        );
      }
      expect(positions.sort((a, b) => a - b)).toEqual(list.map((one) => one.index));
      expect(operations.map((one) => one.id)).toEqual(operations.map((_, id) => id));
    }),
  );
});
