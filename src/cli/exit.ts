/** The exit codes that scripts rely on. */

import type { Validity } from "../../checkers/index.js";

export const exitCodes = {
  /** Everything checked is valid. */
  valid: 0,
  /** An anomaly was found. */
  anomaly: 1,
  /** Bad usage, bad file, bad plan. */
  usage: 2,
  /** Nothing invalid, but at least one verdict is unknown. */
  unknown: 3,
  /** The harness itself failed. */
  harness: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Which code wins when several apply. */
const precedence: readonly ExitCode[] = [2, 4, 1, 3, 0];

export function worstCode(codes: Iterable<ExitCode>): ExitCode {
  const present = new Set(codes);
  return precedence.find((code) => present.has(code)) ?? exitCodes.valid;
}

export function codeOf(valid: Validity): ExitCode {
  if (valid === "unknown") return exitCodes.unknown;
  return valid ? exitCodes.valid : exitCodes.anomaly;
}
