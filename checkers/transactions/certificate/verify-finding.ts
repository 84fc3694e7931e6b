/**
 * Checks an anomaly that is no cycle, again, from a certificate's own events alone: that on this key
 * the offender did what the type says. Of a value that nobody wrote it can only say that nobody did
 * in the certificate. For few transactions; nothing in it is fast.
 */

import { outcomes } from "../../../histories/columns.js";
import type { Claim } from "./claim.js";
import type { Evidence, Read, Write } from "./evidence.js";
import { hasCursorCircle, hasVisibilityCircle } from "./precedences.js";

/** True, or what is wrong with the claim. */
export function verifyFinding(evidence: Evidence, { type, finding }: Claim): true | string {
  const rule = rules.get(type);
  if (rule === undefined) return `nothing is known here of ${type}`;
  const key = evidence.keyOf(finding?.key);
  const offender = evidence.at(finding?.transactions[0] ?? -1);
  if (key === undefined || offender === undefined) return "it does not say who did it, and where";
  return rule({ evidence, key, offender }) || `event ${finding?.transactions[0]} shows no ${type}`;
}

interface Place {
  evidence: Evidence;
  key: number;
  offender: number;
}

const rules: ReadonlyMap<string, (place: Place) => boolean> = new Map([
  ["garbage-read", (place) => readsOne(place, (write) => write === undefined)],
  ["G1a", (place) => readsOne(place, (write) => write !== undefined && hasFailed(place, write))],
  ["duplicate-elements", (place) => reads(place).some(hasTwins)],
  ["G1b", readsIntermediate],
  ["future-read", readsTooEarly],
  ["internal", contradictsItself],
  ["incompatible-order", (place) => hasBranches(place) || hasReordered(place)],
  ["dirty-update", buildsOnAborted],
  ["lost-update", losesUpdate],
  // What follows its own write, read before it was made, follows the version that was read, too.
  ["G-cursor", (place) => hasCursorCircle(place.evidence) || readsTooEarly(place)],
  ["observed-transaction-vanishes", (place) => misses(place, observedBefore)],
  ["fractured-read", (place) => misses(place, observed)],
  ["causal-violation", (place) => misses(place, observedInTheEnd)],
]);

function reads({ evidence, key, offender }: Place): Read[] {
  return evidence.readsOf(offender, key);
}

/** Reads of the key by anybody. */
function all({ evidence, key }: Place): readonly Read[] {
  return evidence.readsOfKey(key);
}

/** Whether the offender read a value whose write (undefined where there is none) is so. */
function readsOne(place: Place, isSo: (write: Write | undefined) => boolean): boolean {
  const { evidence, key } = place;
  return reads(place).some(({ elements }) =>
    elements.some((id) => isSo(evidence.writeOf(key, id))),
  );
}

function hasFailed({ evidence }: Place, { transaction }: Write): boolean {
  return evidence.transactions.outcome[transaction] === outcomes.fail;
}

function hasTwins({ elements }: Read): boolean {
  return new Set(elements).size < elements.length;
}

function readsIntermediate(place: Place): boolean {
  const { evidence, key, offender } = place;
  return reads(place).some(({ elements }) => {
    const write = elements.length === 0 ? undefined : evidence.writeOf(key, elements.at(-1)!);
    if (write === undefined || write.isLast || write.transaction === offender) return false;
    return !hasFailed(place, write);
  });
}

function readsTooEarly(place: Place): boolean {
  const own = place.evidence.writesOf(place.offender, place.key);
  return reads(place).some(({ micro, elements }) =>
    own.some((write) => write.micro > micro && elements.includes(write.value)),
  );
}

function contradictsItself(place: Place): boolean {
  const { evidence, key, offender } = place;
  const accesses = [...reads(place), ...evidence.writesOf(offender, key)];
  accesses.sort((a, b) => a.micro - b.micro);
  let known: number[] | undefined;
  let own: number[] = [];
  for (const access of accesses) {
    if ("value" in access) {
      own = evidence.isList ? [...own, access.value] : [access.value];
      if (!evidence.isList) known = [];
      continue;
    }
    const { elements } = access;
    const start = known ?? elements.slice(0, Math.max(0, elements.length - own.length));
    const expected = evidence.isList || own.length === 0 ? [...start, ...own] : own;
    if (!isSame(expected, elements)) return true;
    [known, own] = [[...elements], []];
  }
  return false;
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((id, i) => id === other[i]);
}

