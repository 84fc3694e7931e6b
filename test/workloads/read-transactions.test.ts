import { describe, expect, it } from "vitest";
import { transactionalCausal } from "../../checkers/index.js";
import { type HistoryEvent, toHistory } from "../../histories/index.js";
import type { Json } from "../../src/base/json.js";
import { planRun } from "../../src/controller/index.js";
import { readTransactions } from "../../workloads/read-transactions.js";

type Step = [process: number, f: string, key: number | null, value: Json];

/** One operation after the other. */
function judge(steps: readonly Step[]) {
  const events = steps.flatMap(([process, f, key, value]) => {
    const keyed = key === null ? {} : { key };
    return ["invoke", "ok"].map((type) => ({ process, f, value, type, ...keyed }));
  });
  return transactionalCausal.check(
    toHistory(events.map((event, index) => ({ ...event, index, time: index }) as HistoryEvent)),
  );
}

describe("reads of several keys at once", () => {
  const written: Step[] = [
    [0, "write", 0, 1],
    [0, "write", 1, 2],
  ];

  it("may be from the past, and need not agree with each other", () => {
    const { valid } = judge([
      ...written,
      [
        1,
        "get-transaction",
        null,
        [
          ["r", 0, 1],
          ["r", 1, null],
        ],
      ],
      [
        2,
        "get-transaction",
        null,
        [
          ["r", 0, null],
          ["r", 1, null],
        ],
      ],
    ]);
    expect(valid).toBe(true);
  });

  it("may not have an effect without its cause", () => {
    const { valid, anomalies } = judge([
      ...written,
      [
        1,
        "get-transaction",
        null,
        [
          ["r", 0, null],
          ["r", 1, 2],
        ],
      ],
    ]);
    expect(valid).toBe(false);
    expect(anomalies.map(({ type }) => type)).toEqual(["WriteCOInitRead"]);
  });

  it("may not go back in one session", () => {
    const { valid } = judge([
      ...written,
      [
        1,
        "get-transaction",
        null,
        [
          ["r", 1, 2],
          ["r", 0, 1],
        ],
      ],
      [1, "read", 0, null],
    ]);
    expect(valid).toBe(false);
  });

  it("find nothing where nothing was written", () => {
    expect(judge([[1, "get-transaction", null, [["r", 0, null]]]]).valid).toBe(true);
  });
});

describe("the plan", () => {
  const { operations } = planRun({
    system: "cops",
    workload: "read-transactions",
    nemesis: ["none"],
    seed: 1,
  });

  it("writes every value once, and reads whole groups", () => {
    const written = operations.flatMap(({ f, value }) => (f === "write" ? [value] : []));
    expect(written.length).toBeGreaterThan(50);
    expect(new Set(written).size).toBe(written.length);
    const reads = operations.filter(({ f }) => f === "get-transaction");
    expect(reads.length).toBeGreaterThan(50);
    for (const { value } of reads) expect(value).toHaveLength(3);
  });

  it("leaves no pause within a pattern", () => {
    const own = operations.filter(({ client, f }) => client === 0 && f === "write");
    const together = own.filter(({ atUs }, i) => own[i + 1]?.atUs === atUs);
    expect(together.length).toBeGreaterThan(5);
  });

  it("reads every group that was used in the end", () => {
    const finals = readTransactions.finals([
      { f: "write", key: 4, value: 1 },
      { f: "get-transaction", value: [["r", 2, null]] },
    ]);
    expect(finals.map(({ value }) => value)).toEqual([
      [
        ["r", 0, null],
        ["r", 1, null],
        ["r", 2, null],
      ],
      [
        ["r", 3, null],
        ["r", 4, null],
        ["r", 5, null],
      ],
    ]);
  });
});
