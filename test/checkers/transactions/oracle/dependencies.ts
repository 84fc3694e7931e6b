/**
 * The dependencies between different present transactions, given version orders, and what they say
 * of cycles. Cycles are found by trying every simple one.
 */

import { externalPart } from "./non-cycle.js";
import {
  isBeforeInProcess,
  isBeforeInRealTime,
  readsOf,
  type SmallHistory,
  shownBy,
  type Transaction,
  writerOf,
} from "./small-history.js";
import { type VersionOrders, versionRead, writerOfVersion } from "./version-orders.js";

export type DependencyKind = "ww" | "wr" | "rw" | "order";

export interface Dependency {
  from: Transaction;
  to: Transaction;
  kind: DependencyKind;
}

/** ww: the writer of version i -> the writer of version i + 1. */
export function writeDependencies(versions: VersionOrders): Dependency[] {
  return [...versions.values()].flatMap((order) =>
    order.flatMap(({ writer }, at) => edge(order[at - 1]?.writer, writer, "ww")),
  );
}

/**
 * wr: the writer of the version read -> the reader. Where a list ends with the reader's own
 * appends, that is who wrote what stands before them.
 */
export function readDependencies(history: SmallHistory): Dependency[] {
  return history.present.flatMap((reader) =>
    readsOf(reader).flatMap((read) => {
      const last = externalPart(reader, read).at(-1);
      const writer = last === undefined ? undefined : writerOf(history.present, read.key, last);
      return edge(writer, reader, "wr");
    }),
  );
}

/** rw: the reader of version i -> the writer of version i + 1. */
export function antiDependencies(history: SmallHistory, versions: VersionOrders): Dependency[] {
  return history.present.flatMap((reader) =>
    readsOf(reader).flatMap((read) => {
      const version = versionRead(versions, read);
      if (version < 0) return [];
      return edge(reader, writerOfVersion(versions, read.key, version + 1), "rw");
    }),
  );
}

/** The writers of all that a read shows -> the reader. */
export function observations(history: SmallHistory): Dependency[] {
  return history.present.flatMap((reader) =>
    readsOf(reader).flatMap((read) =>
      shownBy(read).flatMap((value) =>
        edge(writerOf(history.present, read.key, value), reader, "wr"),
      ),
    ),
  );
}

export type ClientOrder = "none" | "process" | "realtime";

/** What clients know of the order of their transactions. */
export function clientDependencies(history: SmallHistory, order: ClientOrder): Dependency[] {
  if (order === "none") return [];
  const isBefore = order === "process" ? isBeforeInProcess : isBeforeInRealTime;
  return history.present.flatMap((from) =>
    history.present
      .filter((to) => isBefore(from, to))
      .map((to) => ({ from, to, kind: "order" as const })),
  );
}

function edge(
  from: Transaction | undefined,
  to: Transaction | undefined,
  kind: DependencyKind,
): Dependency[] {
  return from === undefined || to === undefined || from === to ? [] : [{ from, to, kind }];
}

/** Whether a total order has every dependency point forward. */
export function agrees(
  order: readonly Transaction[],
  dependencies: readonly Dependency[],
): boolean {
  return dependencies.every(({ from, to }) => order.indexOf(from) < order.indexOf(to));
}

/** Whether some simple cycle is made of kinds that the test accepts. */
export function hasCycle(dependencies: readonly Dependency[], accepts: KindTest): boolean {
  for (const cycle of simpleCycles(dependencies)) {
    if (accepts(cycle.map(({ kind }) => kind))) return true;
  }
  return false;
}

/** The same for a test that, where it refuses the beginning of a cycle, refuses all of it. */
export function hasCycleOnlyOf(dependencies: readonly Dependency[], accepts: KindTest): boolean {
  const may = (path: readonly Dependency[]) => accepts(path.map(({ kind }) => kind));
  return !simpleCycles(dependencies, may).next().done;
}

type KindTest = (kinds: readonly DependencyKind[]) => boolean;

/** Each of them once, from the transaction in it that was invoked first. */
export function* simpleCycles(
  dependencies: readonly Dependency[],
  may: (path: readonly Dependency[]) => boolean = () => true,
): Generator<readonly Dependency[]> {
  // Duplicates lead to the same cycles again.
  const distinct = [
    ...new Map(dependencies.map((d) => [`${d.from.id} ${d.to.id} ${d.kind}`, d])).values(),
  ];
  function* continued(path: readonly Dependency[]): Generator<readonly Dependency[]> {
    const start = path[0]!.from;
    const end = path.at(-1)!.to;
    if (!may(path)) return;
    if (end === start) {
      yield path;
      return;
    }
    if (end.id < start.id || path.some(({ from }) => from === end)) return;
    for (const next of distinct) if (next.from === end) yield* continued([...path, next]);
  }
  for (const first of distinct) yield* continued([first]);
}

/** At most one rw, whatever else. */
export function hasAtMostOneRw(kinds: readonly DependencyKind[]): boolean {
  return kinds.filter((kind) => kind === "rw").length <= 1;
}

/** No rw follows another, the first one following the last one. */
export function hasNoAdjacentRw(kinds: readonly DependencyKind[]): boolean {
  if (kinds.length === 1) return true;
  return kinds.every((kind, at) => kind !== "rw" || kinds.at(at - 1) !== "rw");
}
