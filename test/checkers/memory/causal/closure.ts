/**
 * The bad patterns of causal consistency read off the transitive closure, for histories of some hundred
 * accesses without updates: O(n^3 / 32). Bouajjani et al., POPL 2017.
 */

import { type Accesses, INITIAL, kinds } from "../../../../checkers/memory/accesses.js";

/** before[b] has bit a when a is before b. */
type Closure = Uint32Array[];

export interface Patterns {
  causal: boolean;
  causalConvergence: boolean;
  releaseAcquire: boolean;
  causalMemory: boolean;
}

export function patterns(accesses: Accesses): Patterns {
  const { size, sessions, keys, kind, key, source, starts } = accesses;
  const co = closureOf(size, causalSteps(accesses));
  if (isCyclic(co)) {
    return { causal: false, causalConvergence: false, releaseAcquire: false, causalMemory: false };
  }
  const all = Array.from({ length: size }, (_, a) => a);
  const writes = Array.from({ length: keys }, (_, x) =>
    all.filter((a) => kind[a] === kinds.write && key[a] === x),
  );
  const reads = all.filter((a) => kind[a] === kinds.read);
  /** Overwritten → returned, for reads that have both in their past. */
  const conflicts = (past: Closure, of: readonly number[]): [number, number][] =>
    of.flatMap((r) =>
      writes[key[r]!]!.filter((w) => w !== source[r] && has(past, w, r)).map(
        (w): [number, number] => [w, source[r]!],
      ),
    );
  const found = conflicts(co, reads);
  const causal = !found.some(([w, returned]) => returned === INITIAL || has(co, returned, w));
  if (!causal) {
    return { causal, causalConvergence: false, releaseAcquire: false, causalMemory: false };
  }
  const isAcyclicWith = (arcs: readonly [number, number][]) =>
    !isCyclic(closureOf(size, [...causalSteps(accesses), ...arcs]));
  const explains = (s: number): boolean => {
    const own = reads.filter((r) => r >= starts[s]! && r < starts[s + 1]!);
    const last = starts[s + 1]! - 1;
    if (last < starts[s]!) return true;
    const inside = (a: number) => a === last || has(co, a, last);
    let hb = co;
    for (let arcs: [number, number][] = []; ; ) {
      const next = conflicts(hb, own);
      if (next.some(([, returned]) => returned === INITIAL)) return false;
      if (next.length === arcs.length) return true;
      arcs = next;
      const steps = causalSteps(accesses).filter(([a, b]) => inside(a) && inside(b));
      hb = closureOf(size, [...steps, ...arcs]);
      if (isCyclic(hb)) return false;
    }
  };
  return {
    causal,
    causalConvergence: isAcyclicWith(found),
    releaseAcquire: writes.every((_, x) => isAcyclicWith(found.filter(([w]) => key[w] === x))),
    causalMemory: Array.from({ length: sessions }, (_, s) => s).every(explains),
  };
}

function causalSteps({ size, starts, session, source }: Accesses): [number, number][] {
  const steps: [number, number][] = [];
  for (let a = 0; a < size; a++) {
    if (a + 1 < starts[session[a]! + 1]!) steps.push([a, a + 1]);
    if (source[a]! >= 0) steps.push([source[a]!, a]);
  }
  return steps;
}

function closureOf(size: number, steps: readonly [number, number][]): Closure {
  const before = Array.from({ length: size }, () => new Uint32Array((size + 31) >> 5));
  for (const [a, b] of steps) before[b]![a >> 5]! |= 1 << (a & 31);
  for (let k = 0; k < size; k++) {
    for (const past of before) {
      if (!((past[k >> 5]! >>> (k & 31)) & 1)) continue;
      for (let i = 0; i < past.length; i++) past[i]! |= before[k]![i]!;
    }
  }
  return before;
}

function has(closure: Closure, a: number, b: number): boolean {
  return ((closure[b]![a >> 5]! >>> (a & 31)) & 1) === 1;
}

function isCyclic(closure: Closure): boolean {
  return closure.some((_, a) => has(closure, a, a));
}
