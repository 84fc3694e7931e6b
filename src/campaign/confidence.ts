/** What it means that no run failed: less than people think, so it is said in numbers. */

import type { CampaignOutcome } from "./ledger.js";

/** 1 - (1 - p)^n = 95 % where n p is about 3: the rule of three. */
const RULE_OF_THREE = 3;

/** One line; undefined after an anomaly, and where too few runs were decided to say anything. */
export function silenceOf({
  invalid,
  valid,
}: Pick<CampaignOutcome, "invalid" | "valid">): string | undefined {
  if (invalid > 0 || valid <= RULE_OF_THREE) return undefined;
  const bound = ((100 * RULE_OF_THREE) / valid).toPrecision(2);
  return `no anomaly in ${valid} runs: at 95 % confidence, fewer than ${bound} % of runs have one`;
}
