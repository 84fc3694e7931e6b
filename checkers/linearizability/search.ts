/**
 * Decides whether the operations on one object have a legal order that respects real time.
 *
 * Wing & Gong's search in the just-in-time form of Lowe ("Testing for linearizability", CCPE 2017):
 * events are taken in order, and operations take effect only when a return forces it, which loses
 * nothing because every effect can be delayed until then. All configurations that explain the
 * events so far (the frontier) advance together, so that the event at which the last one dies ends
 * the shortest prefix without an explanation. What keeps the frontier small:
 * - a read that is legal is committed at once: nothing is lost by it;
 * - dominated configurations are dropped (see configurations.ts);
 * - interchangeable calls are used in the order of their returns, pending ones last (but see
 *   `chooseOwed`);
 * - a blind call that an overwrite hides costs nothing, and an overwrite that is neither the
 *   returning call nor seen by anybody need not be made;
 * - states that nothing observes any more are one state (`Foresight.dead`).
 *
 * Exact for pending operations: each may take effect at any moment after its invocation, or never.
 * Exponential in the worst case (the problem is NP-complete: Gibbons & Korach 1997), hence the
 * budget of steps. Passes may be inexact in one direction (`PassKind`), which decides most of what the
 * exact one cannot. No recursion; memory is one frontier.
 */

import { PENDING } from "../../histories/columns.js";
import { ConfigurationSet, type Layout, layoutFor } from "./configurations.js";
import { type Lineage, NO_TRACE, type TracedRows } from "./lineage.js";
import type { Role } from "./model.js";
import { OpenCalls, type SavedCalls } from "./open-calls.js";
import { eventKinds, type Problem } from "./problem.js";
import { ILLEGAL } from "./transitions.js";

/**
 * In a `lavish` pass one pending call can be used again and again: the frontier stays small, only
 * death is a proof, and the event may come later than the end of the shortest prefix.
 * In a `slack` pass a configuration with plenty of pending calls left gives way to one with still
 * more of them or fewer: the frontier stays small, and only survival is a proof.
 * Whatever the kind, configurations beyond the width are left out: then only survival is a proof.
 */
export type PassKind = "exact" | "lavish" | "slack";

/** In a `slack` pass, so many pending calls left of a kind count as plenty. */
const PLENTY = 2;

/** A window starts from at most so many states, where at most so many updates are open. */
const STATES_MAX = 512;
const UPDATES_MAX = 4;

export type PassEnd<State> =
  | { end: "survived"; trace: number }
  /**
   * No configuration explains the return of operation `breaking` (of the view); it found the object in one of `possible`
   * states. Proves that nothing explains it unless `lossy`.
   */
  | {
      end: "died";
      lossy: boolean;
      /** Place in the problem's events. */
      event: number;
      /** The events before have an explanation: this is the end of the shortest prefix without. */
      isFirst: boolean;
      breaking: number;
      position: number;
      possible: State[];
    }
  /** Out of steps; the events before `position` have an explanation. */
  | { end: "exhausted"; position: number };

const SAVES_MAX = 512;

/** Whom `Search.choose` found: an operation (>= 0), or one of these. */
const NOBODY = -1;
const CRASHED = -2;

/** The frontier before an event. */
interface Save extends TracedRows {
  event: number;
  open: SavedCalls;
}

/** The operation whose return is being settled. */
interface Returning {
  subject: number;
  role: Role;
  position: number;
  /** Its lane. */
  word: number;
  bit: number;
}

export class Search<State> {
  /** Steps taken so far, over all passes. */
  steps = 0;
  private readonly layout: Layout;
  private readonly open: OpenCalls<State>;
  private readonly dead: number;
  private readonly lastObserved: number[] = [];
  private current: ConfigurationSet;
  private next: ConfigurationSet;
  private readonly closure: ConfigurationSet;
  /** The row being built, and whether it satisfied a read that its origin had not. */
  private readonly row: Int32Array;
  private rowServed = false;
  private charged = 0;
  private lossy = false;
  private lavish = false;
  /**
   * The search uses what later events tell (answers of updates that are still open, what dooms a
   * state), so that it may die before a prefix has no explanation.
   */
  readonly knowsAhead: boolean;
  /** Frontiers to go back to, by event. */
  saves: Save[] = [];
  /** Per state, which open reads it satisfies, as of a time when these reads were open. */
  private served = new Int32Array(0);
  private servedSince = new Int32Array(0);
  private readsSince = 0;

