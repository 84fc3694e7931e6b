/** A page of Markdown for people: the job summary of a CI run. */

import { type Findings, printable, type ReportedSuite } from "./findings.js";

const marks = { passed: "✅", failed: "❌", undecided: "❔", broken: "⚠️" } as const;

/** GitHub refuses job summaries above one megabyte: problems beyond this many are counted only. */
const PROBLEMS_MAX = 200;

export function formatMarkdown(findings: Findings): string {
  const { title, verdict, facts, suites, problems, remarks } = findings;
  const sections = [
    `## ${marks[verdict]} ${title}: ${verdict}`,
    facts.map(([name, value]) => `**${text(name)}** ${text(value)}`).join(" · "),
    problems.length === 0 ? "" : problemList(findings),
    table(["suite", "tests", "passed", "failed", "errors", "undecided"], suites.map(row)),
    remarks.map((remark) => `- ${text(remark)}`).join("\n"),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function problemList({ problems }: Findings): string {
  const shown = problems.slice(0, PROBLEMS_MAX).map(({ title, message, file, advice, level }) => {
    const where = file === undefined ? "" : ` (\`${file}\`)`;
    const known = level === "warning" ? " *(known)*" : "";
    const how = advice === undefined ? "" : `\n\n  ${fenced(advice)}`;
    return `- **${text(title)}**${known}${where}\n\n  ${text(message)}${how}`;
  });
  const more = problems.length - PROBLEMS_MAX;
  return [...shown, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n\n");
}

function fenced(commands: string): string {
  const lines = printable(commands)
    .split("\n")
    .map((line) => `  ${line}`);
  return ["```sh", ...lines, "  ```"].join("\n");
}

function row(suite: ReportedSuite): string[] {
  const count = (outcome: string): string =>
    String(suite.tests.filter((test) => test.outcome === outcome).length);
  return [
    suite.name,
    String(suite.tests.length),
    ...["passed", "failed", "error", "undecided"].map(count),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]): string => `| ${cells.map(text).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Anomalies quote values: nothing in them may be taken for markup. */
function text(value: string): string {
  return printable(value)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_{}[\]<>|~#]/g, (mark) => (mark === "<" ? "&lt;" : `\\${mark}`));
}
