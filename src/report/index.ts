/** Reports for the places where people work: CI servers, code scanning, pull requests, job summaries. */

import { appendFileSync } from "node:fs";
import { UsageError } from "../base/errors.js";
import { writeText } from "../store/files.js";
import type { Findings } from "./findings.js";
import { formatGithub } from "./github.js";
import { formatJunit } from "./junit.js";
import { formatMarkdown } from "./markdown.js";
import { formatSarif } from "./sarif.js";

export type { Findings, Problem, ReportedSuite, ReportedTest } from "./findings.js";
export { formatGithub, formatJunit, formatMarkdown, formatSarif };

const formats = {
  junit: formatJunit,
  sarif: formatSarif,
  markdown: formatMarkdown,
  github: formatGithub,
} as const;
export type ReportFormat = keyof typeof formats;

type Environment = { readonly [name: string]: string | undefined };

/** One report asked for; annotations go to the step's output, a summary without a file to the job's. */
export interface ReportRequest {
  format: ReportFormat;
  file?: string;
}

/**
 * What `--report junit=FILE,sarif=FILE,github,markdown=FILE` asks for.
 * @throws UsageError naming the part that makes no sense, or a summary that has nowhere to go.
 */
export function parseReports(
  text: string,
  environment: Environment,
  previous: readonly ReportRequest[] = [],
): ReportRequest[] {
  const known = Object.keys(formats);
  const asked = text.split(",").map((part): ReportRequest => {
    const at = part.indexOf("=");
    const format = (at < 0 ? part : part.slice(0, at)).trim();
    const file = at < 0 ? undefined : part.slice(at + 1).trim();
    if (!isFormat(format)) {
      throw new UsageError(`--report: "${format}" is none of ${known.join(", ")}`);
    }
    if (format === "github" && file !== undefined) {
      throw new UsageError("--report: github writes to the output of the step, not to a file");
    }
    if ((format === "junit" || format === "sarif") && !file) {
      throw new UsageError(`--report: ${format} needs a file: ${format}=FILE`);
    }
    if (file === "") throw new UsageError(`--report: ${format}= without a file`);
    if (format === "markdown" && file === undefined && environment[JOB_SUMMARY] === undefined) {
      throw new UsageError(
        `--report: markdown needs a file (markdown=FILE): there is no ${JOB_SUMMARY}`,
      );
    }
    return file === undefined ? { format } : { format, file };
  });
  return [...previous, ...asked];
}

function isFormat(name: string): name is ReportFormat {
  return name in formats;
}

/** Where a job's summary goes when no file is named. */
const JOB_SUMMARY = "GITHUB_STEP_SUMMARY";

/**
 * Writes the reports; what belongs into the output of the step is returned.
 * @throws UsageError when a file cannot be written.
 */
export function writeReports(
  requests: readonly ReportRequest[],
  findings: Findings,
  environment: Environment,
): string {
  let output = "";
  for (const { format, file } of requests) {
    const text = formats[format](findings);
    if (file !== undefined) writeText(file, text);
    else if (format === "github") output += text;
    else appendSummary(text, environment[JOB_SUMMARY] as string);
  }
  return output;
}

function appendSummary(text: string, file: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file}: cannot write: ${(error as Error).message.split("\n")[0]}`);
  }
}
