/** What became of every element of a set, and after how long. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { setFull, setFullWith } from "../../checkers/index.js";
import type { History, Operation } from "../../histories/history.js";
import { timeline } from "./timeline.js";

const judge = (text: string) => setFull.check(timeline(text));
const strictly = (text: string) => setFullWith({ linearizable: true }).check(timeline(text));
const typesOf = (text: string) => judge(text).anomalies.map(({ type }) => type);
const at = (ns: number) => ({ min: ns, p50: ns, p95: ns, p99: ns, max: ns });

describe("an element", () => {
  it("is stable once all reads contain it", () => {
    const { valid, notes } = judge("1 add 7 0..1\n2 read = [7] 2..3");
    expect(valid).toBe(true);
    expect(notes).toEqual({
      attempted: 1,
      acknowledged: 1,
      stable: 1,
      lost: 0,
      stale: 0,
      neverRead: 0,
      stableLatenciesNs: at(0),
      lostLatenciesNs: null,
    });
  });

  it("is stale when a read lacked it after it was known, which only linearizable sets must not show", () => {
    const text = "1 add 7 0..1\n2 read = [] 4..5\n2 read = [7] 6..7";
    expect(judge(text).valid).toBe(true);
    expect(judge(text).notes).toMatchObject({ stale: 1, stable: 1, stableLatenciesNs: at(3e6) });
    const { valid, anomalies } = strictly(text);
    expect(valid).toBe(false);
    expect(anomalies).toEqual([
      {
        type: "stale-element",
        message:
          "element 7, acknowledged to process 1, was missing from the object 3 ms later in a read by process 2",
        ops: [0, 2],
      },
    ]);
  });

  it("is not stale when the read that lacks it began before it was known", () => {
    expect(strictly("1 add 7 0..3\n2 read = [] 2..9\n2 read = [7] 10..11").valid).toBe(true);
  });

  it("is known from the first read of it on, whatever its add says", () => {
    const text = "1 add 7 0..?\n2 read = [7] 2..3\n2 read = [] 4..5\n2 read = [7] 6..7";
    expect(strictly(text).anomalies[0]?.message).toContain("element 7, read by process 2, was");
  });

  it("is lost when a read lacks it and no later one has it", () => {
    const { anomalies, notes } = judge("1 add 7 0..1\n2 read = [7] 2..3\n2 read = [] 5..6");
    expect(anomalies).toEqual([
      {
        type: "lost-element",
        message:
          "element 7, acknowledged to process 1, is missing from the object in the read by process 2 and in all later ones",
        ops: [0, 2, 4],
      },
    ]);
    expect(notes).toMatchObject({ lost: 1, lostLatenciesNs: at(1e6) });
    expect(typesOf("1 add 7 0..1\n2 read = [] 2..3")).toEqual(["lost-element"]);
  });

  it("is not lost while a read that overlaps the last absence has it", () => {
    const text = "1 add 7 0..1\n2 read = [7] 2..9\n3 read = [] 3..4";
    expect(judge(text).valid).toBe(true);
    expect(strictly(text).anomalies[0]?.type).toBe("stale-element");
  });

  it("was never read when no read began after it was known", () => {
    const { valid, notes } = judge("2 read = [] 0..5\n1 add 7 1..2");
    expect(valid).toBe("unknown");
    expect(notes).toMatchObject({ neverRead: 1, lost: 0 });
  });

  it("cannot be lost where none is known, and then reads are all that is judged", () => {
    expect(judge("2 read = [] 0..1").valid).toBe(true);
    expect(judge("1 add 7 0..?\n2 read = [] 2..3").valid).toBe(true);
    const { valid, reason } = judge("1 add 7 0..?");
    expect(valid).toBe("unknown");
    expect(reason).toBe("nothing was added for sure, and nothing was read");
  });

  it("of unknown fate may stay away", () => {
    const { valid, notes } = judge("1 add 7 0..?\n3 add 8 0..1\n2 read = [8] 4..5");
    expect(valid).toBe(true);
    expect(notes).toMatchObject({ attempted: 2, acknowledged: 1, neverRead: 1 });
  });

  it("listed twice by a read is a duplicate", () => {
    expect(typesOf("1 add 7 0..1\n2 read = [7,7] 2..3")).toEqual(["duplicate-element"]);
    expect(typesOf("1 add 7 0..1\n2 read = [7,7,7] 2..3")).toEqual(["duplicate-element"]);
    expect(judge("1 add 7 0..1\n2 read = [7] 2..3\n2 read = [7] 4..5").valid).toBe(true);
  });

  it("must have been added by then, by somebody who was not told that it failed", () => {
    const sound = "1 add 1 0..1\n2 read = [1] 2..3";
    expect(typesOf(`${sound}\n2 read = [1,7] 4..5`)).toEqual(["garbage-element"]);
    expect(typesOf(`${sound}\n3 add 7 0..1 failed\n2 read = [1,7] 4..5`)).toEqual([
      "aborted-element",
    ]);
    expect(typesOf(`${sound}\n3 add 7 8..9\n2 read = [1,7] 4..5`)).toEqual(["future-element"]);
    expect(typesOf("2 read = 7 0..1")).toEqual(["garbage-element"]);
  });
});

describe("keys", () => {
  it("hold sets of their own", () => {
    expect(typesOf("1 add 7 @x 0..1\n2 read = [] @y 2..3\n2 read = [7] @x 4..5")).toEqual([]);
    expect(typesOf("1 add 7 @x 0..1\n2 read = [7] @y 2..3\n2 read = [7] @x 4..5")).toEqual([
      "garbage-element",
    ]);
  });
});

/** Straight from the definition: every read against every element. */
function statesOf({ operations }: History): { stable: number; lost: number; stale: number } {
  const reads = operations.filter(({ f, outcome }) => f === "read" && outcome === "ok");
  const contains = ({ output }: Operation, element: unknown) =>
    (output as unknown[]).includes(element);
  const result = { stable: 0, lost: 0, stale: 0 };
  for (const add of operations.filter(({ f }) => f === "add")) {
    const having = reads.filter((read) => contains(read, add.input));
    const known = Math.min(add.completed, ...having.map(({ completed }) => completed));
    const lacking = reads.filter((read) => !contains(read, add.input) && read.invoked > known);
    const last = lacking.at(-1);
    if (having.length === 0 && last === undefined) continue;
    if (last !== undefined && (having.at(-1)?.completed ?? -1) < last.invoked) result.lost++;
    else {
      result.stable++;
      if (last !== undefined) result.stale++;
    }
  }
  return result;
}

describe("random histories", () => {
  const read = fc.record({ contents: fc.subarray([0, 1, 2]), from: fc.nat(20), took: fc.nat(5) });
  const add = fc.record({ from: fc.nat(10), took: fc.nat(5), ends: fc.boolean() });

  it("have as many stable, stale and lost elements as their definition says", () => {
    fc.assert(
      fc.property(fc.tuple(add, add, add), fc.array(read, { maxLength: 8 }), (adds, reads) => {
        const lines = [
          ...adds.map(
            ({ from, took, ends }, i) => `${i} add ${i} ${from}..${ends ? from + took + 0.5 : "?"}`,
          ),
          ...reads.map(
            ({ contents, from, took }, i) =>
              `${10 + i} read = ${JSON.stringify(contents)} ${from}.1..${from + took}.6`,
          ),
        ];
        const history = timeline(lines.join("\n"));
        expect(setFull.check(history).notes).toMatchObject(statesOf(history));
      }),
      { numRuns: 300 },
    );
  });
});
