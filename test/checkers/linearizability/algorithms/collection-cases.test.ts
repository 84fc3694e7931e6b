/** Queues, stacks and priority queues: cases that a person can judge, and the tools of their rules. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Depths } from "../../../../checkers/linearizability/algorithms/depths.js";
import { queueMonitor } from "../../../../checkers/linearizability/algorithms/fifo-queue.js";
import { InstantSet } from "../../../../checkers/linearizability/algorithms/instants.js";
import { LeastByPlace } from "../../../../checkers/linearizability/algorithms/least-by-place.js";
import { priorityQueueMonitor } from "../../../../checkers/linearizability/algorithms/priority-queue.js";
import { sortPermutation } from "../../../../checkers/linearizability/algorithms/sort-permutation.js";
import { stackMonitor } from "../../../../checkers/linearizability/algorithms/stack.js";
import { PENDING } from "../../../../histories/columns.js";
import { ValueTable } from "../../../../histories/values.js";
import type { Json } from "../../../../src/base/json.js";

const [PUT, TAKE, LOOK] = [0, 1, 2];

type Row = readonly [f: number, value: Json, invoked: number, completed?: number];

/** Rows of function, element or answer, and interval; in order of invocation. */
function view(rows: readonly Row[], init: Json = null) {
  const values = new ValueTable();
  return {
    size: rows.length,
    f: Uint8Array.from(rows, ([f]) => f),
    input: Int32Array.from(rows, ([f, value]) => values.id(f === PUT ? value : null)),
    output: Int32Array.from(rows, ([f, value]) => values.id(f === PUT ? null : value)),
    invoked: Int32Array.from(rows, ([, , invoked]) => invoked),
    completed: Int32Array.from(rows, ([, , , completed]) => completed ?? PENDING),
    process: new Float64Array(rows.length),
    values,
    init: values.id(init),
  };
}

describe("a queue", () => {
  it("may not let the later of two elements out first", () => {
    const rows: Row[] = [
      [PUT, "a", 0, 1],
      [PUT, "b", 2, 3],
      [PUT, "c", 4, 5],
      [TAKE, "b", 6, 7],
      [TAKE, "a", 8, 9],
    ];
    expect(queueMonitor.examine(view(rows))).toEqual({ valid: false, core: [0, 1, 3, 4] });
  });

  it("may let out first what was put at the same time", () => {
    const rows: Row[] = [
      [PUT, "a", 0, 3],
      [PUT, "b", 1, 2],
      [TAKE, "b", 4, 5],
      [TAKE, "a", 6, 7],
    ];
    expect(queueMonitor.examine(view(rows)).valid).toBe(true);
  });

  it("shows three elements in a circle only by a peek", () => {
    // c was put before a, a left before b did, and b was seen before c left.
    const rows: Row[] = [
      [PUT, "b", 0, 13],
      [PUT, "c", 1, 2],
      [PUT, "a", 3, 4],
      [TAKE, "a", 5, 9],
      [LOOK, "b", 6, 7],
      [TAKE, "c", 8, 12],
      [TAKE, "b", 10, 11],
    ];
    const all = [...rows.keys()];
    expect(queueMonitor.examine(view(rows))).toEqual({ valid: false, core: all });
    for (const element of ["a", "b", "c"]) {
      const others = rows.filter(([, value]) => value !== element);
      expect(queueMonitor.examine(view(others)).valid).toBe(true);
    }
  });

  it("gives each lost element a dequeue that never returned, if there are enough in time", () => {
    const rows: Row[] = [
      [PUT, "a", 0, 1],
      [PUT, "b", 2, 3],
      [PUT, "c", 4, 5],
      [TAKE, null, 6],
      [TAKE, null, 7],
      [TAKE, "c", 8, 9],
    ];
    expect(queueMonitor.examine(view(rows)).valid).toBe(true);
    const short = rows.toSpliced(4, 1);
    expect(queueMonitor.examine(view(short))).toEqual({ valid: false, core: [0, 1, 2, 3, 4] });
    const late = short.toSpliced(3, 2, [TAKE, "c", 6, 7], [TAKE, null, 8]);
    expect(queueMonitor.examine(view(late)).valid).toBe(false);
  });

  it("starts with its initial elements, the first in front", () => {
    expect(queueMonitor.examine(view([[TAKE, "a", 0, 1]], ["a", "b"])).valid).toBe(true);
    expect(queueMonitor.examine(view([[TAKE, "b", 0, 1]], ["a", "b"])).valid).toBe(false);
  });
});

describe("a stack", () => {
  it("may not let out what lies below another", () => {
    const rows: Row[] = [
      [PUT, "x", 0, 1],
      [PUT, "a", 2, 3],
      [PUT, "b", 4, 5],
      [TAKE, "a", 6, 7],
      [TAKE, "b", 8, 9],
      [TAKE, "x", 10, 11],
    ];
    expect(stackMonitor.examine(view(rows))).toEqual({ valid: false, core: [1, 2, 3, 4] });
  });

  it("finds a small contradiction among many elements above and below it", () => {
    const rows: Row[] = [];
    let at = 0;
    const run = (f: number, value: Json): void => {
      rows.push([f, value, at, at + 1]);
      at += 2;
    };
    for (let n = 0; n < 500; n++) run(PUT, n);
    for (const [f, value] of [
      [PUT, "a"],
      [PUT, "b"],
      [TAKE, "a"],
      [TAKE, "b"],
    ] as const) {
      run(f, value);
    }
    for (let n = 499; n >= 0; n--) run(TAKE, n);
    expect(stackMonitor.examine(view(rows))).toEqual({
      valid: false,
      core: [500, 501, 502, 503],
    });
  });

  it("is not empty while one element or another is inside", () => {
    const rows: Row[] = [
      [PUT, "a", 0, 1],
      [TAKE, null, 2, 7],
      [PUT, "b", 3, 4],
      [TAKE, "a", 5, 9],
      [TAKE, "b", 6, 10],
    ];
    expect(stackMonitor.examine(view(rows)).valid).toBe(true);
    const early = rows.with(1, [TAKE, null, 2, 4]).with(2, [PUT, "b", 3, 7]);
    expect(stackMonitor.examine(view(early)).valid).toBe(false);
  });

  it("starts with its initial elements, the last on top", () => {
    expect(stackMonitor.examine(view([[LOOK, "b", 0, 1]], ["a", "b"])).valid).toBe(true);
    expect(stackMonitor.examine(view([[TAKE, "a", 0, 1]], ["a", "b"])).valid).toBe(false);
  });
});

