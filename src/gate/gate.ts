/**
 * A gate: what a change must pass. Saved cases first, then a canary, then fresh seeds until the
 * time is over, all within one budget of real time.
 *
 * When fresh seeds fail, a part of what is left of the budget is kept for shrinking, since only a
 * shrunk failure tells whether it is a known one. No run and no shrinking begins after the budget;
 * what is under way then is let end. What ran is always a beginning of the same sequence of runs,
 * so that a faster machine, or more time, sees what a slower one saw and more.
 */

import { UsageError } from "../base/errors.js";
import type { CampaignOutcome } from "../campaign/campaign.js";
import type { Pool } from "../campaign/pool.js";
import { type KnownGroup, keyOf, updatedBaseline } from "./baseline.js";
import { type Canary, type CanaryResult, runCanary } from "./canary.js";
import { type CaseResult, runCases, type SavedCase } from "./cases.js";
import type { Clock } from "./clock.js";
import { type FailureGroup, type Found, groupFailures, notSeen, type Shrinking } from "./groups.js";

export interface GateRequest {
  /** For everything, in milliseconds of real time. */
  timeMs: number;
  cases: readonly SavedCase[];
  /** Files among the cases that are none. */
  refused: readonly CaseResult[];
  /** None when left out. */
  canary?: Canary;
  /** Groups that are known to fail; none when left out. */
  known?: readonly KnownGroup[];
  /** What gets fresh seeds; a baseline says nothing about the rest. Everything when left out. */
  subjects?: readonly { system: string; workload: string }[];
  /** Takes the groups found now for known. */
  updateBaseline?: boolean;
  /** When it aborts, what is known is the outcome. */
  signal?: AbortSignal;
}

/** What a gate does its work with; all that knows of files, real time and workers. */
export interface GateTools {
  clock: Clock;
  pool: Pool;
  /** Fresh seeds, one after the other. */
  campaign(control: CampaignControl): Promise<CampaignOutcome>;
  /** What is needed of a failure to shrink and group it. */
  found(failure: CampaignOutcome["failures"][number]): Found;
  shrink: Shrinking["shrink"];
  /**
   * Keeps the case of a new group; gives its path, from the current directory.
   * @throws UsageError when it cannot be written.
   */
  save(group: FailureGroup): string;
  /** Told what begins. */
  phase?(name: "cases" | "canary" | "seeds" | "shrinking"): void;
}

export interface CampaignControl {
  /** Asked before every run: without time left, none begins. */
  mayBegin(): boolean;
  progress(state: { done: number; failures: number }): void;
}

export interface GateOutcome {
  cases: CaseResult[];
  /** Undefined when the gate was told to go without. */
  canary: CanaryResult | undefined;
  /** The fresh seeds; `group` of its failures is known now, where that could be told. */
  campaign: CampaignOutcome;
  /** The failures of the fresh seeds by what causes them, new groups first. */
  groups: GateGroup[];
  baseline: {
    /** What is known from now on, when the baseline is updated. */
    updated: KnownGroup[] | undefined;
    /** Known groups that no fresh seed showed. */
    notSeen: KnownGroup[];
  };
  /** What could not be done or kept, a line each: no file was to be written, a run impossible. */
  problems: string[];
  /** Stopped from outside, so that less was tried than the time allowed. */
  interrupted: boolean;
  wallMs: number;
}

export interface GateGroup {
  system: string;
  workload: string;
  signature: string;
  /** Null when there was no time to find out. */
  group: string | null;
  /** Known groups do not fail the gate. */
  known: boolean;
  /** Failing runs in it, and how many of them were shrunk to tell. */
  count: number;
  shrunk: number;
  firstSeed: number;
  /** Whether its case is as small as it gets. */
  minimal: boolean;
  /** The first anomaly of its first failure, in a line. */
  headline: string;
  /** Its case file, from the current directory: the smallest story of a new group. */
  case: string;
}

/** Of what is left for fresh seeds, so much is kept for shrinking when some fail. */
const SHRINKING_PERCENT = 40;

