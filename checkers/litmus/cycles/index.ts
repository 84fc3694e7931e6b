/** Cycles: the generator of litmus tests, their names, and what each model says about them. */

export { type CriticalOptions, criticalCycles } from "./critical.js";
export {
  type Cycle,
  type CycleThread,
  edgesOf,
  isSingleLocation,
  type Points,
  parseCycle,
  spellCycle,
} from "./cycle.js";
export type { Direction, Edge } from "./edge.js";
export { nameOf } from "./name.js";
export { type CycleModel, predict } from "./predict.js";
export { type AccessKind, type HistoryEdge, type Shape, shapeOf } from "./shape.js";
export { testOf } from "./test.js";
