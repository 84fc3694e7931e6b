/** Shrinking: from a plan that fails to the smallest that still fails in the same way. */

export { ddmin } from "./ddmin.js";
export {
  type Counts,
  countsOf,
  type Progress,
  type Removal,
  type ShrinkRequest,
  type Shrunk,
  shrink,
} from "./shrink.js";
