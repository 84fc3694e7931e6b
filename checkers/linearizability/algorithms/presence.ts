/**
 * Whether one element is in a set: an object with two states, decided exactly by a small frontier.
 *
 * What operations are, in terms of the state v that they leave or see:
 * - flip: an add or a remove that answered true. It changes the state to v.
 * - write: an add or a remove whose answer tells nothing. It leaves v, whatever it found.
 * - look: contains, an add or a remove that answered false. It finds v.
 * - spare: a pending add or remove: a write that may never happen.
 *
 * Each change of the state is made by a flip, a write or a spare operation; a write that makes none
 * is a look at v. Three exchanges leave little to choose:
 * - A change can be delayed until something returns that needs it: the operation that makes it or a
 *   later change, or one that looks. So a return is preceded by two changes at most: the one that
 *   the returning operation makes or sees, and, if that is not possible at once, one before it. In
 *   a longer batch the returning operation takes the place of the first change to its state, and
 *   the rest waits.
 * - Of two flips, or of two writes, to the same state, the one that returns first is taken first:
 *   they can swap places.
 * - In the same way a flip goes before a spare operation (it has to happen anyway) and before a
 *   write that returns later; a write goes before a spare operation (which can still happen later).
 * What is left makes a frontier of configurations: whether a returning write makes a change, and
 * whether a flip does or a write that returns earlier. A configuration is dropped when another one
 * has the same state and flips, no more spare operations used, and every look and write at least as
 * well off: seen and unused is best.
 *
 * Without writes there is no choice and only one configuration: O(c) a step for c operations open
 * at a time on one element. Where no add or remove tells anything, there were never more than 5;
 * where some do and some do not, about 100 for 25 clients on a single element. Past WIDTH_MAX it
 * gives up.
 */

import { doubled } from "../../../histories/values.js";

export const roles = { flip: 0, write: 1, look: 2, spare: 3 } as const;

/** A lane holds an open operation that was used for a change, or has seen its state, or neither. */
const WAITING = 0;
const SEEN = 1;
const USED = 2;

/** Fields of a configuration, before its lanes. */
const STATE = 0;
/** Spare operations used so far, by the state that they lead to. */
const SPARES = 1;
/** The last change: a place in `#changedBy`. */
const CHANGE = 3;
const LANES = 4;

const NONE = -1;
/** In the place of a lane: the next spare operation. */
const SPARE = -2;

const WIDTH_MAX = 512;

/** A change of the state. */
export interface Change {
  by: number;
  at: number;
}

/** A moment at which only one configuration was left, and no operation was open. */
export interface Idle {
  at: number;
  state: number;
  /** Spare operations used before it, by the state that they lead to. */
  sparesUsed: readonly [number, number];
  /** The operation that made the last change; NONE when there was none. */
  changedBy: number;
}

export class Presence {
  #lanes = 0;
  #rows = new Int32Array(256);
  #count = 0;
  #others = new Int32Array(256);
  #draft = new Int32Array(64);
  /** Per lane, the operation that is open (or NONE), and what it is. */
  #operation = new Int32Array(64);
  #role = new Uint8Array(64);
  #leads = new Uint8Array(64);
  #deadline = new Int32Array(64);
  #open = 0;
  /** Spare operations invoked so far, by the state that they lead to. */
  readonly spares: readonly [number[], number[]] = [[], []];
  /** Changes on the way to any configuration: by which operation, when, after which other change. */
  #changedBy = new Int32Array(256);
  #changedAt = new Int32Array(256);
  #changedAfter = new Int32Array(256);
  #changes = 0;
  #now = 0;
  #first = NONE;
  #second = NONE;
  #idleAt = -1;
  #idleState = 0;
  #idleChange = NONE;
  readonly #idleSpares = new Int32Array(2);

