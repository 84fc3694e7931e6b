/** A plan keeps within what its system promises to survive. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Budget, budgetOf, excessesOf, withinBudget } from "../../src/controller/index.js";
import type { Fault, FaultDraft, Target } from "../../src/plan/fault.js";

const nodes = ["n1", "n2", "n3", "n4", "n5"];
const plan = { nodes, timeLimitUs: 100 };
const numbered = (drafts: FaultDraft[]): Fault[] => drafts.map((draft, id) => ({ ...draft, id }));
const of = (survives: object, driftPpmMax = 0): Budget =>
  budgetOf({ survives, driftPpmMax }, nodes.length);
/** The numbers of what stays. */
const kept = (drafts: FaultDraft[], budget: Budget): number[] =>
  withinBudget(numbered(drafts), plan, budget).map(({ id }) => id);
const excess = (drafts: FaultDraft[], budget: Budget): string[] =>
  excessesOf({ ...plan, faults: numbered(drafts) }, budget);

const crash = (atUs: number, untilUs: number, target: Target): FaultDraft => ({
  kind: "crash",
  atUs,
  untilUs,
  target,
});
const leader = { role: "leader", else: "n1" } as const;

describe("what a system bears", () => {
  it("is the usual where it says nothing: no empty disks, no lies, no tampering", () => {
    const { kinds, down, wiped, byzantine } = budgetOf(undefined, 3);
    for (const kind of ["partition", "loss", "reset", "crash", "pause", "slow", "mute"] as const) {
      expect(kinds).toContain(kind);
    }
    for (const kind of ["wipe", "corrupt", "lie", "leave", "lost-fsync", "clock-freeze"] as const) {
      expect(kinds).not.toContain(kind);
    }
    expect({ down, wiped, byzantine }).toEqual({
      down: Number.POSITIVE_INFINITY,
      wiped: 0,
      byzantine: 0,
    });
  });

  it("grows by what it says, for the size of its cluster", () => {
    const third = (count: number): number => Math.floor((count - 1) / 3);
    const survives = {
      byzantine: third,
      wiped: third,
      membership: true,
      kinds: ["corrupt"],
    } as const;
    const four = budgetOf({ survives }, 4);
    for (const kind of ["wipe", "equivocate", "lie", "leave", "join", "corrupt"] as const) {
      expect(four.kinds).toContain(kind);
    }
    const three = budgetOf({ survives }, 3);
    for (const kind of ["wipe", "equivocate", "lie"] as const) {
      expect(three.kinds).not.toContain(kind);
    }
  });
});

