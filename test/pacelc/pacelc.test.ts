import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { EXAMPLE, exampleOf, lineOf, SEED } from "../../bench/pacelc.js";
import type { Validity } from "../../checkers/index.js";
import type { OptionValue } from "../../src/hosts/ts/node.js";
import { AVAILABLE, classify, type PacelcClass } from "../../src/pacelc/classify.js";
import type { Figures } from "../../src/pacelc/measure.js";
import { method } from "../../src/pacelc/method.js";
import { isMeasurable, type PacelcRow, rowOf, rowsOf } from "../../src/pacelc/rows.js";
import { cellsOf } from "../../src/pacelc/table.js";
import { type System, systems } from "../../systems/index.js";
import { type Expected, expected } from "./expected.js";

const page = readFileSync("docs/pacelc.md", "utf8");
const measurable = [...systems.values()].filter(isMeasurable);

interface Case {
  answered?: number;
  cut?: Validity;
  whole?: Validity;
  ms?: number;
}

function figures({ answered = 1, cut = false, whole = false, ms = 20 }: Case): Figures {
  const all = { read: 1, write: 1 };
  return {
    partition: {
      availability: { minority: { read: 1, write: answered }, majority: all },
      consistent: cut,
      staleReads: 0,
    },
    else: {
      latencyMs: { read: ms, write: ms, oneWayMs: 10 },
      consistent: whole,
      staleReads: 0,
    },
  };
}

const classOf = (figure: Case): string => classify(figures(figure)).class;

describe("the class of a system", () => {
  it("is PA where both sides answer", () => {
    expect(classOf({ answered: AVAILABLE })).toBe("PA/EL");
    expect(classOf({ answered: AVAILABLE - 0.01 })).toBe("PC/EL");
  });

  it("is PA where linearizability is lost with the partition, and PC where it was not there", () => {
    expect(classOf({ answered: 0, whole: true, cut: false })).toBe("PA/EC");
    expect(classOf({ answered: 0, whole: true, cut: true })).toBe("PC/EC");
    expect(classOf({ answered: 0, whole: false, cut: false })).toBe("PC/EL");
  });

  it("is open where the checker could not decide", () => {
    expect(classOf({ answered: 0, whole: "unknown", cut: true })).toBe("PC/E?");
    expect(classOf({ answered: 0, whole: true, cut: "unknown" })).toBe("P?/EC");
  });

  it("is open where what was seen is impossible: too little was looked at", () => {
    expect(classOf({ answered: 1, whole: true, cut: true })).toBe("P?/EC");
    expect(classOf({ answered: 0, whole: true, cut: true, ms: 4 })).toBe("PC/E?");
  });
});

describe("what is measured", () => {
  test.each<[name: string, options: { [name: string]: OptionValue }]>([
    ["quorum", {}],
    ["dynamo", { sloppy: true, r: 1, w: 1 }],
    ["primary-backup", { mode: "async" }],
    ["multi-leader", {}],
    ["cops", {}],
    ["sharded-store", {}],
  ])("of %s with %j is on the page", async (name, options) => {
    const system = systems.get(name) as System;
    const nodes = system.nodeCounts[0] as number;
    const row = await rowOf({ system, nodes, options, bugs: [] }, { seed: SEED });
    expect(page).toContain(lineOf(row as PacelcRow));
  });

  test("has its example from what is printed: if not, npm run bench -- pacelc", async () => {
    const system = systems.get(EXAMPLE) as System;
    const nodes = system.nodeCounts[0] as number;
    const row = await rowOf({ system, nodes, options: {}, bugs: [] }, { seed: SEED });
    expect(page).toContain(exampleOf(row as PacelcRow));
  });

  test("is nothing more once the signal has aborted", async () => {
    const question = { seed: SEED, options: {}, bugs: [], signal: AbortSignal.abort() };
    expect(await rowsOf(systems.get("lww-register") as System, question)).toEqual([]);
  });
});

describe("the cell of the answers", () => {
  const said = (consistent: Validity, staleReads: number | null): string | undefined => {
    const measured = figures({ cut: consistent });
    const partition = { ...measured.partition, staleReads };
    const row = { system: "s", options: {}, nodes: 3, ...classify(measured), ...measured };
    return cellsOf({ ...row, partition })[5];
  };

  it("never reads as fine where some run is not linearizable", () => {
    expect(said(true, 0)).toBe("linearizable");
    expect(said(false, 0.12)).toBe("12 % stale");
    expect(said(false, 0.004)).toBe("< 0.5 % stale");
    expect(said(false, 0)).toBe("not linearizable");
    expect(said(false, null)).toBe("not linearizable");
    expect(said("unknown", null)).toBe("unknown");
  });
});

describe("the page", () => {
  const rows = page
    .split("\n")
    .filter((line) => /\| P[AC?]\/E[LC?] \|/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, system = "", made = "", name]) => ({
      system,
      with: made,
      class: name as PacelcClass,
    }));

  it("has the rows that theory expects, and no others: if not, npm run bench -- pacelc", () => {
    const told = (row: Omit<Expected, "why">): string => `${row.system} ${row.with}: ${row.class}`;
    expect(rows.map(told).sort()).toEqual(expected.map(told).sort());
  });

  it("has every system that reads and writes registers, as it is by default first", () => {
    const first = new Map(rows.toReversed().map((row) => [row.system, row.with]));
    const usual = measurable.map(({ name, nodeCounts }) => [name, `${nodeCounts[0]} nodes`]);
    expect(Object.fromEntries(first)).toEqual(Object.fromEntries(usual));
  });

  it("names every other system that reads and writes", () => {
    const others = [...systems.values()].filter((system) => {
      const options = Object.entries(system.options).map(([name, spec]) => [name, spec.default]);
      const { operations } = system.service(Object.fromEntries(options), system.nodeCounts[0] ?? 1);
      return !isMeasurable(system) && operations.includes("read") && operations.includes("write");
    });
    expect(others.map(({ name }) => name).sort()).toEqual([
      "crdt-mv-register",
      "multi-leader-siblings",
    ]);
    for (const { name } of others) expect(page).toContain(`\`${name}\``);
  });

  it("says what the measurement is made with", () => {
    expect(page).toContain(`d = ${method.oneWayMs} ms`);
    expect(page).toContain(`${method.timeoutMs} ms`);
    expect(page).toContain(`${AVAILABLE * 100} %`);
    expect(page).toContain(`${method.nearUs / 1000} ms between a client and its node`);
    const { farMs, nearMs } = method.whole;
    expect(page).toContain(
      `others, ${farMs} ms, and these ${Math.min(...nearMs)} to ${Math.max(...nearMs)} ms`,
    );
  });
});
