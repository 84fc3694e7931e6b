/**
 * Names for violations of FIFO queues: those of containers.ts, and
 *
 * - out-of-order: an element was found at the head although another that had been put before it was
 *   surely inside still.
 * - lost-element: the same, and that other element was never taken, nor was there a take of unknown
 *   outcome left that can have taken it.
 */

import type { Anomaly } from "../../checker.js";
import { ContainerStory } from "./container-story.js";
import { containerDetectors } from "./containers.js";
import { type Discipline, nameDisorder } from "./order.js";
import { nameBy, type Violation } from "./violation.js";

const firstInFirstOut: Discipline = {
  disorder: "out-of-order",
  position: "came before",
  isAheadByPut: true,
  standsBefore: (blocker, found) =>
    blocker.putBy < found.putFrom ||
    (found.putFrom === -1 && blocker.rank < found.rank && blocker.putFrom === -1),
};

export function nameQueueViolation(violation: Violation): Anomaly {
  return nameBy(violation, new ContainerStory(violation), [
    ...containerDetectors,
    (story) => nameDisorder(story, firstInFirstOut),
  ]);
}
