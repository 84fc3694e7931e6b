/** Puts a run's history before its checkers and gathers their verdicts. */

import {
  type Checker,
  checkers,
  conduct,
  type RecoveryOptions,
  recovery,
  type Validity,
  type Verdict,
  worst,
} from "../../checkers/index.js";
import type { History } from "../../histories/index.js";
import type { System } from "../../systems/index.js";
import { assert } from "../base/errors.js";
import { lookUp } from "../base/names.js";
import { heldBeyond } from "./beyond.js";
import type { Excess } from "./budget.js";

export interface Judgement {
  valid: Validity;
  results: { [checker: string]: Verdict };
}

export interface Judges {
  /** The workload's. */
  own: readonly Checker[];
  /** The system's, by name. */
  invariants: readonly string[];
  /** What a core of nodes had to recover from, and how; undefined where no plan said so. */
  phase?: RecoveryOptions | undefined;
  /** What the plan exceeded of the system's promise; nothing when left out. */
  excesses?: readonly Excess[];
  /** What the system says still holds then. */
  holds?: System["beyond"];
}

/** The workload's checkers, the system's invariants, what no node may do, and what nodes must do. */
export function judge(history: History, judges: Judges): Judgement {
  const { own, invariants, phase, excesses = [], holds } = judges;
  const all = [
    ...own,
    ...invariants.map((name) => lookUp("checker", name, checkers)),
    ...(phase === undefined ? [] : [recovery(phase)]),
    conduct,
  ];
  const results: { [checker: string]: Verdict } = {};
  for (const checker of heldBeyond(all, excesses, holds)) {
    assert(!(checker.name in results), `two checkers called ${checker.name}`);
    results[checker.name] = checker.check(history);
  }
  return { valid: worst(Object.values(results).map(({ valid }) => valid)), results };
}
