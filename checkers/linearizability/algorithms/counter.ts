/**
 * A counter whose adds all have the same step: decided by one lazy sweep over the events.
 *
 * A read of `init + k * step` falls between the k-th add and the next. The sweep lets an add take
 * effect only when it must: when an unused add returns, or when a read of a higher count returns;
 * then the open add that returns first is taken, pending ones last. It gives up when a read returns
 * and no add is left to take ("high"), or when a read begins at a count that is past its own
 * ("low").
 *
 * Exact. What it accepts, it has put in order. "High": every add invoked so far is used, and they
 * are too few. "Low": the count is the least possible. For let s be the last moment at which an add
 * was taken that has not returned by now, by a read q of count k; everything taken after s has
 * returned since, and was invoked after s: being available at s, it would have been taken before
 * one that returns later. So k adds precede the return of q in every linearization, and those which
 * began and returned after it follow; without such an s, all adds taken have returned.
 *
 * Adds of 0 change nothing. Adds of different steps contain subset sum: not applicable. O(n log c)
 * for c open adds at a time.
 */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Algorithm, Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { EarliestFirst, NONE } from "./earliest-first.js";
import { byCompletion, distinct } from "./positions.js";

const ADD = 0;

export const unitCounter: Algorithm = {
  name: "counter sweep",
  complexity: "n log c",
  source: "lazy increments, earliest return first; proof by exchange in algorithms/counter.ts",
  examine,
  linearize,
};

/** What the adds and reads amount to, counted in steps. */
interface Counts {
  /** Per read, how many adds precede it; one more than there are when no number of adds explains it. */
  count: Int32Array;
  /** Per operation, 1 when it is an add that changes something. */
  changes: Uint8Array;
  impossible: number;
}

type Failure = { kind: "high" | "low"; read: number };

function examine(view: ObjectView): Finding {
  const counts = countsOf(view);
  if (typeof counts === "string") return { valid: "not-applicable", why: counts };
  if (counts.impossible !== NONE) return { valid: false, core: [counts.impossible] };
  const failure = sweep(view, counts);
  return failure === undefined
    ? { valid: true }
    : { valid: false, core: distinct(coreOf(view, counts, failure)) };
}

function linearize(view: ObjectView): Int32Array {
  const counts = countsOf(view);
  const order = new Order(view);
  if (typeof counts !== "string") sweep(view, counts, order);
  return order.operations.subarray(0, order.size);
}

/** A text says why the rule does not apply. */
function countsOf(view: ObjectView): Counts | string {
  const { size, f, input, output, values } = view;
  const init = numberOrZero(view, view.init);
  let step = 0;
  let adds = 0;
  const changes = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    if (f[i] !== ADD) continue;
    const delta = values.number(input[i]!);
    if (!Number.isSafeInteger(delta)) return "an add of something that is no whole number";
    if (delta === 0) continue;
    if (step !== 0 && delta !== step) return `adds of different steps: ${step} and ${delta}`;
    step = delta;
    changes[i] = 1;
    adds += 1;
  }
  const count = new Int32Array(size);
  let impossible = NONE;
  for (let i = 0; i < size; i++) {
    if (f[i] === ADD) continue;
    const sum = numberOrZero(view, output[i]!);
    const steps = step === 0 ? (sum === init ? 0 : NONE) : (sum - init) / step;
    if (!Number.isSafeInteger(sum) || !Number.isSafeInteger(steps) || steps < 0) {
      impossible = i;
      break;
    }
    count[i] = Math.min(steps, adds + 1);
  }
  return { count, changes, impossible };
}

/** A counter that nobody has touched is null for some services. */
function numberOrZero({ values }: ObjectView, id: number): number {
  return id === NULL_ID ? 0 : values.number(id);
}

/** The reads that wait for a count, and what has been put in order. */
class Order {
  readonly operations: Int32Array;
  size = 0;
  readonly #first: Int32Array;
  readonly #next: Int32Array;

