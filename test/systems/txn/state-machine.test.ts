import { describe, expect, it } from "vitest";
import { isolationOf } from "../../../systems/txn/isolation.js";
import type { CommitRecord, Write } from "../../../systems/txn/messages.js";
import { StateMachine } from "../../../systems/txn/state-machine.js";
import { Store } from "../../../systems/txn/store.js";

function append(key: string, value: number): Write {
  return { kind: "append", key, value };
}

function record(client: string, about: Partial<CommitRecord>): CommitRecord {
  return { client, number: 1, snapshot: 0, reads: [], writes: [], lockTerm: null, ...about };
}

function machineOf(isolation: string, bugs: string[] = []): StateMachine {
  return new StateMachine({ isolation: isolationOf(isolation), bugs: new Set(bugs) });
}

/** Applies records at the places 1, 2, 3 …; who was committed. */
function committed(machine: StateMachine, records: readonly CommitRecord[]): string[] {
  for (const [i, each] of records.entries()) machine.apply(each, i + 1);
  return records
    .filter((each) => machine.decision(each)?.committed === true)
    .map(({ client, number }) => `${client}/${number}`);
}

describe("a multi-version store", () => {
  it("shows each key as it was at a place in the log", () => {
    const store = new Store();
    store.install([append("x", 1), append("y", 1)], 3);
    store.install([append("x", 2), append("x", 3)], 5);
    expect([2, 3, 4, 5, 9].map((place) => store.at("x", place))).toEqual([
      null,
      [1],
      [1],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(store.at("y", 9)).toEqual([1]);
  });

  it("keeps one version a commit: nobody sees a transaction's intermediate writes", () => {
    const store = new Store();
    const writes = [1, 2].map((value): Write => ({ kind: "set", key: "x", value }));
    store.install(writes, 7);
    expect([store.at("x", 6), store.at("x", 7)]).toEqual([null, 2]);
  });
});

describe("certification", () => {
  const updates = ["a", "b"].map((client, i) =>
    record(client, { reads: ["x"], writes: [append("x", i)] }),
  );
  const skew = [
    record("a", { reads: ["x", "y"], writes: [append("x", 1)] }),
    record("b", { reads: ["x", "y"], writes: [append("y", 2)] }),
  ];
  const blind = ["a", "b"].map((client, i) => record(client, { writes: [append("x", i)] }));

  it("lets the first committer win under snapshot isolation, and skewed writes through", () => {
    expect(committed(machineOf("snapshot-isolation"), updates)).toEqual(["a/1"]);
    expect(committed(machineOf("snapshot-isolation"), blind)).toEqual(["a/1"]);
    expect(committed(machineOf("snapshot-isolation"), skew)).toEqual(["a/1", "b/1"]);
  });

  it("asks under serializable that what was read is unchanged, and nothing more", () => {
    expect(committed(machineOf("serializable"), updates)).toEqual(["a/1"]);
    expect(committed(machineOf("serializable"), skew)).toEqual(["a/1"]);
    expect(committed(machineOf("serializable"), blind)).toEqual(["a/1", "b/1"]);
  });

  it("leaves no trace of who lost", () => {
    const machine = machineOf("snapshot-isolation");
    committed(machine, updates);
    expect(machine.store.latest("x")).toEqual([0]);
  });

  it("lets a later snapshot win what an earlier one loses", () => {
    const [first, second] = updates as [CommitRecord, CommitRecord];
    const machine = machineOf("serializable");
    expect(committed(machine, [first, { ...second, snapshot: 1 }])).toEqual(["a/1", "b/1"]);
  });

  it("is what the bugs leave out", () => {
    const forgetful = machineOf("snapshot-isolation", ["no-first-committer-wins"]);
    expect(committed(forgetful, updates)).toEqual(["a/1", "b/1"]);
    const blindToReads = machineOf("serializable", ["certifies-writes-only"]);
    expect(committed(blindToReads, skew)).toEqual(["a/1", "b/1"]);
  });
});

describe("the sessions of the state machine", () => {
  it("let a record that stands in the log twice take effect once", () => {
    const machine = machineOf("serializable");
    const once = record("a", { writes: [append("x", 1)] });
    committed(machine, [once, once]);
    expect(machine.store.latest("x")).toEqual([1]);
    expect(machine.decision(once)).toEqual({ committed: true, timestamp: 1 });
  });

  it("keep to the first decision, and forget it for the client's next request", () => {
    const machine = machineOf("serializable");
    const lost = record("a", { reads: ["x"], writes: [append("x", 2)] });
    const other = record("b", { writes: [append("x", 1)] });
    const next = { ...lost, number: 2, snapshot: 9 };
    expect(committed(machine, [other, lost, lost])).toEqual(["b/1"]);
    expect(machine.decision(lost)?.committed).toBe(false);
    expect(committed(machine, [next, lost])).toEqual(["a/2"]);
    expect(machine.decision(lost)).toBeUndefined();
  });
});
