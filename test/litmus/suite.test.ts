import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseLitmus } from "../../checkers/litmus/parse/parse.js";
import { Expectations } from "../../src/litmus/expect.js";
import { type Subject, subjectsOfCycles, subjectsOfFiles } from "../../src/litmus/subjects.js";
import { type Result, runSuite, type SuiteOptions } from "../../src/litmus/suite.js";
import { root } from "../cli/faultline.js";

async function resultsOf(subjects: readonly Subject[], options: SuiteOptions): Promise<Result[]> {
  const results: Result[] = [];
  for await (const result of runSuite(subjects, options)) results.push(result);
  return results;
}

const subject = (file: string, row: string): Subject => ({
  file,
  read: () => parseLitmus(`store t {} P0 ;\n${row} ;\nexists (x=1)`, file),
});

it("a test that cannot be read stands among the others", async () => {
  const subjects = [subject("a", "x := 1"), subject("b", "x +"), subject("c", "fence")];
  const results = await resultsOf(subjects, { models: ["sc"] });
  expect(
    results.map((one) => ("refused" in one ? one.refused : one.judgements[0]!.verdict)),
  ).toEqual(["required", expect.stringMatching(/^b:2:3: /), "forbidden"]);
});

it("stops between two tests when asked to, and keeps what it has", async () => {
  const interrupt = new AbortController();
  const files: string[] = [];
  const options: SuiteOptions = { models: ["sc"], signal: interrupt.signal };
  for await (const { file } of runSuite(subjectsOfCycles({ from: 2, to: 2 }), options)) {
    files.push(file);
    if (files.length === 3) interrupt.abort();
  }
  expect(files).toHaveLength(3);
});

it("what a generated test was expected to show is its cycle's prediction", async () => {
  const subjects = subjectsOfCycles({ from: 2, to: 3 });
  const results = await resultsOf(subjects, { models: ["tso", "causal-convergence"] });
  for (const result of results) {
    if ("refused" in result) throw new Error(result.refused);
    expect(result.compared).toBe(true);
    expect
      .soft(
        result.judgements.flatMap((one) => one.differences),
        result.file,
      )
      .toEqual([]);
  }
  const [first] = subjects;
  const flipped: Subject = { ...first!, read: () => parseLitmus("store t {} P0 ;\n;", "t") };
  const [result] = await resultsOf([flipped], { models: ["tso"] });
  expect(result).toMatchObject({ judgements: [{ differences: [{ what: "verdict" }] }] });
});

const recorded = join(root, "../shared/data/litmus");

describe.skipIf(!existsSync(recorded))("recorded tests (needs ../shared/data)", () => {
  it("have the recorded verdicts, and the very states, on all machines", async () => {
    const expectations = Expectations.read(join(recorded, "expected.tsv"));
    const results = await resultsOf(subjectsOfFiles([recorded]), {
      models: ["sc", "tso", "pso"],
      expectations,
    });
    expect(results.length).toBe(expectations.size);
    expect(expectations.unmet).toBe(0);
    for (const result of results) {
      const differences =
        "refused" in result
          ? [result.refused]
          : result.judgements.flatMap((one) => one.differences);
      expect.soft(differences, result.file).toEqual([]);
    }
  });
});
