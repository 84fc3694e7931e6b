/** All experiments, by name. */

import type { Experiment } from "../src/experiment/experiment.js";
import { latency } from "./latency.js";
import { phantomDeadlock } from "./phantom-deadlock.js";
import { window } from "./window.js";

export const experiments: ReadonlyMap<string, Experiment> = new Map(
  [latency, phantomDeadlock, window].map((experiment) => [experiment.name, experiment]),
);
