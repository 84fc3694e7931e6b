/** Classic shapes, written here by hand, and the machines against naive ones. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../../../checkers/litmus/judge.js";
import { pso, sc, tso } from "../../../checkers/litmus/operational/index.js";
import { parseLitmus } from "../../../checkers/litmus/parse/parse.js";
import type { Enumerate, LitmusTest } from "../../../checkers/litmus/program.js";
import { type Buffers, naiveOutcomes } from "./naive-machine.js";
import { programs } from "./programs.js";

/** Threads as text, statements split by semicolons. */
function program(threads: readonly string[], condition: string): LitmusTest {
  const columns = threads.map((thread) => thread.split(";"));
  const rows = Math.max(...columns.map(({ length }) => length));
  const lines = Array.from({ length: rows }, (_, row) =>
    columns.map((column) => column[row] ?? "").join(" | "),
  );
  const head = threads.map((_, i) => `P${i}`).join(" | ");
  return parseLitmus(`store t {} ${head};\n${lines.join(";\n")};\n${condition}`, "t.store");
}

/** `allowed 1/4`: in one of four final states. */
function verdict(test: LitmusTest, enumerate: Enumerate): string {
  const { verdict, positive, states } = judge(test, enumerate(test));
  return verdict === "allowed" ? `${verdict} ${positive}/${states}` : `${verdict} ${states}`;
}

type Shape = [name: string, threads: string[], condition: string, verdicts: string[]];

/** Verdicts under SC, TSO and PSO. */
const shapes: Shape[] = [
  [
    "SB",
    ["x := 1; r0 := y", "y := 1; r0 := x"],
    "exists (0:r0=0 /\\ 1:r0=0)",
    ["forbidden 3", "allowed 1/4", "allowed 1/4"],
  ],
  [
    "SB with fences",
    ["x := 1; fence; r0 := y", "y := 1; fence; r0 := x"],
    "exists (0:r0=0 /\\ 1:r0=0)",
    ["forbidden 3", "forbidden 3", "forbidden 3"],
  ],
  [
    "SB with one fence",
    ["x := 1; fence; r0 := y", "y := 1; r0 := x"],
    "exists (0:r0=0 /\\ 1:r0=0)",
    ["forbidden 3", "allowed 1/4", "allowed 1/4"],
  ],
  [
    "SB with exchanges, which are fences",
    ["r1 := swap(x, 1); r0 := y", "r1 := swap(y, 1); r0 := x"],
    "exists (0:r0=0 /\\ 1:r0=0)",
    ["forbidden 3", "forbidden 3", "forbidden 3"],
  ],
  [
    "SB with compare-and-sets that fail, fences all the same",
    ["x := 1; r1 := cas(z, 7, 8); r0 := y", "y := 1; r1 := cas(z, 7, 8); r0 := x"],
    "exists (0:r0=0 /\\ 1:r0=0)",
    ["forbidden 3", "forbidden 3", "forbidden 3"],
  ],
  [
    "SB after reading one's own store, which does not wait",
    ["x := 1; r0 := x; r1 := y", "y := 1; r0 := y; r1 := x"],
    "exists (0:r0=1 /\\ 0:r1=0 /\\ 1:r0=1 /\\ 1:r1=0)",
    ["forbidden 3", "allowed 1/4", "allowed 1/4"],
  ],
  [
    "MP",
    ["x := 1; y := 1", "r0 := y; r1 := x"],
    "exists (1:r0=1 /\\ 1:r1=0)",
    ["forbidden 3", "forbidden 3", "allowed 1/4"],
  ],
  [
    "MP with a fence between the stores",
    ["x := 1; fence; y := 1", "r0 := y; r1 := x"],
    "exists (1:r0=1 /\\ 1:r1=0)",
    ["forbidden 3", "forbidden 3", "forbidden 3"],
  ],
  [
    "LB",
    ["r0 := x; y := 1", "r0 := y; x := 1"],
    "exists (0:r0=1 /\\ 1:r0=1)",
    ["forbidden 3", "forbidden 3", "forbidden 3"],
  ],
  [
    "2+2W",
    ["x := 1; y := 2", "y := 1; x := 2"],
    "exists (x=1 /\\ y=1)",
    ["forbidden 3", "forbidden 3", "allowed 1/4"],
  ],
  [
    "S",
    ["x := 2; y := 1", "r0 := y; x := 1"],
    "exists (1:r0=1 /\\ x=2)",
    ["forbidden 3", "forbidden 3", "allowed 1/4"],
  ],
  [
    "R",
    ["x := 1; y := 1", "y := 2; r0 := x"],
    "exists (y=2 /\\ 1:r0=0)",
    ["forbidden 3", "allowed 1/4", "allowed 1/4"],
  ],
  [
    "IRIW: whoever reads agrees on the order of independent stores",
    ["x := 1", "y := 1", "r0 := x; r1 := y", "r0 := y; r1 := x"],
    "exists (2:r0=1 /\\ 2:r1=0 /\\ 3:r0=1 /\\ 3:r1=0)",
    ["forbidden 15", "forbidden 15", "forbidden 15"],
  ],
  [
    "WRC: what was read and passed on is there for all",
    ["x := 1", "r0 := x; y := 1", "r0 := y; r1 := x"],
    "exists (1:r0=1 /\\ 2:r0=1 /\\ 2:r1=0)",
    ["forbidden 7", "forbidden 7", "forbidden 7"],
  ],
  [
    "n6: the own store is seen early and overwritten late",
    ["x := 1; r0 := x; r1 := y", "y := 2; x := 2"],
    "exists (0:r0=1 /\\ 0:r1=0 /\\ x=1)",
    ["forbidden 4", "allowed 1/5", "allowed 1/6"],
  ],
  [
    "CoRR",
    ["x := 1", "r0 := x; r1 := x"],
    "exists (1:r0=1 /\\ 1:r1=0)",
    ["forbidden 3", "forbidden 3", "forbidden 3"],
  ],
  [
    "two exchanges do not both find the location unset",
    ["r0 := swap(x, 1)", "r0 := swap(x, 2)"],
    "exists (0:r0=0 /\\ 1:r0=0)",
    ["forbidden 2", "forbidden 2", "forbidden 2"],
  ],
  [
    "one of two compare-and-sets wins",
    ["r0 := cas(x, 0, 1)", "r0 := cas(x, 0, 2)"],
    "forall (0:r0=0 /\\ 1:r0=1 /\\ x=1 \\/ 0:r0=2 /\\ 1:r0=0 /\\ x=2)",
    ["required 2", "required 2", "required 2"],
  ],
  [
    "a store of a register keeps the value that it had",
    ["r0 := 1; x := r0; r0 := 2", "r0 := x"],
    "forall (1:r0=0 \\/ 1:r0=1)",
    ["required 2", "required 2", "required 2"],
  ],
];

