/**
 * split-brain: two sides acknowledged writes at the same time, and each went on without the other's.
 *
 * A side is a node where the recorder names it, otherwise a client process. The name is given in
 * two cases, both violations in themselves (terms are defined in register.ts):
 *
 * - Mutual blindness: side A acknowledged an install that an observation on another side B missed;
 *   B's side (that observer's, or a third one's) acknowledged an install after A's, which a later
 *   observation on A missed in turn; and in between neither side observed a value of the other.
 * - Flip-flop, at the value where the shortest unexplained prefix ends: two overlapping installs on different sides, of values that nobody else installed,
 *   were acknowledged; observations that began afterwards found one value, the other and the first
 *   again, one after the other; and no side, the writers' included, found both.
 *
 * A laggard that merely serves old values satisfies neither: it acknowledges nothing of its own.
 */

import type { Operation } from "../../../histories/history.js";
import type { Anomaly } from "../../checker.js";
import { indexes, keyName, show } from "../../describe.js";
import type { Install, Observation, RegisterView } from "./register-view.js";
import { describe } from "./violation.js";

export function splitBrain(view: RegisterView): Anomaly | undefined {
  return mutualBlindness(view) ?? flipFlop(view);
}

function sideOf({ node, process }: Operation): string {
  return node ?? `process ${process}`;
}

function mutualBlindness(view: RegisterView): Anomaly | undefined {
  for (const { by: first, missed } of view.misses) {
    const a = sideOf(missed.operation);
    if (sideOf(first.operation) === a) continue;
    for (const second of view.allObservations) {
      if (sideOf(second.operation) !== a) continue;
      const begin = Math.max(missed.operation.completed, view.lastInstalled(second));
      const answer = view.allInstalls.find(
        ({ operation }) =>
          operation.outcome === "ok" &&
          operation.invoked > begin &&
          operation.completed < second.operation.invoked &&
          sideOf(operation) !== a,
      );
      if (answer === undefined) continue;
      const b = [sideOf(first.operation), sideOf(answer.operation)];
      if (theyMet(view, a, b, missed.operation.invoked, second.operation.completed)) continue;
      return {
        type: "split-brain",
        message:
          `two sides of ${keyName(view.key)} acknowledged writes that the other never saw: the ` +
          `${describe(missed.operation)} was missed by the ${describe(first.operation)}, and the ` +
          `${describe(answer.operation)} by the ${describe(second.operation)}`,
        ops: indexes([missed, first, answer, second].map(({ operation }) => operation)),
      };
    }
  }
  return undefined;
}

/** Whether, between two positions, one side observed a value that the other installed in that time. */
function theyMet(view: RegisterView, a: string, b: string[], from: number, to: number): boolean {
  return view.allObservations.some(({ operation, value }) => {
    if (operation.completed < from || operation.invoked > to) return false;
    const side = sideOf(operation);
    const others = side === a ? b : b.includes(side) ? [a] : [];
    return view
      .installs(value)
      .some(
        (install) =>
          install.operation.invoked >= from && others.includes(sideOf(install.operation)),
      );
  });
}

function flipFlop(view: RegisterView): Anomaly | undefined {
  const installs = view.allInstalls.filter((install) => isUnique(view, install));
  for (const left of installs) {
    if (!view.isBreaking(left)) continue;
    for (const right of installs) {
      if (right.operation.invoked > left.operation.completed) continue;
      if (left.operation.invoked > right.operation.completed) continue;
      if (sideOf(left.operation) === sideOf(right.operation)) continue;
      const begin = Math.max(left.operation.completed, right.operation.completed);
      const ofLeft = observationsAfter(view, left, begin);
      const ofRight = observationsAfter(view, right, begin);
      if (!areApart(left, ofLeft, right, ofRight)) continue;
      const flips = alternation(ofLeft, ofRight) ?? alternation(ofRight, ofLeft);
      if (flips === undefined) continue;
      return {
        type: "split-brain",
        message:
          `${keyName(view.key)} flips between ${show(left.value)} and ${show(right.value)}, each side seeing ` +
          `only its own, though both the ${describe(left.operation)} and the ` +
          `${describe(right.operation)} had been acknowledged`,
        ops: indexes([left, right, ...flips].map(({ operation }) => operation)),
      };
    }
  }
  return undefined;
}

function isUnique(view: RegisterView, { operation, value }: Install): boolean {
  return operation.outcome === "ok" && view.timesInstalled(value) === 1;
}

function observationsAfter(view: RegisterView, install: Install, position: number): Observation[] {
  return view.observationsOf(install.value).filter(({ operation }) => operation.invoked > position);
}

function areApart(
  left: Install,
  ofLeft: readonly Observation[],
  right: Install,
  ofRight: readonly Observation[],
): boolean {
  const sides = new Set([left, ...ofLeft].map(({ operation }) => sideOf(operation)));
  return [right, ...ofRight].every(({ operation }) => !sides.has(sideOf(operation)));
}

/** x, then y, then x again, none overlapping the next. */
function alternation(
  xs: readonly Observation[],
  ys: readonly Observation[],
): Observation[] | undefined {
  const first = xs[0];
  const last = [...xs].sort((a, b) => b.operation.invoked - a.operation.invoked)[0];
  if (first === undefined || last === undefined) return undefined;
  const middle = ys.find(
    ({ operation }) =>
      operation.invoked > first.operation.completed && operation.completed < last.operation.invoked,
  );
  return middle === undefined ? undefined : [first, middle, last];
}
