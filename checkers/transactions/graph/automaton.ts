/**
 * Classes of cycles as finite automata that read the kinds of edges along a walk. A cycle of the
 * class is a closed walk that its automaton accepts, so one search serves all classes.
 *
 * That a closed walk without adjacent rw edges that meets a transaction twice can be cut there into
 * two, of which at least one has no adjacent rw edges either, makes the shortest one a simple cycle.
 * The same holds for those where every rw edge follows a wr edge.
 */

import { type CycleForm, edgeKinds, VIA } from "../dependencies.js";

const { ww, wr, rw, process, realtime } = edgeKinds;

/** Kinds are below 2^KIND_BITS. */
export const KIND_BITS = 5;
export const REJECT = -1;

export interface Automaton {
  /** There are 2^shift states. */
  shift: number;
  /** By state << KIND_BITS | kind: the next state, or REJECT. */
  step: Int8Array;
  /**
   * How a closed walk may begin at a transaction, and the set of states (by bit) in which it may come
   * back there by its last edge.
   */
  starts: readonly { state: number; closed: number }[];
  /** The set of states in which a walk from the first start may end, if real time closes it. */
  accepted: number;
}

type Row = Partial<Record<"ww" | "wr" | "rw", number>>;

/** Only edges of these kinds. */
export function only(kinds: number): Automaton {
  const row: Row = {};
  if (kinds & ww) row.ww = 0;
  if (kinds & wr) row.wr = 0;
  if (kinds & rw) row.rw = 0;
  return automaton([row], [{ state: 0, closed: 0b1 }], 0b1);
}

export const anyEdges = only(ww | wr | rw);

/** State 0 may go on with an rw edge, state 1 may not. */
const nonadjacent = automaton(
  [
    { ww: 0, wr: 0, rw: 1 },
    { ww: 0, wr: 0 },
  ],
  [
    { state: 0, closed: 0b01 },
    { state: 1, closed: 0b11 },
  ],
  0b11,
);
const afterReads = automaton(
  [
    { ww: 1, wr: 0, rw: 1 },
    { ww: 1, wr: 0 },
  ],
  [
    { state: 0, closed: 0b01 },
    { state: 1, closed: 0b11 },
  ],
  0b11,
);

/** Exactly one rw edge: state 1 has met it. */
const single = automaton(
  [
    { ww: 0, wr: 0, rw: 1 },
    { ww: 1, wr: 1 },
  ],
  [{ state: 0, closed: 0b10 }],
  0b10,
);
/** States 2 and 3 have met the rw edge; in 0 and 3 an rw edge might follow. */
const singleAfterRead = automaton(
  [
    { ww: 1, wr: 0, rw: 2 },
    { ww: 1, wr: 0 },
    { ww: 2, wr: 3 },
    { ww: 2, wr: 3 },
  ],
  [
    { state: 0, closed: 0b1000 },
    { state: 1, closed: 0b1100 },
  ],
  0b1100,
);

/** Closed walks that begin with an rw edge, which state 0 waits for. */
const opened: Row = { rw: 1 };
const fromOpened = (rows: readonly Row[], closed: number): Automaton =>
  automaton([opened, ...rows], [{ state: 0, closed }], closed);

const anyFromRw = fromOpened([{ ww: 1, wr: 1, rw: 1 }], 0b10);
const singleFromRw = fromOpened(
  [
    { ww: 2, wr: 2 },
    { ww: 2, wr: 2 },
  ],
  0b100,
);
const nonadjacentFromRw = fromOpened(
  [
    { ww: 2, wr: 2 },
    { ww: 2, wr: 2, rw: 1 },
  ],
  0b100,
);
const singleAfterReadFromRw = fromOpened(
  [
    { ww: 1, wr: 2 },
    { ww: 1, wr: 2 },
  ],
  0b100,
);
const afterReadsFromRw = fromOpened(
  [
    { ww: 1, wr: 2 },
    { ww: 1, wr: 2, rw: 1 },
  ],
  0b100,
);

/**
 * Cycles with an rw edge, told from the transaction that it leaves, so that walks without rw edges
 * are never taken for them: with one, without adjacent ones as the form has it, and all.
 */
export function fromRwOf(form: CycleForm): Record<"single" | "nonadjacent" | "all", Automaton> {
  const isPrefix = form === "prefix";
  return {
    single: isPrefix ? singleAfterReadFromRw : singleFromRw,
    nonadjacent: isPrefix ? afterReadsFromRw : nonadjacentFromRw,
    all: anyFromRw,
  };
}

/** Closed walks without adjacent rw edges, or as the form `prefix` restricts them further. */
export function nonadjacentOf(form: CycleForm): Automaton {
  return form === "prefix" ? afterReads : nonadjacent;
}

/** The kinds of edges in the cycles that a form may forbid. */
export function kindsOf(form: CycleForm): number {
  if (form === "ww") return ww;
  return form === "ww-wr" ? ww | wr : ww | wr | rw;
}

/** All walks whose cycles a form forbids; for `one-rw` some more. */
export function wholeOf(form: CycleForm): Automaton {
  return form === "ww" || form === "ww-wr" || form === "any"
    ? only(kindsOf(form))
    : nonadjacentOf(form);
}

export function singleOf(form: CycleForm): Automaton {
  return form === "prefix" ? singleAfterRead : single;
}

/** After an edge of a process or of real time a walk stands where it does after a wr edge. */
function automaton(rows: readonly Row[], starts: Automaton["starts"], accepted: number): Automaton {
  const shift = 32 - Math.clz32(rows.length - 1);
  const step = new Int8Array(1 << (shift + KIND_BITS)).fill(REJECT);
  rows.forEach((row, state) => {
    const at = state << KIND_BITS;
    const ordered = rows.length === 1 ? 0 : (row.wr ?? REJECT);
    step[at | VIA] = state;
    step[at | ww] = row.ww ?? REJECT;
    step[at | wr] = row.wr ?? REJECT;
    step[at | rw] = row.rw ?? REJECT;
    step[at | process] = ordered;
    step[at | realtime] = ordered;
  });
  return { shift, step, starts, accepted };
}
