/** Serializable snapshot isolation against an oracle: every history that it lets pass is serializable. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isolationOf } from "../../../systems/txn/isolation.js";
import type { CommitRecord } from "../../../systems/txn/messages.js";
import { StateMachine } from "../../../systems/txn/state-machine.js";

interface Asked {
  /** How far its snapshot is behind the commit before it. */
  lag: number;
  reads: string[];
  writes: string[];
}

const keys = fc.subarray(["x", "y", "z"]);
const asked = fc.record({ lag: fc.nat(4), reads: keys, writes: keys });

/** Asks for these commits one after the other; those that were granted, by timestamp. */
function granted(all: readonly Asked[], by = "ssi", bugs: string[] = []): CommitRecord[] {
  const isolation = isolationOf("serializable", by);
  const machine = new StateMachine({ isolation, bugs: new Set(bugs) });
  return all.flatMap(({ lag, reads, writes }, i) => {
    const record: CommitRecord = {
      client: `c${i}`,
      number: 1,
      snapshot: Math.max(0, i - lag),
      reads,
      writes: writes.map((key) => ({ kind: "set", key, value: i })),
      lockTerm: null,
    };
    machine.apply(record, i + 1);
    return machine.decision(record)?.committed ? [{ ...record, number: i + 1 }] : [];
  });
}

/** Is there no circle among who wrote before whom, read from whom, and read what whom overwrote? */
function serializable(commits: readonly CommitRecord[]): boolean {
  const wrote = ({ writes }: CommitRecord, key: string): boolean =>
    writes.some((write) => write.key === key);
  const before = (a: CommitRecord, b: CommitRecord): boolean =>
    a !== b &&
    ((a.number < b.number && a.writes.some(({ key }) => wrote(b, key))) ||
      (a.number <= b.snapshot && b.reads.some((key) => wrote(a, key))) ||
      (b.number > a.snapshot && a.reads.some((key) => wrote(b, key))));
  let left = [...commits];
  for (;;) {
    const rest = left.filter((b) => left.some((a) => before(a, b)));
    if (rest.length === left.length) return left.length === 0;
    left = rest;
  }
}

const skew: Asked[] = [
  { lag: 0, reads: ["x"], writes: ["y"] },
  { lag: 1, reads: ["y"], writes: ["x"] },
];

/** T2 overwrites what T1 read; a reader sees T2 and not T1, which commits last. */
const readOnly: Asked[] = [
  { lag: 0, reads: [], writes: ["x"] },
  { lag: 0, reads: ["x", "y"], writes: [] },
  { lag: 2, reads: ["x"], writes: ["y"] },
];

/** A reader that comes last, and sees the first and not the pivot, which has committed. */
const pivot: Asked[] = [
  { lag: 0, reads: [], writes: ["x"] },
  { lag: 1, reads: ["x"], writes: ["y"] },
  { lag: 1, reads: ["x", "y"], writes: [] },
];

describe("serializable snapshot isolation", () => {
  it("lets only serializable histories pass", () => {
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 8 }), (all) => {
        expect(serializable(granted(all))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it("refuses who completes a write skew, and who completes one for a reader", () => {
    expect(granted(skew).map(({ client }) => client)).toEqual(["c0"]);
    expect(granted(readOnly).map(({ client }) => client)).toEqual(["c0", "c1"]);
  });

  it("lets who was overtaken commit where that closes no circle, unlike certification", () => {
    const overtaken: Asked[] = [
      { lag: 0, reads: [], writes: ["x"] },
      { lag: 1, reads: ["x"], writes: ["y"] },
    ];
    expect(granted(overtaken)).toHaveLength(2);
    expect(granted(overtaken, "certification")).toHaveLength(1);
  });

  it.each([
    ["forgets-committed-reads", skew],
    ["committed-pivots-pass", pivot],
  ])("lets one pass with the bug %s that it should not", (bug, all) => {
    expect(serializable(granted(all))).toBe(true);
    expect(serializable(granted(all, "ssi", [bug]))).toBe(false);
  });
});

describe("ranges", () => {
  const insert = (key: string): Asked => ({ lag: 1, reads: ["p/"], writes: [key] });

  it.each(["ssi", "certification"])("an insert meets who scanned the range, by %s", (by) => {
    expect(granted([insert("p/1"), insert("p/2")], by)).toHaveLength(1);
    expect(granted([insert("p/1"), insert("p/2")], by, ["inserts-ignore-ranges"])).toHaveLength(2);
    expect(granted([insert("p/1"), { ...insert("q/2"), reads: ["q/"] }], by)).toHaveLength(2);
  });
});