/** @throws UsageError for an impossible request. */
export async function runGate(request: GateRequest, tools: GateTools): Promise<GateOutcome> {
  const { clock, pool } = tools;
  const begunMs = clock.now();
  const untilMs = begunMs + request.timeMs;
  const known = request.known ?? [];
  const stopped = (): boolean => request.signal?.aborted === true;
  // Somebody who stops it does not want the rest of the budget spent.
  const inTime: Clock = { now: () => (stopped() ? untilMs : clock.now()) };

  tools.phase?.("cases");
  const ran = await runCases(request.cases, pool, inTime, untilMs);
  const cases = [...ran, ...request.refused].sort((a, b) => (a.case < b.case ? -1 : 1));

  tools.phase?.("canary");
  const canary =
    request.canary === undefined
      ? undefined
      : await runCanary(request.canary, pool, inTime, untilMs);

  tools.phase?.("seeds");
  const campaign = await freshSeeds(tools, inTime, untilMs);
  const interrupted = stopped();

  if (campaign.failures.length > 0) tools.phase?.("shrinking");
  const found = campaign.failures.map((failure) => tools.found(failure));
  const grouped = await groupFailures(found, known, {
    clock: inTime,
    untilMs,
    shrink: tools.shrink,
  });
  const looked = lookedAt(request, campaign);
  const updated = request.updateBaseline
    ? updatedBaseline(known, [...grouped.flatMap(asKnown), ...known.filter((one) => !looked(one))])
    : undefined;
  const failing = failingCases(request.cases, cases);
  const problems = campaign.stopped === undefined ? [] : [campaign.stopped];
  const groups = grouped.map((group) => {
    const raw = group.members[0]?.failure.case ?? "";
    return settled(group, {
      accepted: updated !== undefined,
      headline: campaign.headlines[raw] ?? "",
      raw,
      save: () => failing.get(keyOf(group)) ?? saved(group, raw, tools, problems),
    });
  });
  return {
    cases,
    canary,
    campaign: { ...campaign, interrupted },
    groups,
    baseline: { updated, notSeen: notSeen(known.filter(looked), grouped) },
    problems,
    interrupted,
    wallMs: clock.now() - begunMs,
  };
}

/** Fewer runs of each subject than this do not show that a group is gone. */
const RUNS_TO_MISS_MIN = 20;

/** Whether the fresh seeds can say anything about a known group. */
function lookedAt(
  { subjects }: GateRequest,
  { runs }: CampaignOutcome,
): (known: KnownGroup) => boolean {
  if (subjects === undefined) return () => true;
  if (runs < RUNS_TO_MISS_MIN * subjects.length) return () => false;
  return ({ system, workload }) =>
    subjects.some(
      (one) => one.system === system && (one.workload === "" || one.workload === workload),
    );
}

/** Until the time is over; when some failed, until the time that shrinking them takes begins. */
async function freshSeeds(
  { campaign }: GateTools,
  clock: Clock,
  untilMs: number,
): Promise<CampaignOutcome> {
  const left = Math.max(0, untilMs - clock.now());
  const shrinkingMs = untilMs - Math.floor((left * SHRINKING_PERCENT) / 100);
  let failing = false;
  return campaign({
    mayBegin: () => clock.now() < (failing ? shrinkingMs : untilMs),
    progress: ({ failures }) => {
      failing = failures > 0;
    },
  });
}

/** Saved cases that fail now, by group: a group that has one needs no other. */
function failingCases(
  cases: readonly SavedCase[],
  results: readonly CaseResult[],
): Map<string, Kept> {
  const fails = new Set(results.filter(({ got }) => got === "fails").map((one) => one.case));
  return new Map(
    cases.flatMap(({ file, shrunk, plan }): [string, Kept][] => {
      if (shrunk === undefined || !fails.has(file)) return [];
      const { group, minimal } = shrunk;
      const key = keyOf({ system: plan.bin ?? plan.system, workload: plan.workload, group });
      return [[key, { case: file, minimal }]];
    }),
  );
}

/** A group's case file. */
type Kept = Pick<GateGroup, "case" | "minimal">;

/** Its file; where none can be written, that of the failure as it came. */
function saved(group: FailureGroup, raw: string, { save }: GateTools, problems: string[]): Kept {
  try {
    return { case: save(group), minimal: group.smallest?.complete ?? false };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    problems.push(error.message);
    return { case: raw, minimal: false };
  }
}

/** A group as it is reported: its case kept, its failures told where they belong. */
function settled(
  { members, smallest, ...group }: FailureGroup,
  how: { accepted: boolean; headline: string; raw: string; save(): Kept },
): GateGroup {
  for (const { failure } of members) failure.group = group.group;
  const known = group.known || (how.accepted && group.group !== null);
  return {
    ...group,
    known,
    // The sentence is that of the case beside it.
    headline: (known ? undefined : smallest?.headline) || how.headline,
    ...(known ? { case: how.raw, minimal: false } : how.save()),
  };
}

function asKnown(found: FailureGroup): KnownGroup[] {
  const { system, workload, signature, group, firstSeed, smallest } = found;
  if (group === null) return [];
  const inPart = smallest?.complete === false ? { inPart: true as const } : {};
  return [{ system, workload, signature, group, firstSeed, ...inPart }];
}