  constructor(view: ObjectView) {
    this.operations = new Int32Array(view.size);
    this.#first = new Int32Array(view.size + 2).fill(NONE);
    this.#next = new Int32Array(view.size);
  }

  add(operation: number): void {
    this.operations[this.size++] = operation;
  }

  wait(read: number, count: number): void {
    this.#next[read] = this.#first[count]!;
    this.#first[count] = read;
  }

  reach(count: number): void {
    for (let read = this.#first[count]!; read !== NONE; read = this.#next[read]!) this.add(read);
  }
}

function sweep(view: ObjectView, counts: Counts, order?: Order): Failure | undefined {
  const { size, f, invoked, completed } = view;
  const { count, changes } = counts;
  const returns = byCompletion(view);
  const open = new EarliestFirst(completed);
  const used = new Uint8Array(size);
  let reached = 0;
  let call = 0;
  for (let r = 0; r < returns.length; r++) {
    const returning = returns[r]!;
    for (; call < size && invoked[call]! < completed[returning]!; call++) {
      if (changes[call] === 1) {
        if (completed[call] === PENDING) open.addPending(call);
        else open.add(call);
      } else if (f[call] !== ADD) {
        if (count[call]! < reached) return { kind: "low", read: call };
        if (count[call] === reached) order?.add(call);
        else order?.wait(call, count[call]!);
      }
    }
    // A returning add that is unused is the first to be taken: one step is enough.
    const isAdd = f[returning] === ADD;
    if (isAdd && changes[returning] === 0) order?.add(returning);
    const wanted = !isAdd ? count[returning]! : reached + (changes[returning]! & ~used[returning]!);
    while (reached < wanted) {
      const add = open.take();
      if (add === NONE) return { kind: "high", read: returning };
      used[add] = 1;
      reached += 1;
      order?.add(add);
      order?.reach(reached);
    }
  }
  return undefined;
}

/** The contradiction, and the adds that its reads counted. */
function coreOf(view: ObjectView, { count, changes }: Counts, { kind, read }: Failure): number[] {
  const { invoked, completed } = view;
  const adds = (matches: (add: number) => boolean, most: number): number[] => {
    const found: number[] = [];
    for (let i = 0; i < view.size && found.length < most; i++) {
      if (changes[i] === 1 && matches(i)) found.push(i);
    }
    return found;
  };
  if (kind === "high") {
    const end = completed[read]!;
    return [read, ...adds((add) => invoked[add]! < end, Number.POSITIVE_INFINITY)];
  }
  const start = invoked[read]!;
  const limit = count[read]!;
  const returned = adds((add) => completed[add]! < start, limit + 1);
  if (returned.length > limit) return [read, ...returned];
  const earlier = readThatForces(view, { count, changes }, start, limit);
  const end = completed[earlier]!;
  const known = count[earlier]!;
  const between = (add: number): boolean => invoked[add]! > end && completed[add]! < start;
  return [
    earlier,
    read,
    ...adds(between, limit + 1 - known),
    ...adds((add) => invoked[add]! < end, known),
  ];
}

/** The read q, over before `start`, whose count and the adds between the two exceed `limit`. */
function readThatForces(
  view: ObjectView,
  { count, changes }: Pick<Counts, "count" | "changes">,
  start: number,
  limit: number,
): number {
  const { f, invoked, completed } = view;
  const returns = byCompletion(view);
  let between = 0;
  let add = view.size - 1;
  for (let r = returns.length - 1; r >= 0; r--) {
    const read = returns[r]!;
    if (f[read] === ADD || completed[read]! > start) continue;
    for (; add >= 0 && invoked[add]! > completed[read]!; add--) {
      if (changes[add] === 1 && completed[add]! < start) between += 1;
    }
    if (count[read]! + between > limit) return read;
  }
  throw new RangeError("no read forces the count past the limit");
}
