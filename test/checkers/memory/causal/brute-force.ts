/**
 * The definitions of the causal models taken literally: every linear extension is tried. For histories
 * of seven accesses or so.
 */

import {
  type Accesses,
  INITIAL,
  isRead,
  isWrite,
  kinds,
} from "../../../../checkers/memory/accesses.js";

export interface Verdicts {
  causal: boolean;
  causalConvergence: boolean;
  releaseAcquire: boolean;
  causalMemory: boolean;
}

/** before[b] has a when a is before b; undefined when something is before itself. */
export function causality(
  accesses: Accesses,
  sees: readonly (readonly number[])[] = [],
): Set<number>[] | undefined {
  const before = Array.from({ length: accesses.size }, () => new Set<number>());
  for (let a = 0; a < accesses.size; a++) {
    if (a + 1 < accesses.starts[accesses.session[a]! + 1]!) before[a + 1]!.add(a);
    if (isRead(accesses.kind[a]!) && accesses.source[a]! >= 0) before[a]!.add(accesses.source[a]!);
  }
  for (const [write, read] of sees) before[read!]!.add(write!);
  for (let k = 0; k < accesses.size; k++) {
    for (const past of before) if (past.has(k)) for (const a of before[k]!) past.add(a);
  }
  return before.some((past, a) => past.has(a)) ? undefined : before;
}

export function verdicts(accesses: Accesses, sees: readonly (readonly number[])[] = []): Verdicts {
  const before = causality(accesses, sees);
  if (before === undefined) {
    return { causal: false, causalConvergence: false, releaseAcquire: false, causalMemory: false };
  }
  const all = Array.from({ length: accesses.size }, (_, a) => a);
  const reads = all.filter((a) => isRead(accesses.kind[a]!));
  const writes = all.filter((a) => isWrite(accesses.kind[a]!));
  const latest = (order: readonly number[], x: number) =>
    order.findLast((a) => isWrite(accesses.kind[a]!) && accesses.key[a] === x) ?? INITIAL;
  const returns = (read: number, order: readonly number[]) =>
    latest(order, accesses.key[read]!) === accesses.source[read];

  const causal = reads.every((read) =>
    someExtension([...before[read]!], before, (order) => returns(read, order)),
  );

  const arbitrated = (keys: (x: number) => boolean) => (order: readonly number[]) =>
    reads.every((read) => {
      const x = accesses.key[read]!;
      if (!keys(x)) return true;
      if (
        !returns(
          read,
          order.filter((a) => before[read]!.has(a)),
        )
      )
        return false;
      if (accesses.kind[read] !== kinds.update) return true;
      return latest(order.slice(0, order.indexOf(read)), x) === accesses.source[read];
    });
  const causalConvergence = someExtension(
    writes,
    before,
    arbitrated(() => true),
  );
  const releaseAcquire = Array.from({ length: accesses.keys }, (_, x) => x).every((x) =>
    someExtension(
      writes.filter((a) => accesses.key[a] === x),
      before,
      arbitrated((each) => each === x),
    ),
  );

  const causalMemory = Array.from({ length: accesses.sessions }, (_, s) => s).every((s) => {
    const last = accesses.starts[s + 1]! - 1;
    if (last < accesses.starts[s]!) return true;
    return someExtension([...before[last]!, last], before, (order) =>
      order.every(
        (a, i) =>
          accesses.session[a] !== s || !isRead(accesses.kind[a]!) || returns(a, order.slice(0, i)),
      ),
    );
  });
  return { causal, causalConvergence, releaseAcquire, causalMemory };
}

function someExtension(
  elements: readonly number[],
  before: readonly ReadonlySet<number>[],
  accept: (order: readonly number[]) => boolean,
): boolean {
  const order: number[] = [];
  const extend = (): boolean => {
    if (order.length === elements.length) return accept(order);
    return elements.some((a) => {
      if (order.includes(a)) return false;
      if (elements.some((b) => before[a]!.has(b) && !order.includes(b))) return false;
      order.push(a);
      const isFound = extend();
      order.pop();
      return isFound;
    });
  };
  return extend();
}
