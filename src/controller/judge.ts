/** Puts a run's history before its checkers and gathers their verdicts. */

import {
  type Checker,
  checkers,
  conduct,
  type Validity,
  type Verdict,
  worst,
} from "../../checkers/index.js";
import type { History } from "../../histories/index.js";
import { assert } from "../base/errors.js";
import { lookUp } from "../base/names.js";

export interface Judgement {
  valid: Validity;
  results: { [checker: string]: Verdict };
}

/** The workload's checkers, the system's invariants, and what no node may do. */
export function judge(
  history: History,
  own: readonly Checker[],
  invariantNames: readonly string[],
): Judgement {
  const judges = [
    ...own,
    ...invariantNames.map((name) => lookUp("checker", name, checkers)),
    conduct,
  ];
  const results: { [checker: string]: Verdict } = {};
  for (const checker of judges) {
    assert(!(checker.name in results), `two checkers called ${checker.name}`);
    results[checker.name] = checker.check(history);
  }
  return { valid: worst(Object.values(results).map(({ valid }) => valid)), results };
}
