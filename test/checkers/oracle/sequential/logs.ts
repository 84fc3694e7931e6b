/**
 * - list-append  append an element to the one list; a read answers the whole list, null when empty
 * - unique-ids   generate answers an id that it has not answered before
 */

import type { Json } from "../../../../src/base/json.js";
import { answers, contains, type SequentialObject, unknownFunction } from "./sequential-object.js";

export const listAppend: SequentialObject = {
  initial: (init) => init ?? [],
  step(list, { f, input, output }) {
    if (f === "append") return [...(list as Json[]), input];
    if (f !== "read") return unknownFunction(f);
    return answers(output === null ? [] : output, list) ? list : undefined;
  },
};

/** The state: all ids that were answered. */
export const uniqueIds: SequentialObject = {
  initial: () => [],
  step(state, { f, output }) {
    if (f !== "generate") return unknownFunction(f);
    const ids = state as Json[];
    if (output === undefined) return ids;
    return contains(ids, output) ? undefined : [...ids, output];
  },
};
