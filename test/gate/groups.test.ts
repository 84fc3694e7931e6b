import { describe, expect, it } from "vitest";
import type { KnownGroup } from "../../src/gate/baseline.js";
import { type Found, groupFailures, notSeen, type ShrunkFailure } from "../../src/gate/groups.js";
import type { FaultKind } from "../../src/plan/fault.js";
import type { Plan } from "../../src/plan/plan.js";

const signature = "linearizable/kv/stale-read";

function failing(seed: number, kinds: readonly FaultKind[], about: Partial<Found> = {}): Found {
  const named = { system: "raft", workload: "kv", signature };
  const failure = {
    ...named,
    seed,
    nemesis: ["swarm"],
    group: null,
    anomalies: [],
    case: `${seed}`,
  };
  return { ...named, seed, kinds: new Set(kinds), failure, ...about };
}

function planWith(kinds: readonly FaultKind[], operations = 1): Plan {
  const faults = kinds.map((kind, id) => ({ kind, id }));
  const plan = { faults, operations: Array(operations).fill({}), nodes: ["n1"], clients: 1 };
  return plan as unknown as Plan;
}

function shrunkTo(kinds: readonly FaultKind[], complete = true, operations = 1): ShrunkFailure {
  const group = `${signature}+${kinds.join("+") || "no-fault"}`;
  return { group, plan: planWith(kinds, operations), complete, headline: "", text: "{}" };
}

/** Shrinks to what the table says, each time taking `costMs`; tells which were shrunk. */
function shrinker(table: Record<number, ShrunkFailure | undefined>, costMs = 1_000) {
  let nowMs = 0;
  const shrunk: number[] = [];
  const slices: number[] = [];
  return {
    shrunk,
    slices,
    shrinking: (untilMs: number) => ({
      clock: { now: () => nowMs },
      untilMs,
      shrink: async ({ seed }: Found, until: number) => {
        slices.push(until - nowMs);
        nowMs += costMs;
        shrunk.push(seed);
        return table[seed];
      },
    }),
  };
}

const known = (group: string, about: Partial<KnownGroup> = {}): KnownGroup => ({
  system: "raft",
  workload: "kv",
  signature,
  group: `${signature}+${group}`,
  firstSeed: 1,
  ...about,
});

const counts = (groups: Awaited<ReturnType<typeof groupFailures>>) =>
  groups.map(({ group, count, known }) => [
    group?.slice(signature.length + 1) ?? null,
    count,
    known,
  ]);

describe("failures in groups", () => {
  it("of one cause are counted once, and only a few of them are shrunk", async () => {
    const all = [1, 2, 3, 4, 5, 6].map((seed) => failing(seed, ["crash", "partition"]));
    const table = Object.fromEntries(all.map(({ seed }) => [seed, shrunkTo(["crash"])]));
    const { shrunk, shrinking } = shrinker(table);
    const groups = await groupFailures(all, [], shrinking(60_000));
    expect(counts(groups)).toEqual([["crash", 6, false]]);
    expect(shrunk).toEqual([1, 2, 3]);
    expect(groups[0]).toMatchObject({ shrunk: 3, firstSeed: 1 });
  });

  it("whose faults do not contain those of a group found have another cause, and are shrunk", async () => {
    const all = [
      ...[1, 2, 3, 4, 5].map((seed) => failing(seed, ["crash", "partition"])),
      failing(9, ["pause"]),
    ];
    const table = Object.fromEntries(all.map(({ seed }) => [seed, shrunkTo(["crash"])]));
    const { shrunk, shrinking } = shrinker({ ...table, 9: shrunkTo(["pause"]) });
    const groups = await groupFailures(all, [], shrinking(60_000));
    expect(shrunk.slice(0, 2)).toEqual([1, 9]);
    expect(counts(groups)).toEqual([
      ["crash", 5, false],
      ["pause", 1, false],
    ]);
  });

  it("that were not shrunk go to the largest group whose kinds of fault they contain", async () => {
    const all = [
      failing(1, ["crash"]),
      failing(2, ["pause"]),
      failing(3, ["crash", "pause"]),
      failing(4, ["crash", "pause", "loss"]),
    ];
    const { shrinking } = shrinker({
      1: shrunkTo(["crash"]),
      2: shrunkTo(["pause"]),
      3: shrunkTo(["crash", "pause"]),
    });
    expect(counts(await groupFailures(all, [], shrinking(60_000)))).toEqual([
      ["crash", 1, false],
      ["crash+pause", 2, false],
      ["pause", 1, false],
    ]);
  });

  it("are known when they come down to less than a group that was shrunk only in part", async () => {
    const named = { system: "raft", workload: "kv", signature, firstSeed: 1 };
    const inPart: KnownGroup = { ...named, group: `${signature}+crash+delay`, inPart: true };
    const all = [failing(1, ["crash", "partition"]), failing(2, ["pause"])];
    const table = { 1: shrunkTo(["crash"]), 2: shrunkTo(["pause"]) };
    const found = await groupFailures(all, [inPart], shrinker(table).shrinking(60_000));
    expect(counts(found)).toEqual([
      ["pause", 1, false],
      ["crash", 1, true],
    ]);
    expect(notSeen([inPart], found)).toEqual([]);
    const whole: KnownGroup = { ...named, group: inPart.group };
    const again = await groupFailures(all, [whole], shrinker(table).shrinking(60_000));
    expect(counts(again).map(([, , known]) => known)).toEqual([false, false]);
    expect(notSeen([whole], again)).toEqual([whole]);
  });

  it("of two systems, workloads or signatures are never one group", async () => {
    const all = [
      failing(1, ["crash"]),
      failing(2, ["crash"], { system: "quorum" }),
      failing(3, ["crash"], { workload: "register" }),
    ];
    const table = { 1: shrunkTo(["crash"]), 2: shrunkTo(["crash"]), 3: shrunkTo(["crash"]) };
    const { shrunk, shrinking } = shrinker(table);
    const groups = await groupFailures(all, [], shrinking(60_000));
    expect(shrunk).toEqual([1, 2, 3]);
    expect(groups.map(({ system, workload }) => [system, workload])).toEqual([
      ["quorum", "kv"],
      ["raft", "kv"],
      ["raft", "register"],
    ]);
  });

  it("keep the smallest story that was found", async () => {
    const all = [failing(1, ["crash"]), failing(2, ["crash"]), failing(3, ["crash"])];
    const { shrinking } = shrinker({
      1: shrunkTo(["crash"], true, 9),
      2: shrunkTo(["crash"], true, 4),
      3: shrunkTo(["crash"], true, 6),
    });
    const [group] = await groupFailures(all, [], shrinking(60_000));
    expect(group?.smallest?.plan.operations).toHaveLength(4);
  });
});

