/** The definitions of views, tried order by order: exponential, for a handful of accesses. */

import {
  type Accesses,
  INITIAL,
  isRead,
  isWrite,
  type KeyOrders,
  THIN_AIR,
} from "../../../../checkers/memory/accesses.js";
import type { ViewRules } from "../../../../checkers/memory/views/rules.js";

interface Element {
  access: number;
  reads: boolean;
  writes: boolean;
}

/** Per key its writes in one order, as far as that is laid down. */
type KeyOrder = (before: number, after: number) => boolean;

/** Whether some order of the elements respects `before` and gives each read its source. */
function hasOrder(
  accesses: Accesses,
  elements: readonly Element[],
  before: (a: Element, b: Element) => boolean,
): boolean {
  const latest = new Map<number, number>();
  const placed = new Set<Element>();
  const place = (): boolean => {
    if (placed.size === elements.length) return true;
    for (const element of elements) {
      if (placed.has(element)) continue;
      if (
        elements.some((other) => !placed.has(other) && other !== element && before(other, element))
      )
        continue;
      const key = accesses.key[element.access]!;
      const found = latest.get(key) ?? INITIAL;
      if (element.reads && found !== accesses.source[element.access]) continue;
      placed.add(element);
      if (element.writes) latest.set(key, element.access);
      if (place()) return true;
      placed.delete(element);
      latest.set(key, found);
    }
    return false;
  };
  return place();
}

const all = (accesses: Accesses): number[] => Array.from({ length: accesses.size }, (_, a) => a);

export function hasLiteralView(
  accesses: Accesses,
  rules: ViewRules,
  session: number,
  agreed: KeyOrder = () => false,
): boolean {
  const { kind, key, source } = accesses;
  const elements = all(accesses).flatMap((access): Element[] => {
    const isOwn = accesses.session[access] === session;
    const reads = isOwn && isRead(kind[access]!);
    const writes = isWrite(kind[access]!);
    if (reads && writes && !rules.atomicUpdates) {
      return [
        { access, reads, writes: false },
        { access, reads: false, writes },
      ];
    }
    return reads || writes ? [{ access, reads, writes }] : [];
  });
  return hasOrder(accesses, elements, (a, b) => {
    const isSame = accesses.session[a.access] === accesses.session[b.access];
    const isEarlier = isSame && (a.access < b.access || (a.access === b.access && a.reads));
    if (a.writes && b.writes) {
      if (agreed(a.access, b.access)) return true;
      if (isEarlier && (rules.chains === "session" || key[a.access] === key[b.access])) return true;
      // The source of a read (r of the session of b, before b) is before b.
      const isFollowed = all(accesses).some(
        (r) =>
          isRead(kind[r]!) &&
          accesses.session[r] === accesses.session[b.access] &&
          r <= b.access &&
          source[r] === a.access,
      );
      if (rules.writesFollowReads && isFollowed) return true;
    }
    if (!isEarlier) return false;
    return (
      (a.reads && b.writes) ||
      (a.writes && b.reads && rules.readYourWrites) ||
      (a.reads && b.reads && rules.monotonicReads)
    );
  });
}

export function literallyHolds(accesses: Accesses, rules: ViewRules): boolean {
  if (accesses.source.includes(THIN_AIR)) return false;
  return Array.from({ length: accesses.sessions }, (_, s) => s).every((session) =>
    hasLiteralView(accesses, rules, session),
  );
}

/** The accesses of one key, as a history of their own. */
export function restricted(accesses: Accesses, key: number): Accesses {
  const kept = all(accesses).filter((a) => accesses.key[a] === key);
  const starts = Array.from(
    { length: accesses.sessions + 1 },
    (_, s) => kept.filter((a) => a < accesses.starts[s]!).length,
  );
  return {
    size: kept.length,
    sessions: accesses.sessions,
    keys: 1,
    starts: Int32Array.from(starts),
    session: Int32Array.from(kept, (a) => accesses.session[a]!),
    kind: Uint8Array.from(kept, (a) => accesses.kind[a]!),
    key: new Int32Array(kept.length),
    source: Int32Array.from(kept, (a) => {
      const source = accesses.source[a]!;
      return source < 0 ? source : kept.indexOf(source);
    }),
    completed: Int32Array.from(kept, (a) => accesses.completed[a]!),
    operation: Int32Array.from(kept, (a) => accesses.operation[a]!),
  };
}

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (const first of items) {
    for (const rest of permutations(items.filter((item) => item !== first))) yield [first, ...rest];
  }
}

/** Views of pram, agreeing on one order of the writes of each key: on these, where they are given. */
export function literallyProcessor(
  accesses: Accesses,
  pram: ViewRules,
  claimed?: KeyOrders,
): boolean {
  if (accesses.source.includes(THIN_AIR)) return false;
  const sessions = Array.from({ length: accesses.sessions }, (_, s) => s);
  const rank = new Map<number, number>();
  const agreed: KeyOrder = (a, b) =>
    accesses.key[a] === accesses.key[b] && rank.get(a)! < rank.get(b)!;
  const choose = (key: number): boolean => {
    if (key === accesses.keys) {
      return sessions.every((session) => hasLiteralView(accesses, pram, session, agreed));
    }
    const orders =
      claimed === undefined ? permutations(writesOf(accesses, key)) : [[...claimed[key]!]];
    for (const order of orders) {
      for (const [at, write] of order.entries()) rank.set(write, at);
      if (choose(key + 1)) return true;
    }
    return false;
  };
  return choose(0);
}

export function writesOf(accesses: Accesses, key: number): number[] {
  return all(accesses).filter((a) => accesses.key[a] === key && isWrite(accesses.kind[a]!));
}
