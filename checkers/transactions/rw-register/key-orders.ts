/**
 * Orders of a key's versions that go beyond what reads tell: claimed by the database (commit times)
 * or assumed by whoever asks, as in Elle (Kingsbury, Alvaro 2020, "inferring version orders"):
 *
 * writes-follow-reads: who reads a version and then writes the key puts its own after it.
 * sequential-keys: versions follow the order in which each process touches the key.
 * linearizable-keys: they follow real time between the transactions that touch it.
 *
 * A source that contradicts itself, or those before it, on some key is a finding and is not used
 * there: what it says is then no reason to blame anything else. Nearly linear: real time is reduced
 * to neighbours, of which there are no more than transactions at once.
 */

import { outcomes } from "../../../histories/columns.js";
import { microKinds } from "../../../histories/transactions.js";
import type { Collector } from "../collector.js";
import { whose } from "../describe.js";
import { deed } from "./anomalies.js";
import type { KnownOrder } from "./graph.js";
import { cycleAmong, type Precedence } from "./precedences.js";
import { INITIAL, NOTHING, type RegisterVersions, versionRead } from "./versions.js";

export const assumptions = ["writes-follow-reads", "sequential-keys", "linearizable-keys"] as const;
export type Assumption = (typeof assumptions)[number];

export interface OrderSources {
  assume?: readonly Assumption[];
  /** By transaction: when it committed, as the database says; NaN where it says nothing. */
  claimed?: Float64Array;
}

/** A transaction's dealings with a key: what it saw or wrote first, and what it left behind. */
interface Access {
  transaction: number;
  first: number;
  firstMicro: number;
  last: number;
  lastMicro: number;
}

export function knownOrder(
  versions: RegisterVersions,
  { assume = [], claimed }: OrderSources,
  found: Collector,
): KnownOrder {
  const before: number[] = [];
  const after: number[] = [];
  const total = new Set<number>();
  const keys = assume.length > 0 || claimed !== undefined ? versions.transactions.keys.length : 0;
  for (let key = 0; key < keys; key++) {
    const kept: Precedence[] = [];
    if (claimed !== undefined) {
      const claim = claimedPairs(versions, key, claimed);
      kept.push(...claim.pairs);
      if (claim.isTotal) total.add(key);
    }
    if (assume.length > 0) {
      const accesses = accessesOf(versions, key);
      for (const assumption of assumptions) {
        if (!assume.includes(assumption)) continue;
        const pairs = sources[assumption](accesses, versions);
        const cycle = cycleAmong([...kept, ...pairs]);
        if (cycle === undefined) kept.push(...pairs);
        else report(versions, assumption, cycle, found);
      }
    }
    for (const pair of kept) {
      if (pair.before === INITIAL) continue;
      before.push(pair.before);
      after.push(pair.after);
    }
  }
  return { before, after, isTotal: (key) => total.has(key) };
}

const sources: Record<
  Assumption,
  (accesses: readonly Access[], versions: RegisterVersions) => Precedence[]
> = {
  "writes-follow-reads": (accesses) => accesses.flatMap(within),
  "sequential-keys": bySession,
  "linearizable-keys": byRealTime,
};

function within({ first, firstMicro, last, lastMicro }: Access): Precedence[] {
  if (first === last) return [];
  return [{ before: first, after: last, earlier: firstMicro, later: lastMicro }];
}

function between(a: Access, b: Access): Precedence[] {
  if (a.last === b.first) return [];
  return [{ before: a.last, after: b.first, earlier: a.lastMicro, later: b.firstMicro }];
}

function bySession(accesses: readonly Access[], { transactions }: RegisterVersions): Precedence[] {
  const latest = new Map<number, Access>();
  return accesses.flatMap((access) => {
    const process = transactions.process[access.transaction]!;
    const previous = latest.get(process);
    latest.set(process, access);
    return [...within(access), ...(previous === undefined ? [] : between(previous, access))];
  });
}

