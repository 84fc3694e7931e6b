/**
 * The session guarantees (Terry et al. 1994) in both readings, for one choice of sources. An update is
 * a read and then a write, next to each other in their session; a session's writes to one key always
 * keep their order.
 *
 * Arbitration: one order of all writes, and per read a set of writes that it sees. The sets are not
 * enumerated: all rules only ask for more to be seen, and whoever sees more forbids more orders and
 * more reads, so that the least sets closed under the rules allow whatever any sets allow.
 * `literal-sessions.ts` enumerates them, to prove it on tiny histories.
 *
 * Views: per session an order of its own reads and all writes.
 */

import { type Access, isRead, isWrite, keyCount } from "./accesses.js";
import { type Element, hasOrder } from "./orders.js";
import { type Explanation, INITIAL } from "./sources.js";

export const guarantees = [
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
] as const;
export type Guarantee = (typeof guarantees)[number];
export type Reading = "arbitration" | "views";

/** All sets but the empty one, the smallest first. */
export const guaranteeSets: readonly (readonly Guarantee[])[] = Array.from(
  { length: 15 },
  (_, at) => guarantees.filter((_, bit) => ((at + 1) & (1 << bit)) !== 0),
).sort((a, b) => a.length - b.length);

export function holdsGuarantees(
  explanation: Explanation,
  set: readonly Guarantee[],
  reading: Reading,
): boolean {
  return reading === "views" ? hasViews(explanation, set) : isArbitrated(explanation, set);
}

const isEarlier = (first: Access, second: Access): boolean =>
  first.session === second.session && first.place < second.place;

/** Whether a read comes before a write: an update's read before its own write, too. */
export const isReadBefore = (read: Access, write: Access): boolean =>
  read === write || isEarlier(read, write);

function hasViews({ accesses, sources }: Explanation, set: readonly Guarantee[]): boolean {
  const [readYourWrites, monotonicReads, monotonicWrites, writesFollowReads] = guarantees.map(
    (name) => set.includes(name),
  );
  const sessions = new Set(accesses.map(({ session }) => session));
  return [...sessions].every((session) => {
    const parts = accesses.flatMap((access, at) => [
      ...(isRead(access) && access.session === session ? [{ access, at, isReading: true }] : []),
      ...(isWrite(access) ? [{ access, at, isReading: false }] : []),
    ]);
    type Part = (typeof parts)[number];
    const isBefore = (first: Part, second: Part): boolean => {
      const isEarlierPart = isEarlier(first.access, second.access);
      if (first.isReading && second.isReading) return monotonicReads! && isEarlierPart;
      if (first.isReading) return isReadBefore(first.access, second.access);
      if (second.isReading) return readYourWrites! && isEarlierPart;
      if (isEarlierPart && (monotonicWrites || first.access.key === second.access.key)) return true;
      return (
        writesFollowReads! &&
        accesses.some(
          (read, at) =>
            isRead(read) && sources[at] === first.at && isReadBefore(read, second.access),
        )
      );
    };
    const elements = parts.map((part): Element => {
      const after = parts.reduce(
        (mask, other, at) => (isBefore(other, part) ? mask | (1 << at) : mask),
        0,
      );
      const { key } = part.access;
      return part.isReading
        ? { after, key, asks: sources[part.at]! }
        : { after, key, leaves: part.at };
    });
    return hasOrder(elements, keyCount(accesses), INITIAL);
  });
}

/** Per access the bits of the writes that it sees; 0 of what reads nothing. */
export type Seen = readonly number[];

function isArbitrated(explanation: Explanation, set: readonly Guarantee[]): boolean {
  const { accesses, sources } = explanation;
  const seen = accesses.map((access, at) =>
    isRead(access) && sources[at] !== INITIAL ? 1 << sources[at]! : 0,
  );
  for (let isMore = true; isMore; ) {
    isMore = false;
    for (const [at, more] of missing(explanation, set, seen).entries()) {
      if ((more & ~seen[at]!) === 0) continue;
      seen[at]! |= more;
      isMore = true;
    }
  }
  const after = ordersOf(explanation, set, seen);
  if (after === undefined) return false;
  const writes = accesses.map((_, at) => at).filter((at) => isWrite(accesses[at]!));
  const elements = writes.map((write): Element => {
    const mask = writes.reduce(
      (bits, other, at) => ((after[write]! & (1 << other)) !== 0 ? bits | (1 << at) : bits),
      0,
    );
    return { after: mask, key: accesses[write]!.key, leaves: write };
  });
  return hasOrder(elements, keyCount(accesses), INITIAL);
}

/** What each read must see, given what is seen. */
export function missing(
  { accesses }: Explanation,
  set: readonly Guarantee[],
  seen: Seen,
): number[] {
  return accesses.map((read, at) => {
    if (!isRead(read)) return 0;
    let mask = 0;
    for (const [other, access] of accesses.entries()) {
      const isOwnEarlier = isEarlier(access, read);
      if (set.includes("read-your-writes") && isWrite(access) && isOwnEarlier) mask |= 1 << other;
      if (set.includes("monotonic-reads") && isRead(access) && isOwnEarlier) mask |= seen[other]!;
      if (!isWrite(access) || (seen[at]! & (1 << other)) === 0) continue;
      for (const [before, earlier] of accesses.entries()) {
        if (set.includes("monotonic-writes") && isWrite(earlier) && isEarlier(earlier, access)) {
          mask |= 1 << before;
        }
        if (
          set.includes("writes-follow-reads") &&
          isRead(earlier) &&
          isReadBefore(earlier, access)
        ) {
          mask |= seen[before]!;
        }
      }
    }
    return mask;
  });
}

/** Per write the bits of the writes before it in the order; undefined where what is seen is impossible. */
export function ordersOf(
  { accesses, sources }: Explanation,
  set: readonly Guarantee[],
  seen: Seen,
): number[] | undefined {
  const after = accesses.map(() => 0);
  for (const [at, access] of accesses.entries()) {
    for (const [other, write] of accesses.entries()) {
      if (!isWrite(write)) continue;
      if (isWrite(access) && isEarlier(write, access)) {
        const isKept = set.includes("monotonic-writes") || write.key === access.key;
        if (isKept) after[at]! |= 1 << other;
      }
      if (!isRead(access) || (seen[at]! & (1 << other)) === 0) continue;
      if (isReadBefore(access, write)) return undefined;
      if (write.key === access.key && sources[at] !== other) {
        if (sources[at] === INITIAL) return undefined;
        after[sources[at]!]! |= 1 << other;
      }
    }
    if (!isRead(access) || !set.includes("writes-follow-reads")) continue;
    for (const [later, write] of accesses.entries()) {
      if (isWrite(write) && isReadBefore(access, write)) after[later]! |= seen[at]!;
    }
  }
  return after;
}
