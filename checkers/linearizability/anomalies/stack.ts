/**
 * Names for violations of stacks: those of containers.ts, and
 *
 * - out-of-order: an element was found on top although one or another of those pushed after it was
 *   surely inside all the time.
 * - lost-element: the same, and the one above was never popped, nor was there a pop of unknown
 *   outcome left that can have popped it.
 */

import type { Anomaly } from "../../checker.js";
import { ContainerStory } from "./container-story.js";
import { containerDetectors } from "./containers.js";
import { type Discipline, nameDisorder } from "./order.js";
import { nameBy, type Violation } from "./violation.js";

const lastInFirstOut: Discipline = {
  disorder: "out-of-order",
  position: "came upon",
  isAheadByPut: false,
  standsBefore: (blocker, found) =>
    found.putBy < blocker.putFrom ||
    (blocker.putFrom === -1 && found.putFrom === -1 && found.rank < blocker.rank),
};

export function nameStackViolation(violation: Violation): Anomaly {
  return nameBy(violation, new ContainerStory(violation), [
    ...containerDetectors,
    (story) => nameDisorder(story, lastInFirstOut),
  ]);
}
