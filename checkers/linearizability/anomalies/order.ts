/**
 * An element was found where another one should have been: what stands before an element must be
 * gone when that one is at the head. Of what stands in the way of a finder, when it is surely
 * inside all the time (or there is more of it than pending takes can have taken), the name is
 *
 * - lost-element when some of it was never taken or seen after that,
 * - `disorder`, which depends on the type, otherwise.
 */

import type { Operation } from "../../../histories/history.js";
import { completionTime, invocationTime, show } from "../../describe.js";
import type { ContainerStory, Element } from "./container-story.js";
import { coverOf, tell } from "./containers.js";
import { describe, type Name } from "./violation.js";

export interface Discipline {
  disorder: string;
  /** "came before it", "lay above it" … */
  position: string;
  /** Whether it must be gone when `found` is at the head, if it is inside by then. */
  standsBefore(blocker: Element, found: Element): boolean;
  /** Whether it counts even when it may have been put in only later: it was put before `found`. */
  isAheadByPut: boolean;
}

export function nameDisorder(story: ContainerStory, discipline: Discipline): Name | undefined {
  const elements = [...story.elements.values()];
  for (const found of elements) {
    for (const finder of found.finders) {
      const blockers = elements.filter(
        (other) => other !== found && discipline.standsBefore(other, found),
      );
      const stuck = stuckBefore(story, finder, blockers, discipline);
      if (stuck.length > 0) return disorder(story, finder, found, stuck, discipline);
    }
  }
  return undefined;
}

/** Of the elements that should be gone, some that cannot all be; none when they can. */
function stuckBefore(
  story: ContainerStory,
  finder: Operation,
  blockers: readonly Element[],
  { isAheadByPut }: Discipline,
): readonly Element[] {
  const inside = blockers.filter(({ putBy }) => isAheadByPut || putBy < finder.invoked);
  const kept = inside.filter(({ takenFrom }) => takenFrom > finder.completed);
  if (kept.length > 0) return kept;
  const untaken = inside.filter(({ wasTaken, putBy }) => !wasTaken && Number.isFinite(putBy));
  if (untaken.length > story.pendingTakesBefore(finder.completed)) return untaken;
  return isAheadByPut ? [] : (coverOf(finder, blockers) ?? []);
}

function disorder(
  story: ContainerStory,
  finder: Operation,
  found: Element,
  stuck: readonly Element[],
  { disorder: type, position }: Discipline,
): Name {
  const isGone = ({ wasTaken, finders }: Element): boolean =>
    !wasTaken && finders.every(({ completed }) => completed < finder.invoked);
  const gone = stuck.find(isGone);
  const blocker = gone ?? stuck[0]!;
  const [taken] = blocker.finders.slice(-1);
  const fate =
    gone !== undefined || taken === undefined
      ? "was never taken"
      : `was there still at ${invocationTime(taken)}`;
  const other =
    blocker.put === undefined
      ? `${show(blocker.value)}, there from the start,`
      : `the ${describe(blocker.put)}`;
  const self = found.put === undefined ? ` ${show(found.value)}` : ` the ${describe(found.put)}`;
  return {
    type: gone === undefined ? type : "lost-element",
    message:
      `${tell(finder, story)} by ${completionTime(finder)}, but ${other} ${position}${self}, and that ` +
      `element ${fate}`,
  };
}
