/**
 * Names for violations of sets. An operation *finds* an element inside or absent: a read of the
 * whole and `contains` say so, and so do add and remove when they answer whether they changed
 * anything; and it *leaves* it inside or absent.
 *
 * A read begins, at the earliest, when it was invoked, and after some add of everything in it was.
 * An operation *misses* what another one left when it began after the other one was over, found the
 * opposite, and everything that may have turned the element to that was over before the other
 * one began, or was invoked after the finder completed. Names, the first that holds is given:
 *
 * - garbage-read (also for what is no list), duplicate-element: by one read alone.
 * - garbage-read, aborted-read, future-read: an element found inside, see foreign-value.ts.
 * - double-effect: more adds (removes) of one element say that they changed the set than it can have
 *   been absent (inside); or one does and misses what another one that does left.
 * - lost-write: an operation misses what was there from the start; or what an add or remove left,
 *   and it was made after everything had healed.
 * - stale-read: an operation misses what an add or remove left.
 * - new-old-inversion: an operation misses what was merely found before.
 * - incompatible-order: two reads each hold an element that the other lacks, and that nobody removed.
 */

import type { Operation } from "../../../histories/history.js";
import type { Anomaly } from "../../checker.js";
import { completionTime, invocationTime, show, who } from "../../describe.js";
import { elementsOf } from "../models/set.js";
import { nameForeignValue } from "./foreign-value.js";
import type { Membership, Sign } from "./membership.js";
import { SetStory } from "./set-story.js";
import { describe, type Name, nameBy, type Violation } from "./violation.js";

export function nameSetViolation(violation: Violation): Anomaly {
  return nameBy(violation, new SetStory(violation), [
    impossibleList,
    foreignElement,
    tooManyChanges,
    missedUpdate,
    missedSight,
    incompatibleReads,
  ]);
}

function impossibleList({ where, reads }: SetStory): Name | undefined {
  for (const read of reads) {
    const listed = elementsOf(read.output);
    if (listed === undefined) {
      const message = `${who(read)} read ${show(read.output)} from ${where}, which is no list of elements`;
      return { type: "garbage-read", message };
    }
    const twice = listed.find((text, i) => listed.indexOf(text) < i);
    if (twice === undefined) continue;
    return {
      type: "duplicate-element",
      message: `${who(read)} read ${twice} twice in one read of ${where}`,
    };
  }
  return undefined;
}

function foreignElement({ where, members }: SetStory): Name | undefined {
  for (const member of members) {
    if (member.isInitial) continue;
    for (const { operation, found } of member.signs) {
      if (found !== true) continue;
      const told = `${who(operation)} ${foundHow(operation)} ${member.text} in ${where}`;
      const name = nameForeignValue(operation, member.attempts(), told, "added to it");
      if (name !== undefined) return name;
    }
  }
  return undefined;
}

function tooManyChanges({ where, members }: SetStory): Name | undefined {
  for (const member of members) {
    for (const inside of [true, false]) {
      const changed = member.signs.filter(
        ({ found, left }) => left === inside && found === !inside,
      );
      const atStart = member.isInitial === inside ? 0 : 1;
      if (changed.length < 2 || changed.length <= member.changesTo(!inside).length + atStart)
        continue;
      return doubleEffect(where, member, changed[0]!, changed.at(-1)!);
    }
  }
  return undefined;
}

function doubleEffect(where: string, { text }: Membership, first: Sign, second: Sign): Name {
  const [was, other] = first.left ? ["absent", "removed"] : ["inside", "added"];
  return {
    type: "double-effect",
    message:
      `the ${describe(first.operation)} and the ${describe(second.operation)} both found ${text} ${was} ` +
      `in ${where}, and nobody can have ${other} it in between`,
  };
}

function missedUpdate({ where, members, begin }: SetStory): Name | undefined {
  for (const member of members) {
    const { text, isInitial } = member;
    for (const late of member.signs) {
      const { operation } = late;
      const fromStart =
        isInitial && late.found === false && !mayHaveTurned(member, false, -1, late);
      if (fromStart) {
        const message = `${who(operation)} did not find ${text} in ${where}, where it was from the start`;
        return { type: "lost-write", message };
      }
      for (const early of member.signs) {
        if (!isUpdate(early.operation) || !isMissed(member, early, late, begin)) continue;
        if (isUpdate(operation) && early.found === late.found && early.left === late.left) {
          return doubleEffect(where, member, early, late);
        }
        return {
          type: operation.final ? "lost-write" : "stale-read",
          message:
            `the ${describe(early.operation)} on ${where} was acknowledged, but ${who(operation)} ` +
            `${late.found ? "still found" : "did not find"} ${text} (begun at ${invocationTime(operation)})` +
            (operation.final ? ": after everything had healed, it is gone" : ""),
        };
      }
    }
  }
  return undefined;
}

function missedSight({ where, members, begin }: SetStory): Name | undefined {
  for (const member of members) {
    for (const late of member.signs) {
      const early = member.signs.find((sign) => isMissed(member, sign, late, begin));
      if (early === undefined) continue;
      const [was, is] = early.left ? ["found", "did not"] : ["did not find", "did"];
      return {
        type: "new-old-inversion",
        message:
          `${who(early.operation)} ${was} ${member.text} in ${where} by ` +
          `${completionTime(early.operation)}, and after that ${who(late.operation)} ${is}`,
      };
    }
  }
  return undefined;
}

function isMissed(
  member: Membership,
  early: Sign,
  late: Sign,
  begin: (operation: Operation) => number,
): boolean {
  if (late.found !== !early.left || early.operation.completed > begin(late.operation)) return false;
  return !mayHaveTurned(member, late.found, early.operation.invoked, late);
}

/** Whether the element may have been put in (taken out) after a position, for the sign to find it so. */
function mayHaveTurned(member: Membership, inside: boolean, from: number, late: Sign): boolean {
  return member
    .changesTo(inside)
    .some((change) => change.completed > from && change.invoked < late.operation.completed);
}

function incompatibleReads({ where, reads, members, contents }: SetStory): Name | undefined {
  const lasting = members.filter((member) => member.changesTo(false).length === 0);
  for (const [i, right] of reads.entries()) {
    for (const left of reads.slice(0, i)) {
      const [ofLeft, ofRight] = [contents.get(left)!, contents.get(right)!];
      const here = lasting.find(({ text }) => ofLeft.has(text) && !ofRight.has(text));
      const there = lasting.find(({ text }) => ofRight.has(text) && !ofLeft.has(text));
      if (here === undefined || there === undefined) continue;
      return {
        type: "incompatible-order",
        message:
          `${who(left)} read ${here.text} without ${there.text} in ${where}, and ${who(right)} read ` +
          `${there.text} without ${here.text}`,
      };
    }
  }
  return undefined;
}

function isUpdate({ f }: Operation): boolean {
  return f === "add" || f === "remove";
}

function foundHow({ f }: Operation): string {
  return f === "read" ? "read" : "found";
}
