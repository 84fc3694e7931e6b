/** `faultline gate`: saved cases, a canary and fresh seeds, for pull requests. */

import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { UsageError } from "../../base/errors.js";
import { openPool } from "../../campaign/pool.js";
import { Workshop } from "../../campaign/prepare.js";
import { type GateOutcome, marked, runGate, unmarked } from "../../gate/index.js";
import { findingsOfGate, type GateReport } from "../../report/from-gate.js";
import { type Findings, type ReportRequest, writeReports } from "../../report/index.js";
import { readText, writeText } from "../../store/files.js";
import { type ExitCode, exitCodes } from "../exit.js";
import { type GateOptions, setUpGate } from "../gate-setup.js";
import { gateCode, gateDocument, tellGate } from "../gate-text.js";
import { addRunOptions, duration, oneSubject, positive, seedRange } from "../options.js";
import { Terminal } from "../terminal.js";
import { closeSoon } from "./campaign.js";
import { jobsOf, reportList } from "./campaign-request.js";

interface Options extends GateOptions {
  mark?: string;
  issue?: string;
  unmark?: string;
  report?: ReportRequest[];
}

export function addGate(program: Command, done: (code: ExitCode) => void): void {
  addRunOptions(
    program
      .command("gate")
      .summary("saved cases, a canary and fresh seeds, for pull requests")
      .argument("[systems...]", "what gets fresh seeds (default: your own systems, else all)"),
  )
    .option("--time <duration>", "real time for everything: 60s, 5m (default: 60s)", duration)
    .option("--cases <dir>", "the folder of the saved cases (default: faultline/cases)")
    .option("--seeds <A..B>", "fresh seeds, both ends included", seedRange)
    .option(
      "--seed-from-commit [hash]",
      "fresh seeds of a commit (default: the one checked out; without git, from 1)",
    )
    .option("--canary <system:bug>", "the bug that must be caught; none for none")
    .option("--baseline <file>", "groups known to fail (default: faultline/baseline.json)")
    .option("--update-baseline", "take the groups that are found for known")
    .option("--no-save", "write nothing here: new failures are kept in a temporary folder")
    .option("--max-failures <n>", "no fresh seeds after the first n failures", positive)
    .option("--jobs <n>", "runs at the same time (default: one a core; 1 with --bin)", jobsOf)
    .option("--run-timeout <duration>", "real time for one run (default: half the time)", duration)
    .option(
      "--report <list>",
      "junit=FILE, sarif=FILE, github, markdown[=FILE]; with commas between them",
      reportList,
    )
    .option("--mark <case>", "only write into a case that it must fail; needs --issue", nonEmpty)
    .option("--issue <url>", "where the failure of --mark is tracked")
    .option("--unmark <case>", "only write into a case that it must pass again", nonEmpty)
    .action(async (names: string[], options: Options) => done(await gate(names, options)));
}

async function gate(names: readonly string[], options: Options): Promise<ExitCode> {
  const terminal = new Terminal(options);
  if (options.mark ?? options.unmark ?? options.issue) return mark(terminal, options);
  oneSubject(names, options.bin);
  const workshop = await Workshop.open({
    cwd: process.cwd(),
    ...(options.config ? { file: options.config } : {}),
  });
  const setup = await setUpGate(names, options, workshop);
  const { facts, request } = setup;
  for (const warning of setup.warnings) terminal.note(`faultline: ${warning}`);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const pool = await openPool(
    workshop.source,
    options.bin === undefined ? options.jobs : (options.jobs ?? 1),
    { runTimeoutMs: setup.runTimeoutMs },
  );
  let code: ExitCode = exitCodes.harness;
  try {
    const outcome = await runGate(
      { ...request, signal: interrupt.signal },
      setup.tools(pool, interrupt.signal, (text) => terminal.note(text)),
    );
    outcome.problems.push(...setup.end(outcome));
    const refused = outcome.cases.filter(({ got }) => got === "refused");
    for (const problem of [...refused.map(({ reason }) => reason), ...outcome.problems]) {
      process.stderr.write(`faultline: ${problem}\n`);
    }
    if (terminal.json) terminal.document(gateDocument(outcome, facts));
    else tellGate(terminal, outcome, facts);
    code = gateCode(outcome);
    report(terminal, outcome, setup.subjects, options.report ?? []);
    return code;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    await closeSoon(pool, code);
  }
}

const verdicts: { readonly [code in ExitCode]: Findings["verdict"] } = {
  [exitCodes.valid]: "passed",
  [exitCodes.anomaly]: "failed",
  [exitCodes.usage]: "broken",
  [exitCodes.unknown]: "undecided",
  [exitCodes.harness]: "broken",
};

/** @throws UsageError when a report cannot be written. */
function report(
  terminal: Terminal,
  outcome: GateOutcome,
  subjects: GateReport["subjects"],
  requests: readonly ReportRequest[],
): void {
  if (requests.length === 0) return;
  const endedAt = new Date().toISOString();
  const verdict = verdicts[gateCode(outcome)];
  const findings = findingsOfGate({ outcome, verdict, subjects, endedAt });
  terminal.annotate(writeReports(requests, findings, process.env));
}

/** Writes into one case what is expected of it. */
function mark(terminal: Terminal, { mark, issue, unmark }: Options): ExitCode {
  if (mark !== undefined && unmark !== undefined) {
    throw new UsageError("give --mark or --unmark, not both");
  }
  const file = mark ?? unmark;
  if (file === undefined) throw new UsageError("--issue belongs to --mark CASE");
  if ((mark === undefined) !== (issue === undefined)) {
    throw new UsageError(
      mark === undefined
        ? "--issue belongs to --mark CASE, not to --unmark"
        : `--mark ${mark}: where is the failure tracked? Give --issue URL`,
    );
  }
  const before = readText(file);
  const after = issue === undefined ? unmarked(before, file) : marked(before, issue, file);
  if (after !== before) writeText(file, after);
  const expected = issue === undefined ? "passes" : "fails";
  if (terminal.json) terminal.document({ case: file, expected, issue: issue ?? null });
  else if (issue === undefined) terminal.say(`${file} must pass from now on`);
  else terminal.say(`${file} must fail until it is unmarked: ${issue}`);
  return exitCodes.valid;
}

function nonEmpty(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("expected the path of a case");
}
