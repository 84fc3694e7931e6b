/** The outcome of a gate: its exit code, its JSON document, and what people read. */

import type { CaseResult, GateGroup, GateOutcome, KnownGroup } from "../gate/index.js";
import { type ExitCode, exitCodes, worstCode } from "./exit.js";
import { type Terminal, tabulate } from "./terminal.js";

/** What is known of a gate beside its outcome. */
export interface GateFacts {
  seeds: { from: number; to?: number; commit?: string };
  timeMs: number;
  /** The file of the baseline, when there is one. */
  baseline?: string;
  /** Where the cases are. */
  cases: string;
}

const SHOWN = 10;

export function gateCode(outcome: GateOutcome): ExitCode {
  const { cases, canary, campaign, groups, problems, interrupted } = outcome;
  return worstCode([
    problems.length > 0 ? exitCodes.usage : exitCodes.valid,
    ...cases.map(codeOfCase),
    canary?.verdict === "missed" ? exitCodes.harness : exitCodes.valid,
    campaign.broken + campaign.harnessFailures.length > 0 ? exitCodes.harness : exitCodes.valid,
    groups.some(({ known }) => !known) ? exitCodes.anomaly : exitCodes.valid,
    canary?.verdict === "cut short" ? exitCodes.unknown : exitCodes.valid,
    // Who has not looked cannot say that nothing is there.
    campaign.unknown > 0 || campaign.runs === 0 || interrupted
      ? exitCodes.unknown
      : exitCodes.valid,
  ]);
}

function codeOfCase({ expected, got }: CaseResult): ExitCode {
  switch (got) {
    case "refused":
      return exitCodes.usage;
    case "broken":
      return exitCodes.harness;
    case "unknown":
    case "not run":
      return exitCodes.unknown;
    default:
      return got === expected ? exitCodes.valid : exitCodes.anomaly;
  }
}

/** The document of `--json`: that of a campaign, with cases, canary, groups and baseline. */
export function gateDocument(outcome: GateOutcome, facts: GateFacts): object {
  const { cases, canary, campaign, groups, baseline, wallMs } = outcome;
  const { runs, valid, invalid, unknown, broken, hash } = campaign;
  return {
    runs,
    valid,
    invalid,
    unknown,
    broken,
    hash,
    wallMs: Math.round(wallMs),
    failures: campaign.failures,
    harnessFailures: campaign.harnessFailures,
    probes: { unhit: campaign.probes.unhit },
    cases,
    canary: canary?.verdict === "cut short" ? null : (canary?.verdict ?? null),
    canaryRun: canary ?? null,
    seeds: {
      from: facts.seeds.from,
      to: facts.seeds.to ?? null,
      commit: facts.seeds.commit ?? null,
    },
    timeMs: facts.timeMs,
    groups,
    baseline:
      facts.baseline === undefined
        ? null
        : {
            file: facts.baseline,
            updated: baseline.updated !== undefined,
            notSeen: baseline.notSeen,
          },
    ...(outcome.problems.length > 0 ? { problems: outcome.problems } : {}),
    ...(outcome.interrupted ? { interrupted: true } : {}),
  };
}

export function tellGate(terminal: Terminal, outcome: GateOutcome, facts: GateFacts): void {
  const telling: Telling = { paint: terminal.paint, say: (text) => terminal.say(text) };
  tellCases(telling, outcome.cases, facts);
  tellCanary(telling, outcome.canary);
  tellSeeds(telling, outcome, facts);
  tellGroups(telling, outcome.groups);
  tellBaseline(telling, outcome, facts);
  tellEnd(telling, outcome);
}

interface Telling {
  paint: Terminal["paint"];
  say(text: string): void;
}

function tellCases({ paint, say }: Telling, cases: readonly CaseResult[], facts: GateFacts): void {
  if (cases.length === 0) {
    say(`cases: none in ${facts.cases}`);
    return;
  }
  const wrong = cases.filter((one) => one.got !== one.expected);
  const open = cases.filter(({ got, expected }) => got === "fails" && expected === "fails");
  const right = cases.length - wrong.length - open.length;
  const counts = [
    `${right} of ${cases.length} pass`,
    ...(open.length > 0 ? [`${open.length} marked as failing still fail`] : []),
    ...(wrong.length > 0 ? [paint.red(`${wrong.length} not as expected`)] : []),
  ];
  say(`cases: ${counts.join(", ")}`);
  if (wrong.length > 0) {
    const rows = wrong.map(({ case: file, expected, got }) => [file, expected ?? "-", got]);
    say(indented(tabulate(["case", "must", "now"], rows)));
  }
  for (const one of wrong) {
    const advice = adviceOn(one);
    if (advice !== undefined) say(`  ${advice}`);
  }
  for (const { case: file, otherwise } of cases) {
    if (otherwise === undefined) continue;
    say(
      paint.yellow(`  ${file} still fails, but in another way than it was saved for: ${otherwise}`),
    );
  }
}

/** What to do about a case that is not as it must be. */
function adviceOn({ case: file, got, reason, issue }: CaseResult): string | undefined {
  switch (got) {
    case "passes":
      return `${file} passes now, and ${issue} seems to be solved: npx faultline gate --unmark ${file}`;
    case "fails":
      return `${file}: ${reason}; see it: npx faultline replay ${file}`;
    case "refused":
      // Said on stderr, as all that is wrong with files.
      return undefined;
    case "not run":
      return `${file}: no time was left for it: give more with --time`;
    default:
      return `${file}: ${reason}`;
  }
}

