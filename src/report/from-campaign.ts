/** What a campaign found, as findings: one test for each system and workload, or for each group in it. */

import { version } from "../base/version.js";
import type { CampaignOutcome, Failure } from "../campaign/campaign.js";
import { silenceOf } from "../campaign/confidence.js";
import type { Findings, Problem, ReportedSuite, ReportedTest } from "./findings.js";

export interface CampaignReport {
  outcome: CampaignOutcome;
  /** What was run, so that what stayed silent is told, too. */
  subjects: readonly { system: string; workload: string }[];
  wallMs: number;
  endedAt: string;
}

export function findingsOfCampaign({
  outcome,
  subjects,
  wallMs,
  endedAt,
}: CampaignReport): Findings {
  return {
    title: "faultline campaign",
    verdict: verdictOf(outcome),
    version,
    endedAt,
    wallMs,
    facts: factsOf(outcome),
    suites: [seedsSuite(outcome, subjects)],
    problems: [
      ...failuresByGroup(outcome).map((group) => failureProblem(group, outcome, false)),
      ...harnessProblems(outcome),
    ],
    remarks: remarksOf(outcome),
  };
}

export function verdictOf(outcome: CampaignOutcome): Findings["verdict"] {
  if (outcome.broken > 0 || outcome.harnessFailures.length > 0) return "broken";
  if (outcome.invalid > 0) return "failed";
  return outcome.unknown > 0 || outcome.interrupted ? "undecided" : "passed";
}

export function factsOf(outcome: CampaignOutcome): [string, string][] {
  const { runs, valid, invalid, unknown, broken, hash } = outcome;
  const counts = { runs, valid, invalid, unknown, broken };
  return [
    ...Object.entries(counts).map(([name, count]): [string, string] => [name, String(count)]),
    ["hash", hash],
  ];
}

/** A test that passed for each subject without a failure, else one for each group of failures. */
export function seedsSuite(
  outcome: CampaignOutcome,
  subjects: CampaignReport["subjects"],
): ReportedSuite {
  const tests = subjects.flatMap(({ system, workload: asked }): ReportedTest[] => {
    const workload = asked || "usual workload";
    const of = (one: { system: string; workload: string }): boolean =>
      one.system === system && (asked === "" || one.workload === asked);
    const groups = failuresByGroup({ ...outcome, failures: outcome.failures.filter(of) });
    const failed = groups.map((group): ReportedTest => {
      const [first] = group as [Failure];
      return {
        name: `${workload}: ${first.group ?? first.signature}`,
        about: system,
        outcome: "failed",
        type: first.anomalies[0] ?? "anomaly",
        message: headlineOf(first, outcome),
        details: advice(group),
      };
    });
    const broken = outcome.harnessFailures.filter(of).map(({ seed, reason }) => ({
      name: `${workload}: seed ${seed}`,
      about: system,
      outcome: "error" as const,
      type: "harness-failure",
      message: reason,
    }));
    const open = outcome.undecided.filter(of).map(({ seed, reason }) => ({
      name: `${workload}: seed ${seed}`,
      about: system,
      outcome: "undecided" as const,
      type: "undecided",
      message: reason,
    }));
    const wrong = [...failed, ...broken, ...open];
    return wrong.length > 0 ? wrong : [{ name: workload, about: system, outcome: "passed" }];
  });
  return { name: "seeds", tests };
}

/** Failures that count as one, in order of the first of each. */
export function failuresByGroup({ failures }: Pick<CampaignOutcome, "failures">): Failure[][] {
  const groups = new Map<string, Failure[]>();
  for (const failure of failures) {
    const key = `${failure.system} ${failure.group ?? failure.signature}`;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [failure]);
    else members.push(failure);
  }
  return [...groups.values()];
}

export function failureProblem(
  group: readonly Failure[],
  outcome: Pick<CampaignOutcome, "headlines">,
  known: boolean,
): Problem {
  const [first] = group as [Failure];
  const rule = first.anomalies[0] ?? "anomaly";
  const times = group.length === 1 ? `seed ${first.seed}` : `${group.length} seeds`;
  return {
    rule,
    level: known ? "warning" : "error",
    title: `${rule}: ${first.system}, ${first.workload} (${times})`,
    message: headlineOf(first, outcome),
    file: first.case,
    fingerprint: `${first.system} ${first.group ?? first.signature}`,
    advice: advice(group),
  };
}

export function harnessProblems({ harnessFailures }: CampaignOutcome): Problem[] {
  return harnessFailures.map(({ seed, system, workload, reason }) => ({
    rule: "harness-failure",
    level: "error",
    title: `harness failure: ${system}, ${workload}, seed ${seed}`,
    message: reason,
    fingerprint: `harness-failure ${system} ${workload} ${seed}`,
  }));
}

export function remarksOf(outcome: CampaignOutcome): string[] {
  const { unhit } = outcome.probes;
  const silence = silenceOf(outcome);
  return [
    ...(unhit.length > 0 ? [`never happened: ${unhit.join(", ")}`] : []),
    ...(silence === undefined ? [] : [silence]),
  ];
}

function headlineOf(failure: Failure, { headlines }: Pick<CampaignOutcome, "headlines">): string {
  return headlines[failure.case] ?? failure.signature;
}

function advice([first]: readonly Failure[]): string {
  return first === undefined
    ? ""
    : `npx faultline replay ${first.case}\nnpx faultline explain ${first.case}`;
}
