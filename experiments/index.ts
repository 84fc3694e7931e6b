/** All experiments, by name. */

import type { Experiment } from "../src/experiment/experiment.js";
import { latency } from "./latency.js";

export const experiments: ReadonlyMap<string, Experiment> = new Map(
  [latency].map((experiment) => [experiment.name, experiment]),
);