describe("a priority queue", () => {
  const rows: Row[] = [
    [PUT, -1.5, 0, 1],
    [PUT, 7, 2, 3],
    [TAKE, 7, 4, 5],
    [TAKE, -1.5, 6, 7],
  ];

  it("lets out the least, or the greatest, first", () => {
    const core = [0, 1, 2, 3];
    expect(priorityQueueMonitor("min").examine(view(rows))).toEqual({ valid: false, core });
    expect(priorityQueueMonitor("max").examine(view(rows)).valid).toBe(true);
  });

  it("is nothing for elements that are no numbers", () => {
    const { valid } = priorityQueueMonitor("min").examine(view([[PUT, "1", 0, 1]]));
    expect(valid).toBe("not-applicable");
  });
});

describe.each([
  { title: "an element nobody put", rows: [[TAKE, 5, 0, 1]], core: [0] },
  {
    title: "an element taken twice",
    rows: [
      [PUT, 5, 0, 1],
      [TAKE, 5, 2, 3],
      [TAKE, 5, 4, 5],
    ],
    core: [0, 1, 2],
  },
  {
    title: "an element seen before it was put",
    rows: [
      [LOOK, 5, 0, 1],
      [PUT, 5, 2, 3],
      [TAKE, 5, 4, 5],
    ],
    core: [0, 1, 2],
  },
  {
    title: "an element seen after it was taken",
    rows: [
      [PUT, 5, 0, 1],
      [TAKE, 5, 2, 3],
      [LOOK, 5, 4, 5],
    ],
    core: [0, 1, 2],
  },
] as { title: string; rows: Row[]; core: number[] }[])("$title", ({ rows, core }) => {
  it.each([queueMonitor, stackMonitor, priorityQueueMonitor("min")])(
    "is a violation for the $name",
    (algorithm) => {
      const other: Row = [PUT, 9, 20, 21];
      expect(algorithm.examine(view([...rows, other]))).toEqual({ valid: false, core });
    },
  );
});

describe("the tools", () => {
  it("sort places of any doubles, few or many", () => {
    const numbers = fc.uniqueArray(
      fc.double({ noNaN: true }).map((x) => x + 0),
      { maxLength: 50 },
    );
    fc.assert(
      fc.property(numbers, fc.boolean(), (some, many) => {
        const padding = Array.from(
          { length: many ? 5000 : 0 },
          (_, i) => (i - 2500) * 1.37e5 + 0.1,
        );
        const all = Float64Array.from(new Set([...some, ...padding]));
        const sorted = Array.from(sortPermutation(all), (place) => all[place]);
        expect(sorted).toEqual([...all].sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  it("know the neighbours of an instant", () => {
    const size = 3000;
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(size - 1)), fc.nat(size - 1), (members, at) => {
        const set = new InstantSet(size);
        for (const member of members) set.add(member);
        expect(set.before(at)).toBe(Math.max(-1, ...members.filter((m) => m < at)));
        const later = members.filter((m) => m >= at);
        expect(set.from(at)).toBe(later.length === 0 ? -1 : Math.min(...later));
      }),
    );
  });

  it("find the least item under a later place", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(99))), fc.nat(20), (items, place) => {
        const least = new LeastByPlace(
          21,
          Int32Array.from(items, ([, rank]) => rank),
        );
        for (const [item, [at]] of items.entries()) least.add(at, item);
        const later = items.filter(([at]) => at > place).map(([, rank]) => rank);
        const found = items[least.after(place)]?.[1];
        expect(found).toBe(later.length === 0 ? undefined : Math.min(...later));
      }),
    );
  });

  it("find the instants that at most one interval covers, whatever is removed", () => {
    const intervals = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 8 });
    fc.assert(
      fc.property(intervals, fc.array(fc.nat(7)), (ends, removals) => {
        const left = new Map(ends.entries());
        const from = Int32Array.from(ends, ([a]) => a);
        const to = Int32Array.from(ends, ([, b]) => b);
        const depths = new Depths(12, from, to);
        const seen = new Set<number>();
        const covering = (at: number): number[] =>
          [...left].filter(([, [a, b]]) => a <= at && at <= b).map(([i]) => i);
        const check = (): void => {
          for (let at = depths.next(); at !== -1; at = depths.next()) {
            expect(seen.has(at)).toBe(false);
            seen.add(at);
            expect(covering(at).length).toBe(depths.depth);
            if (depths.depth === 1) expect(covering(at)).toEqual([depths.sole]);
          }
          const rest = Array.from({ length: 12 }, (_, at) => at).filter((at) => !seen.has(at));
          for (const at of rest) expect(covering(at).length).toBeGreaterThan(1);
        };
        check();
        for (const i of removals) {
          const interval = left.get(i);
          if (interval === undefined) continue;
          left.delete(i);
          if (interval[0] <= interval[1]) depths.remove(i, interval[0], interval[1]);
          check();
        }
      }),
    );
  });
});
