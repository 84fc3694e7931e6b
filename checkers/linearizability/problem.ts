/**
 * The history of one object, prepared for the search.
 *
 * Operations that cannot matter are gone (pending reads, pending writes that nothing observes).
 * Completed operations hold a lane between invocation and return, always the lowest free
 * one, so that a set of open operations is a bit mask as wide as the concurrency and not as the
 * history. Pending operations never return: the interchangeable ones share one counter (a slot),
 * which is given back when nothing can observe their effect any more. O(n log n).
 */

import { PENDING } from "../../histories/columns.js";
import type { Operation } from "../../histories/history.js";
import type { Call, Foresight, Model, TimedCall } from "./model.js";
import { viewOfOperations } from "./object-views.js";
import { Transitions } from "./transitions.js";
import type { ObjectView } from "./view.js";

export const eventKinds = { call: 0, return: 1, expire: 2 } as const;

export interface Problem<State> {
  transitions: Transitions<State>;
  initial: State;
  foresight: Foresight<State> | undefined;
  /** Per subject, the operation of the view that it is. */
  operationOf: Int32Array;
  /** Per subject: its action, its lane (completed) or slot (pending), and where it returned. */
  actionOf: Int32Array;
  placeOf: Int32Array;
  completedOf: Int32Array;
  /**
   * In the order of the history. `subject` counts subjects (call, return) or is an action whose
   * pending calls are useless from here on (expire).
   */
  events: { count: number; kind: Uint8Array; subject: Int32Array; position: Int32Array };
  laneCount: number;
  slotCount: number;
}

/** `operations` are those of one object, in order of invocation. */
export function prepare<State>(
  model: Model<State>,
  operations: readonly Operation[],
  initial: State,
): Problem<State> {
  const { view, functions } = viewOfOperations(operations);
  return prepareView(model, view, functions, initial);
}

/** `functions` names what the codes in `view.f` stand for. */
export function prepareView<State>(
  model: Model<State>,
  view: ObjectView,
  functions: readonly string[],
  initial: State,
): Problem<State> {
  const calls = new Calls(model, view, functions);
  const foresight =
    model.foreseeColumns?.(view, functions) ?? model.foresee?.(calls.timed(), initial);
  const transitions = new Transitions(model, foresight?.isDoomed);
  const { actionOf, subjects, useful } = chooseSubjects(view, calls, transitions, foresight);
  const placeOf = new Int32Array(subjects.length).fill(-1);
  const completedOf = subjects.map((operation) => view.completed[operation]!);
  const expiring = expiries(subjects, actionOf, completedOf, useful);
  const events = inOrder(view, subjects, completedOf, expiring);
  const places = assignPlaces(events, actionOf, completedOf, placeOf);
  const operationOf = subjects;
  return {
    transitions,
    initial,
    foresight,
    operationOf,
    actionOf,
    placeOf,
    completedOf,
    events,
    ...places,
  };
}

/** The model's view of operations; equal ones share one call. */
class Calls<State> {
  /** Per operation, the place of its call in `#distinct`. */
  readonly #callOf: Int32Array;
  readonly #distinct: Call[] = [];
  readonly #roles: (string | undefined)[] = [];

  constructor(
    private readonly model: Model<State>,
    private readonly view: ObjectView,
    functions: readonly string[],
  ) {
    const { size, f, input, output, completed, process, values } = view;
    this.#callOf = new Int32Array(size);
    const known = functions.map(() => [new Map<number | string, number>(), new Map()] as const);
    const reach = values.size;
    for (let i = 0; i < size; i++) {
      const pending = completed[i] === PENDING;
      const maps = known[f[i]!]![pending ? 1 : 0]!;
      const asked = pending ? input[i]! : input[i]! * reach + output[i]!;
      const key = model.byProcess ? `${process[i]!} ${asked}` : asked;
      let call = maps.get(key);
      if (call === undefined) {
        call = this.#distinct.length;
        maps.set(key, call);
        this.#distinct.push({
          f: functions[f[i]!]!,
          input: values.value(input[i]!),
          output: pending ? null : values.value(output[i]!),
          pending,
          process: process[i]!,
        });
      }
      this.#callOf[i] = call;
    }
  }

  get(operation: number): Call {
    return this.#distinct[this.#callOf[operation]!]!;
  }

  /** Calls are numbered by first use. */
  numberOf(operation: number): number {
    return this.#callOf[operation]!;
  }

  /** A pending read: nobody saw its answer, and it changes nothing. */
  isVain(operation: number): boolean {
    if (this.view.completed[operation] !== PENDING) return false;
    const number = this.#callOf[operation]!;
    return (this.#roles[number] ??= this.model.role(this.#distinct[number]!)) === "read";
  }

  /** All but the vain ones, with their intervals. */
  timed(): TimedCall[] {
    const { size, invoked, completed } = this.view;
    const timed: TimedCall[] = [];
    for (let i = 0; i < size; i++) {
      if (this.isVain(i)) continue;
      const end = completed[i] === PENDING ? Number.POSITIVE_INFINITY : completed[i]!;
      timed.push({ ...this.get(i), invoked: invoked[i]!, completed: end });
    }
    return timed;
  }
}

