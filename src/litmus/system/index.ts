/** Litmus tests put to a system: placements, runs, and what they showed. */

export { type Placement, placementsOf, symmetriesOf } from "./placements.js";
export { type Offence, type Seen, Trial, type TrialOptions, type TrialReport } from "./trial.js";
export { runTrials, type TrialsOptions } from "./trials.js";
