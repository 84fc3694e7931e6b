import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import type { PlanOptionValue } from "../../src/plan/plan.js";
import { Streams } from "../../src/random/streams.js";
import { listAppend } from "../../workloads/list-append.js";
import { rwRegister } from "../../workloads/rw-register.js";
import { keyDistributions } from "../../workloads/transactions.js";
import { BadReply, type OperationDraft, type Workload } from "../../workloads/workload.js";

type Micro = [string, number, Json];
type Options = { [name: string]: PlanOptionValue };

function draftsOf(workload: Workload, seed: number, options: Options = {}): OperationDraft[] {
  return workload.plan({
    random: new Streams(seed).stream("plan"),
    clients: 5,
    operations: 200,
    service: { operations: ["txn"], consistency: "serializable" },
    options,
  });
}

function transactionsOf(drafts: readonly OperationDraft[]): Micro[][] {
  return drafts.map(({ value }) => value as Micro[]);
}

function writesOf(transactions: readonly Micro[][]): Micro[] {
  return transactions.flat().filter(([f]) => f !== "r");
}

const workloads = [listAppend, rwRegister].map((workload) => [workload.name, workload] as const);
const seeds = fc.integer({ min: 1, max: 1_000_000 });

const settings = fc.record({
  keys: fc.integer({ min: 1, max: 12 }),
  writesPerKey: fc.integer({ min: 1, max: 40 }),
  keyDistribution: fc.constantFrom(...keyDistributions),
  microOpsMin: fc.integer({ min: 1, max: 3 }),
  microOpsMax: fc.integer({ min: 3, max: 7 }),
  readPercent: fc.integer({ min: 0, max: 95 }),
  readModifyWritePercent: fc.integer({ min: 0, max: 100 }),
});

describe.each(workloads)("%s plans transactions", (_, workload) => {
  it("whose writes are unique on their key, and whose keys give way when they served", () => {
    fc.assert(
      fc.property(seeds, settings, (seed, options) => {
        const perKey = new Map<number, Json[]>();
        for (const [, key, value] of writesOf(transactionsOf(draftsOf(workload, seed, options)))) {
          perKey.set(key, [...(perKey.get(key) ?? []), value]);
        }
        const lists = [...perKey.values()];
        expect(lists.filter((values) => new Set(values).size < values.length)).toEqual([]);
        expect(lists.filter(({ length }) => length > options.writesPerKey)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it("of the length asked for, on no more keys at a time than asked for", () => {
    fc.assert(
      fc.property(seeds, settings, (seed, options) => {
        const transactions = transactionsOf(draftsOf(workload, seed, options));
        const lengths = transactions.map((micros) => micros.length);
        expect(Math.min(...lengths)).toBeGreaterThanOrEqual(options.microOpsMin);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(options.microOpsMax);
        const written = new Map<number, number>();
        let retired = 0;
        const inUse = new Set(Array.from({ length: options.keys }, (_, key) => key));
        for (const [f, key] of transactions.flat()) {
          if (!inUse.has(key)) throw new Error(`key ${key} is not in use`);
          if (f === "r") continue;
          const count = (written.get(key) ?? 0) + 1;
          written.set(key, count);
          if (count < options.writesPerKey) continue;
          inUse.delete(key);
          inUse.add(options.keys + retired++);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("only of reads, or of none, where that is asked for", () => {
    const kinds = (options: Options): Set<string> =>
      new Set(transactionsOf(draftsOf(workload, 1, options)).flatMap((t) => t.map(([f]) => f)));
    expect([...kinds({ readPercent: 100 })]).toEqual(["r"]);
    expect(kinds({ readPercent: 0, readModifyWritePercent: 0 }).has("r")).toBe(false);
  });

  it("that read before they write, as often as asked for", () => {
    const options = { readPercent: 0, microOpsMin: 2, microOpsMax: 2, keys: 3 };
    const shapes = (percent: number): Set<string> =>
      new Set(
        transactionsOf(draftsOf(workload, 1, { ...options, readModifyWritePercent: percent })).map(
          ([first, second]) => `${first?.[0] === "r"} ${first?.[1] === second?.[1]}`,
        ),
      );
    expect([...shapes(100)]).toEqual(["true true"]);
    expect([...shapes(0)].every((shape) => shape.startsWith("false"))).toBe(true);
  });

  it("and in the end reads every key that was used, once", () => {
    const drafts = draftsOf(workload, 1);
    const used = new Set(transactionsOf(drafts).flatMap((t) => t.map(([, key]) => key)));
    const finals = transactionsOf(workload.finals(drafts)).flat();
    expect(finals.every(([f]) => f === "r")).toBe(true);
    expect(finals.map(([, key]) => key)).toEqual([...used].sort((a, b) => a - b));
  });

  it.each([
    { keys: -1 },
    { keys: 2.5 },
    { microOpsMin: 3, microOpsMax: 2 },
    { readPercent: 101 },
    { writesPerKey: 0 },
  ] as Options[])("but not with %j", (options) => {
    expect(() => draftsOf(workload, 1, options)).toThrow(UsageError);
  });
});

describe("the shares of keys", () => {
  /** How often each of four keys that never give way was chosen, the most frequent first. */
  function counts(keyDistribution: string): number[] {
    const options = { keys: 4, writesPerKey: 1_000_000, microOpsMin: 20, microOpsMax: 20 };
    const settings = { ...options, keyDistribution, readModifyWritePercent: 0 };
    const keys = transactionsOf(draftsOf(listAppend, 1, settings)).flatMap((t) =>
      t.map(([, key]) => key),
    );
    return [0, 1, 2, 3].map((key) => keys.filter((other) => other === key).length);
  }

  it.each([
    ["uniform", [1_000, 1_000, 1_000, 1_000]],
    ["exponential", [2_133, 1_067, 533, 267]],
    ["zipf", [1_920, 960, 640, 480]],
  ])("are %s", (distribution, expected) => {
    counts(distribution).forEach((count, i) => {
      expect(Math.abs(count - (expected[i] as number))).toBeLessThan(120);
    });
  });
});

describe("a transaction's reply", () => {
  const asked = [
    ["r", 1, null],
    ["append", 2, 7],
  ];
  const complete = (txn: Json): Json =>
    listAppend.complete({ f: "txn", value: asked }, asked, { type: "txn_ok", txn }, new Map());

  it("is the operation with what was read", () => {
    const done = [
      ["r", 1, [3, 4]],
      ["append", 2, 7],
    ];
    expect(complete(done)).toEqual(done);
  });

  it.each([
    [[["r", 1, [3]]]],
    [
      [
        ["r", 2, [3]],
        ["append", 2, 7],
      ],
    ],
    [
      [
        ["r", 1, [3]],
        ["append", 2, 8],
      ],
    ],
    [[["r", 1], 5]],
    [{}],
  ] as Json[][])("is not %j", (txn) => {
    expect(() => complete(txn as Json)).toThrow(BadReply);
  });
});
