/** What a gate found, as findings: saved cases, the canary and fresh seeds are a suite each. */

import { version } from "../base/version.js";
import type { CampaignOutcome } from "../campaign/campaign.js";
import type { CaseResult, GateGroup, GateOutcome } from "../gate/index.js";
import type { Findings, Problem, ReportedSuite, ReportedTest, TestOutcome } from "./findings.js";
import { factsOf, harnessProblems, remarksOf, seedsSuite } from "./from-campaign.js";

export interface GateReport {
  outcome: GateOutcome;
  verdict: Findings["verdict"];
  /** What got fresh seeds, so that what stayed silent is told, too. */
  subjects: readonly { system: string; workload: string }[];
  endedAt: string;
}

export function findingsOfGate({ outcome, verdict, subjects, endedAt }: GateReport): Findings {
  const { cases, canary, campaign, groups, problems, baseline, wallMs } = outcome;
  const known = new Set(groups.filter((group) => group.known).map(keyOf));
  const open = toldByGroup(campaign, groups, known);
  return {
    title: "faultline gate",
    verdict,
    version,
    endedAt,
    wallMs,
    facts: factsOf(campaign),
    suites: [
      { name: "cases", tests: cases.map(caseTest) },
      ...(canary === undefined ? [] : [canarySuite(canary)]),
      seedsSuite(open, subjects),
    ],
    problems: [
      ...problems.map(ownProblem),
      ...cases.filter(({ got, expected }) => got !== expected).map(caseProblem),
      ...(canary?.verdict === "missed" ? [canaryProblem(canary)] : []),
      ...groups.map(groupProblem),
      ...harnessProblems(campaign),
    ],
    remarks: [
      ...remarksOf(campaign),
      ...baseline.notSeen.map(({ system, group }) => `not seen any more: ${system}, ${group}`),
    ],
  };
}

/** A failure of a known group does not fail the gate, and no test of it either. */
function keyOf(one: Pick<GateGroup, "system" | "workload" | "signature" | "group">): string {
  return `${one.system} ${one.workload} ${one.group ?? one.signature}`;
}

/** Failures of new groups, with the case and the sentence of their group in place of their own. */
function toldByGroup(
  campaign: CampaignOutcome,
  groups: readonly GateGroup[],
  known: ReadonlySet<string>,
): CampaignOutcome {
  const smallest = new Map(groups.map((group) => [keyOf(group), group]));
  return {
    ...campaign,
    failures: campaign.failures
      .filter((one) => !known.has(keyOf(one)))
      .map((one) => ({ ...one, case: smallest.get(keyOf(one))?.case ?? one.case })),
    headlines: {
      ...campaign.headlines,
      ...Object.fromEntries(groups.map((group) => [group.case, group.headline])),
    },
  };
}

const outcomesOfCases: { readonly [got in CaseResult["got"]]: TestOutcome } = {
  passes: "failed",
  fails: "failed",
  unknown: "undecided",
  "not run": "undecided",
  broken: "error",
  refused: "error",
};

function caseTest({ case: file, got, expected, reason }: CaseResult): ReportedTest {
  const about = { name: file, about: "cases" };
  if (got === expected) return { ...about, outcome: "passed" };
  return {
    ...about,
    outcome: outcomesOfCases[got],
    type: got,
    message: reason || sentenceOf(got, expected),
    details: `npx faultline replay ${file}`,
  };
}

function sentenceOf(got: CaseResult["got"], expected: CaseResult["expected"]): string {
  if (got === "passes") return "it is marked as failing, and passes now: unmark it";
  return expected === null ? `it is ${got}` : `it must be one that ${expected}, and is ${got}`;
}

function caseProblem({ case: file, got, expected, reason, issue }: CaseResult): Problem {
  return {
    rule: got === "broken" ? "harness-failure" : `case-${got.replace(" ", "-")}`,
    level: "error",
    title: `${file}: must ${expected === "fails" ? "fail" : "pass"}, ${got}`,
    message: reason || sentenceOf(got, expected),
    file,
    fingerprint: `case ${file} ${got}`,
    advice:
      got === "passes"
        ? `npx faultline gate --unmark ${file}${issue === undefined ? "" : `   # ${issue}`}`
        : `npx faultline replay ${file}`,
  };
}

type Canary = NonNullable<GateOutcome["canary"]>;

function canarySuite(canary: Canary): ReportedSuite {
  const about = { name: `${canary.system}:${canary.bug}`, about: "canary" };
  if (canary.verdict === "cut short") {
    const message = "no time was left for the canary";
    return { name: "canary", tests: [{ ...about, outcome: "undecided", message }] };
  }
  return {
    name: "canary",
    tests: [
      canary.verdict === "missed"
        ? { ...about, outcome: "error", type: "canary-missed", message: missedSentence(canary) }
        : { ...about, outcome: "passed" },
    ],
  };
}

function canaryProblem(canary: Canary): Problem {
  return {
    rule: "canary-missed",
    level: "error",
    title: "the canary was missed",
    message: missedSentence(canary),
    fingerprint: `canary ${canary.system}:${canary.bug}`,
  };
}

function missedSentence({ system, bug, runs, reason }: Canary): string {
  const why = reason === undefined ? "" : ` (${reason})`;
  return `${system}:${bug} was not caught in ${runs} runs${why}: what passes here proves nothing`;
}

function groupProblem(group: GateGroup): Problem {
  const { system, workload, signature, known, count, firstSeed, headline } = group;
  const name = group.group ?? signature;
  const times = count === 1 ? `seed ${firstSeed}` : `${count} runs, first seed ${firstSeed}`;
  return {
    rule: signature.split("/").at(-1) ?? signature,
    level: known ? "warning" : "error",
    title: `${name}: ${system}, ${workload} (${times})`,
    message: headline,
    file: group.case,
    fingerprint: `${system} ${workload} ${name}`,
    advice: `npx faultline replay ${group.case}\nnpx faultline explain ${group.case}`,
  };
}

function ownProblem(message: string): Problem {
  return {
    rule: "harness-failure",
    level: "error",
    title: "something could not be done",
    message,
    fingerprint: `problem ${message}`,
  };
}
