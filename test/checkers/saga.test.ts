/** Books of sagas, written by hand: what is held against them, and what is not. */

import { describe, expect, it } from "vitest";
import { sagas } from "../../checkers/index.js";
import type { HistoryEvent } from "../../histories/history.js";
import type { Json } from "../../src/base/json.js";
import { recorded } from "./timeline.js";

const INITIAL = 100;
const STEPS = ["payment", "stock", "shipping"];

/** "payment 0 s1 done": entry 0 of payment; each a millisecond after the one before. */
function judge(
  lines: readonly string[],
  {
    accounts = {},
    finals = true,
    told = {},
  }: {
    accounts?: { [service: string]: Json };
    finals?: boolean;
    told?: { [saga: string]: string };
  } = {},
) {
  const entries = lines.map((line, i): HistoryEvent => {
    const [service, entry, saga, action] = line.split(" ") as [string, string, string, string];
    const about = { customer: "c", item: "i", amount: 1, price: 10 };
    const value = { service, entry: Number(entry), saga, action, ...about };
    return { index: 0, process: "n1", type: "info", f: "saga", value, time: (i + 1) * 1e6 };
  });
  const orders = Object.entries(told).flatMap(([saga, outcome], i): HistoryEvent[] => {
    const about = { index: 0, process: i, f: "order" };
    return [
      { ...about, type: "invoke", value: { price: 10 }, time: 0 },
      { ...about, type: "ok", value: { saga, outcome }, time: (lines.length + 2) * 1e6 },
    ];
  });
  const count = (service: string): number =>
    lines.filter((line) => line.startsWith(`${service} `)).length;
  const books = Object.fromEntries(
    STEPS.map((service) => [
      service,
      { entries: count(service), initial: INITIAL, accounts: accounts[service] ?? {} },
    ]),
  );
  const about = { index: 0, process: 99, f: "books", final: true };
  const reads: HistoryEvent[] = [
    { ...about, type: "invoke", value: null, time: 9e9 },
    { ...about, type: "ok", value: books, time: 9.1e9 },
  ];
  return sagas.check(recorded([...entries, ...orders, ...(finals ? reads : [])]));
}

const types = (verdict: { anomalies: { type: string }[] }): string[] =>
  verdict.anomalies.map(({ type }) => type);

const confirmed = [
  "order 0 s1 started",
  "payment 0 s1 done",
  "stock 0 s1 done",
  "shipping 0 s1 done",
  "order 1 s1 confirmed",
];
const cancelled = [
  "order 0 s1 started",
  "payment 0 s1 done",
  "stock 0 s1 done",
  "shipping 0 s1 refused",
  "order 1 s1 cancelling",
  "stock 1 s1 undone",
  "payment 1 s1 undone",
  "order 2 s1 cancelled",
];
const spent = { payment: { c: 90 }, stock: { i: 99 } };
const back = { payment: { c: 100 }, stock: { i: 100 } };

