/**
 * Session guarantees of a store that applies writes as they arrive: each session has a total order of
 * all writes and its own reads, which keeps what the guarantees ask for. An update is a read followed
 * by a write. Complexity: see the view; with writes-follow-reads each view also covers the reads of all.
 */

import type { Accesses } from "../accesses.js";
import type { Violation } from "../decision.js";
import { accessesOf, linksOf, ownFuture, stepsOf } from "../views/account.js";
import { Graph, NONE } from "../views/graph.js";
import { keptEdges } from "../views/kept.js";
import type { Outline } from "../views/outline.js";
import { missingView } from "../views/pram.js";
import type { ViewRules } from "../views/rules.js";
import type { Chosen } from "./guarantees.js";

/** Undefined where every session has a view. No THIN_AIR. */
export function violationInViews(
  accesses: Accesses,
  outline: Outline,
  set: Chosen,
  type: string,
): Violation | undefined {
  const rules: ViewRules = {
    ...set,
    chains: set.monotonicWrites ? "session" : "key",
    atomicUpdates: false,
  };
  const circle = ownFuture(accesses, type) ?? keptCircle(accesses, outline, rules, type);
  if (circle !== undefined || !(set.readYourWrites || set.monotonicReads)) return circle;
  return missingView(accesses, outline, rules, type);
}

/** Writes that would have to follow reads of themselves. */
function keptCircle(
  accesses: Accesses,
  outline: Outline,
  rules: ViewRules,
  type: string,
): Violation | undefined {
  if (!rules.writesFollowReads) return undefined;
  const edges = keptEdges(accesses, outline, rules, NONE);
  const cycle = new Graph(2 * accesses.size, edges).shortCycle();
  if (cycle === undefined) return undefined;
  const path = stepsOf(accesses, linksOf(edges, cycle));
  return { type, path, accesses: [...accessesOf(path)].sort((a, b) => a - b) };
}
