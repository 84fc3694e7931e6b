/** Explanations name everybody, every reason, the read that proves it, and what it all means. */

import { describe, expect, it } from "vitest";
import type { CycleForm, RelationOrder } from "../../../../checkers/transactions/dependencies.js";
import { tellTransactions } from "../../../../checkers/transactions/explain/story.js";
import { explanation, heading } from "../../../../checkers/transactions/explain/text.js";
import { readEdn } from "../../../../histories/edn.js";
import type { HistoryEvent } from "../../../../histories/history.js";
import { foundIn } from "../certificate/shown.js";
import { eventsOf } from "../notation.js";

/** What is told first of a history in one line. */
function told(text: string, form: CycleForm = "any", order: RelationOrder = "realtime"): string {
  return explained(eventsOf(text), form, order);
}

function explained(
  events: HistoryEvent[],
  form: CycleForm = "any",
  order: RelationOrder = "realtime",
) {
  const { transactions, shown } = foundIn(events, form, order);
  return explanation(tellTransactions(transactions, shown[0]!));
}

describe("an explanation", () => {
  it("tells each step with the read that proves it", () => {
    expect(told("ax1az9 | ax2 | rx[1]ay1 | rxry1 | rx12")).toMatchInlineSnapshot(`
      "G-single-item (causal violation): 3 transactions
      Let:
        T1 = process 0, events 0 to 5: append x 1, ..
        T2 = process 2, events 2 to 7: r x = [1], append y 1
        T3 = process 3, events 3 to 8: r x = [], r y = [1]
      Then:
        T1 < T2: T2 read x = [1], of which T1 appended 1
        T2 < T3: T3 read y = [1], of which T2 appended 1
        However, T3 < T1: T3 read x = [] without the 1 that T1 appended (T2 read x = [1]): a contradiction
      What it means: an effect was seen, but not the cause on which it rested."
    `);
  });

  it("cuts lists down to what matters of them", () => {
    const appends = [..."12345678"].map((i) => `ax${i}`).join(" | ");
    const reads = "rx1234567ay1 | ry1rx123456 | rx12345678";
    expect(told(`${appends} | ${reads}`)).toMatchInlineSnapshot(`
      "G-single-item (causal violation): 3 transactions
      Let:
        T1 = process 6, events 6 to 17: append x 7
        T2 = process 8, events 8 to 19: r x = [.. 5 6 7], append y 1
        T3 = process 9, events 9 to 20: r y = [1], r x = [1 2 3 4 5 6]
      Then:
        T1 < T2: T2 read x = [.. 6 7], of which T1 appended 7
        T2 < T3: T3 read y = [1], of which T2 appended 1
        However, T3 < T1: T3 read x = [1 2 3 4 5 6] without the 7 that T1 appended (T2 read x = [.. 5 6 7]): a contradiction
      What it means: an effect was seen, but not the cause on which it rested."
    `);
  });

  it("tells how long before another transaction one had completed", () => {
    const events = eventsOf("ax1 ; rx").map((event, i) => ({ ...event, time: i * 17_400_000_000 }));
    expect(explained(events)).toMatchInlineSnapshot(`
      "G-single-item-realtime (stale read): 2 transactions
      Let:
        T1 = process 0, events 0 to 1: append x 1
        T2 = process 1, events 2 to 3: r x = []
      Then:
        T1 < T2: T1 had completed (event 1) 17.4 s before T2 was invoked (event 2)
        However, T2 < T1: T2 read x = [] without the 1 that T1 appended: a contradiction
      What it means: a read returned a state that had been replaced before its transaction began."
    `);
  });

  it("invents no duration where the history has no times", () => {
    const untimed = readEdn(`
      {:type :invoke, :process 0, :f :txn, :value [[:append :x 1]]}
      {:type :ok, :process 0, :f :txn, :value [[:append :x 1]]}
      {:type :invoke, :process 1, :f :txn, :value [[:r :x nil]]}
      {:type :ok, :process 1, :f :txn, :value [[:r :x []]]}`);
    expect(explained(untimed.events)).toContain(
      "T1 < T2: T1 had completed (event 1) before T2 was invoked (event 2)",
    );
  });

  it("goes through the cases where no read shows the order of versions", () => {
    expect(told("wx1wy2 | wx2wy1 | rx2ry2")).toMatchInlineSnapshot(`
      "G-single-item: 3 transactions, in every order of versions
      Let:
        T1 = process 0, events 0 to 3: w x 1, w y 2
        T2 = process 2, events 2 to 5: r x = 2, r y = 2
        T3 = process 1, events 1 to 4: w x 2, w y 1
      If T3 wrote key y before T1:
        If T3 wrote key x before T1:
          T1 < T2: T2 read y = 2, which T1 wrote
          However, T2 < T1: T2 read x = 2, not yet the 1 of T1: a contradiction
        If T1 wrote key x before T3:
          T1 < T3: T3 wrote x = 2 over the 1 of T1
          However, T3 < T1: T1 wrote y = 2 over the 1 of T3: a contradiction
      If T1 wrote key y before T3:
        T3 < T2: T2 read x = 2, which T3 wrote
        However, T2 < T3: T2 read y = 2, not yet the 1 of T3: a contradiction
      What it means: no order of the transactions explains what they saw."
    `);
  });

  it("tells of registers by their values", () => {
    expect(told("wx1 | rx1wx2 | rx1ry1 | rx2wy1", "any", "data")).toMatchInlineSnapshot(`
      "G-single-item (causal violation): 3 transactions
      Let:
        T1 = process 1, events 1 to 5: r x = 1, w x 2
        T2 = process 3, events 3 to 7: r x = 2, w y 1
        T3 = process 2, events 2 to 6: r x = 1, r y = 1
      Then:
        T1 < T2: T2 read x = 2, which T1 wrote
        T2 < T3: T3 read y = 1, which T2 wrote
        However, T3 < T1: T3 read x = 1, not yet the 2 of T1 (T1 read x = 1 before it wrote 2): a contradiction
      What it means: an effect was seen, but not the cause on which it rested."
    `);
  });

  it("tells what is no cycle in the words of whoever found it", () => {
    expect(told("fail ax1 | rx1")).toMatchInlineSnapshot(`
      "G1a (aborted read): 2 transactions
      Let:
        T1 = process 1, events 1 to 3: r x = [1]
        T2 = process 0, events 0 to 2, failed: append x 1
      Then: process 1's transaction of event 1 read [1] of key x, but 1 was appended by process 0's transaction of event 0, which was aborted.
      What it means: a transaction acted on what was taken back."
    `);
  });

  it("shows where the lists differ that a finding compares, and how they end", () => {
    const elements = Array.from({ length: 14 }, (_, i) => i);
    const appends = elements.map((i) => `ax${i}`).join(" | ");
    const moved = elements.toSpliced(3, 1).toSpliced(7, 0, 3).join(" ");
    const text = told(`${appends} | rx[${elements.join(" ")}]rx[${moved}]`);
    expect(text).toContain(
      "r x = [.. 2 3 4 5 .. 12 13], r x = [.. 2 4 5 .. 7 3 8 .. 12 13]\nThen: process 14's",
    );
  });

  it("shows both places of an element that stands in a list twice", () => {
    const appends = Array.from({ length: 9 }, (_, i) => `ax${i}`).join(" | ");
    expect(told(`${appends} | rx[0 1 2 3 4 5 6 1 7 8]`)).toContain("r x = [0 1 2 .. 6 1 7 ..]");
  });

  it("says that reads disagree about a key where a step rests on it", () => {
    expect(told("ax1ay1 | ax2ay2 | ax3 | rx123 | rx21 | ry21")).toContain(
      "Contested: reads disagree about the order of key x",
    );
  });

  it("leaves out the middle of long cycles", () => {
    const keys = [..."abcdefghijklmnopqrstuvwxyz"];
    const text = keys.map((key, i) => `a${key}1r${keys[(i + 1) % keys.length]}`).join(" | ");
    const lines = told(text).split("\n");
    expect(lines).toContain("  (3 more steps)");
    expect(lines).toContain("  (2 more transactions)");
  });

  it("is the same every time", () => {
    const text = "ax1ry2 | ay2rx1 | az1 | rz1rx";
    expect(told(text)).toBe(told(text));
  });
});

