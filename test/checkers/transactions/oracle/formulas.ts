/**
 * The models that `models.ts` decides by executions, as formulas over dependencies. The two agree:
 * that is a test of the definitions.
 */

import {
  antiDependencies,
  type ClientOrder,
  clientDependencies,
  type Dependency,
  hasCycle,
  hasNoAdjacentRw,
  readDependencies,
  writeDependencies,
} from "./dependencies.js";
import { type Case, definitions, distinctVersions } from "./models.js";
import type { VersionOrders } from "./version-orders.js";
import { isVisible } from "./visibility.js";

/** Repeatable read without internal; for the stronger ones with the clients' order: acyclic. */
export function isSerializableByFormula(small: Case, order: ClientOrder): boolean {
  if (small.anomalies.has("internal") || small.anomalies.has("lost-update")) return false;
  return someVersions(small, (versions) => {
    const dependencies = dependenciesOf(small, versions, order);
    return !hasCycle(dependencies, () => true);
  });
}

/** No internal, no cycle without two adjacent rw. */
export function isSnapshotByFormula(small: Case, order: ClientOrder): boolean {
  if (small.anomalies.has("internal")) return false;
  return someVersions(small, (versions) => {
    const dependencies = dependenciesOf(small, versions, order);
    return !hasCycle(dependencies, hasNoAdjacentRw);
  });
}

/** The same over events S and C: ww, wr, clients' a->b: C_a -> S_b; rw a->b: S_a -> C_b. */
export function isSnapshotBySplitGraph(small: Case, order: ClientOrder): boolean {
  if (small.anomalies.has("internal")) return false;
  return someVersions(small, (versions) =>
    isAcyclic(
      splitGraph(small, dependenciesOf(small, versions, order), (kind) =>
        kind === "rw" ? "SC" : "CS",
      ),
    ),
  );
}

/** Causal, and over events: wr a->b: C_a -> S_b; ww a->b: C_a -> C_b; rw a->b: S_a -> C_b. */
export function isPrefixBySplitGraph(small: Case): boolean {
  if (small.anomalies.has("internal")) return false;
  return someVersions(small, (versions) => {
    const dependencies = dependenciesOf(small, versions, "none");
    return (
      isVisible(small.history, versions, "causal") &&
      isAcyclic(
        splitGraph(small, dependencies, (kind) =>
          kind === "rw" ? "SC" : kind === "ww" ? "CC" : "CS",
        ),
      )
    );
  });
}

function someVersions(small: Case, test: (versions: VersionOrders) => boolean): boolean {
  if (!definitions["read-committed"](small)) return false;
  return distinctVersions(small.orders).some(test);
}

function dependenciesOf(small: Case, versions: VersionOrders, order: ClientOrder): Dependency[] {
  return [
    ...writeDependencies(versions),
    ...readDependencies(small.history),
    ...antiDependencies(small.history, versions),
    ...clientDependencies(small.history, order),
  ];
}

/** Edges between events "S7" and "C7"; a form "CS" goes from a commit to a snapshot. */
function splitGraph(
  small: Case,
  dependencies: readonly Dependency[],
  formOf: (kind: Dependency["kind"]) => string,
): [string, string][] {
  return [
    ...small.history.present.map(({ id }): [string, string] => [`S${id}`, `C${id}`]),
    ...dependencies.map(({ from, to, kind }): [string, string] => {
      const [begin, end] = formOf(kind);
      return [`${begin}${from.id}`, `${end}${to.id}`];
    }),
  ];
}

/** Takes away what nothing points to until nothing is left, or everything is pointed to. */
function isAcyclic(edges: readonly [string, string][]): boolean {
  const left = edges.filter(([from]) => edges.some(([, to]) => to === from));
  if (left.length === 0) return true;
  return left.length < edges.length && isAcyclic(left);
}
