/**
 * Saved cases: every one below a folder is run on the code of today. It must pass, or, where it is
 * marked so, must fail still.
 *
 * A file that is no case is refused alone: all the others are run and reported nevertheless.
 */

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../base/errors.js";
import type { Pool, RunOutcome } from "../campaign/pool.js";
import type { RunSpec } from "../campaign/prepare.js";
import type { RunReport } from "../campaign/run-one.js";
import type { Plan } from "../plan/plan.js";
import { parseCase } from "../store/case-file.js";
import { readJson } from "../store/files.js";
import type { Clock } from "./clock.js";

export interface SavedCase {
  /** Its path, from the current directory. */
  file: string;
  expected: "passes" | "fails";
  /** Where a failure that is expected is tracked. */
  issue?: string;
  /** How it failed when it was saved; null when it passed. */
  signature: string | null;
  /** When it was shrunk: its group, and whether it is as small as it gets. */
  shrunk?: { group: string; minimal: boolean };
  plan: Plan;
}

/**
 * `unknown`: no checker could decide; `broken`: the harness itself failed; `refused`: the file is
 * no case, or none for this code; `not run`: the time was over.
 */
export type Got = "passes" | "fails" | "unknown" | "broken" | "refused" | "not run";

export interface CaseResult {
  case: string;
  /** Null when the file is no case. */
  expected: "passes" | "fails" | null;
  got: Got;
  /** One line: the first anomaly, why it is unknown, or why it was refused; empty when it passes. */
  reason: string;
  issue?: string;
  /** It fails, as it is marked to, but not in the way it was saved for. */
  otherwise?: string;
}

/**
 * Every *.json below `folder`, by path; a file that is no case as its result.
 * @throws UsageError when the folder cannot be read.
 */
export function readCases(folder: string): { cases: SavedCase[]; refused: CaseResult[] } {
  const cases: SavedCase[] = [];
  const refused: CaseResult[] = [];
  for (const file of jsonFilesBelow(folder)) {
    try {
      cases.push(readCase(file));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refused.push(refusal(file, null, error));
    }
  }
  return { cases, refused };
}

function readCase(file: string): SavedCase {
  const { plan, gate, shrunk, expected } = parseCase(readJson(file), file);
  const fails = gate?.expected === "fails";
  if (fails && gate.issue === undefined) {
    throw new UsageError(
      `${file}: is marked as failing without saying where that is tracked: faultline gate --mark ${file} --issue URL`,
    );
  }
  return {
    file,
    expected: fails ? "fails" : "passes",
    signature: expected.signature,
    plan,
    ...(fails && gate.issue !== undefined ? { issue: gate.issue } : {}),
    ...(shrunk === undefined ? {} : { shrunk }),
  };
}

/**
 * Runs them, as many at a time as the pool bears; the results are in the order of the cases. Those
 * that have not begun at `untilMs` are not run.
 */
export async function runCases(
  cases: readonly SavedCase[],
  pool: Pool,
  clock: Clock,
  untilMs: number,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < cases.length) {
      const place = next++;
      const one = cases[place] as SavedCase;
      results[place] =
        clock.now() < untilMs ? await runCase(one, pool) : resultOf(one, "not run", "no time left");
    }
  };
  await Promise.all(Array.from({ length: pool.jobs }, lane));
  return results;
}

async function runCase(one: SavedCase, pool: Pool): Promise<CaseResult> {
  try {
    return judged(one, await pool.run(specOf(one.plan)));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return refusal(one.file, one.expected, error);
  }
}

/** What a pool is asked for to have this very plan run. */
function specOf(plan: Plan): RunSpec {
  const { seed, system, bin, workload } = plan;
  return { seed, system, workload, plan, ...(bin === undefined ? {} : { bin }) };
}

function judged(one: SavedCase, outcome: RunOutcome): CaseResult {
  if ("broken" in outcome) return resultOf(one, "broken", outcome.broken);
  const { valid, headline, signature } = outcome.report;
  if (valid === true || isSilent(one, outcome.report)) return resultOf(one, "passes", "");
  if (valid === "unknown") return resultOf(one, "unknown", headline);
  const result = resultOf(one, "fails", headline);
  const asSaved = one.signature === null || signature === null || signature === one.signature;
  return asSaved || one.expected === "passes" ? result : { ...result, otherwise: signature };
}

/**
 * Where no client acts, checkers of what clients see have nothing to decide: what counts is the one
 * that saw the failure for which the case was saved.
 */
function isSilent({ plan, signature }: SavedCase, { valid, undecided = [] }: RunReport): boolean {
  if (valid !== "unknown" || plan.operations.length > 0 || signature === null) return false;
  return !undecided.includes(signature.split("/")[0] as string);
}

function resultOf(one: SavedCase, got: Got, reason: string): CaseResult {
  const { file, expected, issue } = one;
  return { case: file, expected, got, reason, ...(issue === undefined ? {} : { issue }) };
}

/** Every refusal names its file. */
function refusal(file: string, expected: CaseResult["expected"], error: UsageError): CaseResult {
  const { message } = error;
  const reason = message.startsWith(`${file}:`) ? message : `${file}: ${message}`;
  return { case: file, expected, got: "refused", reason };
}

function jsonFilesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(folder, name))
      .filter((file) => !statSync(file).isDirectory())
      .sort();
  } catch (error) {
    throw new UsageError(`${folder}: cannot be read: ${(error as Error).message}`);
  }
}