describe("classic shapes", () => {
  it.each(shapes)("%s", (_, threads, condition, verdicts) => {
    const test = program(threads, condition);
    expect([sc, tso, pso].map((enumerate) => verdict(test, enumerate))).toEqual(verdicts);
  });
});

describe("degenerate programs", () => {
  it("without instructions end as they start", () => {
    const test = parseLitmus("store t { x = 3; } P0 | P1 ;\nexists (x=3 /\\ y=0)", "t");
    for (const enumerate of [sc, tso, pso]) expect(enumerate(test)).toEqual({ states: [[1, 0]] });
  });

  it("without anything observed have one final state", () => {
    const test = program(["x := 1; r0 := y", "y := 1; r0 := x"], "");
    for (const enumerate of [sc, tso, pso]) expect(verdict(test, enumerate)).toBe("required 1");
  });

  it("of more than 31 locations are no different", () => {
    const many = Array.from({ length: 40 }, (_, i) => `a${i}`);
    const test = program(
      ["x := 1; r0 := y", "y := 1; r0 := x", many.map((name) => `${name} := 1`).join("; ")],
      `locations [${many.join("; ")};] exists (0:r0=0 /\\ 1:r0=0)`,
    );
    expect([sc, tso].map((enumerate) => verdict(test, enumerate))).toEqual([
      "forbidden 3",
      "allowed 1/4",
    ]);
  });
});

it("gives up after so many states, and says so", () => {
  const test = program(["x := 1; r0 := y", "y := 1; r0 := x"], "exists (0:r0=0 /\\ 1:r0=0)");
  expect(tso(test, 2)).toEqual({ unknown: "more than 2 states of the machine" });
  expect(judge(test, tso(test, 2))).toEqual({
    states: 0,
    positive: 0,
    negative: 0,
    verdict: "unknown",
    outcomes: [],
    reason: "more than 2 states of the machine",
  });
});

describe("random programs, of which any part is observed", () => {
  const runs = Math.ceil(Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 1500) / 3);
  const machines: [Enumerate, Buffers][] = [
    [sc, "none"],
    [tso, "one"],
    [pso, "one per location"],
  ];

  it.each(machines)("end as they do without short cuts (%#)", (enumerate, buffers) => {
    const bounds = { threadsMax: 3, instructionsMax: 3, locationsMax: 3 };
    const partly = fc
      .tuple(programs(bounds), fc.infiniteStream(fc.boolean()))
      .map(([test, seen]) => ({
        ...test,
        observed: test.observed.filter(() => seen.next().value),
      }));
    fc.assert(
      fc.property(partly, (test) => {
        const outcomes = enumerate(test);
        if ("unknown" in outcomes) throw new Error(outcomes.unknown);
        const found = outcomes.states.map((state) => state.join());
        expect(found.length).toBe(new Set(found).size);
        expect(new Set(found)).toEqual(naiveOutcomes(test, buffers));
      }),
      { numRuns: runs },
    );
  });
});
