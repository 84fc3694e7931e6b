/**
 * Fetch-and-add with steps of one sign: decided without search, because the answers fix the order.
 *
 * An operation that answered v and added d covers the values from v to v + d: in a linearizable
 * history those that took effect cover everything from the initial value on, without overlap.
 * Reads, and additions of 0, of v come before the operation that answered v. Where nothing
 * completed covers a gap below what was answered, pending operations must have filled it. They can
 * if they all have one size d and the gaps are multiples of d; then only real time is left: filling
 * needs no more than to have been invoked before any later operation returned, and the later the
 * gap, the later that is. So the gaps are filled in order, by the pending operations in order of
 * invocation; those that are left over had no effect. Pending operations of different sizes may
 * contain subset sum: not applicable when there is a gap, nor are steps of both signs. O(n log n).
 */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Algorithm, Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { findInversion } from "./forced-order.js";
import { GapFiller } from "./gap-filler.js";
import { distinct, inOrderOf } from "./positions.js";

const ADD = 0;
const NONE = -1;

export const fetchAndAdd: Algorithm = {
  name: "answers in order",
  complexity: "n log n",
  source: "each answer is the sum of what precedes it; gaps are filled earliest deadline first",
  examine,
  linearize,
};

function examine(view: ObjectView): Finding {
  const line = lineOf(view);
  if (typeof line === "string") return { valid: "not-applicable", why: line };
  if (line.order === undefined) return { valid: false, core: line.core };
  const inversion = findInversion(view, line.order);
  if (inversion === undefined) return { valid: true };
  const { early, late } = inversion;
  const below = line.order.subarray(0, line.order.indexOf(late) + 1);
  return { valid: false, core: distinct([early, late, ...below]) };
}

function linearize(view: ObjectView): Int32Array {
  const line = lineOf(view);
  return (typeof line === "string" ? undefined : line.order) ?? new Int32Array(0);
}

/** The order that the answers give, or what they have against each other. */
interface Line {
  order: Int32Array | undefined;
  core: number[];
}

/** A text says why the rule does not apply. */
function lineOf(view: ObjectView): Line | string {
  const steps = stepsOf(view);
  if (typeof steps === "string") return steps;
  const { size, output, completed, values } = view;
  const init = view.init === NULL_ID ? 0 : values.number(view.init);
  /** Per completed operation, how far its answer is from the start, in the direction of the steps. */
  const answer = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    if (completed[i] === PENDING) continue;
    const value = values.number(output[i]!);
    answer[i] = (value - init) * steps.sign;
    if (!Number.isSafeInteger(value) || !(answer[i]! >= 0)) return { order: undefined, core: [i] };
    if (answer[i]! > steps.total) {
      return { order: undefined, core: distinct([i, ...adders(view)]) };
    }
  }
  return layOut(view, steps, inOrderOfAnswers(view, steps, answer), answer);
}

function adders({ size, f }: ObjectView): number[] {
  const found: number[] = [];
  for (let i = 0; i < size; i++) if (f[i] === ADD) found.push(i);
  return found;
}

interface Steps {
  sign: 1 | -1;
  /** Per operation, how many values it covers. */
  width: Float64Array;
  total: number;
}

const TOTAL_MAX = 2 ** 51;

function stepsOf({ size, f, input, values }: ObjectView): Steps | string {
  const width = new Float64Array(size);
  let sign = 0;
  let total = 0;
  for (let i = 0; i < size; i++) {
    if (f[i] !== ADD) continue;
    const step = values.number(input[i]!);
    if (!Number.isSafeInteger(step)) return "a step that is no whole number";
    if (step === 0) continue;
    if (sign !== 0 && Math.sign(step) !== sign) return "steps of both signs";
    sign = Math.sign(step);
    width[i] = Math.abs(step);
    total += width[i]!;
  }
  if (total > TOTAL_MAX) return "steps whose sum is not exact in double precision";
  return { sign: sign === -1 ? -1 : 1, width, total };
}