  /** @param lineage records how configurations came about, where a linearization is wanted. */
  constructor(
    private readonly problem: Problem<State>,
    private readonly lineage?: Lineage,
  ) {
    const { foresight, transitions, laneCount, slotCount } = problem;
    this.knowsAhead =
      foresight?.isDoomed !== undefined ||
      transitions.actions.some(({ role, call }) => {
        const open = transitions.model.role({ ...call, output: null, pending: true });
        return role === "update" || (role === "read" && open !== "read");
      });
    this.layout = layoutFor(laneCount, slotCount);
    this.open = new OpenCalls(problem, this.layout);
    this.dead = foresight === undefined ? ILLEGAL : transitions.stateId(foresight.dead);
    const empty = () =>
      new ConfigurationSet(this.layout, this.open.masks, this.open.available, this.dead);
    this.current = empty();
    this.next = empty();
    this.closure = empty();
    this.row = new Int32Array(this.layout.stride);
  }

  /** One pass over the whole history with at most `widthMax` configurations, until `steps` reaches `stepsMax`. */
  pass(kind: PassKind, widthMax: number, stepsMax: number): PassEnd<State> {
    this.start(kind);
    return this.sweep(0, this.problem.events.count, widthMax, stepsMax);
  }

  /** Remembers the frontier before `event`, so that `rewind` can go back to it. */
  save(event: number): void {
    const { stride } = this.layout;
    const rows = new Int32Array(this.current.size * stride);
    let size = 0;
    for (let row = 0; row < this.current.added; row++) {
      if (!this.current.has(row)) continue;
      rows.set(this.current.rows.subarray(row * stride, (row + 1) * stride), size * stride);
      size += 1;
    }
    this.saves.push({ event, rows, added: size, open: this.open.save() });
    if (this.saves.length > 2 * SAVES_MAX) this.saves.splice(0, SAVES_MAX);
  }

  /** Forgets the last saves, but one; what it remembers is the frontier again, before this event. */
  rewind(count: number): number {
    this.saves.length -= Math.min(count, this.saves.length - 1);
    const { event, rows, added, open } = this.saves.at(-1)!;
    this.open.restore(open);
    this.readsSince += 1;
    this.current.clear();
    for (let row = 0; row < added; row++) this.current.insert(rows, row * this.layout.stride);
    return event;
  }

  /**
   * A sweep over the events from about `first` up to `end`, from everything that could have been
   * true there: death proves that nothing explains the history, survival proves nothing. Undefined where
   * too much could have been true.
   */
  window(
    kind: "exact" | "lavish",
    [first, end]: readonly [number, number],
    widthMax: number,
    stepsMax: number,
    saves: readonly Save[] = [],
  ): PassEnd<State> | undefined {
    const states = this.problem.transitions.reachable(this.problem.initial, STATES_MAX);
    if (states === undefined) return undefined;
    this.start(kind);
    this.current.clear();
    const from = this.skip(first, saves);
    const { reads, updates } = this.open.masks;
    const { words, done } = this.layout;
    const position = from === 0 ? -1 : this.problem.events.position[from - 1]!;
    if (words > 1 && updates.some((mask) => mask !== 0)) return undefined;
    for (const state of from === 0 ? [states[0]!] : states) {
      // Every set of the open updates may have taken effect: the subsets of their mask.
      for (let subset = from === 0 ? 0 : updates[0]!; ; subset = (subset - 1) & updates[0]!) {
        this.row.fill(0);
        this.row[this.layout.trace] = NO_TRACE;
        this.row[0] = state;
        for (let word = 0; word < words; word++) this.row[done + word] = reads[word]!;
        this.row[done]! |= subset;
        this.bury(position);
        this.current.insert(this.row, 0);
        if (subset === 0) break;
      }
    }
    return this.sweep(from, end, widthMax, stepsMax);
  }

