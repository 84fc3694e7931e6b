import { describe, expect, test } from "vitest";
import { toHistory } from "../../histories/index.js";
import { featuresOf } from "../../src/campaign/features.js";
import { execute, planRun } from "../../src/controller/index.js";

type Event = [process: number | string, type: "invoke" | "ok" | "fail" | "info", f: string];

function run(probes: { [name: string]: number }, events: readonly Event[] = []): number[] {
  const history = toHistory(
    events.map(([process, type, f], index) => ({
      index,
      time: index * 1000,
      process,
      type,
      f,
      value: null,
    })),
  );
  return featuresOf({ probes, history });
}

/** How many of the features of one are those of the other, too. */
function shared(one: readonly number[], other: readonly number[]): number {
  return one.filter((feature) => other.includes(feature)).length;
}

const answered = (process: number): Event[] => [
  [process, "invoke", "read"],
  [process, "ok", "read"],
];
const faulty: Event[] = [
  ...answered(0),
  ["nemesis", "info", "crash"],
  ["n1", "info", "leader"],
  ...answered(1),
  ["nemesis", "info", "crash-end"],
  [2, "invoke", "write"],
  [2, "info", "write"],
];

describe("the features of a run", () => {
  test("are distinct integers of 24 bits, in ascending order, the same for the same run", async () => {
    const plan = planRun({ system: "raft", seed: 7, operations: 60 });
    const features = featuresOf(await execute(plan));
    expect(featuresOf(await execute(plan))).toEqual(features);
    expect(features.length).toBeGreaterThan(20);
    expect([...new Set(features)].sort((a, b) => a - b)).toEqual(features);
    for (const feature of features) {
      expect(Number.isInteger(feature)).toBe(true);
      expect(feature).toBeGreaterThanOrEqual(0);
      expect(feature).toBeLessThan(1 << 24);
    }
  });

  test("tell probes apart by the order of magnitude of their counts", () => {
    expect(run({ a: 2 })).toEqual(run({ a: 3 }));
    expect(run({ a: 1 })).not.toEqual(run({ a: 2 }));
    expect(run({ a: 3 })).not.toEqual(run({ a: 4 }));
    expect(run({ a: 1 })).not.toEqual(run({ b: 1 }));
  });

  test("tell which probes fired in one run, whatever their order", () => {
    const together = run({ a: 1, b: 1 });
    expect(run({ b: 1, a: 1 })).toEqual(together);
    expect(together.length).toBe(3);
    expect(shared(together, [...run({ a: 1 }), ...run({ b: 1 })])).toBe(2);
  });

  test("do not count how often clients were answered between two other events", () => {
    const longer = [...answered(3), ...answered(4), ...faulty];
    expect(run({}, longer)).toEqual(run({}, faulty));
  });

  test("are shared the more, the more alike the timelines are", () => {
    const extended: Event[] = [...faulty, [3, "invoke", "cas"], [3, "fail", "cas"]];
    const other: Event[] = [
      ["nemesis", "info", "pause"],
      [0, "invoke", "cas"],
      [0, "fail", "cas"],
      ["nemesis", "info", "pause-end"],
      ["nemesis", "info", "clog"],
    ];
    const timeline = run({}, faulty);
    expect(timeline.length).toBe(8);
    expect(shared(timeline, run({}, extended))).toBeGreaterThan(shared(timeline, run({}, other)));
    expect(shared(timeline, run({}, other))).toBe(0);
  });

  test("of a run in which nothing happened are none", () => {
    expect(run({})).toEqual([]);
  });
});
