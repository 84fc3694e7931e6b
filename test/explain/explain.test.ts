import { beforeAll, describe, expect, test } from "vitest";
import { validator } from "../../src/base/schema.js";
import { execute } from "../../src/controller/index.js";
import {
  type Explanation,
  explain,
  explainRows,
  explanationSchema,
  explanationText,
} from "../../src/explain/index.js";
import type { Plan } from "../../src/plan/plan.js";
import { signatureOf } from "../../src/store/summary.js";
import { firstFailing, twoPrimaries } from "./cases.js";

const plainly = (text: string): string => text;
const plain = { bold: plainly, dim: plainly, red: plainly, green: plainly };
const few = { points: 3, futures: 3, neighbourRunsMax: 60 };
const problem = validator(explanationSchema);

/** What an independent run says of the plan without one of its faults. */
async function outcomeWithout(plan: Plan, id: number) {
  const faults = plan.faults.filter((fault) => fault.id !== id);
  const { valid, results } = await execute({ ...plan, faults });
  return { valid, signature: signatureOf(results, plan.workload) };
}

/** The ids of faults and operations that two plans do not have in common as they are. */
function changesBetween(one: Plan, other: Plan): string[] {
  const texts = ({ faults, operations }: Plan): Map<string, string> =>
    new Map([
      ...faults.map((fault): [string, string] => [`fault ${fault.id}`, JSON.stringify(fault)]),
      ...operations.map((op): [string, string] => [`operation ${op.id}`, JSON.stringify(op)]),
    ]);
  const [a, b] = [texts(one), texts(other)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

/** Operations that read what they could not have read. */
function unsound({ operations }: Explanation) {
  return operations.filter(({ reads }) => reads.some(({ sound }) => !sound));
}

describe("a primary that went on after it was replaced", () => {
  let told: Explanation;
  beforeAll(async () => {
    told = await explain({ plan: twoPrimaries(), source: "case.json", ...few });
  });

  test("fits its schema", () => {
    expect(problem(JSON.parse(JSON.stringify(told)))).toBeUndefined();
    expect(problem({ ...told, format: "faultline-explanation/0" })).toBeDefined();
    expect(problem({ ...told, faults: [{ ...told.faults[0], atUs: "soon" }] })).toBeDefined();
  });

  test("is called by its name and placed in time", () => {
    expect(told.problem.signature).toBe(`linearizable/kv/${told.problem.type}`);
    expect(told.problem.operations.length).toBeGreaterThan(1);
    const involved = told.operations.filter((operation) => operation.involved);
    expect(involved.map(({ id }) => id)).toEqual(told.problem.operations);
    const ends = unsound(told).map(({ completedUs }) => completedUs);
    expect(ends).toContain(told.problem.atUs);
  });

  test("blames reads for values that were not possible, and says which were", () => {
    expect(unsound(told).length).toBeGreaterThan(0);
    for (const { reads, output } of unsound(told)) {
      const values = reads[0]!.possible.map(({ value }) => value);
      expect(values.length).toBeGreaterThan(0);
      expect(values).not.toContain(output);
      for (const value of values) expect([1, 2, 3, 4]).toContain(value);
    }
    const sound = told.operations.find(({ f, outcome }) => f === "read" && outcome === "ok")!;
    expect(sound.reads[0]!.possible.map(({ value }) => value)).toContain(sound.output);
  });

  test("takes the partition and not the duplicates, as runs without them say independently", async () => {
    const [partition, duplicate] = told.faults;
    expect(partition!.words).toMatch(
      /^n[123], the leader, is cut off from all others from 2 s to 5.5 s$/,
    );
    expect(partition!.without!.passes).toBe(true);
    expect(duplicate!.without!.passes).toBe(false);
    for (const { id, without } of told.faults) {
      const { valid, signature } = await outcomeWithout(told.run.plan, id);
      expect({ valid, signature }).toEqual({
        valid: without!.valid,
        signature: without!.signature,
      });
    }
  });

  test("has a neighbour that passes and differs by one change", async () => {
    const { change, plan, parting } = told.neighbour!;
    expect((await execute(plan)).valid).toBe(true);
    const changed = changesBetween(told.run.plan, plan);
    expect(changed).toHaveLength(1);
    if (change.id !== null) expect(changed[0]).toMatch(new RegExp(` ${change.id}$`));
    expect(parting.first.words).not.toBe("");
  });

  test("is certain once it is complete, and nothing is said of more futures than there were", () => {
    const { series, futures, inevitable } = told.likelihood!;
    expect(series.at(-1)).toMatchObject({ failing: futures, otherwise: 0 });
    for (const { failing, otherwise } of series) {
      expect(failing + otherwise).toBeLessThanOrEqual(futures);
    }
    expect(inevitable!.atUs).toBeLessThanOrEqual(told.problem.atUs);
  });

  test("is drawn in few lines that lie in the stretch", () => {
    const { lines, fromUs, toUs, text, lanes } = told.diagram;
    expect(lines.length).toBeLessThanOrEqual(30);
    for (const { timeUs } of lines) {
      expect(timeUs).toBeGreaterThanOrEqual(fromUs);
      expect(timeUs).toBeLessThanOrEqual(toUs);
    }
    expect(lanes).toEqual(expect.arrayContaining(["n1", "n2", "n3"]));
    expect(text).toContain("partition (fault 1) begins");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test("is told to people part by part", () => {
    const text = explanationText(told, plain);
    for (const title of [
      "What went wrong",
      "The faults it takes",
      "The operations",
      "In real-time order",
      "The nearest run that passes",
      "How likely it was as time went on",
    ]) {
      expect(text).toContain(title);
    }
    expect(text).toContain("without it the run passes");
    expect(text).toContain("a correct system could have returned");
  });

  test("is told the same way again", async () => {
    const again = await explain({ plan: twoPrimaries(), source: "case.json", ...few });
    expect(JSON.stringify(again)).toBe(JSON.stringify(told));
  });
});

describe("other failures", () => {
  test("a lease without a margin for drift takes a clock, and says so", async () => {
    const plan = await firstFailing({
      system: "raft",
      bugs: ["lease-ignores-drift"],
      nemesis: ["clock"],
      operations: 100,
      seed: 61,
    });
    const told = await explain({ plan, source: "lease", ...few, neighbourRunsMax: 10, points: 2 });
    expect(problem(JSON.parse(JSON.stringify(told)))).toBeUndefined();
    expect(told.problem.signature).toMatch(/^linearizable\//);
    const needed = told.faults.filter(({ without }) => without!.passes);
    expect(
      needed.some(({ words }) => /^the clock of n\d(?:, the leader,)? runs \d/.test(words)),
    ).toBe(true);
    for (const { id } of needed.slice(0, 2)) {
      expect((await outcomeWithout(plan, id)).valid).toBe(true);
    }
  });

  test("a transaction that tramples on another is asked what it could have read", async () => {
    const plan = await firstFailing({
      system: "txn",
      bugs: ["no-first-committer-wins"],
      nemesis: ["none"],
      operations: 12,
      clients: 4,
      seed: 8,
    });
    const told = await explain({ plan, source: "txn", ...few, points: 2 });
    expect(problem(JSON.parse(JSON.stringify(told)))).toBeUndefined();
    const reads = told.operations.flatMap((operation) => operation.reads);
    expect(reads.length).toBeGreaterThan(0);
    expect(reads.every(({ micro }) => micro !== null)).toBe(true);
    expect(told.likelihood!.series.at(-1)!.failing).toBe(few.futures);
  });

  test("what does not fail is refused", async () => {
    const plan = { ...twoPrimaries(), bugs: [], faults: [] };
    await expect(explain({ plan, source: "fine.json" })).rejects.toThrow(
      "fine.json: the run does not fail (its verdict is true): there is nothing to explain",
    );
  });

  test("what is interrupted tells what is known", async () => {
    const told = await explain({
      plan: twoPrimaries(),
      source: "case.json",
      signal: AbortSignal.abort(),
    });
    expect(problem(JSON.parse(JSON.stringify(told)))).toBeUndefined();
    expect(told.problem.checker).toBe("linearizable");
    expect(told.neighbour).toBeNull();
    expect(told.missing.map(({ part }) => part)).toEqual([
      "faults",
      "operations",
      "neighbour",
      "likelihood",
    ]);
    expect(unsound(told).length).toBeGreaterThan(0);
  });

  test("several are told in rows", async () => {
    const cases = [{ name: "fencing", plan: twoPrimaries() }];
    const [row] = await explainRows(cases, { points: 2, futures: 2, neighbourRunsMax: 20 });
    expect(row).toMatchObject({ name: "fencing", explained: false });
    expect(row!.runs).toBeGreaterThan(5);
    expect(row!.inevitable).toMatch(/^[\d.]+ s$/);
  });
});