  /**
   * Opens and closes calls up to `first`, or the next event where few updates are open, on from the
   * nearest of `saves`; returns where that is.
   */
  private skip(first: number, saves: readonly Save[]): number {
    const { events } = this.problem;
    const nearest = saves.findLast((save) => save.event <= first);
    if (nearest !== undefined) this.open.restore(nearest.open);
    let event = nearest?.event ?? 0;
    for (; event < first || this.open.updatesOpen > UPDATES_MAX; event++) {
      const subject = events.subject[event]!;
      if (events.kind[event] === eventKinds.call) this.open.open(subject);
      else if (events.kind[event] === eventKinds.return) this.open.close(subject);
      else this.open.expire(subject);
    }
    this.readsSince += 1;
    return event;
  }

  /** On from the frontier before event `first`, up to event `end`. */
  sweep(first: number, end: number, widthMax: number, stepsMax: number): PassEnd<State> {
    const { events } = this.problem;
    for (let event = first; event < end; event++) {
      const kind = events.kind[event];
      const subject = events.subject[event]!;
      const position = events.position[event]!;
      if (kind === eventKinds.call) this.call(subject);
      else if (kind === eventKinds.expire) this.expire(subject);
      else {
        if (!this.settle(this.returning(subject, position), widthMax, stepsMax)) {
          return { end: "exhausted", position };
        }
        if (this.next.size === 0) return this.death(event);
        this.open.close(subject);
        this.readsSince += 1;
        const before = this.current;
        this.current = this.next;
        this.next = before;
        if (this.lineage?.isFull) this.lineage.compact([this.current, ...this.saves], this.layout);
      }
    }
    return { end: "survived", trace: this.anyTrace() };
  }

  private anyTrace(): number {
    for (let row = 0; row < this.current.added; row++) {
      if (this.current.has(row)) return this.traceOf(row);
    }
    return NO_TRACE;
  }

  private traceOf(row: number): number {
    return this.current.rows[row * this.layout.stride + this.layout.trace]!;
  }

  start(kind: PassKind): void {
    this.open.clear();
    this.saves = [];
    this.readsSince += 1;
    this.lavish = kind === "lavish";
    this.lossy = kind === "slack" && this.problem.slotCount > 0;
    for (const set of [this.current, this.next, this.closure]) {
      set.slack = kind === "slack" ? PLENTY : Number.POSITIVE_INFINITY;
    }
    this.lineage?.clear();
    this.current.clear();
    this.row.fill(0);
    this.row[this.layout.trace] = NO_TRACE;
    this.row[0] = this.problem.transitions.stateId(this.problem.initial);
    this.bury(-1);
    this.current.insert(this.row, 0);
  }

  private death(event: number): PassEnd<State> {
    const { operationOf, transitions, events } = this.problem;
    const position = events.position[event]!;
    const possible = this.closure
      .states()
      .filter((state) => state !== this.dead)
      .map((state) => transitions.states[state]!);
    const breaking = operationOf[events.subject[event]!]!;
    const isFirst = !this.lossy && !this.lavish && !this.knowsAhead;
    return { end: "died", lossy: this.lossy, event, isFirst, breaking, position, possible };
  }

  private returning(subject: number, position: number): Returning {
    const { actionOf, placeOf, transitions } = this.problem;
    const { role } = transitions.actions[actionOf[subject]!]!;
    const lane = placeOf[subject]!;
    return { subject, role, position, word: lane >>> 5, bit: 1 << (lane & 31) };
  }

  private call(subject: number): void {
    const { problem, layout } = this;
    const { rows, added } = this.current;
    const action = problem.actionOf[subject]!;
    const { role } = problem.transitions.actions[action]!;
    this.open.open(subject);
    if (role === "read") this.readsSince += 1;
    if (problem.completedOf[subject] === PENDING || role === "update") return;
    const lane = problem.placeOf[subject]!;
    const word = (role === "read" ? layout.done : layout.owed) + (lane >>> 5);
    for (let at = 0; at < added * layout.stride; at += layout.stride) {
      const state = rows[at]!;
      // A blind call changes nothing in the dead state: it is free there.
      const applies =
        role === "read" ? problem.transitions.step(state, action) !== ILLEGAL : state !== this.dead;
      if (applies) rows[at + word]! |= 1 << (lane & 31);
    }
  }

  private expire(action: number): void {
    const slot = this.open.expire(action);
    if (slot === undefined) return;
    const { rows, added } = this.current;
    const { stride, used } = this.layout;
    for (let at = 0; at < added * stride; at += stride) rows[at + used + slot] = 0;
  }

