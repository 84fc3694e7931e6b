/**
 * Session guarantees of a store in which the last write wins: one total order of all writes, and of
 * each read the writes that it sees, the last of which of its key it returns.
 *
 * Decided by the least sets that can be seen: they are closed under the chosen guarantees, so a read of
 * the initial value must not see a write of its key, and the order of the writes, with every seen write
 * of the key before the source, must have no cycle; any order which it then leaves open will do. What a write
 * brings with it is before it in the order anyway, hence only what the session itself has gathered
 * (monotonic reads: all that it ever saw; read your writes: its own writes and what they bring)
 * asks for more. Per session each write is gathered once, and is before one more source once it was asked about.
 *
 * O(accesses) a session that reads, memory O(accesses + edges); no sets are stored.
 */

import { type Accesses, isRead, isWrite, type KeyOrders } from "../accesses.js";
import type { Step, Violation } from "../decision.js";
import { accessesOf, linksOf, ownFuture, stepsOf } from "../views/account.js";
import { Edges, Graph, NONE, OVERWRITES, READS_FROM, SESSION } from "../views/graph.js";
import type { Outline } from "../views/outline.js";
import type { Chosen } from "./guarantees.js";
import { Sight, type Unseen } from "./sight.js";

/** Undefined where an order of the writes exists. No THIN_AIR. */
export function violationOfArbitration(
  accesses: Accesses,
  outline: Outline,
  set: Chosen,
  type: string,
  orders?: KeyOrders,
): Violation | undefined {
  const future = ownFuture(accesses, type);
  if (future !== undefined) return future;
  const edges = new Edges();
  keep(accesses, outline, set, edges);
  for (const order of orders ?? [])
    for (let i = 1; i < order.length; i++) edges.add(order[i - 1]!, order[i]!, OVERWRITES);
  const sight = new Sight(accesses, outline, set, edges);
  if (set.monotonicReads || set.readYourWrites) {
    for (let session = 0; session < accesses.sessions; session++) {
      const unseen = sight.look(session);
      if (unseen !== undefined) return sawBeforeInitial(accesses, sight, unseen, type);
    }
  }
  const graph = new Graph(sight.nodes, edges);
  const cycle = graph.shortCycle();
  return cycle === undefined ? undefined : circle(accesses, sight, edges, cycle, type);
}

/** What the order of the writes keeps of the sessions; node size + a: what read a and earlier ones saw. */
function keep(accesses: Accesses, outline: Outline, set: Chosen, edges: Edges): void {
  const { size, kind, source } = accesses;
  const { previousWrite, previousOfKey, previousRead, lastRead } = outline;
  const chain = set.monotonicWrites ? previousWrite : previousOfKey;
  for (let a = 0; a < size; a++) {
    if (isWrite(kind[a]!)) {
      if (chain[a] !== NONE) edges.add(chain[a]!, a, SESSION);
      if (set.writesFollowReads && lastRead[a] !== NONE) edges.add(size + lastRead[a]!, a, SESSION);
    }
    if (!set.writesFollowReads || !isRead(kind[a]!)) continue;
    const read = previousRead[a]!;
    if (read !== NONE) edges.add(size + read, size + a, SESSION);
    if (source[a]! >= 0) edges.add(source[a]!, size + a, READS_FROM);
    if (!set.readYourWrites) continue;
    const write = previousWrite[a]!;
    for (let own = write; own !== NONE && own >= read; own = previousWrite[own]!)
      edges.add(own, size + a, SESSION);
  }
}

/** A read of the initial value by a session that sees a write of the key. */
function sawBeforeInitial(
  accesses: Accesses,
  sight: Sight,
  { read, write }: Unseen,
  type: string,
): Violation {
  const path: Step[] = [
    ...stepsOf(accesses, sight.path(write, read)),
    { from: read, to: write, relation: "replaced" },
  ];
  return violationAt(type, path, accesses.session[read]!, accessesOf(path));
}

function circle(
  accesses: Accesses,
  sight: Sight,
  edges: Edges,
  cycle: readonly number[],
  type: string,
): Violation {
  const path = stepsOf(accesses, sight.withoutSums(linksOf(edges, cycle)));
  const rests = accessesOf(path);
  let view: number | undefined;
  for (const edge of cycle) {
    const read = edges.because[edge]!;
    if (read === NONE) continue;
    rests.add(read);
    view = accesses.session[read]!;
    const write = edges.from[edge]!;
    if (write >= accesses.size) continue;
    for (const link of sight.path(write, read)) rests.add(link.from % accesses.size);
  }
  return violationAt(type, path, view, rests);
}

function violationAt(
  type: string,
  path: readonly Step[],
  view: number | undefined,
  accesses: ReadonlySet<number>,
): Violation {
  const sorted = [...accesses].sort((a, b) => a - b);
  return { type, path, accesses: sorted, ...(view === undefined ? {} : { view }) };
}