function tellCanary({ paint, say }: Telling, canary: GateOutcome["canary"]): void {
  if (canary === undefined) {
    say(paint.yellow("canary: none, so that nothing shows whether a bug would have been caught"));
    return;
  }
  const { system, bug, verdict, seed, runs, reason } = canary;
  if (verdict === "caught") say(`canary: ${system}:${bug} caught by seed ${seed}`);
  else if (verdict === "cut short") {
    say(paint.yellow(`canary: no time was left to catch ${system}:${bug}: give more with --time`));
  } else {
    const why = reason === undefined ? "" : ` (${reason})`;
    say(
      paint.red(
        `canary missed: ${system}:${bug} was not caught in ${runs} runs${why}: what passes here proves nothing`,
      ),
    );
  }
}

function tellSeeds({ paint, say }: Telling, { campaign }: GateOutcome, { seeds }: GateFacts): void {
  const { runs, valid, invalid, unknown, broken, harnessFailures, undecided } = campaign;
  const whence = seeds.commit === undefined ? "" : `, of commit ${seeds.commit.slice(0, 12)}`;
  say(
    `seeds: ${runs} runs from seed ${seeds.from}${whence}: ` +
      `${valid} valid, ${invalid} invalid, ${unknown} unknown, ${broken} broken`,
  );
  if (runs === 0) say(paint.yellow("  no time was left for fresh seeds: give more with --time"));
  for (const { seed, system, workload, reason } of harnessFailures) {
    say(paint.red(`  harness failure: seed ${seed} of ${system}, ${workload}: ${reason}`));
  }
  for (const { seed, system, workload, reason } of undecided.slice(0, SHOWN)) {
    say(paint.yellow(`  undecided: seed ${seed} of ${system}, ${workload}: ${reason}`));
  }
  if (undecided.length > SHOWN) say(`  … and ${undecided.length - SHOWN} more undecided`);
}

function tellGroups({ paint, say }: Telling, groups: readonly GateGroup[]): void {
  for (const one of groups) {
    const { system, workload, signature, group, known, count, firstSeed, headline } = one;
    const name = group ?? `${signature} (not shrunk)`;
    const title = `${system} · ${workload} · ${name}`;
    const much = count === 1 ? `seed ${firstSeed}` : `${count} runs, first seed ${firstSeed}`;
    if (known) {
      say(`  ${paint.yellow("known")} ${title}: ${much}`);
      continue;
    }
    say(`  ${paint.red("new")} ${title}: ${much}`);
    say(`      ${headline}`);
    say(`      replay: npx faultline replay ${one.case}`);
    say(
      one.minimal
        ? `      explain: npx faultline explain ${one.case}`
        : `      shrink: npx faultline shrink ${one.case}`,
    );
  }
}

function tellBaseline(
  { paint, say }: Telling,
  { baseline: { updated, notSeen } }: GateOutcome,
  { baseline }: GateFacts,
): void {
  if (updated !== undefined) {
    say(`baseline: ${baseline} holds ${updated.length} known group${plural(updated.length)} now`);
  }
  const what = updated === undefined ? "not seen any more" : "not seen any more, taken out";
  const named = ({ system, workload, group }: KnownGroup): string =>
    `${system} · ${workload} · ${group}`;
  for (const one of notSeen) say(paint.dim(`  ${what}: ${named(one)}`));
}

function tellEnd({ paint, say }: Telling, outcome: GateOutcome): void {
  const code = gateCode(outcome);
  const seconds = `${(outcome.wallMs / 1000).toFixed(1)} s`;
  if (outcome.interrupted) say(paint.yellow("interrupted"));
  if (code === exitCodes.valid) {
    say(`${paint.green("gate passed")} in ${seconds}`);
    return;
  }
  say(`${paint.red("gate failed")} in ${seconds}: ${reasonsOf(outcome).join(", ")}`);
}

function reasonsOf(outcome: GateOutcome): string[] {
  const { cases, canary, campaign, groups, problems, interrupted } = outcome;
  const casesOf = (code: ExitCode): number =>
    cases.filter((one) => codeOfCase(one) === code).length;
  const counted: [number, string][] = [
    [casesOf(exitCodes.usage), "file# refused"],
    [problems.length, "thing# that could not be done"],
    [casesOf(exitCodes.harness), "case# that the harness could not run"],
    [campaign.harnessFailures.length, "harness failure#"],
    [casesOf(exitCodes.anomaly), "case# not as expected"],
    [groups.filter(({ known }) => !known).length, "new group# of failures"],
    [casesOf(exitCodes.unknown) + campaign.unknown, "undecided"],
  ];
  return [
    ...(canary?.verdict === "missed" ? ["canary missed"] : []),
    ...(canary?.verdict === "cut short" ? ["no time for the canary"] : []),
    ...(campaign.runs === 0 ? ["no time for fresh seeds"] : []),
    ...counted.flatMap(([count, text]) =>
      count === 0 ? [] : [`${count} ${text.replace("#", plural(count))}`],
    ),
    ...(interrupted ? ["interrupted"] : []),
  ];
}

function plural(count: number): string {
  return count === 1 ? "" : "s";
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}
