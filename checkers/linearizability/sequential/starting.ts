/** What a container holds at first, for the verifier's objects. */

import type { ObjectView } from "../view.js";

/** Ids of the elements that a collection starts with, in order: none when `init` is no list. */
export function startingElements({ values, init }: ObjectView): number[] {
  return values.isList(init) ? Array.from(values.elements(init)) : [];
}