function branchesOff(one: Read): (other: Read) => boolean {
  return ({ elements }) =>
    elements.slice(0, one.elements.length).some((id, i) => id !== one.elements[i]);
}

function hasBranches(place: Place): boolean {
  return all(place).some((one) => all(place).some(branchesOff(one)));
}

/** Two appends of one transaction that took effect the other way round. */
function hasReordered(place: Place): boolean {
  const { writes } = place.evidence;
  const pairs = writes.flatMap((first) =>
    writes
      .filter((next) => next.transaction === first.transaction && next.micro > first.micro)
      .map((next) => [first, next] as const),
  );
  return all(place).some(({ elements }) =>
    pairs.some(([first, next]) => {
      const place = elements.indexOf(next.value);
      return first.key === next.key && place >= 0 && elements.indexOf(first.value) > place;
    }),
  );
}

/** An element of an aborted transaction, and somewhere after it one of a transaction that is ok. */
function buildsOnAborted(place: Place): boolean {
  const { evidence, key } = place;
  return all(place).some(({ elements }) => {
    const writes = elements.map((id) => evidence.writeOf(key, id));
    const first = writes.findIndex((write) => write !== undefined && hasFailed(place, write));
    return (
      first >= 0 && writes.slice(first).some((write) => write && evidence.isOk(write.transaction))
    );
  });
}

/** What a transaction read of the key before it wrote it, if that is how it began with the key. */
function versionFirstRead({ evidence, key }: Place, transaction: number): Read | undefined {
  const [first] = evidence.readsOf(transaction, key);
  const [write] = evidence.writesOf(transaction, key);
  return first !== undefined && write !== undefined && first.micro < write.micro
    ? first
    : undefined;
}

function losesUpdate(place: Place): boolean {
  const mine = versionFirstRead(place, place.offender);
  if (mine === undefined) return false;
  return all(place).some(({ transaction }) => {
    const other = versionFirstRead(place, transaction);
    return (
      transaction !== place.offender &&
      other?.elements.at(-1) === mine.elements.at(-1) &&
      other !== undefined
    );
  });
}

/**
 * Whether the offender misses, in a read of the key, a write of somebody whom that read must see. Of
 * registers, whether no order of versions is left in which nobody does.
 */
function misses(place: Place, seenBy: (place: Place, read: Read) => ReadonlySet<number>): boolean {
  const { evidence, key, offender } = place;
  if (!evidence.isList) {
    return hasVisibilityCircle(evidence, (read) => {
      return seenBy({ evidence, key: read.key, offender: read.transaction }, read);
    });
  }
  return reads(place).some((read) => {
    const seen = seenBy(place, read);
    return evidence.writes.some(({ transaction, value, key: k }) => {
      if (k !== key || transaction === offender || !seen.has(transaction)) return false;
      return !read.elements.includes(value);
    });
  });
}

/** The transactions of which a transaction read something, in certain reads of its. */
function sources(evidence: Evidence, isCounted: (read: Read) => boolean): Set<number> {
  const writers = evidence.reads
    .filter(isCounted)
    .flatMap(({ key, elements }) => elements.map((id) => evidence.writeOf(key, id)?.transaction));
  return new Set(writers.filter((writer) => writer !== undefined));
}

function observedBefore({ evidence, offender }: Place, read: Read): Set<number> {
  return sources(
    evidence,
    ({ transaction, micro }) => transaction === offender && micro < read.micro,
  );
}

function observed({ evidence, offender }: Place): Set<number> {
  return sources(evidence, ({ transaction }) => transaction === offender);
}

function observedInTheEnd(place: Place): Set<number> {
  const reached = observed(place);
  // A set is walked in order of insertion, what is added meanwhile included.
  for (const one of reached) {
    for (const source of sources(place.evidence, ({ transaction }) => transaction === one)) {
      reached.add(source);
    }
  }
  return reached;
}
