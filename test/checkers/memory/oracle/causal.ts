/**
 * The causal family from its definitions (Bouajjani, Enea, Guerraoui and Hamza 2017; release/acquire:
 * Lahav, Giannarakis and Vafeiadis 2016), for one choice of sources: every order of a causal past,
 * every order of the writes. No bad pattern is looked for.
 */

import { type Access, isRead, isSessionOrdered, isWrite, keyCount } from "./accesses.js";
import { type Element, hasOrder } from "./orders.js";
import { type Explanation, INITIAL } from "./sources.js";

/** An edge of causality beside the order of sessions and who read from whom. */
export type MoreCauses = (first: Access, second: Access) => boolean;

const none: MoreCauses = () => false;

/** Per access the bits of all that come before it; undefined where one comes before itself. */
export function pastsOf(
  { accesses, sources }: Explanation,
  isCause: MoreCauses = none,
): number[] | undefined {
  const pasts = accesses.map((access, at) =>
    accesses.reduce((mask, other, cause) => {
      const isBefore =
        isSessionOrdered(other, access) ||
        (isRead(access) && sources[at] === cause) ||
        isCause(other, access);
      return isBefore ? mask | (1 << cause) : mask;
    }, 0),
  );
  for (const [middle] of accesses.entries()) {
    for (const [at] of accesses.entries()) {
      if ((pasts[at]! & (1 << middle)) !== 0) pasts[at]! |= pasts[middle]!;
    }
  }
  return pasts.some((past, at) => (past & (1 << at)) !== 0) ? undefined : pasts;
}

/** Each read is explained by some order of its own past. */
export function isCausal(explanation: Explanation): boolean {
  const { accesses } = explanation;
  const pasts = pastsOf(explanation);
  return (
    pasts !== undefined &&
    accesses.every(
      (access, at) =>
        !isRead(access) || isPastExplained(explanation, pasts, at, (other) => other === access),
    )
  );
}

/** Each session is explained by some order of the past of its last access. */
export function isCausalMemory(explanation: Explanation): boolean {
  const { accesses } = explanation;
  const pasts = pastsOf(explanation);
  return (
    pasts !== undefined &&
    accesses.every((access, at) => {
      const isLast = !accesses.some((other) => isSessionOrdered(access, other));
      const isOwn = ({ session }: Access) => session === access.session;
      return !isLast || isPastExplained(explanation, pasts, at, isOwn);
    })
  );
}

function isPastExplained(
  { accesses, sources }: Explanation,
  pasts: readonly number[],
  of: number,
  mustFind: (access: Access) => boolean,
): boolean {
  const members = accesses
    .map((_, at) => at)
    .filter((at) => ((pasts[of]! | (1 << of)) & (1 << at)) !== 0);
  const elements = members.map((member): Element => {
    const access = accesses[member]!;
    const after = members.reduce(
      (mask, other, at) => ((pasts[member]! & (1 << other)) !== 0 ? mask | (1 << at) : mask),
      0,
    );
    return {
      after,
      ...(access.kind === "fence" ? {} : { key: access.key }),
      ...(isRead(access) && mustFind(access) ? { asks: sources[member]! } : {}),
      ...(isWrite(access) ? { leaves: member } : {}),
    };
  });
  return hasOrder(elements, keyCount(accesses), INITIAL);
}

/** One order of all writes; each read returns the last of its past. Updates are atomic in it. */
export function isConvergent(explanation: Explanation, isCause: MoreCauses = none): boolean {
  return isArbitrated(explanation, isCause, () => true);
}

/** One such order per key. */
export function isReleaseAcquire(explanation: Explanation): boolean {
  const keys = Array.from({ length: keyCount(explanation.accesses) }, (_, key) => key);
  return (
    pastsOf(explanation) !== undefined &&
    keys.every((key) => isArbitrated(explanation, none, (access) => access.key === key))
  );
}

function isArbitrated(
  explanation: Explanation,
  isCause: MoreCauses,
  isChosen: (access: Access) => boolean,
): boolean {
  const { accesses, sources } = explanation;
  const pasts = pastsOf(explanation, isCause);
  if (pasts === undefined) return false;
  // By number of the access; those that are no chosen writes stay out of the order.
  const after = [...pasts];
  for (const [at, access] of accesses.entries()) {
    if (!isRead(access) || !isChosen(access)) continue;
    const source = sources[at]!;
    for (const [other, write] of accesses.entries()) {
      const isSeen =
        isWrite(write) && write.key === access.key && (pasts[at]! & (1 << other)) !== 0;
      if (!isSeen || other === source) continue;
      if (source === INITIAL) return false;
      after[source]! |= 1 << other;
    }
  }
  const writes = accesses
    .map((_, at) => at)
    .filter((at) => isWrite(accesses[at]!) && isChosen(accesses[at]!));
  const elements = writes.map((write): Element => {
    const { key, kind } = accesses[write]!;
    return {
      after: writes.reduce(
        (mask, other, at) => ((after[write]! & (1 << other)) !== 0 ? mask | (1 << at) : mask),
        0,
      ),
      key,
      ...(kind === "update" ? { asks: sources[write]! } : {}),
      leaves: write,
    };
  });
  return hasOrder(elements, keyCount(accesses), INITIAL);
}
