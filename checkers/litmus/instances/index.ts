/** Litmus tests put to a store: instances of them in a recorded history. */

export {
  allowedStates,
  type InstanceNotes,
  litmusInstances,
  type Outcome,
  outcomeOf,
  spell,
} from "./checker.js";
export { Judge } from "./happened.js";
export { type Instance, instancesOf } from "./instance.js";
export { litmusModelOf, modelTitles } from "./models.js";
export { Recount } from "./recount.js";
export {
  finalLocations,
  functionsOf,
  type KeyForm,
  keyOf,
  placeOf,
  type Source,
  type Step,
  type Thread,
  threadsOf,
  wireValue,
} from "./steps.js";
