import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fallacy } from "../../nemeses/fallacies.js";
import { budgetOf, excesses, inTime, planRun } from "../../src/controller/index.js";
import type { Fault } from "../../src/plan/fault.js";
import { simulatedFaultKinds } from "../../src/sim/inject.js";
import { systems } from "../../systems/index.js";

const page = readFileSync("docs/promises.md", "utf8");
const quoted = (text: string): string[] =>
  [...text.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name as string);
const lineWith = (start: string): string =>
  page.split("\n").find((line) => line.startsWith(start)) ?? "";

describe("the page of promises", () => {
  test("lists each fallacy once, in order", () => {
    const rows = [...page.matchAll(/^\| `(fallacy-[a-z]+)`/gm)].map(([, name]) => name);
    expect(rows).toEqual(fallacy.map(({ name }) => name));
  });

  test("names the kinds that nobody is expected to bear", () => {
    const { kinds } = budgetOf(undefined, 3);
    const rows = ["wiped", "byzantine", "kinds", "membership"].map((name) =>
      lineWith(`| \`${name}\` | no `),
    );
    const named = rows.flatMap((row) => quoted(row).slice(1));
    expect([...new Set(named)].sort()).toEqual(
      simulatedFaultKinds.filter((kind) => !kinds.has(kind)).sort(),
    );
  });

  test("names what a bound leaves out", () => {
    const timing = { model: "synchronous", boundUs: 1 } as const;
    const left = simulatedFaultKinds.filter((kind) => {
      const fault = { id: 0, kind, atUs: 0, untilUs: 1 } as unknown as Fault;
      return inTime(fault, { timing, timeLimitUs: 9 }) === undefined;
    });
    expect(quoted(lineWith("| `synchronous`")).slice(1).sort()).toEqual([...left].sort());
  });

  test("names every excess", () => {
    for (const excess of excesses) expect(quoted(page)).toContain(excess);
  });

  test("shows the refusal as it is", () => {
    expect(() => planRun({ system: "raft", seed: 1, nemesis: ["wipe"] })).toThrow(
      lineWith("faultline: ").slice("faultline: ".length),
    );
  });

  test("tells what the oldest systems hold beyond drift", () => {
    for (const name of ["raft", "txn", "quorum", "primary-backup"]) {
      const row =
        page.split("\n").find((line) => line.includes(`\`${name}\``) && line.includes("`drift`")) ??
        "";
      expect(quoted(row)).toEqual(
        expect.arrayContaining([...(systems.get(name)?.beyond?.["drift"] ?? ["?"])]),
      );
    }
  });
});
