/**
 * Strong convergence by its definition: tries every order of all writes. Shares nothing with the
 * decision procedure. For histories of a handful of writes.
 */

import type { History, HistoryEvent } from "../../../../histories/history.js";
import { recorded } from "../../timeline.js";

export interface Program {
  steps: { session: number; key: string; isWrite: boolean; source: number }[];
  finals: { session: number; key: string; source: number }[];
}

export interface DrawnAccess {
  session: number;
  key: string;
  isWrite: boolean;
  final: boolean;
  /** Of reads: a place in the list, or -1 for the initial value. */
  source: number;
}

/** A program as it was recorded: its steps one after the other, and then the final reads. */
export function recordedProgram({ steps, finals }: Program): {
  history: History;
  accesses: DrawnAccess[];
} {
  const accesses: DrawnAccess[] = [
    ...steps.map((step) => ({ ...step, final: false })),
    ...finals.map((read) => ({ ...read, isWrite: false, final: true })),
  ];
  for (const access of accesses) {
    if (access.isWrite) continue;
    const writes = accesses.flatMap(({ key, isWrite }, i) =>
      isWrite && key === access.key ? [i] : [],
    );
    access.source = [-1, ...writes][access.source % (writes.length + 1)] as number;
  }
  const events = accesses.flatMap(({ session, key, isWrite, final, source }, i): HistoryEvent[] => {
    const about = { process: session, f: isWrite ? "write" : "read", key };
    const tail = final ? { final: true } : {};
    const value = isWrite ? i + 1 : null;
    const output = isWrite ? i + 1 : source + 1;
    return [
      { ...about, ...tail, index: 0, time: 10 * i, type: "invoke", value },
      { ...about, ...tail, index: 0, time: 10 * i + 5, type: "ok", value: output },
    ];
  });
  return { history: recorded(events), accesses };
}

/** Also what eventual consistency asks of final reads. */
export function convergesStrongly(accesses: readonly DrawnAccess[]): boolean {
  const finals = settled(accesses);
  const past = pastOf(accesses, finals);
  if (accesses.some((_, i) => past[i]!.has(i))) return false;
  if (!agree(accesses, finals)) return false;
  const writes = accesses.flatMap(({ isWrite }, i) => (isWrite ? [i] : []));
  return permutations(writes).some(
    (order) =>
      order.every((write, at) => order.slice(at + 1).every((later) => !past[write]!.has(later))) &&
      accesses.every(
        ({ isWrite, key, source }, read) =>
          isWrite || source === lastOf(order, accesses, key, past[read]!),
      ),
  );
}

/** The last final read of each session and key. */
function settled(accesses: readonly DrawnAccess[]): Set<number> {
  const last = new Map<string, number>();
  accesses.forEach(({ final, session, key }, i) => {
    if (final) last.set(`${session} ${key}`, i);
  });
  return new Set(last.values());
}

function agree(accesses: readonly DrawnAccess[], finals: ReadonlySet<number>): boolean {
  return [...finals].every((one) =>
    [...finals].every((other) => {
      const [a, b] = [accesses[one]!, accesses[other]!];
      return a.key !== b.key || a.source === b.source;
    }),
  );
}

/** Everything causally before each access, by repetition until nothing is new. */
function pastOf(accesses: readonly DrawnAccess[], finals: ReadonlySet<number>): Set<number>[] {
  const past = accesses.map(({ session, isWrite, source, key }, i) => {
    const before = new Set<number>();
    accesses.forEach((other, j) => {
      if (other.session === session && j < i) before.add(j);
      if (finals.has(i) && other.isWrite && other.key === key) before.add(j);
    });
    if (!isWrite && source >= 0) before.add(source);
    return before;
  });
  for (let changed = true; changed; ) {
    changed = false;
    for (const before of past) {
      const size = before.size;
      for (const one of [...before]) for (const earlier of past[one]!) before.add(earlier);
      changed ||= before.size > size;
    }
  }
  return past;
}

function lastOf(
  order: readonly number[],
  accesses: readonly DrawnAccess[],
  key: string,
  past: ReadonlySet<number>,
): number {
  return order.filter((write) => accesses[write]!.key === key && past.has(write)).at(-1) ?? -1;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