  /**
   * Fills `next` with every way in which the frontier can go on after this return.
   * False when the budget ran out first.
   */
  private settle(returning: Returning, widthMax: number, stepsMax: number): boolean {
    const { current, next, closure } = this;
    const { stride, owed } = this.layout;
    next.clear();
    closure.clear();
    for (let row = 0; row < current.added; row++) {
      if (!current.has(row)) continue;
      const at = row * stride;
      for (let i = 0; i < stride; i++) this.row[i] = current.rows[at + i]!;
      const isFree =
        isBlind(returning.role) && (this.row[owed + returning.word]! & returning.bit) === 0;
      if (!this.finishIfDone(returning)) {
        closure.insert(this.row, 0);
        if (isFree) this.finish(returning);
      }
    }
    for (let row = 0; row < closure.added; row++) {
      if (closure.has(row)) this.expand(row * stride, returning, widthMax * 4);
      if (this.charge() > stepsMax) return false;
    }
    if (next.size > widthMax) {
      next.truncate(widthMax);
      this.lossy = true;
    }
    return true;
  }

  /** Lets each call take effect that can, from the configuration at `at` of the closure. */
  private expand(at: number, returning: Returning, widthMax: number): void {
    const { closure, open, layout, problem } = this;
    for (const action of open.enabled) {
      const chosen = this.choose(closure.rows, at, action);
      if (chosen === NOBODY) continue;
      this.use(at, action, chosen, returning, widthMax);
      if (problem.transitions.actions[action]!.role !== "blind" || chosen === CRASHED) continue;
      if (this.isSet(closure.rows, at + layout.owed, chosen)) continue;
      const owed = this.chooseOwed(closure.rows, at, action);
      if (owed !== NOBODY) this.use(at, action, owed, returning, widthMax);
    }
  }

  /** Lets one call take effect; what that leaves goes to `next` if it settles the return. */
  private use(
    at: number,
    action: number,
    chosen: number,
    returning: Returning,
    widthMax: number,
  ): void {
    const { closure } = this;
    this.steps += 1;
    if (chosen !== returning.subject && this.isUnseen(closure.rows, at, action)) return;
    if (!this.apply(closure.rows, at, action, chosen, returning.position - 1)) return;
    if (this.finishIfDone(returning)) return;
    if (!this.isWorthwhile(this.problem.transitions.actions[action]!.role)) return;
    if (closure.size < widthMax) closure.insert(this.row, 0);
    else this.lossy = true;
  }

  /** True when `action` would overwrite the state without any open operation depending on that. */
  private isUnseen(rows: Int32Array, at: number, action: number): boolean {
    const { transitions } = this.problem;
    if (this.open.dependent > 0 || transitions.actions[action]!.role !== "overwrite") return false;
    const { words, done } = this.layout;
    const served = this.servedBy(transitions.step(rows[at]!, action));
    for (let word = 0; word < words; word++) {
      if ((this.served[served + word]! & ~rows[at + done + word]!) !== 0) return false;
    }
    return true;
  }

  /** The call of `action` to use next in a configuration. */
  private choose(rows: Int32Array, at: number, action: number): number {
    const { done, used } = this.layout;
    for (const subject of this.open.completedCalls(action)) {
      if (!this.isSet(rows, at + done, subject)) return subject;
    }
    const slot = this.open.slotOf(action);
    if (slot === undefined) return NOBODY;
    return rows[at + used + slot]! < this.open.available[slot]! ? CRASHED : NOBODY;
  }

  /**
   * The first call of `action` that must still take visible effect: one to use before a call that
   * returns earlier but need not. (Overwrites make no difference: each frees all the others.)
   */
  private chooseOwed(rows: Int32Array, at: number, action: number): number {
    for (const subject of this.open.completedCalls(action)) {
      if (this.isSet(rows, at + this.layout.owed, subject)) return subject;
    }
    return NOBODY;
  }

  private isSet(rows: Int32Array, mask: number, subject: number): boolean {
    const lane = this.problem.placeOf[subject]!;
    return (rows[mask + (lane >>> 5)]! & (1 << (lane & 31))) !== 0;
  }

