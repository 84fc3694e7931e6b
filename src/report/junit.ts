/**
 * JUnit XML, as CI servers read it. The two schemas in use contradict each other in what they demand;
 * what is written here is valid under both: Jenkins' (junit-10.xsd) and Ant's (Windy Road). A test
 * that could not be decided is an error, since the one of Ant knows nothing between.
 */

import { createRequire } from "node:module";
import { type Findings, printable, type ReportedSuite, type ReportedTest } from "./findings.js";

type Builder = typeof import("xmlbuilder2");

/** The document. O(tests). */
export function formatJunit(findings: Findings): string {
  // Loaded when a report is asked for: every command would start a tenth of a second later.
  const { create } = createRequire(import.meta.url)("xmlbuilder2") as Builder;
  const document = create({ version: "1.0", encoding: "UTF-8" });
  const suites = document.ele("testsuites");
  findings.suites.forEach((suite, id) => {
    const { tests } = suite;
    const node = suites.ele("testsuite", {
      name: token(`${findings.title}: ${suite.name}`),
      package: "faultline",
      id,
      hostname: "localhost",
      timestamp: findings.endedAt.slice(0, 19),
      tests: tests.length,
      failures: countOf(suite, "failed"),
      errors: countOf(suite, "error") + countOf(suite, "undecided"),
      time: seconds(tests.reduce((sum, { wallMs = 0 }) => sum + wallMs, 0)),
    });
    const properties = node.ele("properties");
    for (const [name, value] of [["version", findings.version] as const, ...findings.facts]) {
      properties.ele("property", { name: token(name), value: printable(value) });
    }
    for (const test of tests) addTest(node, test);
    node.ele("system-out").txt(printable(findings.remarks.join("\n")));
    node.ele("system-err");
  });
  return `${document.end({ prettyPrint: true })}\n`;
}

type Node = ReturnType<Builder["create"]>;

function addTest(
  suite: Node,
  { name, about, outcome, wallMs = 0, ...problem }: ReportedTest,
): void {
  const node = suite.ele("testcase", {
    name: token(name),
    classname: token(`faultline.${about}`),
    time: seconds(wallMs),
  });
  if (outcome === "passed") return;
  const { message = "", type = outcome, details = "" } = problem;
  node
    .ele(outcome === "failed" ? "failure" : "error", {
      message: printable(message),
      type: printable(type),
    })
    .txt(printable([message, details].filter((text) => text !== "").join("\n")));
}

function countOf({ tests }: ReportedSuite, outcome: ReportedTest["outcome"]): number {
  return tests.filter((test) => test.outcome === outcome).length;
}

/** xs:token: no line breaks, no runs of blanks; and never empty. */
function token(text: string): string {
  return printable(text).replace(/\s+/g, " ").trim() || "-";
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
