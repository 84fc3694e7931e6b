/**
 * What a cycle of a recorded history is called among litmus tests.
 *
 * The cycle is first made as small as it goes. Of each session only its first and its last access count;
 * a session that comes and goes on one key is replaced by what coherence makes of it; two communications
 * through a single access are one where they can be (what a write replaced, a later write replaced as
 * well). What is left is a word of sessions, and its name that of the litmus test.
 */

import { leastRotation, type Points } from "./cycle.js";
import type { Direction } from "./edge.js";
import { coherenceFamilyOf, familyOf } from "./name.js";

export type AccessKind = "read" | "write";

/** One step of a cycle of a history, from an access to the next. */
export interface HistoryEdge {
  readonly relation: "session" | "reads-from" | "overwrites" | "replaced";
  readonly from: AccessKind;
  readonly to: AccessKind;
  readonly sameKey: boolean;
  readonly sameSession: boolean;
}

export interface Shape {
  /** Of the family, as in litmus tests: SB, MP, IRIW, Z6.0, CoRR. */
  readonly name: string;
  /** In words, where the literature has some; else the name. */
  readonly title: string;
}

const titles: Readonly<Record<string, string>> = {
  SB: "store buffering",
  MP: "message passing",
  LB: "load buffering",
  IRIW: "independent reads of independent writes",
  WRC: "write-to-read causality",
  RWC: "read-to-write causality",
  WWC: "write-to-write causality",
  CoRR: "coherence of reads",
  CoRR2: "coherence of reads, of two readers",
  CoWW: "coherence of writes",
  CoWR: "coherence of a write and a later read",
  CoWR0: "coherence of a write and a later read",
  CoRW1: "coherence of a read and a later write of its own",
  CoRW2: "coherence of a read and a later write",
};

/** A session between two communications: the kinds of its first and of its last access. */
interface Segment {
  readonly first: AccessKind;
  readonly last: AccessKind;
  readonly single: boolean;
  readonly sameKey: boolean;
}

/** The steps of one cycle, in order; undefined where no shape has a name. O(steps^2). */
export function shapeOf(edges: readonly HistoryEdge[]): Shape | undefined {
  const singleKey = edges.every(({ sameKey }) => sameKey);
  const word = contract(segmentsOf(edges), singleKey).map(pointsOf);
  if (word.length === 0) return undefined;
  const least = leastRotation(word.map((points) => ({ points }))).map(({ points }) => points);
  const name = singleKey ? coherenceShapeOf(least) : familyOf(least);
  if (name === undefined) return undefined;
  return { name, title: titles[name.replace(/^\d+\.(?=[SL]B$)/, "")] ?? name };
}

/** Of one key: two readers that disagree on two writes have a name among histories only. */
function coherenceShapeOf(word: readonly Points[]): string | undefined {
  return word.join("+") === "W+RR+W+RR" ? "CoRR2" : coherenceFamilyOf(word);
}

/** Cut at communication between sessions; where there is none, at all communication. */
function segmentsOf(edges: readonly HistoryEdge[]): Segment[] {
  const communicates = ({ relation }: HistoryEdge) => relation !== "session";
  const crosses = (one: HistoryEdge) => communicates(one) && !one.sameSession;
  const cuts = edges.some(crosses) ? crosses : communicates;
  const leaving = edges.findIndex(cuts);
  const rotated = [...edges.slice(leaving + 1), ...edges.slice(0, leaving + 1)];
  const segments: Segment[] = [];
  for (let start = 0; leaving >= 0 && start < rotated.length; ) {
    const length = rotated.slice(start).findIndex(cuts);
    const inner = rotated.slice(start, start + length);
    const last = rotated[start + length]!.from;
    segments.push({
      first: inner[0]?.from ?? last,
      last,
      single: inner.length === 0,
      sameKey: inner.every(({ sameKey }) => sameKey),
    });
    start += length + 1;
  }
  return segments;
}

/** Removes segments that communication makes one with their neighbours, until none is left. */
function contract(segments: readonly Segment[], singleKey: boolean): Segment[] {
  const result = [...segments];
  const least = singleKey ? 2 : 1;
  for (let i = 0; i < result.length; ) {
    const segment = result[i]!;
    const next = result[(i + 1) % result.length]!;
    if (result.length > least && segment.single && isComposed(segment, next)) {
      result.splice(i, 1);
      i = 0;
    } else if (!singleKey && !segment.single && segment.sameKey) {
      result[i] = { first: segment.last, last: segment.last, single: true, sameKey: true };
      i = 0;
    } else i++;
  }
  return result;
}

/** One write that the next session overwrites, or one read of what the next one overwrites. */
function isComposed(segment: Segment, next: Segment): boolean {
  return segment.last === "read" || next.first === "write";
}

function pointsOf({ first, last, single }: Segment): Points {
  const letter = (kind: AccessKind): Direction => (kind === "read" ? "R" : "W");
  return single ? letter(last) : `${letter(first)}${letter(last)}`;
}