  /** Builds in `row` what the call leaves of a configuration; false when it is not legal there. */
  private apply(
    rows: Int32Array,
    at: number,
    action: number,
    chosen: number,
    position: number,
  ): boolean {
    const { row } = this;
    const { transitions, placeOf } = this.problem;
    const { stride, words, done, owed, used } = this.layout;
    const state = transitions.step(rows[at]!, action);
    if (state === ILLEGAL) return false;
    for (let i = 0; i < stride; i++) row[i] = rows[at + i]!;
    row[0] = state;
    if (chosen === CRASHED) {
      if (!this.lavish) row[used + this.open.slotOf(action)!]! += 1;
    } else {
      const lane = placeOf[chosen]!;
      const bit = 1 << (lane & 31);
      row[done + (lane >>> 5)]! |= bit;
      row[owed + (lane >>> 5)]! &= ~bit;
    }
    if (transitions.actions[action]!.role === "overwrite") row.fill(0, owed, owed + words);
    if (this.lineage !== undefined) {
      const { trace } = this.layout;
      row[trace] = this.lineage.add(
        row[trace]!,
        chosen === CRASHED ? ~action : chosen,
        position + 1,
      );
    }
    this.rowServed = false;
    const served = this.servedBy(state);
    for (let word = 0; word < words; word++) {
      const before = row[done + word]!;
      const after = before | this.served[served + word]!;
      if (after === before) continue;
      row[done + word] = after;
      this.rowServed = true;
    }
    this.bury(position);
    return true;
  }

  /** Where `served` has the mask of open reads that are legal in the state. */
  private servedBy(state: number): number {
    const { words } = this.layout;
    const { transitions, actionOf, placeOf } = this.problem;
    if (state >= this.servedSince.length) {
      const room = Math.max(64, 2 * state);
      const { served, servedSince } = this;
      this.served = new Int32Array(room * words);
      this.served.set(served);
      this.servedSince = new Int32Array(room).fill(-1);
      this.servedSince.set(servedSince);
    }
    const at = state * words;
    if (this.servedSince[state] === this.readsSince) return at;
    this.servedSince[state] = this.readsSince;
    this.served.fill(0, at, at + words);
    for (const read of this.open.reads) {
      if (transitions.step(state, actionOf[read]!) === ILLEGAL) continue;
      const lane = placeOf[read]!;
      this.served[at + (lane >>> 5)]! |= 1 << (lane & 31);
    }
    return at;
  }

  /**
   * False when a call that did not settle the return may as well be left out: nobody saw the state
   * it left, and no call depends on that state, so that it can be placed before the next overwrite.
   */
  private isWorthwhile(role: Role): boolean {
    if (role === "update" || this.rowServed) return true;
    if (this.row[0] === this.dead) return false;
    if (role === "blind") return true;
    const { transitions } = this.problem;
    for (const action of this.open.enabled) {
      if (transitions.actions[action]!.role === "overwrite") continue;
      if (this.choose(this.row, 0, action) === NOBODY) continue;
      if (transitions.step(this.row[0]!, action) !== ILLEGAL) return true;
    }
    return false;
  }

  private finishIfDone(returning: Returning): boolean {
    if ((this.row[this.layout.done + returning.word]! & returning.bit) === 0) return false;
    this.finish(returning);
    return true;
  }

  /** The row outlives the return: its lane is given back. */
  private finish({ word, bit, position }: Returning): void {
    this.row[this.layout.done + word]! &= ~bit;
    this.bury(position);
    this.next.insert(this.row, 0);
  }

  /** Replaces the row's state by the dead one if nothing observes it after `position`. */
  private bury(position: number): void {
    const { foresight, transitions } = this.problem;
    const state = this.row[0]!;
    if (foresight === undefined || state === this.dead) return;
    const last = (this.lastObserved[state] ??= foresight.lastObserved(transitions.states[state]!));
    if (last > position) return;
    const { owed, words } = this.layout;
    this.row[0] = this.dead;
    this.row.fill(0, owed, owed + words);
  }

  /** Charges comparisons at an eighth of a step, and new states; returns the steps taken so far. */
  private charge(): number {
    const { cost } = this.problem.transitions;
    const comparisons = this.current.comparisons + this.next.comparisons + this.closure.comparisons;
    const due = Math.floor(comparisons / 8) + cost;
    this.steps += due - this.charged;
    this.charged = due;
    return this.steps;
  }
}

function isBlind(role: Role): boolean {
  return role === "overwrite" || role === "blind";
}
