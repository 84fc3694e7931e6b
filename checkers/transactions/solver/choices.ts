/**
 * How the edges that follow from the choice of an order of versions are told from those that the
 * history implies: their cause is a number below NO_CAUSE that names the key.
 */

import { NO_CAUSE } from "../dependencies.js";

/** The cause of a ww or rw edge that holds because versions of this key were put in some order. */
export function choiceCause(key: number): number {
  return NO_CAUSE - 1 - key;
}

/** The key of an edge that follows from a choice; undefined for any other. */
export function keyOfChoice(cause: number): number | undefined {
  return cause < NO_CAUSE ? NO_CAUSE - 1 - cause : undefined;
}
