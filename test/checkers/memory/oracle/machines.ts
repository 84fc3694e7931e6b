/**
 * Sequential consistency, coherence, TSO and PSO by running the machines: every interleaving, every
 * moment at which a buffered write may reach the memory (Owens, Sarkar and Sewell 2009; SPARC v9 for
 * PSO). Machines move values, so that nobody has to say which write a read took its value from.
 */

import { type Access, completions, isRead, isWrite, keyCount, type Value } from "./accesses.js";
import { type Element, hasOrder, some } from "./orders.js";

export function isSequential(accesses: readonly Access[], init: Value): boolean {
  return some(completions(accesses), (kept) =>
    hasOrder(inSessionOrder(kept), keyCount(kept), init),
  );
}

export function isCoherent(accesses: readonly Access[], init: Value): boolean {
  const keys = Array.from({ length: keyCount(accesses) }, (_, key) => key);
  return keys.every((key) =>
    isSequential(
      accesses.filter((access) => access.key === key),
      init,
    ),
  );
}

function inSessionOrder(accesses: readonly Access[]): Element[] {
  return accesses.map((access) => ({
    after: accesses.reduce(
      (mask, other, at) =>
        other.session === access.session && other.place < access.place ? mask | (1 << at) : mask,
      0,
    ),
    ...(access.kind === "fence" ? {} : { key: access.key }),
    ...(access.found === undefined ? {} : { asks: access.found }),
    ...(access.left === undefined ? {} : { leaves: access.left }),
  }));
}

export function isTso(accesses: readonly Access[], init: Value): boolean {
  return some(completions(accesses), (kept) => runs(kept, init, () => 0, 1));
}

export function isPso(accesses: readonly Access[], init: Value): boolean {
  return some(completions(accesses), (kept) => runs(kept, init, (key) => key, keyCount(kept)));
}

interface Buffered {
  key: number;
  value: Value;
}

/** `bufferOf` tells which of its session's buffers the writes to a key go through. */
function runs(
  accesses: readonly Access[],
  init: Value,
  bufferOf: (key: number) => number,
  buffers: number,
): boolean {
  const sessions: Access[][] = [];
  for (const access of accesses) {
    sessions[access.session] ??= [];
    sessions[access.session]!.push(access);
  }
  const threads = sessions.filter((session) => session !== undefined);
  const next = threads.map(() => 0);
  const queues: Buffered[][][] = threads.map(() => Array.from({ length: buffers }, () => []));
  const memory = new Array<Value>(keyCount(accesses)).fill(init);
  const dead = new Set<string>();

  function run(): boolean {
    const isDone = threads.every(
      (thread, t) => next[t] === thread.length && queues[t]!.every((queue) => queue.length === 0),
    );
    if (isDone) return true;
    const state = JSON.stringify([next, queues, memory]);
    if (dead.has(state)) return false;
    if (threads.some((_, t) => issues(t) || flushes(t))) return true;
    dead.add(state);
    return false;
  }

  function issues(t: number): boolean {
    const access = threads[t]![next[t]!];
    if (access === undefined) return false;
    const own = queues[t]!;
    const isEmpty = own.every((queue) => queue.length === 0);
    const { kind, key, found, left } = access;
    if ((kind === "fence" || kind === "update") && !isEmpty) return false;
    if (isRead(access) && found !== undefined) {
      const newest = own[bufferOf(key)]!.findLast((entry) => entry.key === key);
      if ((newest?.value ?? memory[key]) !== found) return false;
    }
    next[t]! += 1;
    const held = memory[key]!;
    if (kind === "update") memory[key] = left!;
    else if (isWrite(access)) own[bufferOf(key)]!.push({ key, value: left! });
    const isFound = run();
    if (kind === "update") memory[key] = held;
    else if (isWrite(access)) own[bufferOf(key)]!.pop();
    next[t]! -= 1;
    return isFound;
  }

  function flushes(t: number): boolean {
    return queues[t]!.some((queue) => {
      const oldest = queue.shift();
      if (oldest === undefined) return false;
      const held = memory[oldest.key]!;
      memory[oldest.key] = oldest.value;
      const isFound = run();
      memory[oldest.key] = held;
      queue.unshift(oldest);
      return isFound;
    });
  }

  return run();
}
