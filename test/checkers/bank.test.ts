/** The money in a bank: always the same sum, wherever it is. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bank, bankWith } from "../../checkers/index.js";
import type { HistoryEvent } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import { recorded, timeline } from "./timeline.js";

const init = { a: 10, b: 10, c: 10 };
const judge = (text: string, opening: Json = init) => bank.check(timeline(text), { init: opening });
const only = (text: string, opening: Json = init) => {
  const { valid, anomalies } = judge(text, opening);
  expect(valid).toBe(false);
  expect(anomalies).toHaveLength(1);
  return anomalies[0]!;
};
const transfer = (from: string, to: string, amount: number) =>
  `transfer ${JSON.stringify({ from, to, amount })}`;
const read = (a: Json, b: Json, c: Json) => `read = ${JSON.stringify({ a, b, c })}`;

describe("the total", () => {
  it("stays as it was, wherever the money is", () => {
    const { valid, notes } = judge(
      `1 ${transfer("a", "b", 5)} 0..3\n2 ${read(10, 10, 10)} 1..2\n2 ${read(5, 15, 10)} 4..5`,
    );
    expect(valid).toBe(true);
    expect(notes).toEqual({ reads: 2, transfers: 1, total: 30 });
  });

  it("is wrong when money is gone for good", () => {
    const anomaly = only(`1 ${transfer("a", "b", 5)} 0..1\n2 ${read(5, 10, 10)} 2..3`);
    expect(anomaly).toEqual({
      type: "wrong-total",
      message: "process 2 read accounts that sum up to 25, not 30",
      ops: [2],
    });
  });

  it("is skewed when a later read finds the money, and the half-seen transfer is named", () => {
    const anomaly = only(
      `1 ${transfer("a", "b", 5)} 0..3\n2 ${read(5, 10, 10)} 1..2\n2 ${read(5, 15, 10)} 4..5`,
    );
    expect(anomaly.type).toBe("read-skew");
    expect(anomaly.message).toContain(
      'saw only half of the transfer of 5 from account "a" to "b" by process 1',
    );
    expect(anomaly.ops).toEqual([0, 1]);
  });

  it("is skewed without a name when two transfers could be the one", () => {
    const anomaly = only(
      `1 ${transfer("a", "b", 5)} 0..3\n3 ${transfer("c", "b", 5)} 0..3\n2 ${read(5, 10, 10)} 1..2\n2 ${read(5, 20, 5)} 4..5`,
    );
    expect(anomaly.type).toBe("read-skew");
    expect(anomaly.message).toContain("and a later read has the right total again");
  });

  it("may be given alone, as a number or by name, or be observed", () => {
    const wrong = `1 ${read(5, 10, 10)} 0..1`;
    expect(only(wrong, 30).type).toBe("wrong-total");
    expect(only(wrong, { total: 30 }).type).toBe("wrong-total");
    expect(judge(wrong, { total: 25 }).valid).toBe(true);
    expect(judge(`n1 accounts {"a":10,"b":10,"c":5} 0\n${wrong}`, null).valid).toBe(true);
    expect(only(`n1 accounts {"a":10,"b":10,"c":9} 0\n${wrong}`, null).type).toBe("wrong-total");
    expect(bankWith({ total: 25 }).check(timeline(wrong)).valid).toBe(true);
  });

  it("that nobody tells must be that of the first read", () => {
    const text = `1 ${read(10, 10, 10)} 0..1\n2 ${read(10, 10, 9)} 2..3`;
    const anomaly = only(text, null);
    expect(anomaly.message).toBe(
      "process 2 read accounts that sum up to 29, where process 1 read 30",
    );
    expect(anomaly.ops).toEqual([0, 2]);
    expect(judge(`1 ${read(7, 7, 7)} 0..1\n2 ${read(7, 6, 8)} 2..3`, null).valid).toBe(true);
  });
});

describe("an account", () => {
  it("must not be overdrawn, unless that is allowed", () => {
    const text = `1 ${read(-1, 21, 10)} 0..1`;
    expect(only(text).type).toBe("negative-balance");
    expect(bankWith({ balances: init, overdrafts: true }).check(timeline(text)).valid).toBe(true);
  });

  it("must be one that the bank has, and each must be there", () => {
    expect(only('1 read = {"a":10,"b":20} 0..1').type).toBe("missing-account");
    expect(only('1 read = {"a":10,"b":10,"c":10,"d":0} 0..1').type).toBe("unexpected-account");
    expect(only('1 read = {"a":10} 0..1\n1 read = {"a":5,"b":5} 2..3', null).ops).toEqual([0, 2]);
  });

  it("that nobody told must be in every read or in none: the fewer are odd, whatever their order", () => {
    const usual = (process: number, at: string) => `${process} read = {"a":5,"b":5} ${at}`;
    const extra = '0 read = {"a":5,"b":5,"c":0} 2..3';
    const less = '0 read = {"a":10} 2..3';
    expect(only(`${usual(0, "0..1")}\n${extra}\n${usual(1, "4..5")}`, null)).toEqual({
      type: "unexpected-account",
      message:
        "process 0 (event 2) read an account c, which process 0 (event 0) and 1 other read did not",
      ops: [0, 2],
    });
    expect(only(`${extra}\n${usual(1, "4..5")}\n${usual(2, "6..7")}`, null).ops).toEqual([0, 2]);
    expect(only(`${usual(0, "0..1")}\n${less}\n${usual(1, "4..5")}`, null)).toEqual({
      type: "missing-account",
      message:
        "process 0 (event 2) read no account b, which process 0 (event 0) and 1 other read did",
      ops: [0, 2],
    });
  });

  it("that one of two reads has alone is held against the later one", () => {
    const [one, two] = ['read = {"a":5,"b":5}', 'read = {"a":10}'];
    expect(only(`0 ${one} 0..1\n1 ${two} 2..3`, null).message).toBe(
      "process 1 (event 2) read no account b, which process 0 (event 0) did",
    );
    expect(only(`0 ${two} 0..1\n1 ${one} 2..3`, null).message).toBe(
      "process 1 (event 2) read an account b, which process 0 (event 0) did not",
    );
  });

  it("holds a whole number", () => {
    expect(only(`1 ${read(null, 20, 10)} 0..1`).type).toBe("invalid-balance");
    expect(only(`1 ${read("x", 20, 10)} 0..1`).message).toContain('read "x" as the balance of');
    expect(only("1 read = [10] 0..1").type).toBe("invalid-balance");
  });
});

describe("what the clients did", () => {
  it("is not judged without a read that was answered", () => {
    expect(judge(`1 ${transfer("a", "b", 5)} 0..1\n1 read 2..?`).valid).toBe("unknown");
    expect(judge(`1 ${read(0, 0, 0)} 0..1 failed`).valid).toBe("unknown");
  });

  it("is refused when it makes no sense", () => {
    expect(() => judge("1 transfer 5 0..1")).toThrow(
      'event 0: process 1: transfer takes {"from", "to", "amount"}, got 5',
    );
    expect(() => judge(`1 ${read(1, 1, 1)} 0..1`, "rich")).toThrow('--init "rich": a bank starts');
  });
});

describe("serial histories", () => {
  const moves = fc.array(
    fc.record({ from: fc.nat(2), to: fc.nat(2), amount: fc.integer({ min: 1, max: 9 }) }),
    { minLength: 1, maxLength: 12 },
  );
  const names = ["a", "b", "c"] as const;

  /** Applies the moves one after the other, reading after each. */
  function serial(list: { from: number; to: number; amount: number }[]): HistoryEvent[] {
    const balances = { ...init };
    const events: HistoryEvent[] = [];
    const operation = (f: string, input: Json, output: Json): void => {
      const time = events.length;
      const common = { index: 0, process: 1, f };
      events.push({ ...common, time, type: "invoke", value: input });
      events.push({ ...common, time: time + 1, type: "ok", value: output });
    };
    for (const { from, to, amount } of list) {
      const input = { from: names[from]!, to: names[to]!, amount };
      balances[names[from]!] -= amount;
      balances[names[to]!] += amount;
      operation("transfer", input, input);
      operation("read", null, { ...balances });
    }
    return events;
  }

  it("are valid, and are not once any one balance is read wrong", () => {
    const generous = bankWith({ balances: init, overdrafts: true });
    fc.assert(
      fc.property(moves, fc.nat(), fc.constantFrom(...names), (list, at, account) => {
        const events = serial(list);
        expect(generous.check(recorded(events)).valid).toBe(true);
        const reads = events.filter(({ f, type }) => f === "read" && type === "ok");
        const broken = reads[at % reads.length]!;
        const balances = broken.value as Record<string, number>;
        broken.value = { ...balances, [account]: balances[account]! + 1 };
        expect(generous.check(recorded(events)).valid).toBe(false);
      }),
    );
  });
});
