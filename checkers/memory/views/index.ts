/** Models in which each session has a view of all writes: PRAM, slow memory, processor consistency. */

export { pram, slow } from "./pram.js";
export { processor } from "./processor.js";
