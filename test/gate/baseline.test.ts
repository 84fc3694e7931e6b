import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { updatedBaseline } from "../../src/gate/baseline.js";
import { formatBaseline, type KnownGroup, parseBaseline } from "../../src/gate/index.js";

const known = (about: Partial<KnownGroup> = {}): KnownGroup => ({
  system: "raft",
  workload: "kv",
  signature: "linearizable/kv/stale-read",
  group: "linearizable/kv/stale-read+partition",
  firstSeed: 7,
  ...about,
});

const group = fc.record({
  system: fc.constantFrom("raft", "quorum", "txn"),
  workload: fc.constantFrom("kv", "register"),
  signature: fc.constant("s"),
  group: fc.constantFrom("s+crash", "s+no-fault", "s+crash+pause"),
  firstSeed: fc.nat(),
});
const groups = fc.uniqueArray(group, {
  selector: ({ system, workload, group }) => `${system} ${workload} ${group}`,
});

describe("a baseline file", () => {
  it("is the same text for the same groups in any order", () => {
    fc.assert(
      fc.property(groups, fc.infiniteStream(fc.nat()), (list, keys) => {
        const shuffled = list
          .map((entry) => ({ entry, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ entry }) => entry);
        expect(formatBaseline(shuffled)).toBe(formatBaseline(list));
      }),
    );
  });

  it("reads as what was written, and writing that again changes nothing", () => {
    fc.assert(
      fc.property(groups, (list) => {
        const text = formatBaseline(list);
        const read = parseBaseline(JSON.parse(text), "baseline.json");
        expect(new Set(read.map((one) => JSON.stringify(one))).size).toBe(list.length);
        expect(formatBaseline(read)).toBe(text);
      }),
    );
  });

  it("has a seed, a signature and no date", () => {
    expect(JSON.parse(formatBaseline([known()]))).toEqual({
      format: "faultline-baseline/1",
      groups: [known()],
    });
  });

  it("is refused by name when it is another document, and by place when it is broken", () => {
    const read = (value: unknown) => () => parseBaseline(value as never, "b.json");
    expect(read({ format: "faultline-case/2", groups: [] })).toThrow(
      /b\.json.*"faultline-case\/2"/,
    );
    expect(read([])).toThrow(/b\.json: not a baseline/);
    const broken = { ...known(), firstSeed: "7" };
    expect(read({ format: "faultline-baseline/1", groups: [broken] })).toThrow(
      /\/groups\/0\/firstSeed/,
    );
  });
});

describe("an updated baseline", () => {
  it("holds the groups of now, and what was known keeps its seed", () => {
    const gone = known({ group: "gone" });
    const before = [known(), gone];
    const now = [known({ firstSeed: 99 }), known({ system: "quorum", firstSeed: 5 })];
    expect(updatedBaseline(before, now)).toEqual([
      known(),
      known({ system: "quorum", firstSeed: 5 }),
    ]);
  });
});
