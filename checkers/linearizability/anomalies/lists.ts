/**
 * Names for violations of lists that are only appended to, except that a write may begin them anew:
 * a read's *base* is the write that its list begins with, or the start of the history. What an
 * operation put there after the base, and before the read, must be in the read.
 *
 * A read begins, at the earliest, when it was invoked, and after everything in it was. Names, the
 * first that holds is given:
 *
 * - double-effect: a read holds an element more often than it was appended.
 * - lost-append: a read has fewer of an element than appends that were invoked after its base was
 *   over and acknowledged before the read began; or it lacks what was there from the start.
 * - lost-write, stale-read: a write was invoked after the read's base was over and acknowledged
 *   before the read began; lost-write when the read was made after everything had healed.
 * - stale-read: an earlier read held an element that was put there after this read's base was over,
 *   and this one does not; or it held more, on the same base.
 * - incompatible-order: of two reads with one base, neither is the beginning of the other; or a read
 *   has an element before another whose append was over when that of the first began.
 */

import { completionTime, invocationTime, keyName, who } from "../../describe.js";
import { groupBy } from "./group.js";
import type { ListRead, ListStory, Piece } from "./list-story.js";
import { describe, type Name } from "./violation.js";

export const listDetectors: readonly ((story: ListStory) => Name | undefined)[] = [
  doubleEffect,
  lostAppend,
  missedWrite,
  staleRead,
  incompatibleReads,
  impossibleOrder,
];

function doubleEffect({ key, reads, appends }: ListStory): Name | undefined {
  const times = countsOf(appends.map(({ text }) => text));
  for (const { operation, elements } of reads) {
    for (const [text, count] of countsOf(elements)) {
      const possible = times.get(text) ?? 0;
      if (count <= possible) continue;
      return {
        type: "double-effect",
        message:
          `${who(operation)} read ${text} ${numberOf(count)} in ${keyName(key)}, where it was appended ` +
          numberOf(possible),
      };
    }
  }
  return undefined;
}

function lostAppend(story: ListStory): Name | undefined {
  for (const read of story.reads) {
    const found = countsOf(read.elements);
    for (const [text, surely] of groupBy(surelyIn(story, read, story.appends), (p) => p.text)) {
      if (surely.length <= (found.get(text) ?? 0)) continue;
      return {
        type: "lost-append",
        message:
          `the ${describe(surely.at(-1)!.operation)} on ${keyName(story.key)} was acknowledged, but is not ` +
          `in the read by ${who(read.operation)} (begun at ${invocationTime(read.operation)})`,
      };
    }
  }
  return undefined;
}

function missedWrite(story: ListStory): Name | undefined {
  for (const read of story.reads) {
    const missed = surelyIn(story, read, story.writes).find((p) => p.operation !== read.base);
    if (missed === undefined) continue;
    const { final } = read.operation;
    return {
      type: final ? "lost-write" : "stale-read",
      message:
        `the ${describe(missed.operation)} on ${keyName(story.key)} was acknowledged, but what ` +
        `${who(read.operation)} read (begun at ${invocationTime(read.operation)}) does not begin with it` +
        (final ? ": after everything had healed, it is gone" : ""),
    };
  }
  return undefined;
}

/** Pieces that were put there after the base of the read was over, and before the read began. */
function surelyIn(story: ListStory, read: ListRead, pieces: readonly Piece[]): Piece[] {
  const begin = story.begin(read);
  return pieces.filter(
    ({ operation: { invoked, completed } }) => invoked > baseEnd(read) && completed < begin,
  );
}

function baseEnd({ base }: ListRead): number {
  return base === undefined ? -1 : base.completed;
}

function staleRead(story: ListStory): Name | undefined {
  for (const later of story.reads) {
    for (const earlier of story.reads) {
      if (earlier.operation.completed > story.begin(later)) continue;
      const gone = newerThan(story, earlier, later);
      if (gone === undefined) continue;
      const [first, second] = [earlier.operation, later.operation];
      return {
        type: "stale-read",
        message:
          `${who(first)} read ${gone} in ${keyName(story.key)} by ${completionTime(first)}, and after that ` +
          `${who(second)} did not`,
      };
    }
  }
  return undefined;
}

/** What the earlier read held and the later one should hold and does not. */
function newerThan(story: ListStory, earlier: ListRead, later: ListRead): string | undefined {
  if (earlier.base === later.base) {
    const left = countsOf(later.elements);
    return earlier.elements.find((text) => {
      const rest = (left.get(text) ?? 0) - 1;
      left.set(text, rest);
      return rest < 0;
    });
  }
  const pieces = [...story.appends, ...story.writes].filter(
    ({ operation }) => operation.invoked > baseEnd(later),
  );
  const [held, kept] = [new Set(earlier.elements), new Set(later.elements)];
  return pieces.find(({ operation, text }) => {
    const isHeld = operation === earlier.base || held.has(text);
    return isHeld && operation !== later.base && !kept.has(text);
  })?.text;
}

function incompatibleReads({ key, reads }: ListStory): Name | undefined {
  for (const [i, right] of reads.entries()) {
    for (const left of reads.slice(0, i)) {
      if (left.base !== right.base) continue;
      const shared = Math.min(left.elements.length, right.elements.length);
      const at = left.elements.slice(0, shared).findIndex((text, n) => text !== right.elements[n]);
      if (at === -1) continue;
      return {
        type: "incompatible-order",
        message:
          `${who(left.operation)} read ${left.elements[at]} in ${keyName(key)} where ` +
          `${who(right.operation)} read ${right.elements[at]}`,
      };
    }
  }
  return undefined;
}

function impossibleOrder({ key, reads, once }: ListStory): Name | undefined {
  const appendOf = new Map(once.map((append) => [append.text, append]));
  for (const { operation, elements } of reads) {
    /** Of those that come later in the list, the one that was appended first. */
    let early: Piece | undefined;
    for (const text of elements.toReversed()) {
      const late = appendOf.get(text);
      if (late === undefined) continue;
      if (early !== undefined && early.operation.completed < late.operation.invoked) {
        return {
          type: "incompatible-order",
          message:
            `${who(operation)} read ${late.text} before ${early.text} in ${keyName(key)}, although the ` +
            `${describe(early.operation)} was over before the ${describe(late.operation)} began`,
        };
      }
      if (early === undefined || late.operation.completed < early.operation.completed) early = late;
    }
  }
  return undefined;
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function numberOf(times: number): string {
  return times === 1 ? "once" : times === 2 ? "twice" : `${times} times`;
}
