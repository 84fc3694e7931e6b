import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bank, linearizable, type Validity } from "../../checkers/index.js";
import type { Operation } from "../../histories/index.js";
import type { Json } from "../../src/base/json.js";
import { candidates, readingsOf } from "../../src/explain/candidates.js";
import { possibleReads } from "../../src/explain/possible.js";
import { timeline } from "../checkers/timeline.js";
import { registerHistories } from "./histories.js";

const register = linearizable({ type: "register" });

/** Whether some order of the operations explains all answers; pending ones may count or not. */
function explicable(operations: readonly Operation[], value: Json = null): boolean {
  const first = operations.filter((one) =>
    operations.every((other) => other === one || other.completed > one.invoked),
  );
  if (operations.every(({ outcome }) => outcome === "info")) return true;
  return first.some((one) => {
    const rest = operations.filter((other) => other !== one);
    if (one.f === "write") return explicable(rest, one.input);
    if (one.outcome === "info") return explicable(rest, value);
    return one.output === value && explicable(rest, value);
  });
}

/** What was known when an operation was answered: who had not been answered by then is pending. */
function knownAt(operations: readonly Operation[], end: number): Operation[] {
  return operations
    .filter(({ invoked }) => invoked < end)
    .map((one) =>
      one.completed <= end ? one : { ...one, outcome: "info", completed: Number.POSITIVE_INFINITY },
    );
}

/** The values of each read that was answered, by trying every one in every order. */
function bruteForce(operations: readonly Operation[]): Map<number, Json[]> {
  const result = new Map<number, Json[]>();
  const wrong = new Set<Operation["id"]>();
  const reads = operations
    .filter(({ f, outcome }) => f === "read" && outcome === "ok")
    .sort((a, b) => a.completed - b.completed);
  const written = operations.filter(({ f }) => f === "write").map(({ input }) => input);
  for (const read of reads) {
    const returning = (output: Json): Operation[] =>
      knownAt(operations, read.completed)
        .filter(({ id }) => !wrong.has(id))
        .map((one) => (one.id === read.id ? { ...one, output } : one));
    result.set(
      read.id,
      [null, ...written].filter((value) => explicable(returning(value))),
    );
    if (!explicable(returning(read.output))) wrong.add(read.id);
  }
  return result;
}

function asked(history: ReturnType<typeof timeline>): { [id: string]: Json[] } {
  const reads = possibleReads(history, register);
  return Object.fromEntries(
    [...reads].map(([id, [read]]) => [id, read!.possible.map(({ value }) => value)]),
  );
}

describe("what a read could have returned", () => {
  test("is what brute force over all orders allows, on any small history of a register", () => {
    fc.assert(
      fc.property(registerHistories, (history) => {
        const reads = possibleReads(history, register);
        const expected = bruteForce(history.operations);
        expect([...reads.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [id, [read]] of reads) {
          const values = read!.possible.map(({ value }) => value);
          expect([...values].sort()).toEqual([...expected.get(id)!].sort());
          const { output } = history.operations.find((one) => one.id === id)!;
          expect(read!.sound).toBe(values.includes(output));
        }
      }),
      { numRuns: Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 150) },
    );
  });

  test("is the old or the new value while a write is under way, and the new one after it", () => {
    const history = timeline(`
      0 write 1       0..1
      1 write 2       2..9
      2 read = 1      3..4
      2 read = 2      10..11
    `);
    expect(asked(history)).toEqual({ 2: [1, 2], 3: [2] });
  });

  test("is not narrowed by a read that was wrong itself", () => {
    const history = timeline(`
      0 write 1       0..1
      1 read = null   2..3
      1 read = 1      4..5
    `);
    expect(asked(history)).toEqual({ 1: [1], 2: [1] });
  });

  test("names the writer, and says when nothing was there yet", () => {
    const history = timeline(`
      0 write 1       1..5
      1 read = 7      2..3
    `);
    const [read] = possibleReads(history, register).get(1)!;
    expect(read!.sound).toBe(false);
    expect(read!.possible.map(({ words }) => words)).toEqual([
      "null, nothing there yet",
      "1, written by process 0, from 1 ms to 5 ms",
    ]);
    expect(read!.possible.map(({ by }) => by)).toEqual([null, 0]);
  });

  test("is not told of what comes after something that cannot be left out", () => {
    const history = timeline(`
      0 write 1       0..1
      1 dequeue = 9   2..3
      1 read = 1      4..5
    `);
    const refuseAll = { ...bank, check: () => ({ valid: false as Validity, anomalies: [] }) };
    expect(possibleReads(history, refuseAll).size).toBe(0);
  });
});

describe("candidates", () => {
  test("of a counter are all sums between the least and the greatest", () => {
    const history = timeline(`
      0 add 2         0..1
      0 add -1        2..3
      1 read = 5      4..5
    `);
    const reading = readingsOf(history.operations[2]!)[0]!;
    expect(candidates(reading, history)).toEqual([-1, 0, 1, 2, 5]);
  });

  test("of a set are what was returned with an element more or less, and all that was acknowledged", () => {
    const history = timeline(`
      0 add 1         0..1
      0 add 2         2..3
      1 read = [1]    4..5
    `);
    const reading = readingsOf(history.operations[2]!)[0]!;
    expect(candidates(reading, history)).toEqual([[1], [1, 2], []]);
  });

  test("of a list in a transaction are all lists of the few elements", () => {
    const history = timeline(`
      0 txn [["append",3,1]] = [["append",3,1]]    0..1
      0 txn [["append",3,2]] = [["append",3,2]]    2..3
      1 txn [["r",3,null]] = [["r",3,[2]]]         4..5
    `);
    const reading = readingsOf(history.operations[2]!)[0]!;
    expect(reading).toEqual({ micro: 0, key: 3, returned: [2] });
    expect(candidates(reading, history)).toEqual([[], [1], [2], [1, 2], [2, 1]]);
  });
});
