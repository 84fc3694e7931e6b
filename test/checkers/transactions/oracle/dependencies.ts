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

/**
 * Whether some simple cycle is made of kinds that the test accepts. `may` is for speed: what it
 * refuses of a path, no cycle that continues it is accepted for.
 */
export function hasCycle(
  dependencies: readonly Dependency[],
  accepts: KindTest,
  may: KindTest = () => true,
): boolean {
  // Duplicates lead to the same cycles again.
  const distinct = new Map(dependencies.map((d) => [`${d.from.id} ${d.to.id} ${d.kind}`, d]));
  const search = { dependencies: [...distinct.values()], accepts, may };
  const starts = new Set(search.dependencies.map(({ from }) => from));
  return [...starts].some((start) => returns(search, [start], []));
}

type KindTest = (kinds: readonly DependencyKind[]) => boolean;

interface CycleSearch {
  dependencies: readonly Dependency[];
  accepts: KindTest;
  may: KindTest;
}

/** Every cycle is found from the transaction in it that was invoked first. */
function returns(
  search: CycleSearch,
  path: readonly Transaction[],
  kinds: readonly DependencyKind[],
): boolean {
  const start = path[0]!;
  return search.dependencies.some(({ from, to, kind }) => {
    if (from !== path.at(-1)) return false;
    const next = [...kinds, kind];
    if (to === start) return search.accepts(next);
    if (to.id < start.id || path.includes(to) || !search.may(next)) return false;
    return returns(search, [...path, to], next);
  });
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
