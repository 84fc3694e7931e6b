/**
 * The anomalies that are no cycles, each as its definition says. The formula stands above each.
 * G-cursor is not here: it depends on the version order (see models.ts).
 */

import {
  type ListRead,
  longestRead,
  okOf,
  type Read,
  readsOfAll,
  type SmallHistory,
  shownBy,
  type Transaction,
  type Value,
  writerOf,
  writesOf,
  wrote,
} from "./small-history.js";

export const nonCycleAnomalies = {
  "garbage-read": hasGarbageRead,
  "duplicate-elements": hasDuplicateElements,
  G1a: hasAbortedRead,
  G1b: hasIntermediateRead,
  "incompatible-order": hasIncompatibleOrder,
  "dirty-update": hasDirtyUpdate,
  "future-read": hasFutureRead,
  internal: hasInternal,
  "lost-update": hasLostUpdate,
} as const satisfies Record<string, (history: SmallHistory) => boolean>;

export type NonCycleAnomaly = keyof typeof nonCycleAnomalies;

export function nonCycleAnomaliesOf(history: SmallHistory): Set<NonCycleAnomaly> {
  const names = Object.keys(nonCycleAnomalies) as NonCycleAnomaly[];
  return new Set(names.filter((name) => nonCycleAnomalies[name](history)));
}

/** An ok transaction reads what no client ever wrote, whatever the outcome. */
function hasGarbageRead(history: SmallHistory): boolean {
  return readsOfAll(history).some(({ read }) =>
    shownBy(read).some((value) => writerOf(history.transactions, read.key, value) === undefined),
  );
}

/** One list read holds an element twice. */
function hasDuplicateElements(history: SmallHistory): boolean {
  return readsOfAll(history).some(({ read }) => new Set(shownBy(read)).size < shownBy(read).length);
}

/** An ok transaction reads what a failed one wrote. */
function hasAbortedRead(history: SmallHistory): boolean {
  return readsOfAll(history).some(({ read }) =>
    shownBy(read).some(
      (value) => writerOf(history.transactions, read.key, value)?.outcome === "fail",
    ),
  );
}

/** An ok transaction's read ends with a write to the key that another one followed by a further. */
function hasIntermediateRead(history: SmallHistory): boolean {
  return readsOfAll(history).some(({ reader, read }) => {
    const last = shownBy(read).at(-1);
    if (last === undefined) return false;
    const writer = writerOf(history.present, read.key, last);
    return (
      writer !== undefined && writer !== reader && writesOf(writer, read.key).at(-1)!.value !== last
    );
  });
}

/**
 * Two lists read of a key, neither a prefix of the other; or one that shows elements of a present
 * transaction in another order than it appended them.
 */
function hasIncompatibleOrder(history: SmallHistory): boolean {
  const reads = readsOfAll(history)
    .map(({ read }) => read)
    .filter((read) => read.kind === "list-read");
  return reads.some(
    (a) =>
      history.present.some((writer) => isReversed(a, writer)) ||
      reads.some((b) => a.key === b.key && !isPrefix(a.list, b.list) && !isPrefix(b.list, a.list)),
  );
}

function isReversed(read: ListRead, writer: Transaction): boolean {
  const places = writesOf(writer, read.key)
    .map(({ value }) => read.list.indexOf(value))
    .filter((place) => place >= 0);
  return places.some((place, at) => at > 0 && place < places[at - 1]!);
}

/** In the longest read: an element of a failed transaction, then of info ones, then of an ok one. */
function hasDirtyUpdate(history: SmallHistory): boolean {
  return history.keys.some((key) => {
    if (history.service === "rw-register") return false;
    const outcomes = longestRead(history, key).map(
      (value) => writerOf(history.transactions, key, value)?.outcome ?? "none",
    );
    return /fail( info)* ok/.test(outcomes.join(" "));
  });
}

/** An ok transaction reads what it writes later. */
function hasFutureRead(history: SmallHistory): boolean {
  return okOf(history).some(({ micros }) =>
    micros.some(
      (read, at) =>
        read.kind !== "write" &&
        shownBy(read).some((value) =>
          micros
            .slice(at)
            .some((later) => later.kind === "write" && isWriteOf(later, read.key, value)),
        ),
    ),
  );
}

function isWriteOf(write: { key: string; value: Value }, key: string, value: Value): boolean {
  return write.key === key && write.value === value;
}

/** A read contradicts what its own transaction did with the key before. */
function hasInternal(history: SmallHistory): boolean {
  return okOf(history).some((transaction) =>
    transaction.micros.some(
      (micro, at) => micro.kind !== "write" && contradicts(micro, transaction, at),
    ),
  );
}

function contradicts(read: Read, { micros }: Transaction, at: number): boolean {
  const before = micros.slice(0, at).filter(({ key }) => key === read.key);
  if (read.kind === "register-read") {
    const last = before.at(-1);
    return last !== undefined && (last as { value: Value | null }).value !== read.value;
  }
  const lastRead = before.findLastIndex(({ kind }) => kind !== "write");
  const appended = before.slice(lastRead + 1).map((micro) => (micro as { value: Value }).value);
  if (lastRead < 0) return !isSuffix(appended, read.list);
  return !isEqual([...(before[lastRead] as ListRead).list, ...appended], read.list);
}

/**
 * Two ok transactions whose first access to k is a read, of the same version of k, and which both
 * write k. Read versions are compared by their last element.
 */
function hasLostUpdate(history: SmallHistory): boolean {
  return history.keys.some((key) => {
    const updated = okOf(history)
      .filter((transaction) => writesOf(transaction, key).length > 0)
      .map(({ micros }) => micros.find((micro) => micro.key === key)!)
      .filter((first) => first.kind !== "write")
      .map((read) => shownBy(read).at(-1));
    return new Set(updated).size < updated.length;
  });
}

/** A list without the elements at its end that the reader itself appended. */
export function externalPart(reader: Transaction, read: Read): readonly Value[] {
  const shown = shownBy(read);
  let end = shown.length;
  while (end > 0 && wrote(reader, read.key, shown[end - 1]!)) end--;
  return shown.slice(0, end);
}

export function isPrefix(prefix: readonly Value[], list: readonly Value[]): boolean {
  return isEqual(prefix, list.slice(0, prefix.length));
}

function isSuffix(suffix: readonly Value[], list: readonly Value[]): boolean {
  return isEqual(suffix, list.slice(Math.max(0, list.length - suffix.length)));
}

function isEqual(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
