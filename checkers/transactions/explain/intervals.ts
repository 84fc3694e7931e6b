/** The transactions of a story as intervals on the lanes of their processes. */

import { PENDING } from "../../../histories/columns.js";
import type { Interval } from "../../explain/layout.js";
import type { Role, TransactionStory } from "./story.js";

export interface RoleInterval extends Interval {
  role: Role;
}

/** Of a big story, only so many are drawn: those of the cycle's beginning. */
const DRAWN_MAX = 40;

/** In order of invocation. */
export function intervalsOf({ transactions, roles }: TransactionStory): RoleInterval[] {
  const { process, invoked, completed } = transactions;
  const drawn = roles.slice(0, DRAWN_MAX).map((role): RoleInterval => {
    const { transaction: t } = role;
    const end = completed[t] === PENDING ? Number.POSITIVE_INFINITY : completed[t]!;
    return { role, process: process[t]!, invoked: invoked[t]!, completed: end };
  });
  return drawn.sort((a, b) => a.invoked - b.invoked);
}
