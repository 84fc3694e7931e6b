/** What litmus tests showed of a system, as a person reads it. */

import { spell } from "../../checkers/litmus/instances/index.js";
import { litmusModels } from "../../checkers/litmus/program.js";
import type { TrialReport } from "../litmus/system/index.js";
import { type Terminal, tabulate } from "./terminal.js";
import { count } from "./verdict-text.js";

/** Of one test. */
const FORBIDDEN_MAX = 3;
const NEVER_SEEN_MAX = 6;

/** One test: what was seen, which model allows it, what was forbidden, what never came. */
export function tellTrial(terminal: Terminal, report: TrialReport): void {
  const { paint } = terminal;
  const { file, name, condition, system, model, outcomes, forbidden, neverSeen } = report;
  const verdict =
    report.valid === true ? "held" : report.valid === false ? paint.red("VIOLATED") : "unknown";
  const claim = model === null ? "nothing that a litmus test could refute" : `${model} ${verdict}`;
  terminal.say(`${file}: ${name}: ${condition}`);
  terminal.say(
    `  ${system}, ${claim}: ${count(report.runs, "run")} in ${count(report.placements, "placement")}, ${report.complete} of ${count(report.instances, "instance")} came through`,
  );
  const rows = outcomes.map((one) => [
    `  ${one.condition ? "*" : " "} ${spell(one.outcome) || "(nothing is observed)"}`,
    String(one.count),
    ...litmusModels.map((by) => (one[by] ? "yes" : "-")),
    one.allowed ? "" : "FORBIDDEN",
  ]);
  if (rows.length > 0) {
    terminal.say(tabulate(["    outcome", "seen", ...litmusModels, ""], rows));
  }
  const weaker = outcomes.filter((one) => !one.sc).reduce((sum, one) => sum + one.count, 0);
  if (weaker > 0) {
    const share = ((100 * weaker) / Math.max(1, report.complete)).toPrecision(2);
    terminal.say(`  weaker than sequential consistency: ${weaker} (${share} %)`);
  }
  if (report.divergent > 0) {
    terminal.say(`  nodes disagreed in the end: ${count(report.divergent, "instance")}`);
  }
  for (const { seed, placement, message, case: file } of forbidden.slice(0, FORBIDDEN_MAX)) {
    terminal.say(paint.red(`  seed ${seed}, threads at ${placement.join(", ")}: ${message}`));
    terminal.say(`    replay: npx faultline replay ${file}`);
  }
  const more = forbidden.length - FORBIDDEN_MAX;
  if (more > 0) terminal.say(`  and ${count(more, "more run")}`);
  if (neverSeen.length > 0) {
    const shown = neverSeen.slice(0, NEVER_SEEN_MAX).map((outcome) => spell(outcome));
    const rest = neverSeen.length - shown.length;
    const others = rest > 0 ? `, and ${rest} more` : "";
    terminal.say(`  allowed and never seen: ${shown.join("; ")}${others}`);
  }
  for (const reason of report.undecided) terminal.say(paint.yellow(`  undecided: ${reason}`));
  for (const reason of report.broken) terminal.say(paint.red(`  harness failure: ${reason}`));
}

export function tellSkipped(
  terminal: Terminal,
  { file, skipped }: { file: string; skipped: string },
): void {
  terminal.say(`${file}: not run: it ${skipped}, which is not offered here`);
}

export function tellTrials(
  terminal: Terminal,
  reports: readonly TrialReport[],
  { planned, wallMs }: { planned: number; wallMs: number },
): void {
  if (reports.length < planned) {
    terminal.say(terminal.paint.yellow(`interrupted after ${reports.length} of ${planned} tests`));
  }
  const runs = reports.reduce((sum, report) => sum + report.runs, 0);
  const bad = reports.filter(({ valid }) => valid === false).length;
  const open = reports.filter(({ valid }) => valid === "unknown").length;
  const seconds = (wallMs / 1000).toFixed(1);
  terminal.say(
    `${bad} outside the claim, ${open} unknown, in ${count(runs, "run")} of ${count(reports.length, "test")}; ${seconds} s`,
  );
}
