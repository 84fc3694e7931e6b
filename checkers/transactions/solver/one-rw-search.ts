/**
 * Orders of the open keys' versions such that no cycle has at most one rw edge. That is no matter
 * of one order of events: an rw edge must only not be closed by ww and wr edges. So orders are
 * proposed, completed and judged as a whole; the cycle that is found refutes the choices in it,
 * and the next proposal respects that. Each round is linear and counted in steps.
 */

import { assert, HarnessError } from "../../../src/base/errors.js";
import { type Criterion, type Cycle, type DependencyGraph, edgeKinds } from "../dependencies.js";
import { decideGraph } from "../graph/decide.js";
import { keyOfChoice } from "./choices.js";
import { complete } from "./completion.js";
import { NO_CHOICE } from "./incremental-order.js";
import type { KeyOrders } from "./key-orders.js";
import type { Lists, OpenVersions } from "./open-versions.js";
import { Search, type SearchResult, type SearchTask } from "./search.js";
import type { Refutation } from "./trail.js";

export function searchOneRw(
  graph: DependencyGraph,
  criterion: Criterion,
  task: SearchTask,
): SearchResult {
  const run = new Search(task);
  const { keys, trail } = run;
  for (;;) {
    let refutation = saturate(run);
    if (refutation === undefined) {
      const versions = keys.orders();
      const decision = decideGraph(complete(graph, versions), criterion, {
        isWorstEnough: true,
      });
      run.steps += task.events.target.length + task.events.nodes;
      if (decision.holds === true) return { kind: "found", versions };
      if (decision.holds === "unknown") return { kind: "unknown", reason: decision.reason };
      refutation = learn(run, decision.cycles[0]!);
    }
    if (refutation !== undefined) {
      const last = trail.backjump(refutation);
      if (last !== undefined) return { kind: "contradiction", tree: last.tree };
    }
    if (run.isExhausted) return { kind: "unknown", reason: run.progress };
  }
}

/** Neighbours of which the second leads to a reader of the first change places. */
function saturate({ keys, trail }: Search): Refutation | undefined {
  for (let breach = keys.nextBreach(); breach !== undefined; breach = keys.nextBreach()) {
    const { first, second, reader } = breach;
    const why = trail.refute(first, second, reader);
    if (why === undefined) continue;
    keys.mark(first);
    const refutation = turn(trail, first, second, why);
    if (refutation !== undefined) return refutation;
  }
  return undefined;
}

/** The first cannot precede the second: so the second precedes the first. */
function turn(
  trail: Search["trail"],
  first: number,
  second: number,
  why: Refutation,
): Refutation | undefined {
  const number = trail.numberOf(first, second);
  if (number !== undefined) return { tree: why.tree, uses: new Set([...why.uses, number]) };
  const back = trail.refute(second, first);
  if (back !== undefined) return trail.contradiction(first, second, [why, back]);
  return trail.choose(second, first, why);
}

/**
 * Makes choices of what a cycle of a proposal takes for granted, until what closes it is refuted.
 */
function learn({ keys, trail, task }: Search, { edges }: Cycle): Refutation | undefined {
  const { versions } = task;
  for (const { from, to, kind, cause } of edges) {
    const key = keyOfChoice(cause);
    if (kind !== edgeKinds.ww || key === undefined) continue;
    const [first, second] = neighbours({ versions, keys }, key, from, to);
    if (trail.numberOf(first, second) !== undefined) continue;
    const refuted = trail.choose(first, second);
    assert(refuted === undefined, "a choice that agrees with the order closes no cycle");
  }
  const closing = edges.find(({ kind }) => kind === edgeKinds.rw);
  assert(closing !== undefined, "a cycle of a proposal has an rw edge: all others agree with it");
  const key = keyOfChoice(closing.cause);
  if (key === undefined) {
    const path = trail.order.path(closing.to, closing.from);
    assert(path !== undefined, "what closes the cycle was chosen");
    return trail.leafOf([{ ...closing, choice: NO_CHOICE }, ...path]);
  }
  const { from: reader, to: writer } = closing;
  for (const first of listed(versions.reads, reader)) {
    const second = keys.after(first);
    if (versions.open[versions.keyOf[first]!]!.key !== key) continue;
    if (second === undefined || versions.writer[second] !== writer) continue;
    const why = trail.refute(first, second, reader);
    assert(why !== undefined, "what closes the cycle was chosen");
    const refutation = turn(trail, first, second, why);
    keys.mark(first);
    return refutation;
  }
  throw new HarnessError(
    `transaction ${reader} reads no version of key ${key} that ${writer} overwrites`,
  );
}

/** The neighbouring versions of a key that these transactions wrote. */
function neighbours(
  { versions, keys }: { versions: OpenVersions; keys: KeyOrders },
  key: number,
  from: number,
  to: number,
): [number, number] {
  for (const first of listed(versions.writes, from)) {
    if (versions.open[versions.keyOf[first]!]!.key !== key) continue;
    const second = keys.after(first);
    if (second !== undefined && versions.writer[second] === to) return [first, second];
  }
  throw new HarnessError(`${from} and ${to} write no neighbouring versions of key ${key}`);
}

function listed({ start, items }: Lists, i: number): Int32Array {
  return items.subarray(start[i]!, start[i + 1]!);
}
