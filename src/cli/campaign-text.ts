/** How a campaign's outcome is told: as the document of `--json`, or to people. */

import { silenceOf } from "../campaign/confidence.js";
import type { CampaignOutcome, Failure } from "../campaign/ledger.js";
import { findingsOfCampaign } from "../report/from-campaign.js";
import { type ReportRequest, writeReports } from "../report/index.js";
import { type Terminal, tabulate } from "./terminal.js";

/** What the outcome itself does not know. */
export interface Circumstances {
  /** How many runs were asked for; infinite when something else was to end it. */
  planned: number;
  wallMs: number;
  /** The campaign's own directory; null for shards put together. */
  dir: string | null;
  /** What was run, for reports. */
  subjects: readonly { system: string; workload: string }[];
  reports: readonly ReportRequest[];
}

/** More rows than this are for the document, not for people. */
const ROWS_MAX = 40;

export function tellCampaign(
  terminal: Terminal,
  outcome: CampaignOutcome,
  circumstances: Circumstances,
): void {
  if (terminal.json) terminal.document(documentOf(outcome, circumstances));
  else tellPeople(terminal, outcome, circumstances);
}

/** @throws UsageError when a report cannot be written. */
export function reportCampaign(
  terminal: Terminal,
  outcome: CampaignOutcome,
  { subjects, reports, wallMs }: Circumstances,
): void {
  if (reports.length === 0) return;
  const endedAt = new Date().toISOString();
  const findings = findingsOfCampaign({ outcome, subjects, wallMs, endedAt });
  terminal.annotate(writeReports(reports, findings, process.env));
}

function documentOf(outcome: CampaignOutcome, { planned, wallMs, dir }: Circumstances): object {
  const { runs, valid, invalid, unknown, broken, audited, hash, failures } = outcome;
  const { harnessFailures, probes, interrupted, stopped } = outcome;
  return {
    ...{ runs, valid, invalid, unknown, broken, audited, hash, wallMs: Math.round(wallMs) },
    ...{ failures, harnessFailures, probes: { unhit: probes.unhit }, dir },
    ...(interrupted ? { interrupted: { after: runs, of: finite(planned) } } : {}),
    ...(stopped === undefined ? {} : { stopped }),
  };
}

function finite(count: number): number | null {
  return Number.isFinite(count) ? count : null;
}

function tellPeople(
  terminal: Terminal,
  outcome: CampaignOutcome,
  { planned, wallMs, dir }: Circumstances,
): void {
  const { runs, valid, invalid, unknown, broken, audited, hash, probes } = outcome;
  const { paint } = terminal;
  if (outcome.failures.length > 0) tellFailures(terminal, outcome);
  for (const { seed, system, workload, reason, case: file } of outcome.harnessFailures) {
    const kept = file === undefined ? "" : `; its case: ${file}`;
    terminal.say(
      paint.red(`harness failure: seed ${seed} of ${system}, ${workload}: ${reason}${kept}`),
    );
  }
  for (const { seed, system, workload, reason } of outcome.undecided) {
    terminal.say(paint.yellow(`undecided: seed ${seed} of ${system}, ${workload}: ${reason}`));
  }
  if (probes.unhit.length > 0) terminal.say(`never happened: ${probes.unhit.join(", ")}`);
  if (outcome.interrupted) {
    const of = Number.isFinite(planned) ? ` of ${planned}` : "";
    terminal.say(paint.yellow(`interrupted after ${runs}${of} runs`));
    if (dir !== null) terminal.say(`go on: npx faultline campaign --resume ${dir}`);
  }
  const seconds = wallMs / 1000;
  terminal.say(
    `${runs} runs: ${valid} valid, ${invalid} invalid, ${unknown} unknown, ${broken} broken; ` +
      `${audited} carried out twice; ${seconds.toFixed(1)} s, ` +
      `${(runs / Math.max(seconds, 0.001)).toFixed(1)} runs/s; hash ${hash}`,
  );
  const silence = silenceOf(outcome);
  if (silence !== undefined) terminal.say(silence);
  if (dir !== null) terminal.say(`kept in ${dir}`);
}

function tellFailures(terminal: Terminal, { failures, headlines }: CampaignOutcome): void {
  const { paint } = terminal;
  const nemeses = new Set(failures.map(nemesisOf));
  const columns: { [title: string]: (failure: Failure) => string } = {
    seed: ({ seed }) => String(seed),
    system: ({ system }) => system,
    workload: ({ workload }) => workload,
    ...(nemeses.size > 1 ? { nemesis: nemesisOf } : {}),
    signature: ({ signature }) => signature,
    case: ({ case: file }) => file,
  };
  const rows = failures
    .slice(0, ROWS_MAX)
    .map((failure) => Object.values(columns).map((cell) => cell(failure)));
  terminal.say(tabulate(Object.keys(columns), rows));
  if (failures.length > ROWS_MAX) terminal.say(`… and ${failures.length - ROWS_MAX} more`);
  const groups = groupsOf(failures);
  if (failures.length > 1) {
    terminal.say();
    terminal.say(
      tabulate(
        ["failures", "signature", "system", "first seed"],
        groups.map(({ count, first }) => [
          String(count),
          first.signature,
          first.system,
          String(first.seed),
        ]),
      ),
    );
  }
  const [first] = failures as [Failure];
  terminal.say(`\n${paint.red("first")}: ${headlines[first.case]}`);
  terminal.say(`replay: npx faultline replay ${first.case}`);
  terminal.say(`shrink: npx faultline shrink ${first.case}\n`);
}

function nemesisOf({ nemesis }: Failure): string {
  return nemesis.join("+");
}

/** By system and signature; the most frequent first. */
function groupsOf(failures: readonly Failure[]): { count: number; first: Failure }[] {
  const groups = new Map<string, { count: number; first: Failure }>();
  for (const failure of failures) {
    const key = `${failure.system} ${failure.signature}`;
    const group = groups.get(key) ?? { count: 0, first: failure };
    group.count++;
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
