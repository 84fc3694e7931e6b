/**
 * PRAM (pipelined memory, FIFO consistency; Lipton and Sandberg 1988), and slow memory (Hutto and
 * Ahamad 1990), which is PRAM of each key alone. One view per session that reads, each decided alone.
 * Claimed write orders are ignored: sessions may disagree about them.
 */

import type { Accesses } from "../accesses.js";
import type { Decide, Violation } from "../decision.js";
import { Account, ownFuture, thinAir } from "./account.js";
import { Outline } from "./outline.js";
import { pramRules, slowRules, type ViewRules } from "./rules.js";
import { View } from "./view.js";

/** Undefined where every session has a view. No THIN_AIR. */
export function missingView(
  accesses: Accesses,
  outline: Outline,
  rules: ViewRules,
  type: string,
): Violation | undefined {
  const future = ownFuture(accesses, type);
  if (future !== undefined) return future;
  const view = new View(accesses, outline, rules);
  for (let session = 0; session < accesses.sessions; session++) {
    if (view.exists(session)) continue;
    return new Account(accesses, outline, rules, session).violation(type, view);
  }
  return undefined;
}

function decideBy(rules: ViewRules, type: string): Decide {
  return (accesses) => {
    const violation =
      thinAir(accesses) ?? missingView(accesses, new Outline(accesses), rules, type);
    return violation === undefined ? { holds: true } : { holds: false, violation };
  };
}

export const pram = decideBy(pramRules, "non-pram");

export const slow = decideBy(slowRules, "non-slow");