  /** Starts over, with at most `lanes` operations open at a time. */
  reset(state: number, lanes: number): void {
    this.#lanes = lanes;
    while (this.#operation.length < lanes) {
      this.#operation = doubled(this.#operation, Int32Array);
      this.#role = doubled(this.#role, Uint8Array);
      this.#leads = doubled(this.#leads, Uint8Array);
      this.#deadline = doubled(this.#deadline, Int32Array);
    }
    while (this.#draft.length < LANES + lanes) this.#draft = doubled(this.#draft, Int32Array);
    while (this.#rows.length < LANES + lanes) this.#rows = doubled(this.#rows, Int32Array);
    this.#operation.fill(NONE, 0, lanes);
    this.#rows.fill(0, 0, LANES + lanes);
    this.#rows[STATE] = state;
    this.#rows[CHANGE] = NONE;
    this.#count = 1;
    this.#open = 0;
    this.#changes = 0;
    for (const list of this.spares) list.length = 0;
    this.#idleAt = -1;
    this.#idleState = state;
    this.#idleChange = NONE;
    this.#idleSpares.fill(0);
  }

  /** More configurations than anybody wants to look at. */
  get tooWide(): boolean {
    return this.#count > WIDTH_MAX;
  }

  call(operation: number, role: number, leads: number, deadline: number): void {
    if (role === roles.spare) {
      this.spares[leads as 0 | 1].push(operation);
      return;
    }
    const lane = this.#laneOf(NONE);
    this.#operation[lane] = operation;
    this.#role[lane] = role;
    this.#leads[lane] = leads;
    this.#deadline[lane] = deadline;
    this.#open += 1;
    if (role === roles.flip) return;
    const stride = LANES + this.#lanes;
    for (let row = 0; row < this.#count * stride; row += stride) {
      if (this.#rows[row + STATE] === leads) this.#rows[row + LANES + lane] = SEEN;
    }
  }

  /** False when the operation cannot return: no configuration is left. */
  return(operation: number): boolean {
    const lane = this.#laneOf(operation);
    this.#now = this.#deadline[lane]!;
    if (!this.#settle(lane)) this.#force(lane);
    this.#operation[lane] = NONE;
    this.#open -= 1;
    if (this.#open === 0 && this.#count === 1) this.#rest();
    return this.#count > 0;
  }

  #laneOf(operation: number): number {
    let lane = 0;
    while (this.#operation[lane] !== operation) lane += 1;
    return lane;
  }

  /** Lets the operation return in all configurations if there is nothing to decide in any. */
  #settle(lane: number): boolean {
    const rows = this.#rows;
    const stride = LANES + this.#lanes;
    const end = this.#count * stride;
    const settled = this.#role[lane] === roles.look ? SEEN : USED;
    for (let at = LANES + lane; at < end; at += stride) if (rows[at] !== settled) return false;
    for (let at = LANES + lane; at < end; at += stride) rows[at] = WAITING;
    return true;
  }

  #force(lane: number): void {
    const role = this.#role[lane]!;
    const leads = this.#leads[lane]!;
    const rows = this.#rows;
    const stride = LANES + this.#lanes;
    const before = this.#count;
    // A row becomes three at most.
    while (this.#others.length < 3 * before * stride) {
      this.#others = doubled(this.#others, Int32Array);
    }
    this.#count = 0;
    for (let row = 0; row < before * stride; row += stride) {
      const standing = rows[row + LANES + lane]!;
      if (standing === USED || (standing === SEEN && role !== roles.flip)) {
        this.#load(row);
        this.#keep(lane);
      }
      if (standing === USED || (standing === SEEN && role === roles.look)) continue;
      if (standing === WAITING && role !== roles.flip) {
        // Whatever changes the state is seen by the operation, or is the operation.
        this.#choose(row, leads);
        this.#branch(row, this.#first, NONE, lane);
        this.#branch(row, this.#second, NONE, lane);
      } else if (rows[row + STATE] !== leads) {
        this.#branch(row, lane, NONE, lane);
      } else {
        this.#choose(row, 1 - leads);
        this.#branch(row, this.#first, lane, lane);
        this.#branch(row, this.#second, lane, lane);
      }
    }
    this.#rows = this.#others;
    this.#others = rows;
  }

  /** The changes that led to the first configuration left. */
  changes(): Change[] {
    const path: Change[] = [];
    for (let c = this.#rows[CHANGE]!; c !== NONE; c = this.#changedAfter[c]!) {
      path.push({ by: this.#changedBy[c]!, at: this.#changedAt[c]! });
    }
    return path.reverse();
  }

  #rest(): void {
    const rows = this.#rows;
    this.#idleAt = this.#now;
    this.#idleState = rows[STATE]!;
    this.#idleSpares[0] = rows[SPARES]!;
    this.#idleSpares[1] = rows[SPARES + 1]!;
    this.#idleChange = rows[CHANGE]!;
  }

  /** The last rest so far; the start counts as one. */
  get idle(): Idle {
    return {
      at: this.#idleAt,
      state: this.#idleState,
      sparesUsed: [this.#idleSpares[0]!, this.#idleSpares[1]!],
      changedBy: this.#idleChange === NONE ? NONE : this.#changedBy[this.#idleChange]!,
    };
  }

  /** Sets `#first` and `#second` to what may change the state of a row to `leads`: lanes, SPARE or NONE. */
  #choose(row: number, leads: number): void {
    const rows = this.#rows;
    let flip = NONE;
    let write = NONE;
    for (let lane = 0; lane < this.#lanes; lane++) {
      if (this.#operation[lane] === NONE || this.#leads[lane] !== leads) continue;
      const role = this.#role[lane]!;
      if (role === roles.look || rows[row + LANES + lane] === USED) continue;
      const best = role === roles.flip ? flip : write;
      if (best !== NONE && this.#deadline[best]! < this.#deadline[lane]!) continue;
      if (role === roles.flip) flip = lane;
      else write = lane;
    }
    this.#second = NONE;
    if (flip !== NONE) {
      this.#first = flip;
      if (write !== NONE && this.#deadline[write]! < this.#deadline[flip]!) this.#second = write;
    } else if (write !== NONE) {
      this.#first = write;
    } else {
      const left = this.spares[leads as 0 | 1].length - rows[row + SPARES + leads]!;
      this.#first = left > 0 ? SPARE : NONE;
    }
  }

  /** Keeps what becomes of a row by one change, or by two when `second` is not NONE. */
  #branch(row: number, first: number, second: number, returning: number): void {
    if (first === NONE) return;
    this.#load(row);
    this.#change(first);
    if (second !== NONE) this.#change(second);
    this.#keep(returning);
  }

  #load(row: number): void {
    const length = LANES + this.#lanes;
    for (let n = 0; n < length; n++) this.#draft[n] = this.#rows[row + n]!;
  }

  #change(lane: number): void {
    const draft = this.#draft;
    const leads = 1 - draft[STATE]!;
    draft[STATE] = leads;
    let by = NONE;
    if (lane === SPARE) by = this.spares[leads as 0 | 1][draft[SPARES + leads]!++]!;
    else {
      by = this.#operation[lane]!;
      draft[LANES + lane] = USED;
    }
    for (let other = 0; other < this.#lanes; other++) {
      const sees = this.#leads[other] === leads && this.#role[other] !== roles.flip;
      if (sees && this.#operation[other] !== NONE && draft[LANES + other] === WAITING) {
        draft[LANES + other] = SEEN;
      }
    }
    draft[CHANGE] = this.#record(by, draft[CHANGE]!);
  }

  #record(by: number, after: number): number {
    if (this.#changes === this.#changedBy.length) {
      this.#changedBy = doubled(this.#changedBy, Int32Array);
      this.#changedAt = doubled(this.#changedAt, Int32Array);
      this.#changedAfter = doubled(this.#changedAfter, Int32Array);
    }
    this.#changedBy[this.#changes] = by;
    this.#changedAt[this.#changes] = this.#now;
    this.#changedAfter[this.#changes] = after;
    return this.#changes++;
  }

  /** Adds the draft to the rows to come, unless one of them dominates it. */
  #keep(returning: number): void {
    const draft = this.#draft;
    const kept = this.#others;
    const stride = LANES + this.#lanes;
    draft[LANES + returning] = WAITING;
    for (let row = 0; row < this.#count * stride; ) {
      if (this.#dominates(kept, row, draft, 0)) return;
      if (this.#dominates(draft, 0, kept, row)) {
        this.#count -= 1;
        kept.copyWithin(row, this.#count * stride, (this.#count + 1) * stride);
      } else row += stride;
    }
    const end = this.#count * stride;
    for (let n = 0; n < stride; n++) kept[end + n] = draft[n]!;
    this.#count += 1;
  }

  #dominates(a: Int32Array, rowA: number, b: Int32Array, rowB: number): boolean {
    if (a[rowA + STATE] !== b[rowB + STATE]) return false;
    if (a[rowA + SPARES]! > b[rowB + SPARES]!) return false;
    if (a[rowA + SPARES + 1]! > b[rowB + SPARES + 1]!) return false;
    for (let lane = 0; lane < this.#lanes; lane++) {
      const standing = a[rowA + LANES + lane]!;
      if (standing === b[rowB + LANES + lane]!) continue;
      if (standing !== SEEN) return false;
    }
    return true;
  }
}
