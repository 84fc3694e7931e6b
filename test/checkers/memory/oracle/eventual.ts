/**
 * What must hold once all is quiet. Eventual: final reads of a key agree, and tell of some write where
 * one was acknowledged. Strong convergence, as far as clients can see: causal convergence in which
 * every final read has all writes of its key in its past.
 */

import { type Access, isRead, isWrite } from "./accesses.js";
import { isConvergent } from "./causal.js";
import { type Explanation, INITIAL } from "./sources.js";

/** The last final read of its session and key, if it began when all acknowledged writes of the key were over. */
function isConclusive(read: Access, accesses: readonly Access[]): boolean {
  if (read.kind !== "read" || !read.isFinal) return false;
  return accesses.every((other) => {
    if (other.key !== read.key) return true;
    if (other.isFinal && other.session === read.session && other.place > read.place) return false;
    return other.isPending || !isWrite(other) || other.completed < read.invoked;
  });
}

export function conclusive(accesses: readonly Access[]): Access[] {
  return accesses.filter((access) => isConclusive(access, accesses));
}

/** For one choice of sources; whether there is anything to judge is for the caller to ask. */
export function isEventual({ accesses, sources }: Explanation): boolean {
  const finals = conclusive(accesses);
  return finals.every((read) => {
    const agree = finals.every((other) => other.key !== read.key || other.found === read.found);
    const isWritten = accesses.some(
      (write) => isWrite(write) && !write.isPending && write.key === read.key,
    );
    return agree && !(isWritten && sources[accesses.indexOf(read)] === INITIAL);
  });
}

export function isStronglyConvergent(explanation: Explanation): boolean {
  const finals = new Set(conclusive(explanation.accesses));
  return isConvergent(
    explanation,
    (write, read) => isRead(read) && finals.has(read) && isWrite(write) && write.key === read.key,
  );
}
