/** The workloads after Jepsen's tests: what they plan, ask and make of the answers. */

import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/base/json.js";
import { Streams } from "../../src/random/streams.js";
import type { Consistency } from "../../systems/system.js";
import { workloads } from "../../workloads/index.js";
import {
  BadReply,
  type OperationDraft,
  type Workload,
  type WorkloadOptions,
} from "../../workloads/workload.js";

const names = ["bank", "long-fork", "write-skew", "monotonic", "set-full", "log", "queue"];

function workload(name: string): Workload {
  return workloads.get(name)!;
}

function plan(name: string, options: WorkloadOptions = {}, operations = 200): OperationDraft[] {
  const { requires, plan } = workload(name);
  const random = new Streams(7).stream("workload");
  const service = { operations: requires, consistency: "linearizable" } as const;
  return plan({ random, clients: 5, operations, service, options });
}

const bodyOf = (name: string, draft: OperationDraft) =>
  workload(name).invoke(draft, new Map()).body;
const recordedBy = (name: string, draft: OperationDraft) =>
  workload(name).invoke(draft, new Map()).value;
const answer = (name: string, draft: OperationDraft, reply: JsonObject): Json =>
  workload(name).complete(draft, recordedBy(name, draft), reply, new Map());

describe.each(names)("%s", (name) => {
  it("plans as many operations as asked for, each of a function that it needs or may use", () => {
    const drafts = plan(name);
    expect(drafts).toHaveLength(200);
    for (const draft of drafts) expect(typeof bodyOf(name, draft)["type"]).toBe("string");
  });

  it("plans the same from the same seed", () => {
    expect(plan(name)).toEqual(plan(name));
  });

  it("ends with reads that its clients can make, even of a plan without operations", () => {
    for (const draft of [...workload(name).finals(plan(name)), ...workload(name).finals([])]) {
      expect(typeof bodyOf(name, draft)["type"]).toBe("string");
    }
  });

  it("refuses replies of another type", () => {
    for (const draft of plan(name).slice(0, 20)) {
      expect(() => answer(name, draft, { type: "echo_ok" })).toThrow(BadReply);
    }
  });

  it("holds its service to something", () => {
    const levels: Consistency[] = ["linearizable", "read-committed", "serializable"];
    for (const consistency of levels) {
      const service = { operations: workload(name).requires, consistency };
      expect(workload(name).checkers(service, {}).length).toBeGreaterThan(0);
    }
  });
});

describe("a bank", () => {
  const transfer = { from: "account-0", to: "account-1", amount: 3 };

  it("tells the service what accounts begin with, and the history only what was moved", () => {
    const draft = { f: "transfer", value: { ...transfer, accounts: 2, opening: 10 } };
    expect(bodyOf("bank", draft)).toEqual({ type: "transfer", ...transfer, opening: 10 });
    expect(recordedBy("bank", draft)).toEqual(transfer);
  });

  it("reads all accounts at once, one that was never written as it began", () => {
    const draft = { f: "read", value: { accounts: 2, opening: 10 } };
    const txn = [
      ["r", "account-0", null],
      ["r", "account-1", null],
    ];
    expect(bodyOf("bank", draft)).toEqual({ type: "txn", txn });
    const done = [
      ["r", "account-0", 7],
      ["r", "account-1", null],
    ];
    expect(answer("bank", draft, { type: "txn_ok", txn: done })).toEqual({
      "account-0": 7,
      "account-1": 10,
    });
  });

  it("moves money between two different accounts, of as many as there are", () => {
    const moves = plan("bank", { accounts: 3, amountMax: 2 }).filter(({ f }) => f === "transfer");
    expect(moves.length).toBeGreaterThan(0);
    for (const { value } of moves) {
      const { from, to, amount } = value as { from: string; to: string; amount: number };
      expect(from).not.toBe(to);
      expect(["account-0", "account-1", "account-2"]).toEqual(expect.arrayContaining([from, to]));
      expect([1, 2]).toContain(amount);
    }
  });

  it("refuses settings that make no sense", () => {
    expect(() => plan("bank", { accounts: 1 })).toThrow(
      "accounts is a whole number from 2 to 1000, not 1",
    );
  });
});

describe("long-fork", () => {
  it("writes every key once, and reads whole groups", () => {
    const micros = plan("long-fork", { group: 3 }).map(
      ({ value }) => value as [string, string, Json][],
    );
    const writes = micros.filter(([first]) => first![0] === "w").map(([first]) => first![1]);
    expect(writes.length).toBeGreaterThan(20);
    expect(new Set(writes).size).toBe(writes.length);
    for (const reads of micros.filter(([first]) => first![0] === "r"))
      expect(reads).toHaveLength(3);
  });
});

describe("write-skew", () => {
  it("tries every pair as often as asked for, from either side", () => {
    const drafts = plan("write-skew", { attempts: 4 });
    for (const draft of drafts) {
      const same = drafts.filter(({ key }) => key === draft.key);
      expect(same).toHaveLength(4);
    }
    const [a] = drafts.filter(({ value }) => (value as Json[])[1] === null);
    expect(bodyOf("write-skew", a!)).toMatchObject({ type: "insert", pair: a!.key, side: "a" });
  });
});

describe("monotonic", () => {
  it("keeps the timestamp of an increment, where there is one", () => {
    const draft = { f: "increment", key: "counter-0", value: null };
    expect(answer("monotonic", draft, { type: "increment_ok", value: 3 })).toBe(3);
    expect(answer("monotonic", draft, { type: "increment_ok", value: 3, timestamp: 9 })).toEqual({
      value: 3,
      timestamp: 9,
    });
    const read = { f: "read", key: "counter-0", value: null };
    expect(answer("monotonic", read, { type: "txn_ok", txn: [["r", "counter-0", null]] })).toBe(0);
  });
});

describe("log", () => {
  it("replaces keys that were sent to often enough, and assigns all of them in the end", () => {
    const drafts = plan("log", { keys: 2, sendsPerKey: 5 });
    const sends = drafts.filter(({ f }) => f === "send").map(({ key }) => key);
    const keys = [...new Set(sends)];
    expect(keys.length).toBeGreaterThan(10);
    for (const key of keys) {
      expect(sends.filter((other) => other === key).length).toBeLessThanOrEqual(5);
    }
    const [assign, ...polls] = workload("log").finals(drafts);
    expect(assign).toEqual({ f: "assign", value: [...keys].sort() });
    expect(polls.map(({ f }) => f)).toEqual(["poll", "poll"]);
  });
});

describe("queue", () => {
  it("drains what is left in the end", () => {
    const [drain] = workload("queue").finals([]);
    expect(bodyOf("queue", drain!)).toEqual({ type: "drain" });
    expect(answer("queue", drain!, { type: "drain_ok", values: [1, 2] })).toEqual([1, 2]);
  });
});
