/**
 * The history of one object, prepared for the search.
 *
 * Operations that cannot matter are gone (failed ones, pending reads, pending writes that nothing
 * observes). Completed operations hold a lane between invocation and return, always the lowest free
 * one, so that a set of open operations is a bit mask as wide as the concurrency and not as the
 * history. Pending operations never return: the interchangeable ones share one counter (a slot),
 * which is given back when nothing can observe their effect any more. O(n log n).
 */

import type { Operation } from "../../histories/history.js";
import type { Foresight, Model, TimedCall } from "./model.js";
import { Transitions } from "./transitions.js";

export type EventKind = "call" | "return" | "expire";

/** `subject` is an operation (call, return) or an action whose pending calls are useless from here on. */
export interface ProblemEvent {
  kind: EventKind;
  subject: number;
  /** Position in `History.events`. */
  position: number;
}

export interface Problem<State> {
  transitions: Transitions<State>;
  initial: State;
  foresight: Foresight<State> | undefined;
  operations: Operation[];
  /** Per operation: its action, and its lane (completed) or slot (pending). */
  actionOf: number[];
  placeOf: number[];
  events: ProblemEvent[];
  laneCount: number;
  slotCount: number;
}

/** `operations` are those of one object, in order of invocation. */
export function prepare<State>(
  model: Model<State>,
  operations: readonly Operation[],
  initial: State,
): Problem<State> {
  const candidates = operations
    .filter((operation) => operation.outcome !== "fail")
    .map((operation) => ({ operation, call: asCall(operation) }))
    .filter(({ call }) => !(call.pending && model.role(call) === "read"));
  const foresight = model.foresee?.(
    candidates.map(({ call }) => call),
    initial,
  );
  const transitions = new Transitions(model, foresight?.isDoomed);
  const kept = candidates.filter(
    ({ call }) =>
      !call.pending || foresight === undefined || foresight.lastUseful(call) > call.invoked,
  );
  const actionOf = kept.map(({ call }) => transitions.actionId(call));
  const events: ProblemEvent[] = [];
  const expiring = new Set<number>();
  kept.forEach(({ call }, subject) => {
    events.push({ kind: "call", subject, position: call.invoked });
    if (!call.pending) {
      events.push({ kind: "return", subject, position: call.completed });
      return;
    }
    const action = actionOf[subject]!;
    if (foresight === undefined || expiring.has(action)) return;
    expiring.add(action);
    const position = foresight.lastUseful(call);
    if (position < Number.POSITIVE_INFINITY)
      events.push({ kind: "expire", subject: action, position });
  });
  events.sort((a, b) => a.position - b.position || RANK[a.kind] - RANK[b.kind]);
  return {
    transitions,
    initial,
    foresight,
    operations: kept.map(({ operation }) => operation),
    actionOf,
    ...assignPlaces(
      events,
      actionOf,
      kept.map(({ call }) => call.pending),
    ),
    events,
  };
}

/** An action expires with the return of its last observer: after it. */
const RANK: Record<EventKind, number> = { call: 0, return: 1, expire: 2 };

function asCall(operation: Operation): TimedCall {
  const { f, input, output, process, invoked, completed, outcome } = operation;
  const pending = outcome === "info";
  return {
    f,
    input,
    output: pending ? null : output,
    pending,
    process,
    invoked,
    completed: pending ? Number.POSITIVE_INFINITY : completed,
  };
}

function assignPlaces(
  events: readonly ProblemEvent[],
  actionOf: readonly number[],
  pending: readonly boolean[],
): { placeOf: number[]; laneCount: number; slotCount: number } {
  const placeOf: number[] = new Array(actionOf.length).fill(-1);
  const slotOfAction = new Map<number, number>();
  const lanes = new Places();
  const slots = new Places();
  for (const { kind, subject } of events) {
    if (kind === "expire") {
      const slot = slotOfAction.get(subject);
      if (slot !== undefined) slots.release(slot);
    } else if (kind === "return") {
      lanes.release(placeOf[subject]!);
    } else if (pending[subject]) {
      const action = actionOf[subject]!;
      const slot = slotOfAction.get(action) ?? slots.take();
      slotOfAction.set(action, slot);
      placeOf[subject] = slot;
    } else {
      placeOf[subject] = lanes.take();
    }
  }
  return { placeOf, laneCount: lanes.count, slotCount: slots.count };
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
