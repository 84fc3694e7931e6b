/** Workflow commands of GitHub Actions: each problem becomes an annotation of the pull request. */

import { type Findings, printable } from "./findings.js";

/** GitHub shows ten annotations of each kind for a step and drops the rest unseen. */
const SHOWN_MAX = 10;

/** One line each, ready for the step's output. */
export function formatGithub({ problems }: Findings): string {
  const lines = problems.slice(0, SHOWN_MAX).map(({ level, file, title, message, advice }) => {
    const about = [
      ...(file === undefined ? [] : [`file=${property(file)}`]),
      `title=${property(title)}`,
    ];
    const command = level === "note" ? "notice" : level;
    return `::${command} ${about.join(",")}::${data([message, advice ?? ""].join("\n").trim())}`;
  });
  const more = problems.length - SHOWN_MAX;
  if (more > 0) lines.push(`::notice title=faultline::${more} more problems: see the summary`);
  return lines.map((line) => `${line}\n`).join("");
}

/** Escapes as the runner's toolkit does. */
function data(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