/** The operations that can matter, their actions, and until when pending actions do. */
function chooseSubjects<State>(
  view: ObjectView,
  calls: Calls<State>,
  transitions: Transitions<State>,
  foresight: Foresight<State> | undefined,
) {
  const subjects = new Int32Array(view.size);
  const actionOf = new Int32Array(view.size);
  const actionOfCall: number[] = [];
  const usefulUntil: number[] = [];
  const useful = new Map<number, number>();
  let count = 0;
  for (let i = 0; i < view.size; i++) {
    if (calls.isVain(i)) continue;
    const number = calls.numberOf(i);
    const pending = view.completed[i] === PENDING;
    if (pending && foresight !== undefined) {
      const until = (usefulUntil[number] ??= foresight.lastUseful(calls.get(i)));
      if (until <= view.invoked[i]!) continue;
    }
    const action = (actionOfCall[number] ??= transitions.actionId(calls.get(i)));
    if (pending && foresight !== undefined) useful.set(action, usefulUntil[number]!);
    subjects[count] = i;
    actionOf[count] = action;
    count += 1;
  }
  return { subjects: subjects.slice(0, count), actionOf: actionOf.slice(0, count), useful };
}

interface Expiry {
  action: number;
  position: number;
}

/** When each action's pending calls become useless, in order; those that never do are left out. */
function expiries(
  subjects: Int32Array,
  actionOf: Int32Array,
  completedOf: Int32Array,
  useful: ReadonlyMap<number, number>,
): Expiry[] {
  const found = new Map<number, Expiry>();
  for (let subject = 0; subject < subjects.length; subject++) {
    if (completedOf[subject] !== PENDING) continue;
    const action = actionOf[subject]!;
    const position = useful.get(action);
    if (position === undefined || position === Number.POSITIVE_INFINITY) continue;
    found.set(action, { action, position });
  }
  return [...found.values()].sort((a, b) => a.position - b.position || a.action - b.action);
}

/**
 * Calls, returns and expiries by position: calls come in order already, and a heap holds the returns
 * of what is open. An action expires with the return of its last observer: after it.
 */
function inOrder(
  view: ObjectView,
  subjects: Int32Array,
  completedOf: Int32Array,
  expiring: readonly Expiry[],
): Problem<unknown>["events"] {
  const room = 2 * subjects.length + expiring.length;
  const kind = new Uint8Array(room);
  const subject = new Int32Array(room);
  const position = new Int32Array(room);
  let count = 0;
  const add = (kindOf: number, whose: number, at: number): void => {
    kind[count] = kindOf;
    subject[count] = whose;
    position[count] = at;
    count += 1;
  };
  const open = new ReturnHeap(completedOf);
  let expired = 0;
  const advance = (until: number): void => {
    for (;;) {
      const returns = open.size === 0 ? PENDING : completedOf[open.first]!;
      const expires = expired === expiring.length ? PENDING : expiring[expired]!.position;
      if (Math.min(returns, expires) >= until) return;
      if (returns <= expires) add(eventKinds.return, open.take(), returns);
      else add(eventKinds.expire, expiring[expired++]!.action, expires);
    }
  };
  for (let next = 0; next < subjects.length; next++) {
    const invoked = view.invoked[subjects[next]!]!;
    advance(invoked);
    add(eventKinds.call, next, invoked);
    if (completedOf[next] !== PENDING) open.add(next);
  }
  advance(PENDING);
  return { count, kind, subject, position };
}

/** Open subjects, the earliest return first. */
class ReturnHeap {
  readonly #heap: number[] = [];

  constructor(private readonly completedOf: Int32Array) {}

  get size(): number {
    return this.#heap.length;
  }

  get first(): number {
    return this.#heap[0]!;
  }

  add(subject: number): void {
    const { completedOf } = this;
    const heap = this.#heap;
    let at = heap.push(subject) - 1;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if (completedOf[heap[above]!]! <= completedOf[subject]!) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = subject;
  }

  take(): number {
    const { completedOf } = this;
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      const other = below + 1;
      if (other < heap.length && completedOf[heap[other]!]! < completedOf[heap[below]!]!) {
        below = other;
      }
      if (completedOf[heap[below]!]! >= completedOf[last]!) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

function assignPlaces(
  events: Problem<unknown>["events"],
  actionOf: Int32Array,
  completedOf: Int32Array,
  placeOf: Int32Array,
): { laneCount: number; slotCount: number } {
  const slotOfAction = new Map<number, number>();
  const lanes = new Places();
  const slots = new Places();
  for (let event = 0; event < events.count; event++) {
    const subject = events.subject[event]!;
    switch (events.kind[event]) {
      case eventKinds.expire: {
        const slot = slotOfAction.get(subject);
        if (slot !== undefined) slots.release(slot);
        break;
      }
      case eventKinds.return:
        lanes.release(placeOf[subject]!);
        break;
      default:
        if (completedOf[subject] === PENDING) {
          const action = actionOf[subject]!;
          const slot = slotOfAction.get(action) ?? slots.take();
          slotOfAction.set(action, slot);
          placeOf[subject] = slot;
        } else placeOf[subject] = lanes.take();
    }
  }
  return { laneCount: lanes.count, slotCount: slots.count };
}

/** Numbers from 0, the lowest free one first. O(places) per take. */
class Places {
  private readonly taken: boolean[] = [];

  get count(): number {
    return this.taken.length;
  }

  take(): number {
    const free = this.taken.indexOf(false);
    const place = free === -1 ? this.taken.length : free;
    this.taken[place] = true;
    return place;
  }

  release(place: number): void {
    this.taken[place] = false;
  }
}