describe("known groups", () => {
  it("are told from new ones by shrinking, new ones first", async () => {
    const all = [failing(1, ["crash", "pause"]), failing(2, ["pause"])];
    const { shrinking } = shrinker({ 1: shrunkTo(["crash"]), 2: shrunkTo(["pause"]) });
    const groups = await groupFailures(all, [known("crash")], shrinking(60_000));
    expect(counts(groups)).toEqual([
      ["pause", 1, false],
      ["crash", 1, true],
    ]);
  });

  it("of another system do not excuse a failure", async () => {
    const { shrinking } = shrinker({ 1: shrunkTo(["crash"]) });
    const others = [known("crash", { system: "quorum" }), known("crash", { workload: "register" })];
    const groups = await groupFailures([failing(1, ["crash"])], others, shrinking(60_000));
    expect(counts(groups)).toEqual([["crash", 1, false]]);
    expect(notSeen(others, groups)).toEqual(others);
  });

  it("take in a failure whose shrinking was cut short with more kinds of fault left than theirs", async () => {
    const { shrinking } = shrinker({ 1: shrunkTo(["crash", "loss"], false) });
    const groups = await groupFailures(
      [failing(1, ["crash", "loss"])],
      [known("crash")],
      shrinking(60_000),
    );
    expect(counts(groups)).toEqual([["crash", 1, true]]);
    expect(groups[0]?.smallest).toBeUndefined();
  });

  it("do not take in one that was shrunk to the end with more kinds of fault left", async () => {
    const { shrinking } = shrinker({ 1: shrunkTo(["crash", "loss"]) });
    const groups = await groupFailures(
      [failing(1, ["crash", "loss"])],
      [known("crash")],
      shrinking(60_000),
    );
    expect(counts(groups)).toEqual([["crash+loss", 1, false]]);
  });

  it("that no failure belongs to are listed as not seen", async () => {
    const list = [known("crash"), known("pause")];
    const { shrinking } = shrinker({ 1: shrunkTo(["crash"]) });
    const groups = await groupFailures([failing(1, ["crash"])], list, shrinking(60_000));
    expect(notSeen(list, groups)).toEqual([known("pause")]);
  });
});

describe("the time for shrinking", () => {
  it("is shared out among the kinds of failure, and none begins when it is over", async () => {
    const all = [1, 2, 3, 4].map((seed) => failing(seed, ["crash"], { signature: `s${seed}` }));
    const { shrunk, slices, shrinking } = shrinker({}, 1_000);
    const groups = await groupFailures(all, [], shrinking(2_100));
    expect(shrunk).toEqual([1, 2]);
    expect(slices[0]).toBe(525);
    expect(groups.every(({ group, known }) => group === null && !known)).toBe(true);
    expect(groups.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
  });

  it("that was too short leaves failures without a group, which count as new", async () => {
    const { shrunk, shrinking } = shrinker({});
    const groups = await groupFailures([failing(1, ["crash"])], [known("pause")], shrinking(0));
    expect(shrunk).toEqual([]);
    expect(counts(groups)).toEqual([[null, 1, false]]);
  });

  it("is not spent twice on a failure that does not come again", async () => {
    const { shrunk, shrinking } = shrinker({ 1: undefined, 2: shrunkTo(["crash"]) });
    const all = [failing(1, ["crash"]), failing(2, ["crash"])];
    const groups = await groupFailures(all, [], shrinking(60_000));
    expect(shrunk).toEqual([1, 2]);
    expect(counts(groups)).toEqual([["crash", 2, false]]);
  });
});
