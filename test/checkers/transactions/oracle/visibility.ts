/**
 * Atomic visibility, straight from the definitions of monotonic atomic view, read atomicity and
 * causality: who has been seen is seen whole.
 *
 * For a read of x by t3, that returned a version of t1 or the initial one, and every t2 (not t1,
 * not t3, writes x) that t3 knows: t2's versions of x precede or equal the version read.
 */

import { observations } from "./dependencies.js";
import { externalPart } from "./non-cycle.js";
import {
  isRead,
  type Read,
  type SmallHistory,
  type Transaction,
  tellsOf,
  writesOf,
} from "./small-history.js";
import { type VersionOrders, versionOf, writerOfVersion } from "./version-orders.js";

export type Visibility = "monotonic-atomic-view" | "read-atomic" | "causal";

export function isVisible(
  history: SmallHistory,
  versions: VersionOrders,
  level: Visibility,
): boolean {
  return history.present.every((t3) =>
    t3.micros.every((read, at) => {
      if (!isRead(read)) return true;
      const known = history.present.filter((t2) => t2 !== t3 && knows[level](history, t3, at, t2));
      return known.every((t2) => isSeen(versions, t3, read, t2));
    }),
  );
}

type Knowing = (history: SmallHistory, t3: Transaction, at: number, t2: Transaction) => boolean;

const knows: Record<Visibility, Knowing> = {
  /** t3 has observed, in an earlier micro-operation, something of t2. */
  "monotonic-atomic-view": (_, t3, at, t2) =>
    t3.micros.slice(0, at).some((micro) => isRead(micro) && tellsOf(micro, t2)),
  /** … in any micro-operation. */
  "read-atomic": (_, t3, __, t2) => t3.micros.some((micro) => isRead(micro) && tellsOf(micro, t2)),
  /** t2 reaches t3 over observations. */
  causal: (history, t3, _, t2) => reaches(history, t2, t3),
};

function isSeen(versions: VersionOrders, t3: Transaction, read: Read, t2: Transaction): boolean {
  const version = versionOf(versions, read.key, externalLast(t3, read));
  // An own intermediate write is no version.
  if (version < 0 || writesOf(t2, read.key).length === 0) return true;
  if (writerOfVersion(versions, read.key, version) === t2) return true;
  return versions.get(read.key)!.every(({ writer }, at) => writer !== t2 || at + 1 <= version);
}

function externalLast(t3: Transaction, read: Read) {
  return read.kind === "list-read" ? externalPart(t3, read).at(-1) : (read.value ?? undefined);
}

function reaches(history: SmallHistory, from: Transaction, to: Transaction): boolean {
  const reached = new Set([from]);
  const edges = observations(history);
  for (const _ of history.present) {
    for (const edge of edges) if (reached.has(edge.from)) reached.add(edge.to);
  }
  return reached.has(to);
}
