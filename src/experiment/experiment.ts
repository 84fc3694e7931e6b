/**
 * An experiment: a closed form from the textbook, and how it is measured in the simulator.
 *
 * What it measures stands in findings: numbers beside what the form predicts for them. An experiment
 * never says itself whether it holds; `judge.ts` does, for all comparisons of a call together.
 */

/** A letter of the formula. */
export interface Quantity {
  symbol: string;
  meaning: string;
  /** "s", "bytes", "1" for a plain number … */
  unit: string;
}

/** Where a comparison stands: the values of what was varied. */
export type At = { readonly [symbol: string]: string | number };

/** The ends, both allowed, between which what is measured must lie: a limit, or the form of a growth. */
export type Bounds = readonly [min: number, max: number];

/** The mean of independent samples against the value predicted for it. */
export interface MeanFinding {
  kind: "mean";
  of: string;
  at: At;
  predicted: number | Bounds;
  samples: readonly number[];
}

/** How often something happened against the probability predicted for it. */
export interface ShareFinding {
  kind: "share";
  of: string;
  at: At;
  predicted: number | Bounds;
  hits: number;
  trials: number;
}

/**
 * The slope of a straight line through points against the one predicted: a growth, once the form of
 * the growth is on the axes (log-log for a power, x = log N for a logarithm).
 */
export interface SlopeFinding {
  kind: "slope";
  of: string;
  at: At;
  predicted: number | Bounds;
  points: readonly (readonly [x: number, y: number])[];
}

/** What must hold to the letter, at every point of a grid: safe or not, so many bytes. */
export interface ExactFinding {
  kind: "exact";
  of: string;
  at: At;
  predicted: string | number | boolean;
  measured: string | number | boolean;
}

export type Finding = MeanFinding | ShareFinding | SlopeFinding | ExactFinding;

/** A curve or a scatter: what is predicted is drawn as a line, what is measured as points. */
export interface Series {
  name: string;
  kind: "predicted" | "measured";
  points: readonly PlotPoint[];
}

export interface PlotPoint {
  x: number;
  y: number;
  /** The ends of its 95 % interval. */
  interval?: readonly [low: number, high: number];
}

export interface Plot {
  title: string;
  x: Axis;
  y: Axis;
  series: readonly Series[];
}

export interface Axis {
  label: string;
  scale?: "linear" | "log";
}

export interface Outcome {
  findings: readonly Finding[];
  plot: Plot;
}

export interface Scope {
  /** All that is random in the measurement comes from it. */
  seed: number;
}

export interface Experiment {
  name: string;
  summary: string;
  /** The closed form, as it is printed. */
  formula: string;
  /** Every letter of the formula. */
  quantities: readonly Quantity[];
  /** Why it is so, in three lines. */
  derivation: readonly [string, string, string];
  source: string;
  /** What the measurement takes for granted, and where the simulator differs from the textbook. */
  assumes?: string;
  measure(scope: Scope): Promise<Outcome>;
}
