/**
 * Anomalies of registers that reads show without a cycle: garbage-read, G1a, G1b, future-read,
 * internal (Adya 1999, Elle 2020) and lost-update, each with the definition of the contract that
 * the checkers of lists keep, too. O(micro-operations).
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds, type Transactions, UNKNOWN } from "../../../histories/transactions.js";
import { NULL_ID } from "../../../histories/values.js";
import { Collector } from "../collector.js";
import { element, whichKey, whose } from "../describe.js";
import { finalWrite, INITIAL, NOBODY, type RegisterVersions } from "./versions.js";

const types = [
  "garbage-read",
  "G1a",
  "G1b",
  "future-read",
  "internal",
  "lost-update",
  "cyclic-versions",
];

/** The anomalies that need no order of versions. */
export function findAnomalies(versions: RegisterVersions): Collector {
  const found = new Collector(types);
  for (let t = 0; t < versions.transactions.size; t++) {
    if (versions.transactions.outcome[t] !== outcomes.ok) continue;
    judgeSources(versions, t, found);
  }
  judgeInternally(versions, found);
  findLostUpdates(versions, found);
  return found;
}

/** What a transaction read from whom it must not. */
function judgeSources(versions: RegisterVersions, t: number, found: Collector): void {
  const { transactions, source, transactionOf, isFinal } = versions;
  const { from, kind, outcome } = transactions;
  for (let m = from[t]!; m < from[t + 1]!; m++) {
    const written = source[m]!;
    if (kind[m] !== microKinds.read) continue;
    if (written === NOBODY) keepRead(versions, "garbage-read", m, found);
    if (written < 0) continue;
    const writer = transactionOf[written]!;
    if (writer === t) {
      if (written > m) keepRead(versions, "future-read", m, found);
    } else if (outcome[writer] === outcomes.fail) keepRead(versions, "G1a", m, found);
    else if (isFinal[written] === 0) keepRead(versions, "G1b", m, found);
  }
}

function keepRead(
  versions: RegisterVersions,
  type: keyof typeof reasons,
  read: number,
  found: Collector,
): void {
  const { transactions, transactionOf, source } = versions;
  const t = transactionOf[read]!;
  if (!found.count(type, t)) return;
  const written = source[read]!;
  const writer = written < 0 ? t : transactionOf[written]!;
  const seen = `${whose(transactions, t)} ${deed(transactions, read)}`;
  found.keep({
    ...{ type, key: transactions.key[read]!, values: [transactions.value[read]!] },
    transactions: writer === t ? [t] : [t, writer],
    micros: written < 0 ? [read] : [read, written],
    message: `${seen}, ${reasons[type](versions, written)}`,
  });
}

const reasons = {
  "garbage-read": () => "but nobody ever wrote that",
  "future-read": () => "and wrote that itself only later",
  G1a: ({ transactions, transactionOf }: RegisterVersions, written: number) =>
    `but ${whose(transactions, transactionOf[written]!)}, which wrote that, was aborted`,
  G1b: (versions: RegisterVersions, written: number) => {
    const { transactions, transactionOf } = versions;
    const writer = transactionOf[written]!;
    const last = finalWrite(versions, writer, transactions.key[written]!);
    const then = last === undefined ? "wrote it again" : deed(transactions, last);
    return `but ${whose(transactions, writer)} then ${then}: it saw half of that transaction`;
  },
};

/** A read must return what the transaction itself last read of, or wrote to, the key. */
function judgeInternally({ transactions }: RegisterVersions, found: Collector): void {
  const { size, from, kind, value, outcome, key, keys } = transactions;
  const before = new Int32Array(keys.length).fill(-1);
  for (let t = 0; t < size; t++) {
    if (outcome[t] !== outcomes.ok) continue;
    for (let m = from[t]!; m < from[t + 1]!; m++) {
      if (value[m] === UNKNOWN) continue;
      const last = before[key[m]!]!;
      before[key[m]!] = m;
      if (last < from[t]! || kind[m] !== microKinds.read || value[last] === value[m]) continue;
      if (!found.count("internal", t)) continue;
      found.keep({
        ...{ type: "internal", key: key[m]!, transactions: [t], micros: [m, last] },
        values: [value[m]!, value[last]!],
        message: `${whose(transactions, t)} ${deed(transactions, m)} after it ${deed(transactions, last)} itself`,
      });
    }
  }
}