/** What the first anomaly of a history is called. */
function called(text: string, form: CycleForm = "any", order: RelationOrder = "realtime"): string {
  const { transactions, shown } = foundIn(eventsOf(text), form, order);
  return heading(tellTransactions(transactions, shown[0]!)).split(":")[0]!;
}

describe("phenomena have their common names", () => {
  it.each([
    ["dirty write", "G0", "ax1ay1 | ax2ay2 | rx12 | ry21"],
    ["circular information flow", "G1c", "ax1ry1 | ay1rx1"],
    ["read from the future", "G1c-realtime", "rx1 ; ax1"],
    ["writes out of order", "G0-realtime", "ax1 ; ax2 ; rx21"],
    ["lost update", "G-single-item", "rxax1 | rxax2 | rx12"],
    ["lost update", "G2-item", "rx_wx1 | rx_wx2"],
    ["non-repeatable read", "G-single-item", "rxrx1 | ax1"],
    ["read skew", "G-single-item", "rxry1 | ax1ay1"],
    ["causal violation", "G-single-item", "ax1 | rx1ay1 | ry1rx"],
    ["stale read", "G-single-item-realtime", "ax1 ; rx"],
    ["stale read", "G-single-item-realtime", "long ax1 ; rx1 ; rx"],
    ["long fork", "G-nonadjacent-item", "ax1 | ay1 | rx1ry | rxry1"],
    ["write skew", "G2-item", "rxay1 | ryax1"],
    ["write skew", "G2-item", "rxay1 | ryaz1 | rzax1"],
    ["read-only transaction anomaly", "G2-item", "rxryax1 | ryay1 | ry1rx"],
  ])("%s", (name, type, text) => {
    expect(called(text)).toBe(`${type} (${name})`);
  });

  it.each([
    ["own write not seen", "G-single-item-process", "p0: ax1 ; p0: rx"],
    ["non-monotonic read", "G-single-item-process", "long ax1 ; p5: rx1 ; p5: rx"],
    ["causal violation", "G-single-item-process", "ax1ay1 ; p5: ry1 ; p5: rx"],
    ["non-monotonic writes", "G0-process", "p0: ax1 ; p0: ax2 ; rx21"],
    ["store buffering", "G-nonadjacent-item-process", "p0: ax1 | p1: ay1 ; p0: ry | p1: rx"],
  ])("%s, in a session", (name, type, text) => {
    expect(called(text, "any", "process")).toBe(`${type} (${name})`);
  });

  it.each([
    ["aborted read", "G1a", "fail ax1 | rx1"],
    ["intermediate read", "G1b", "ax1ax2 | rx1 | rx12"],
    ["garbage read", "garbage-read", "ax1 | rx9"],
    ["duplicated write", "duplicate-elements", "ax1 | rx11"],
    ["divergent histories", "incompatible-order", "ax1 | ax2 | rx12 | rx21"],
    ["dirty update", "dirty-update", "fail ax1 | ax2 | rx12"],
    ["future read", "future-read", "rx1ax1"],
    ["internal inconsistency", "internal", "ax1rx"],
    ["cursor lost update", "G-cursor", "rxax1 | ax2 | rx21"],
  ])("%s", (name, type, text) => {
    const { transactions, shown } = foundIn(eventsOf(text));
    const one = shown.find((other) => other.type === type)!;
    const [head] = heading(tellTransactions(transactions, one)).split(":");
    const isSame = type.replaceAll("-", " ") === name;
    expect(head).toBe(isSame ? type : `${type} (${name})`);
  });
});
