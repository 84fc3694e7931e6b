/**
 * What a campaign or a gate found, in the shape that every report is made from: suites of tests, each
 * with one outcome, and problems, each with a rule and a place.
 */

/** Errors are the harness's own; failures are anomalies of what was tested. */
export type TestOutcome = "passed" | "failed" | "error" | "undecided";

export interface ReportedTest {
  /** What was tested: a case file, the canary, a workload on a system. */
  name: string;
  /** Groups tests within their suite: a system, mostly. */
  about: string;
  outcome: TestOutcome;
  /** One line: the anomaly's sentence, or why it could not be decided. */
  message?: string;
  /** The anomaly's type, or what broke. */
  type?: string;
  /** How to see it again. */
  details?: string;
  wallMs?: number;
}

export interface ReportedSuite {
  name: string;
  tests: readonly ReportedTest[];
}

export interface Problem {
  /** What it is an instance of: an anomaly type, or `harness-failure`. */
  rule: string;
  /** Known failures are warnings, harness failures and new anomalies errors. */
  level: "error" | "warning" | "note";
  title: string;
  message: string;
  /** The case file, from the project's root. */
  file?: string;
  /** Stays the same from one report to the next: the group, or the signature. */
  fingerprint: string;
  /** Commands that show more. */
  advice?: string;
}

export interface Findings {
  /** `faultline gate`, `faultline campaign`. */
  title: string;
  /** One word for the whole. */
  verdict: "passed" | "failed" | "undecided" | "broken";
  version: string;
  /** Wall clock at the end, ISO 8601. */
  endedAt: string;
  wallMs: number;
  /** Counts and settings worth a line each, in order. */
  facts: readonly (readonly [name: string, value: string])[];
  suites: readonly ReportedSuite[];
  problems: readonly Problem[];
  /** What never happened, and what else a reader should know. */
  remarks: readonly string[];
}

/** Characters that XML 1.0 cannot carry, and that would upset a terminal. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu, "\ufffd");
}