describe("sagas", () => {
  it("may be done as a whole or undone as a whole", () => {
    expect(judge(confirmed, { accounts: spent, told: { s1: "confirmed" } }).valid).toBe(true);
    expect(judge(cancelled, { accounts: back, told: { s1: "cancelled" } }).valid).toBe(true);
  });

  it("are open until all services have been asked in the end", () => {
    expect(judge(confirmed, { accounts: spent, finals: false }).valid).toBe("unknown");
    expect(judge([]).valid).toBe("unknown");
  });

  it("do nothing twice, though an entry may be told twice", () => {
    const again = [...confirmed, "payment 0 s1 done"];
    expect(judge(again, { accounts: { ...spent, payment: { c: 90 } } }).valid).toBe(true);
    const twice = [...confirmed, "payment 1 s1 done"];
    expect(types(judge(twice, { accounts: { ...spent, payment: { c: 80 } } }))).toEqual([
      "double-effect",
    ]);
    const undone = [...cancelled, "stock 2 s1 undone"];
    expect(types(judge(undone, { accounts: { ...back, stock: { i: 101 } } }))).toEqual([
      "double-effect",
    ]);
  });

  it("undo nothing that was not done", () => {
    const lines = ["order 0 s1 started", "payment 0 s1 undone", "order 1 s1 cancelled"];
    expect(types(judge(lines, { accounts: { payment: { c: 110 } } }))).toEqual([
      "groundless-compensation",
    ]);
    const blocked = ["order 0 s1 started", "payment 0 s1 blocked", "order 1 s1 cancelled"];
    expect(judge(blocked, { accounts: { payment: { c: 100 } } }).valid).toBe(true);
  });

  it("undo the last step first", () => {
    const [a, b, c, d, e, stock, payment, end] = cancelled as [string, ...string[]];
    const forwards = [a, b, c, d, e, payment, stock, end] as string[];
    expect(types(judge(forwards, { accounts: back }))).toEqual(["out-of-order-compensation"]);
  });

  it("do not end half done", () => {
    const kept = cancelled.filter((line) => !line.startsWith("payment 1"));
    expect(types(judge(kept, { accounts: { ...back, payment: { c: 90 } } }))).toEqual([
      "half-done-saga",
    ]);
    const missing = confirmed.filter((line) => !line.startsWith("stock"));
    expect(types(judge(missing, { accounts: { payment: { c: 90 } } }))).toEqual(["half-done-saga"]);
    const late = [...cancelled, "shipping 1 s1 done"];
    expect(types(judge(late, { accounts: back }))).toEqual(["half-done-saga"]);
  });

  it("are shown with the order of the client who was told of them", () => {
    const kept = cancelled.filter((line) => !line.startsWith("payment 1"));
    const about = { accounts: { ...back, payment: { c: 90 } } };
    const [alone] = judge(kept, about).anomalies;
    const [told] = judge(kept, { ...about, told: { s1: "cancelled" } }).anomalies;
    // The order is invoked before anything is recorded.
    expect(told?.ops[0]).toBe(0);
    expect(told?.ops.slice(1)).toEqual(alone?.ops.map((index) => index + 1));
  });

  it("end", () => {
    const stuck = confirmed.slice(0, 2);
    expect(types(judge(stuck, { accounts: { payment: { c: 90 } } }))).toEqual(["stuck-saga"]);
  });

  it("end as the client was told", () => {
    const verdict = judge(confirmed, { accounts: spent, told: { s1: "cancelled" } });
    expect(types(verdict)).toEqual(["contradicted-outcome"]);
  });

  it("leave accounts that their entries come to", () => {
    const accounts = { ...spent, payment: { c: 100 } };
    const { anomalies } = judge(confirmed, { accounts });
    expect(anomalies.map(({ message }) => message)).toEqual([
      "payment has 100 for c, and its book comes to 90",
    ]);
  });
});

describe("books that do not tell all", () => {
  const spoken = (...values: Json[]) =>
    recorded(
      values.map((value, i): HistoryEvent => {
        return { index: 0, process: "n1", type: "info", f: "saga", value, time: i };
      }),
    );
  const ordered: HistoryEvent[] = (["invoke", "ok"] as const).map((type, time) => {
    const value = { saga: "s1", outcome: "confirmed" };
    return { index: 0, process: 1, type, f: "order", value, time };
  });

  it("accuse nobody where no book, or not that of the orders, was recorded", () => {
    expect(sagas.check(recorded(ordered)).valid).toBe("unknown");
    const withoutOrders = confirmed.filter((line) => !line.startsWith("order"));
    expect(types(judge(withoutOrders, { told: { s1: "confirmed" }, accounts: spent }))).toEqual([]);
  });

  it("are open where entries are missing, however many", () => {
    const gap = confirmed.map((line) => line.replace("payment 0", "payment 2"));
    expect(judge(gap, { accounts: spent }).valid).toBe("unknown");
    const far = { service: "payment", entry: 4_000_000_000, saga: "s1", action: "done" };
    expect(sagas.check(spoken(far)).valid).toBe("unknown");
  });

  it("may have any names, and entries without amounts", () => {
    for (const service of ["constructor", "__proto__"]) {
      const entry = { service, entry: 0, saga: "s1", action: "done" };
      expect(sagas.check(spoken(entry)).valid).toBe("unknown");
    }
    const about = { index: 0, process: 9, f: "books", final: true } as const;
    const books = { payment: { entries: 1, initial: 100, accounts: {} }, stock: {}, shipping: {} };
    const refused = { service: "payment", entry: 0, saga: "s1", action: "refused" };
    const reads: HistoryEvent[] = [
      { ...about, type: "invoke", value: null, time: 5 },
      { ...about, type: "ok", value: books, time: 6 },
    ];
    const { events } = spoken(refused);
    expect(sagas.check(recorded([...events, ...reads])).valid).toBe(true);
  });
});
