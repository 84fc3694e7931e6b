/** Models in which each session has a view of all writes: PRAM, slow memory, processor consistency. */

import type { Decide } from "../decision.js";

export { pram, slow } from "./pram.js";

const later: Decide = () => ({ holds: "unknown", reason: "later" });
export const processor = later;
