/** Final reads of sets and counters: what bookkeeping must say, and that the checkers say it. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { checkers } from "../../checkers/index.js";
import type { HistoryEvent } from "../../histories/history.js";
import { toHistory } from "../../histories/pairing.js";
import { accountsForCounter, accountsForSet } from "./oracle/accounting-oracle.js";
import { historyOf } from "./oracle/notation.js";
import { counterAccounting, setAccounting } from "./oracle/random-accounting.js";
import { oracleRuns, oracleSeed, oracleTimeoutMs, sampleSeed, withSeed } from "./oracle/runs.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

describe("set accounting", () => {
  it("asks for every acknowledged element", () => {
    expect(accountsForSet(addsThenRead("0 invoke add 1 \n 0 ok", "[1]"))).toBe(true);
    expect(accountsForSet(addsThenRead("0 invoke add 1 \n 0 ok", "[]"))).toBe(false);
  });

  it("lets a pending element be there or not", () => {
    expect(accountsForSet(addsThenRead("0 invoke add 1 \n 0 info", "[1]"))).toBe(true);
    expect(accountsForSet(addsThenRead("0 invoke add 1", "[]"))).toBe(true);
  });

  it("refuses an element whose only add failed, or that nobody added", () => {
    expect(accountsForSet(addsThenRead("0 invoke add 1 \n 0 fail", "[1]"))).toBe(false);
    expect(accountsForSet(addsThenRead("", "[1]"))).toBe(false);
  });

  it("accepts an element whose add failed once and is pending once", () => {
    const adds = "0 invoke add 1 \n 0 fail \n 0 invoke add 1 \n 0 info";
    expect(accountsForSet(addsThenRead(adds, "[1]"))).toBe(true);
  });
});

describe("counter accounting", () => {
  const adds = `0 invoke add 1 \n 0 ok \n 0 invoke add 10 \n 0 info
                1 invoke add 100 \n 2 invoke add 1000 \n 2 fail`;

  it.each(["1", "11", "101", "111"])("accepts %s: acknowledged and some pending", (sum) => {
    expect(accountsForCounter(addsThenRead(adds, sum))).toBe(true);
  });

  it.each(["0", "2", "21", "1001", "110"])("refuses %s", (sum) => {
    expect(accountsForCounter(addsThenRead(adds, sum))).toBe(false);
  });
});

describe("accounting", () => {
  it("has nothing to judge without an acknowledged final read", () => {
    const unread = historyOf("0 invoke add 1 \n 0 ok \n 0 invoke read \n 0 ok []");
    expect(accountsForSet(unread)).toBe("unknown");
    expect(accountsForCounter(unread)).toBe("unknown");
  });

  it("leaves open what became of an acknowledged add to a key that was never read finally", () => {
    expect(accountsForSet(addsThenRead("0 invoke add @x 1 \n 0 ok", "[]"))).toBe("unknown");
    expect(accountsForSet(addsThenRead("0 invoke add @x 1 \n 0 info", "[]"))).toBe(true);
  });

  it("finds a loss in one final read even if another final read is complete", () => {
    const reads = "0 invoke add 1 \n 0 ok \n 9 invoke read \n 9 ok [1] \n 9 invoke read";
    expect(accountsForSet(addsThenRead(`${reads} \n 9 ok [1]`, "[]"))).toBe(false);
  });

  const services = [
    { type: "set", histories: setAccounting, judge: accountsForSet },
    { type: "counter", histories: counterAccounting, judge: accountsForCounter },
  ];

  it.each(services)("of random $type histories comes to all three verdicts", (of) => {
    const sample = fc.sample(of.histories, { seed: sampleSeed, numRuns: 1000 });
    const verdicts = sample.map(({ events }) => of.judge(events));
    for (const verdict of [true, false, "unknown"]) {
      expect(verdicts.filter((other) => other === verdict).length).toBeGreaterThan(100);
    }
  });

  it.each(services)(
    `of random $type histories: checker and oracle agree ${withSeed}`,
    ({ type, histories, judge }) => {
      fc.assert(
        fc.property(histories, ({ events }) => {
          expect(checkers.get(type)!.check(toHistory(events)).valid).toBe(judge(events));
        }),
        { seed: oracleSeed, numRuns: oracleRuns },
      );
    },
  );
});

function addsThenRead(adds: string, answer: string): HistoryEvent[] {
  const events = historyOf(`${adds} \n 9 invoke read \n 9 ok ${answer}`);
  return events.map((event) => (event.process === 9 ? { ...event, final: true } : event));
}