describe("a plan within its budget", () => {
  it("has no more nodes down at one time, and keeps what does not overlap", () => {
    const two = of({ down: () => 2 });
    const faults = [
      crash(0, 50, "n1"),
      crash(10, 60, "n2"),
      crash(20, 40, "n3"),
      crash(30, 45, "n2"),
      crash(55, 70, "n4"),
    ];
    expect(kept(faults, two)).toEqual([0, 1, 3, 4]);
    expect(excess(faults, two)).toEqual(["down"]);
  });

  it("takes a role for one more node, whoever plays it", () => {
    const one = of({ down: () => 1 });
    expect(kept([crash(0, 50, "n1"), crash(10, 60, leader)], one)).toEqual([0]);
    expect(kept([crash(0, 50, leader), crash(10, 60, leader)], one)).toEqual([0]);
    expect(kept([crash(0, 50, leader), crash(60, 70, leader)], one)).toEqual([0, 1]);
  });

  it("expects a fault that waits for a moment at any time", () => {
    const waiting = { ...crash(0, 5, "n1"), on: { moment: "leader", nth: 1 } } as const;
    expect(kept([waiting, crash(60, 70, "n2")], of({ down: () => 1 }))).toEqual([0]);
  });

  it("counts who cannot talk to a majority, and not who can", () => {
    const one = of({ down: () => 1 });
    const cut = { kind: "partition", shape: "x", atUs: 0, untilUs: 50 } as const;
    const minority: FaultDraft = { ...cut, groups: [["n1"], ["n2", "n3", "n4", "n5"]] };
    const halves: FaultDraft = {
      ...cut,
      groups: [
        ["n1", "n2"],
        ["n3", "n4", "n5"],
      ],
    };
    const bridge: FaultDraft = {
      ...cut,
      groups: [
        ["n1", "n2"],
        ["n4", "n5"],
      ],
    };
    const alone: FaultDraft = { ...cut, isolate: "n1", direction: "in" };
    expect(kept([minority], one)).toEqual([0]);
    expect(kept([halves], one)).toEqual([]);
    expect(kept([bridge], one)).toEqual([0]);
    expect(kept([alone, crash(10, 20, "n2")], one)).toEqual([0]);
    expect(kept([alone, crash(10, 20, "n1")], one)).toEqual([0, 1]);
  });

  it("counts who is cut off by several partitions together", () => {
    const cut = (atUs: number, ...pairs: [string, string][]): FaultDraft => ({
      kind: "partition",
      shape: "x",
      atUs,
      untilUs: 50,
      pairs,
    });
    const one = of({ down: () => 1 });
    // Each of them alone leaves all but one a majority, and so do any two.
    const some = cut(0, ["n1", "n3"], ["n3", "n2"]);
    const more = cut(10, ["n1", "n4"]);
    const most = cut(20, ["n5", "n1"], ["n2", "n4"], ["n5", "n2"]);
    expect(kept([some, most], one)).toEqual([0, 1]);
    expect(kept([some, more, most], one)).toEqual([0, 1]);
    const when = { atUs: 0, untilUs: 50, shape: "x" };
    const alone: FaultDraft = { ...when, kind: "partition", isolate: "n4", direction: "out" };
    expect(kept([alone, cut(10, ["n1", "n2"], ["n3", "n1"])], one)).toEqual([0]);
  });

  it("adds wipes up over the whole run, of one node or of several", () => {
    const wipe = (atUs: number, target: string): FaultDraft =>
      ({ ...crash(atUs, atUs + 1, target), kind: "wipe" }) as FaultDraft;
    const one = of({ wiped: () => 1 });
    expect(kept([wipe(0, "n1"), wipe(50, "n1"), wipe(60, "n2"), crash(70, 71, "n2")], one)).toEqual(
      [0, 3],
    );
    expect(kept([wipe(0, "n1")], of({}))).toEqual([]);
    const leave: FaultDraft = { kind: "leave", atUs: 5, untilUs: 9, target: "n3", wipe: true };
    expect(kept([wipe(0, "n1"), leave], of({ wiped: () => 1, membership: true }))).toEqual([0, 1]);
    expect(excess([wipe(0, "n1"), leave], of({ wiped: () => 1 }))).toEqual(["membership"]);
  });

  it("lets so many nodes lie, as often as they like", () => {
    const lie = (target: Target): FaultDraft => ({
      kind: "lie",
      atUs: 0,
      untilUs: 9,
      target,
      ppm: 1,
    });
    const one = of({ byzantine: () => 1 });
    expect(kept([lie("n1"), lie("n2"), lie("n1"), lie(leader)], one)).toEqual([0, 2]);
    expect(kept([lie(leader), lie("n1")], one)).toEqual([0]);
    expect(excess([lie("n1"), lie("n2")], one)).toEqual(["byzantine"]);
  });

  it("lets no clock drift further", () => {
    const fast: FaultDraft = { kind: "clock-rate", atUs: 0, untilUs: 9, target: "n1", ppm: -300 };
    expect(withinBudget(numbered([fast]), plan, of({}, 100))).toEqual([
      { ...fast, id: 0, ppm: -100 },
    ]);
    expect(excess([fast], of({}, 100))).toEqual(["drift"]);
    expect(excess([fast], of({}, 300))).toEqual([]);
  });

  it("leaves the second phase alone", () => {
    const freezing = nodes.slice(0, 3).map((node) => crash(100, 200, node));
    expect(kept(freezing, of({ down: () => 1 }))).toEqual([0, 1, 2]);
  });

  it("exceeds nothing any more, and is what it was where it exceeded nothing", () => {
    const target: fc.Arbitrary<Target> = fc.constantFrom(...nodes, leader);
    const when = fc
      .tuple(fc.nat(99), fc.nat(40))
      .map(([atUs, forUs]) => ({ atUs, untilUs: Math.min(100, atUs + forUs) }));
    const draft = fc
      .tuple(
        when,
        target,
        fc.constantFrom("crash", "pause", "wipe", "lie", "mute"),
        fc.integer({ min: 1, max: 9 }),
      )
      .map(
        ([time, who, kind, ppm]) =>
          ({ ...time, kind, target: who, ...(kind === "lie" ? { ppm } : {}) }) as FaultDraft,
      );
    const budget = of({ down: () => 2, wiped: () => 2, byzantine: () => 1 });
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 12 }), (drafts) => {
        const faults = numbered(drafts);
        const within = withinBudget(faults, plan, budget);
        expect(excessesOf({ ...plan, faults: within }, budget)).toEqual([]);
        for (const fault of within) expect(faults).toContainEqual(fault);
        const exceeds = excessesOf({ ...plan, faults }, budget).length > 0;
        expect(within.length < faults.length).toBe(exceeds);
        // By hand: at no time are more than two down.
        for (let now = 0; now < 100; now++) {
          const down = within.filter(
            ({ kind, atUs, untilUs }) => kind !== "lie" && atUs <= now && now <= untilUs,
          );
          const named = new Set(
            down.flatMap((fault) =>
              "target" in fault && typeof fault.target === "string" ? [fault.target] : [],
            ),
          );
          const roles = down.filter(
            (fault) => "target" in fault && typeof fault.target !== "string",
          ).length;
          expect(named.size + roles).toBeLessThanOrEqual(2);
        }
      }),
    );
  });
});