/**
 * Two transactions whose first access to a key is a read of the same version, and that both write
 * it.
 */
function findLostUpdates(versions: RegisterVersions, found: Collector): void {
  const { start, transactions } = versions;
  for (let key = 0; key < transactions.keys.length; key++) {
    const size = start[key + 1]! - start[key]!;
    if (size < 2) continue;
    const first = new Int32Array(size + 1).fill(-1);
    const updates = new Map<number, number[]>();
    // What nobody wrote is a version to those who read it.
    const strangers = new Map<number, number>();
    eachUpdate(versions, key, (read, version) => {
      if (version === NOBODY) {
        const value = versions.transactions.value[read]!;
        const one = strangers.get(value);
        if (one === undefined) strangers.set(value, read);
        else updates.set(one, [...(updates.get(one) ?? [one]), read]);
        return;
      }
      const place = version === INITIAL ? 0 : version - start[key]! + 1;
      const one = first[place]!;
      const reads = updates.get(one);
      if (one === -1) first[place] = read;
      else if (reads === undefined) updates.set(one, [one, read]);
      else reads.push(read);
    });
    for (const reads of updates.values()) keepLostUpdate(versions, reads, found);
  }
}

/** The ok transactions that write the key and whose first access to it is the read of a version. */
function eachUpdate(
  versions: RegisterVersions,
  key: number,
  visit: (read: number, version: number) => void,
): void {
  const { byKey, keyStart, transactionOf, isFinal, source, versionOf } = versions;
  const { kind, outcome } = versions.transactions;
  const end = keyStart[key + 1]!;
  for (let i = keyStart[key]!; i < end; ) {
    const read = byKey[i]!;
    const t = transactionOf[read]!;
    let isWriter = false;
    for (; i < end && transactionOf[byKey[i]!] === t; i++) {
      if (isFinal[byKey[i]!] === 1) isWriter = true;
    }
    if (!isWriter || kind[read] !== microKinds.read || outcome[t] !== outcomes.ok) continue;
    const written = source[read]!;
    const version = written < 0 ? written : versionOf[written]!;
    if (written === INITIAL || written === NOBODY || version >= 0) visit(read, version);
  }
}

function keepLostUpdate(versions: RegisterVersions, reads: number[], found: Collector): void {
  const { transactions, transactionOf } = versions;
  const writers = reads.map((read) => transactionOf[read]!);
  if (!found.count("lost-update", writers[0]!)) return;
  const key = transactions.key[reads[0]!]!;
  const [one, other] = writers.map((t) => whose(transactions, t));
  const more = writers.length > 2 ? ` (and ${writers.length - 2} more)` : "";
  const micros = reads.flatMap((read, i) => [read, finalWrite(versions, writers[i]!, key)!]);
  found.keep({
    ...{ type: "lost-update", key, transactions: writers, micros },
    values: [transactions.value[reads[0]!]!],
    message: `${one} and ${other}${more} both ${deed(transactions, reads[0]!)} and then wrote it: the update of one is lost`,
  });
}

/** What a micro-operation did: "read 3 of key x" or "wrote 3 to key x". */
export function deed(transactions: Transactions, micro: number): string {
  const { kind, key, value } = transactions;
  const id = value[micro]!;
  const shown = id === NULL_ID ? "nil" : element(transactions, id);
  const where = whichKey(transactions, key[micro]!);
  return kind[micro] === microKinds.read
    ? `read ${shown} of ${where}`
    : `wrote ${shown} to ${where}`;
}
