/**
 * SARIF 2.1.0 (OASIS), as code scanning reads it: one rule for each kind of anomaly, one result for
 * each problem, its case file as the place.
 */

import type { Log, ReportingDescriptor, Result } from "sarif";
import { type Findings, type Problem, printable } from "./findings.js";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const HOME = "https://www.npmjs.com/package/faultline";

/** The document. Paths are relative to the project's root, as code scanning wants them. */
export function formatSarif(findings: Findings): string {
  const ruleIds = [...new Set(findings.problems.map(({ rule }) => rule))].sort();
  const log: Log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "faultline",
            version: findings.version,
            semanticVersion: findings.version,
            informationUri: HOME,
            rules: ruleIds.map(ruleOf),
          },
        },
        invocations: [
          { executionSuccessful: findings.verdict !== "broken", endTimeUtc: findings.endedAt },
        ],
        results: findings.problems.map((problem) => resultOf(problem, ruleIds)),
        columnKind: "utf16CodeUnits",
        properties: Object.fromEntries(findings.facts),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(id: string): ReportingDescriptor {
  const words = id.replaceAll("-", " ");
  return {
    id,
    shortDescription: { text: id === "harness-failure" ? "the harness itself failed" : words },
    helpUri: `${HOME}#readme`,
    defaultConfiguration: { level: "error" },
  };
}

/** Code scanning shows no result without a place: what has no case file is the project's. */
const NOWHERE = "faultline.config.ts";

function resultOf(problem: Problem, ruleIds: readonly string[]): Result {
  const { rule, level, message, advice, file, fingerprint } = problem;
  return {
    ruleId: rule,
    ruleIndex: ruleIds.indexOf(rule),
    level,
    message: { text: printable(advice === undefined ? message : `${message}\n${advice}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file ?? NOWHERE) },
          region: { startLine: 1 },
        },
      },
    ],
    partialFingerprints: { "faultlineGroup/v1": fingerprint },
  };
}

function uriOf(file: string): string {
  return printable(file).split(/[/\\]/).map(encodeURIComponent).join("/");
}
