/** What views keep of the order of the sessions, as edges. */

import { type Accesses, isRead, isWrite, kinds } from "../accesses.js";
import { Edges, NONE, READS_FROM, SESSION } from "./graph.js";
import type { Outline } from "./outline.js";
import type { ViewRules } from "./rules.js";

/** Whether an access is an own update that the view takes as one element. */
export function isOneElement(
  accesses: Accesses,
  rules: ViewRules,
  session: number,
  access: number,
): boolean {
  const isOwn = accesses.session[access] === session;
  return isOwn && rules.atomicUpdates && accesses.kind[access] === kinds.update;
}

/**
 * What the view of a session, NONE for that of nobody, keeps of the sessions, without its reads
 * themselves. Node a is the write of access a, node size + a stands for what is before the read a or
 * before an earlier read of its session.
 */
export function keptEdges(
  accesses: Accesses,
  { previousWrite, previousOfKey, previousRead, lastRead }: Outline,
  rules: ViewRules,
  session: number,
): Edges {
  const { size, kind, source } = accesses;
  const chain = rules.chains === "session" ? previousWrite : previousOfKey;
  const edges = new Edges();
  for (let a = 0; a < size; a++) {
    const isKept = rules.writesFollowReads || accesses.session[a] === session;
    if (isWrite(kind[a]!)) {
      if (chain[a] !== NONE) edges.add(chain[a]!, a, SESSION);
      if (isKept && lastRead[a] !== NONE && !isOneElement(accesses, rules, session, a))
        edges.add(size + lastRead[a]!, a, SESSION);
    }
    if (isKept && isRead(kind[a]!)) {
      if (previousRead[a] !== NONE) edges.add(size + previousRead[a]!, size + a, SESSION);
      if (source[a]! >= 0) edges.add(source[a]!, size + a, READS_FROM);
    }
  }
  return edges;
}
