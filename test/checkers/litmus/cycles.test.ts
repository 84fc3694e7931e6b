/** Critical cycles: how many there are, what they are called, and the tests that they make. */

import { describe, expect, it } from "vitest";
import {
  criticalCycles,
  nameOf,
  parseCycle,
  spellCycle,
  testOf,
} from "../../../checkers/litmus/cycles/index.js";
import { parseLitmus } from "../../../checkers/litmus/parse/parse.js";
import { printLitmus } from "../../../checkers/litmus/print.js";
import { UsageError } from "../../../src/base/errors.js";
import { isRecorded, recordedTests } from "./recorded.js";

const counts = [
  [2, 6, 21],
  [3, 17, 100],
  [4, 45, 490],
  [5, 117, 2520],
  [6, 353, 13910],
] as const;

describe("critical cycles", () => {
  it.each(counts)("of %i threads are %i without fences and %i with them", (threads, bare, all) => {
    const cycles = criticalCycles(threads);
    expect(criticalCycles(threads, { fences: false }).length).toBe(bare);
    expect(cycles.length).toBe(all);
    expect(new Set(cycles.map(nameOf)).size).toBe(all);
  });

  it("stand in their normal rotation, whatever rotation they are read from", () => {
    for (const cycle of [2, 3, 4].flatMap((threads) => criticalCycles(threads))) {
      const edges = spellCycle(cycle).split(" ");
      for (let start = 0; start < edges.length; start++) {
        const rotated = [...edges.slice(start), ...edges.slice(0, start)].join(" ");
        expect(spellCycle(parseCycle(rotated))).toBe(spellCycle(cycle));
      }
    }
  });

  it("come in the same order each time", () => {
    expect(criticalCycles(2).map(nameOf).join(" ")).toBe(
      "2+2W 2+2W+mfence+po 2+2W+mfences MP MP+mfence+po MP+po+mfence MP+mfences " +
        "S S+mfence+po S+po+mfence S+mfences R R+mfence+po R+po+mfence R+mfences " +
        "LB LB+mfence+po LB+mfences SB SB+mfence+po SB+mfences",
    );
  });
});

describe("names", () => {
  it.each([
    ["Fre PodWR Fre PodWR", "SB"],
    ["PodWR Fre MFencedWR Fre", "SB+mfence+po"],
    ["PodWW Rfe PodRR Fre", "MP"],
    ["PodRR Fre PodWW Rfe", "MP"],
    ["Rfe PodRR Fre Rfe MFencedRR Fre", "IRIW+mfence+po"],
    ["PodWR Fre PodWR Fre PodWR Fre PodWR Fre PodWR Fre", "5.SB"],
    ["PodWW Ws PodWW Ws PodWW Ws".replaceAll("Ws", "Wse"), "3.2W"],
    ["Rfe PodRW Rfe PodRW Rfe PodRR Fre", "W+RW+RW+RR"],
    ["Rfi PodRR Fre Rfi PodRR Fre", "SB+rfi-pos"],
    ["PodWW Rfe PodRW PodWR Fre", "MP+po+po-po"],
    ["Rfe PosRR Fre", "CoRR"],
    ["PosWW Coe PosWR Fre", "R+poss"],
  ])("%s is %s", (text, name) => {
    expect(nameOf(parseCycle(text))).toBe(name);
  });

  // diy counts repeated names up; some people named their tests by hand.
  const counted = /\d{3}$/;
  const ownNames = new Set(["X001", "X003", "X004", "x86-2+2W", "CO-SBI", "CoRR1", "CoRW"]);
  ownNames.add("SB-XCHG").add("R+po+po-wsi-mfence");

  it.skipIf(!isRecorded)("are those of recorded tests (in ../shared/data/litmus)", () => {
    const named = recordedTests().filter(
      ({ name, cycle }) => cycle !== "" && !cycle.includes("Hat") && !ownNames.has(name),
    );
    expect(named.length).toBeGreaterThan(0);
    for (const { name, cycle } of named) {
      expect.soft(nameOf(parseCycle(cycle)), cycle).toBe(name.replace(counted, ""));
    }
  });
});

describe("what is no cycle is refused", () => {
  it.each([
    ["PodWR Rfe", "after PodWR comes an edge from R, not Rfe"],
    ["PodWR Fre Pod", 'edge "Pod": use PodWR'],
    ["PosWR Fri", "needs an external edge"],
    ["Rfe Fri Coe", "needs an edge of program order"],
    ["PodWR Fre", "one edge alone cannot change the location and come back"],
    ["", 'edge "": use PodWR'],
  ])("%j", (text, message) => {
    expect(() => parseCycle(text)).toThrow(UsageError);
    expect(() => parseCycle(text)).toThrow(message);
  });
});

describe("a cycle's test", () => {
  it("is a program whose condition is the cycle", () => {
    expect(printLitmus(testOf(parseCycle("PodWW Coe MFencedWR Fre")))).toBe(
      [
        "X86_64 R+po+mfence",
        "Cycle=PodWW Coe MFencedWR Fre",
        "{}",
        " P0          | P1            ;",
        " movq $1,(x) | movq $2,(y)   ;",
        " movq $1,(y) | mfence        ;",
        "             | movq (x),%rax ;",
        "exists (1:rax=0 /\\ [y]=2)",
        "",
      ].join("\n"),
    );
  });

  it("has an exchange where the cycle has one", () => {
    expect(printLitmus(testOf(parseCycle("PodWR Rmw Coe PodWW Coe")))).toContain(
      " movq $1,(y) | movq $1,%rax   ;\n             | xchgq %rax,(x) ;",
    );
  });

  it("is refused where the order of its writes could not be seen", () => {
    expect(() => testOf(parseCycle("PosWW Coe PosWW Coe"))).toThrow("more than 2 writes");
  });

  it("reads like what it was printed from", () => {
    for (const cycle of [2, 3].flatMap((threads) => criticalCycles(threads))) {
      const printed = printLitmus(testOf(cycle));
      expect(printLitmus(parseLitmus(printed, "printed"))).toBe(printed);
    }
  });
});
