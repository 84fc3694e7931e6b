/**
 * A history as memory accesses: what each session read, wrote, updated and fenced, in its order, and
 * from which write each read took its value. The one form that all memory models are judged in.
 *
 * A session is a process. The accesses of one session stand together, in program order, so that
 * `starts` cuts them apart. The initial value is no access: it is a write before everything, INITIAL
 * as a source. Left out are operations that failed, reads without an answer, fences without one, and
 * pending writes and updates that nobody read: each of those may be dropped without changing a verdict.
 * Pending ones that somebody read are there, as the last of their session.
 */

export const kinds = { read: 0, write: 1, update: 2, fence: 3 } as const;

/** `source` of a read of the value that its key starts with. */
export const INITIAL = -1;

/** `source` of a read of a value that nobody wrote. */
export const THIN_AIR = -2;

/** `key` of a fence. */
export const NO_LOCATION = -1;

export interface Accesses {
  /** Number of accesses. */
  readonly size: number;
  readonly sessions: number;
  readonly keys: number;
  /** sessions + 1 places: the accesses of session s are starts[s] to starts[s + 1] - 1. */
  readonly starts: Int32Array;
  readonly session: Int32Array;
  /**
   * One of `kinds`. An update reads and writes at once: compare-and-set, swap. A fence is a full
   * barrier of its session.
   */
  readonly kind: Uint8Array;
  /** 0 to keys - 1, or NO_LOCATION. */
  readonly key: Int32Array;
  /** Of reads and updates: the write or update that the value came from, INITIAL or THIN_AIR; others INITIAL. */
  readonly source: Int32Array;
  /**
   * Of transactions: which one each access belongs to, counted up through the sessions; the accesses of
   * one are consecutive. Absent where every access stands for itself.
   */
  readonly group?: Int32Array;
  /** Position of the completion in the history, PENDING without one: a hint for searches, never an order. */
  readonly completed: Int32Array;
  /** The place of each access' operation in the columns that it came from. */
  readonly operation: Int32Array;
}

/** Per key all its writes and updates in the one order in which they took effect, where that is known. */
export type KeyOrders = readonly Int32Array[];

export function isWrite(kind: number): boolean {
  return kind === kinds.write || kind === kinds.update;
}

export function isRead(kind: number): boolean {
  return kind === kinds.read || kind === kinds.update;
}
