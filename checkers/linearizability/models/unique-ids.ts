/** A generator of unique ids: `generate` answers an id that it has not answered before. */

import { canonical } from "../../../src/base/json.js";
import type { Model } from "../model.js";

/** The state: the ids that were answered, in canonical text, sorted. */
export const uniqueIds: Model<readonly string[]> = {
  name: "unique-ids",
  init: () => [],
  step(state, { output, pending }) {
    if (pending) return state;
    const id = canonical(output);
    return state.includes(id) ? undefined : [...state, id].sort();
  },
  key: (state) => state.join(" "),
  role: ({ pending }) => (pending ? "read" : "update"),
  label: ({ output, pending }) => `generate ${pending ? "anything" : canonical(output)}`,
};
