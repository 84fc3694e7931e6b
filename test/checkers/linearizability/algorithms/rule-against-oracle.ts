/** What every exact rule for registers owes: the oracle's verdicts, sound orders, sound cores. */

import { expect } from "vitest";
import type { Algorithm } from "../../../../checkers/linearizability/algorithm.js";
import {
  kvObject,
  registerObject,
} from "../../../../checkers/linearizability/sequential/register.js";
import { findFlaw } from "../../../../checkers/linearizability/verify.js";
import { PENDING } from "../../../../histories/columns.js";
import type { HistoryEvent } from "../../../../histories/history.js";
import type { Json } from "../../../../src/base/json.js";
import { isLinearizable } from "../../oracle/linearizable-oracle.js";
import { renumbered } from "../../oracle/notation.js";
import { registerView } from "./small-registers.js";

/** Judges a history of one object; returns the verdict for counting. */
export function expectRight(
  algorithm: Algorithm,
  events: readonly HistoryEvent[],
  init: Json = null,
  type: "cas-register" | "kv" = "cas-register",
): boolean | "not-applicable" {
  const view = registerView(events, init);
  const finding = algorithm.examine(view);
  if (finding.valid === "not-applicable") return finding.valid;
  expect(finding.valid).toBe(isLinearizable(events, type, init));
  if (finding.valid) {
    const object = type === "kv" ? kvObject(view) : registerObject(view);
    expect(findFlaw(view, algorithm.linearize(view), object)).toBeUndefined();
    return true;
  }
  const { core } = finding;
  expect(core.length).toBeGreaterThan(0);
  expect(new Set(core).size).toBe(core.length);
  const kept = withOrigins(view, core);
  const positions = new Set<number>();
  for (const i of kept) {
    positions.add(view.invoked[i]!);
    if (view.completed[i] !== PENDING) positions.add(view.completed[i]!);
  }
  const restricted = renumbered(events.filter((_, position) => positions.has(position)));
  expect(isLinearizable(restricted, type, init), `core ${core}`).toBe(false);
  return false;
}

/** The operations, and all whose values they observe, directly or through a cas. */
function withOrigins(
  { size, f, input, output, values }: ReturnType<typeof registerView>,
  core: readonly number[],
): Set<number> {
  const kept = new Set(core);
  const pair = (i: number) => values.elements(input[i]!);
  const installed = (i: number) => (f[i] === 1 ? input[i] : f[i] === 2 ? pair(i)[1] : undefined);
  for (const i of kept) {
    const observed = f[i] === 0 ? output[i] : f[i] === 2 ? pair(i)[0] : undefined;
    if (observed === undefined) continue;
    for (let j = 0; j < size; j++) if (installed(j) === observed) kept.add(j);
  }
  return kept;
}
