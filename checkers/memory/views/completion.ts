/** Orders of the writes of each key that extend what is agreed upon, by the recorded times otherwise. */

import { EventHeap } from "../../transactions/solver/event-heap.js";
import { type Accesses, isWrite } from "../accesses.js";
import { Agreement } from "./agreement.js";
import { NONE } from "./graph.js";
import type { Outline } from "./outline.js";

/** One order of all writes, cut into keys; the sessions and the agreement have no cycle. O(n log n). */
export function completion(
  accesses: Accesses,
  { previousWrite }: Outline,
  agreement: Agreement,
): Agreement {
  const { size, kind, key, keys } = accesses;
  const waits = new Int32Array(size);
  const laterOf = new Int32Array(size).fill(NONE);
  const next = new Int32Array(agreement.count).fill(NONE);
  const nextInSession = new Int32Array(size).fill(NONE);
  for (let a = 0; a < size; a++) {
    if (!isWrite(kind[a]!) || previousWrite[a] === NONE) continue;
    nextInSession[previousWrite[a]!] = a;
    waits[a]!++;
  }
  for (let pair = 0; pair < agreement.count; pair++) {
    const before = agreement.before(pair);
    next[pair] = laterOf[before]!;
    laterOf[before] = pair;
    waits[agreement.after(pair)]!++;
  }
  const ready = new EventHeap(Float64Array.from(accesses.completed));
  for (let a = 0; a < size; a++) if (isWrite(kind[a]!) && waits[a] === 0) ready.push(a);
  const orders = new Agreement(size);
  const latest = new Int32Array(keys).fill(NONE);
  const release = (write: number): void => {
    if (--waits[write]! === 0) ready.push(write);
  };
  while (ready.size > 0) {
    const write = ready.pop();
    const x = key[write]!;
    if (latest[x] !== NONE) orders.add(latest[x]!, write);
    latest[x] = write;
    if (nextInSession[write] !== NONE) release(nextInSession[write]!);
    for (let pair = laterOf[write]!; pair !== NONE; pair = next[pair]!)
      release(agreement.after(pair));
  }
  return orders;
}