/** From each transaction to those that come after it with none in between. */
function byRealTime(accesses: readonly Access[], { transactions }: RegisterVersions): Precedence[] {
  const { invoked, completed } = transactions;
  const end = ({ transaction }: Access) => completed[transaction]!;
  const begin = ({ transaction }: Access) => invoked[transaction]!;
  let running: Access[] = [];
  let frontier: Access[] = [];
  return accesses.flatMap((access) => {
    const ended = running.filter((other) => end(other) < begin(access));
    running = running.filter((other) => end(other) > begin(access));
    for (const done of ended.sort((a, b) => end(a) - end(b))) {
      frontier = frontier.filter((other) => end(other) > begin(done));
      frontier.push(done);
    }
    if (transactions.outcome[access.transaction] === outcomes.ok) running.push(access);
    return [...within(access), ...frontier.flatMap((other) => between(other, access))];
  });
}

/** In order of invocation; those of which nothing certain is known are left out. */
function accessesOf(versions: RegisterVersions, key: number): Access[] {
  const { byKey, keyStart, transactionOf, versionOf, present, transactions } = versions;
  const accesses: Access[] = [];
  const end = keyStart[key + 1]!;
  for (let i = keyStart[key]!; i < end; ) {
    const t = transactionOf[byKey[i]!]!;
    let first: { version: number; micro: number } | undefined;
    let last: typeof first;
    let own: typeof first;
    for (; i < end && transactionOf[byKey[i]!] === t; i++) {
      const micro = byKey[i]!;
      const isRead = transactions.kind[micro] === microKinds.read;
      const version = isRead ? versionRead(versions, micro) : versionOf[micro]!;
      if (isRead ? version === NOTHING : version < 0) continue;
      if (!isRead) own = { version, micro };
      last = own ?? { version, micro };
      first ??= last;
    }
    if (present[t] === 0 || first === undefined || last === undefined) continue;
    const [firstVersion, lastVersion] = [first.version, last.version];
    accesses.push({
      ...{ transaction: t, first: firstVersion, firstMicro: first.micro },
      ...{ last: lastVersion, lastMicro: last.micro },
    });
  }
  return accesses;
}

function claimedPairs(
  { start, writeOf, transactionOf }: RegisterVersions,
  key: number,
  claimed: Float64Array,
): { pairs: Precedence[]; isTotal: boolean } {
  const timeOf = (version: number) => claimed[transactionOf[writeOf[version]!]!]!;
  const known: number[] = [];
  for (let v = start[key]!; v < start[key + 1]!; v++) if (!Number.isNaN(timeOf(v))) known.push(v);
  known.sort((a, b) => timeOf(a) - timeOf(b) || a - b);
  const pairs: Precedence[] = [];
  let isTotal = known.length === start[key + 1]! - start[key]!;
  let earlier: number[] = [];
  for (let i = 0; i < known.length; ) {
    const time = timeOf(known[i]!);
    const together: number[] = [];
    for (; i < known.length && timeOf(known[i]!) === time; i++) together.push(known[i]!);
    if (together.length > 1) isTotal = false;
    for (const before of earlier) {
      for (const after of together)
        pairs.push({ before, after, earlier: writeOf[before]!, later: writeOf[after]! });
    }
    earlier = together;
  }
  return { pairs, isTotal };
}

function report(
  { transactions, transactionOf }: RegisterVersions,
  assumption: Assumption,
  cycle: readonly Precedence[],
  found: Collector,
): void {
  const isRead = ({ later }: Precedence) => transactions.kind[later] === microKinds.read;
  const place = Math.max(0, cycle.findIndex(isRead));
  const { earlier, later } = cycle[place]!;
  const turned = [...cycle.slice(place), ...cycle.slice(0, place)];
  const micros = turned.flatMap((pair) => [pair.later, pair.earlier]);
  const involved = [...new Set(micros.map((micro) => transactionOf[micro]!))];
  if (!found.count("cyclic-versions", involved[0]!)) return;
  const what = (micro: number) =>
    `${whose(transactions, transactionOf[micro]!)} ${deed(transactions, micro)}`;
  found.keep({
    ...{ type: "cyclic-versions", key: transactions.key[later]!, transactions: involved },
    micros: [...new Set(micros)],
    values: [transactions.value[later]!, transactions.value[earlier]!],
    message: `assumption ${assumption} violated: ${what(later)} after ${what(earlier)}, though that came later`,
  });
}
