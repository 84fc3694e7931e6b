/**
 * Whether what was measured is what was predicted.
 *
 * People read 95 % intervals, and one of twenty of them misses. The verdict is about all comparisons
 * of a call at once: with m of them each gets an interval of 1 - 0.001/m (Bonferroni), so that all
 * hold together with 99.9 % where the theory is right. An exact claim has no interval.
 */

import type { Bounds, Experiment, Finding, Outcome } from "./experiment.js";
import { type Estimate, meanOf, shareOf, slopeOf } from "./statistics.js";

/** What is printed beside each measured value. */
const SHOWN = 0.95;
/** How sure the verdict on all comparisons of a call is. */
const FAMILY = 0.999;

export interface Comparison {
  kind: Finding["kind"];
  of: string;
  at: Finding["at"];
  predicted: string | number | boolean | Bounds;
  measured: string | number | boolean;
  /** 95 %; none where the claim is exact. */
  interval?: readonly [low: number, high: number];
  /** The interval that the verdict is made by. */
  familyInterval?: readonly [low: number, high: number];
  /** Of a fitted line, where what it is fitted to varies. */
  rSquared?: number;
  /** Samples, trials or points behind it. */
  n: number;
  holds: boolean;
}

export interface Judged {
  experiment: Experiment;
  outcome: Outcome;
  comparisons: readonly Comparison[];
  holds: boolean;
}

export interface Measured {
  experiment: Experiment;
  outcome: Outcome;
}

/** Judges everything that one call measured. O(findings + samples). */
export function judge(measured: readonly Measured[]): Judged[] {
  const estimated = measured.flatMap(({ outcome }) =>
    outcome.findings.filter(({ kind }) => kind !== "exact"),
  );
  const confidence = 1 - (1 - FAMILY) / Math.max(1, estimated.length);
  return measured.map(({ experiment, outcome }) => {
    const comparisons = outcome.findings.map((finding) => compare(finding, confidence));
    // What compares nothing has shown nothing.
    const holds = comparisons.length > 0 && comparisons.every((one) => one.holds);
    return { experiment, outcome, comparisons, holds };
  });
}

function compare(finding: Finding, confidence: number): Comparison {
  const { kind, of, at, predicted } = finding;
  if (finding.kind === "exact") {
    const { measured } = finding;
    return { kind, of, at, predicted, measured, n: 1, holds: measured === predicted };
  }
  const shown = estimateOf(finding, SHOWN);
  const family = estimateOf(finding, confidence);
  return {
    kind,
    of,
    at,
    predicted,
    measured: shown.value,
    interval: [shown.low, shown.high],
    familyInterval: [family.low, family.high],
    ...("rSquared" in shown ? { rSquared: shown.rSquared as number } : {}),
    n: sizeOf(finding),
    holds: meets(predicted as number | Bounds, family),
  };
}

type Estimated = Exclude<Finding, { kind: "exact" }>;

function estimateOf(finding: Estimated, confidence: number): Estimate {
  switch (finding.kind) {
    case "mean":
      return meanOf(finding.samples, confidence);
    case "share":
      return shareOf(finding.hits, finding.trials, confidence);
    case "slope":
      return slopeOf(finding.points, confidence);
  }
}

function sizeOf(finding: Estimated): number {
  if (finding.kind === "mean") return finding.samples.length;
  return finding.kind === "share" ? finding.trials : finding.points.length;
}

/** Room for what arithmetic on floats leaves over where nothing varies. */
const EPSILON = 1e-9;

function meets(predicted: number | Bounds, { low, high }: Estimate): boolean {
  const [min, max] = typeof predicted === "number" ? [predicted, predicted] : predicted;
  const room = EPSILON * Math.max(1, Math.abs(min), Math.abs(max));
  return low - room <= max && min <= high + room;
}