/** The completed operations by answer; those that cover nothing come first. */
function inOrderOfAnswers(view: ObjectView, { width }: Steps, answer: Float64Array): Int32Array {
  const { size, completed } = view;
  const items = new Int32Array(size);
  const keys = new Float64Array(size);
  let count = 0;
  for (let i = 0; i < size; i++) {
    if (completed[i] === PENDING) continue;
    keys[count] = 2 * answer[i]! + (width[i]! > 0 ? 1 : 0);
    items[count++] = i;
  }
  const ranks = ranksOf(keys.subarray(0, count));
  const rankOf = new Int32Array(size);
  for (let n = 0; n < count; n++) rankOf[items[n]!] = ranks[n]!;
  return inOrderOf(rankOf, items.subarray(0, count));
}

/** Small whole numbers in the order of the keys. */
function ranksOf(keys: Float64Array): Int32Array {
  let highest = 0;
  for (let n = 0; n < keys.length; n++) if (keys[n]! > highest) highest = keys[n]!;
  if (highest <= 8 * keys.length) return Int32Array.from(keys);
  const sorted = keys.slice().sort();
  return Int32Array.from(keys, (key) => {
    let low = 0;
    for (let high = sorted.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}

function layOut(
  view: ObjectView,
  { width }: Steps,
  sorted: Int32Array,
  answer: Float64Array,
): Line | string {
  const { size, completed } = view;
  const spare = new Int32Array(size);
  let spares = 0;
  let alike = true;
  for (let i = 0; i < size; i++) {
    if (completed[i] !== PENDING || width[i] === 0) continue;
    spare[spares++] = i;
    if (width[i] !== width[spare[0]!]) alike = false;
  }
  const filler = alike ? undefined : new GapFiller(view, spare.subarray(0, spares), width);
  const deadlines = filler === undefined ? undefined : latestToFill(view, sorted);
  let unfilled = false;
  const order = new Int32Array(size);
  let count = 0;
  let used = 0;
  let covered = 0;
  let last = NONE;
  /** The operation cannot come on top of all that is in order so far, `last` being the highest. */
  const contradiction = (operation: number, fillers: Int32Array): Line => {
    const below = [...order.subarray(0, count), ...fillers];
    if (last !== NONE) below.push(last);
    return { order: undefined, core: distinct([operation, ...below]) };
  };
  for (let n = 0; n < sorted.length; n++) {
    const operation = sorted[n]!;
    const gap = answer[operation]! - covered;
    if (gap < 0) return contradiction(operation, spare.subarray(0, 0));
    if (gap > 0) {
      if (filler !== undefined) {
        const fillers: number[] | undefined = unfilled
          ? undefined
          : filler.fill(gap, deadlines![n]!);
        unfilled = fillers === undefined;
        for (const one of fillers ?? []) order[count++] = one;
        covered = answer[operation]!;
      }
      const step = spares === 0 ? 0 : width[spare[0]!]!;
      const left = answer[operation]! - covered;
      if (left > 0 && (step === 0 || gap % step !== 0 || gap / step > spares - used)) {
        return contradiction(operation, spare.subarray(used, spares));
      }
      for (let fill = left / step; fill > 0; fill--) order[count++] = spare[used++]!;
    }
    order[count++] = operation;
    covered = answer[operation]! + width[operation]!;
    if (width[operation]! > 0) last = operation;
  }
  if (!unfilled) return { order: order.subarray(0, count), core: [] };
  if (findInversion(view, sorted) !== undefined) return { order: sorted, core: [] };
  return "pending operations of different steps have to fill a gap";
}

/** Per place in the order, the first return from there on: fillers must have been invoked by then. */
function latestToFill({ completed }: ObjectView, sorted: Int32Array): Int32Array {
  const latest = new Int32Array(sorted.length);
  let first = PENDING;
  for (let n = sorted.length - 1; n >= 0; n--) {
    first = Math.min(first, completed[sorted[n]!]!);
    latest[n] = first;
  }
  return latest;
}
