/**
 * What is common to queues, stacks and priority queues whose elements are all different: each
 * element's operations (put, take, looks), the instants at which it is surely inside, and the answer
 * "empty".
 *
 * Three facts hold for each of these types, since taking all operations on some elements out of a
 * sequential history leaves one that is still legal:
 *
 * - Projection: a history is linearizable only if its restriction to any of its elements is. So a
 *   pending put that nothing observed can be left out, and put, take and looks of one element can be
 *   narrowed by each other (the put happens before any of the others returns, the take after all of
 *   the others were invoked).
 * - Splitting: an element is surely inside after the first return of one of its operations and
 *   before the last invocation. At an instant where no element is surely inside, a linearizable
 *   history has a linearization in which the object is empty: what may be over goes before, the rest
 *   after, each part is linearizable by projection, and their concatenation respects real time,
 *   because every operation put before was invoked before that instant, and every one put after
 *   returned after it. Hence answers of "empty" are explained iff each is open at such an instant,
 *   whatever else the history holds.
 * - Pending takes cannot have taken what completed takes took: a history whose restriction to the
 *   elements taken by completed takes is not linearizable is not so with pending takes either. More in
 *   pending-takes.ts.
 */

import { PENDING } from "../../../histories/columns.js";
import { NULL_ID } from "../../../histories/values.js";
import type { Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { ABSENT, IdTable } from "./id-table.js";
import { instantsOf } from "./instants.js";

/** What an operation does, as a type lists its functions; what else there is looks. */
const PUT = 0;
const TAKE = 1;

/**
 * Elements in order of their puts. A step is an operation of the view plus `initial`: the first
 * steps are imagined puts of what the object starts with.
 */
export interface Elements {
  view: ObjectView;
  initial: number;
  instants: number;
  /** Per step, the instants at which it can take effect; narrowed for the steps of elements. */
  lo: Int32Array;
  hi: Int32Array;
  count: number;
  /** Per element, its steps; `take` is -1 when no completed operation took it. */
  put: Int32Array;
  take: Int32Array;
  /** Steps that saw element e and left it: looks[lookStart[e]] up to lookStart[e + 1]. */
  lookStart: Int32Array;
  looks: Int32Array;
  /** Per element, the instants at which it is surely inside: none when the first is the later. */
  insideFrom: Int32Array;
  insideTo: Int32Array;
  /** Steps that found the object empty, and takes that never returned. */
  empties: Int32Array;
  pendingTakes: Int32Array;
}

/** The elements, or what can be said without knowing the type. O(n), see `instantsOf`. */
export function readElements(view: ObjectView): Elements | Finding {
  const { size, f, input, output, completed, values } = view;
  if (view.init !== NULL_ID && !values.isList(view.init)) {
    return { valid: "not-applicable", why: "the object starts with something that is no list" };
  }
  const starting = view.init === NULL_ID ? new Int32Array(0) : values.elements(view.init).slice();
  const initial = starting.length;

  const ids = new Int32Array(initial + size);
  let put = new Int32Array(initial + size);
  let count = 0;
  for (; count < initial; count++) {
    ids[count] = starting[count]!;
    put[count] = count;
  }
  for (let i = 0; i < size; i++) {
    if (f[i] !== PUT) continue;
    ids[count] = input[i]!;
    put[count++] = initial + i;
  }
  const elementOf = new IdTable(view);
  for (let e = 0; e < count; e++) {
    if (ids[e] === NULL_ID) return { valid: "not-applicable", why: "null is put" };
    if (elementOf.get(ids[e]!) !== ABSENT) {
      return { valid: "not-applicable", why: "an element is put more than once" };
    }
    elementOf.set(ids[e]!, e);
  }

  const take = new Int32Array(count).fill(-1);
  const looked = new Int32Array(count + 1);
  const empties: number[] = [];
  const pendingTakes: number[] = [];
  let lookCount = 0;
  for (let i = 0; i < size; i++) {
    if (f[i] === PUT) continue;
    if (completed[i] === PENDING) {
      if (f[i] === TAKE) pendingTakes.push(initial + i);
      continue;
    }
    if (output[i] === NULL_ID) {
      empties.push(initial + i);
      continue;
    }
    const e = elementOf.get(output[i]!);
    if (e === ABSENT) return { valid: false, core: [i] };
    if (f[i] !== TAKE) {
      looked[e]! += 1;
      lookCount += 1;
    } else if (take[e] === -1) {
      take[e] = initial + i;
    } else {
      return { valid: false, core: asCore(initial, [put[e]!, take[e]!, initial + i]) };
    }
  }

  // Pending puts of what nobody saw are left out.
  const place = new Int32Array(count);
  let kept = 0;
  for (let e = 0; e < count; e++) {
    const pending = e >= initial && completed[put[e]! - initial] === PENDING;
    if (pending && take[e] === -1 && looked[e] === 0) continue;
    place[e] = kept;
    put[kept] = put[e]!;
    take[kept] = take[e]!;
    looked[kept++] = looked[e]!;
  }
  put = put.slice(0, kept);
  const lookStart = new Int32Array(kept + 1);
  for (let e = 0; e < kept; e++) lookStart[e + 1] = lookStart[e]! + looked[e]!;
  const looks = new Int32Array(lookCount);
  if (lookCount > 0) {
    const next = lookStart.slice();
    for (let i = 0; i < size; i++) {
      if (f[i]! <= TAKE || completed[i] === PENDING || output[i] === NULL_ID) continue;
      looks[next[place[elementOf.get(output[i]!)]!]!++] = initial + i;
    }
  }
  const { count: instants, lo, hi } = instantsOf(view, initial);
  const elements: Elements = {
    view,
    initial,
    instants,
    lo,
    hi,
    count: kept,
    put,
    take: take.subarray(0, kept),
    lookStart,
    looks,
    insideFrom: new Int32Array(kept),
    insideTo: new Int32Array(kept),
    empties: Int32Array.from(empties),
    pendingTakes: Int32Array.from(pendingTakes),
  };
  const contradiction = narrow(elements);
  return contradiction === undefined ? elements : { valid: false, core: contradiction };
}

/** Narrows each element's steps by each other. Returns operations of one element that cannot be. */
function narrow(elements: Elements): number[] | undefined {
  const { count, put, take, lookStart, looks, lo, hi, instants, initial } = elements;
  for (let e = 0; e < count; e++) {
    const p = put[e]!;
    const t = take[e]!;
    let earliest = p;
    let latest = p;
    if (t !== -1) {
      if (hi[t]! < hi[earliest]!) earliest = t;
      if (lo[t]! > lo[latest]!) latest = t;
    }
    for (let k = lookStart[e]!; k < lookStart[e + 1]!; k++) {
      const look = looks[k]!;
      if (hi[look]! < hi[earliest]!) earliest = look;
      if (lo[look]! > lo[latest]!) latest = look;
    }
    if (hi[earliest]! < lo[p]!) {
      return asCore(initial, t === -1 ? [p, earliest] : [p, earliest, t]);
    }
    if (t !== -1 && lo[latest]! > hi[t]!) return asCore(initial, [p, latest, t]);
    const first = hi[earliest]!;
    const last = t === -1 ? instants : lo[latest]!;
    hi[p] = first;
    if (t !== -1) lo[t] = last;
    for (let k = lookStart[e]!; k < lookStart[e + 1]!; k++) {
      const look = looks[k]!;
      if (lo[look]! < lo[p]!) lo[look] = lo[p]!;
      if (t !== -1 && hi[look]! > hi[t]!) hi[look] = hi[t]!;
    }
    elements.insideFrom[e] = first + 1;
    elements.insideTo[e] = last - 1;
  }
  return undefined;
}

/** The operations among steps, in order, each once. */
export function asCore(initial: number, steps: Iterable<number>): number[] {
  const operations = new Set<number>();
  for (const step of steps) if (step >= initial) operations.add(step - initial);
  return [...operations].sort((a, b) => a - b);
}

/** All steps of some elements. */
export function stepsOf(elements: Elements, ids: Iterable<number>): number[] {
  const { put, take, lookStart, looks } = elements;
  const steps: number[] = [];
  for (const e of ids) {
    steps.push(put[e]!, ...looks.subarray(lookStart[e]!, lookStart[e + 1]!));
    if (take[e] !== -1) steps.push(take[e]!);
  }
  return steps;
}

/** The history of some of a view's operations, which are in ascending order. */
export function restricted(view: ObjectView, operations: ArrayLike<number>): ObjectView {
  const size = operations.length;
  const pick = <Column extends Uint8Array | Int32Array | Float64Array>(
    column: Column,
    picked: Column,
  ): Column => {
    for (let k = 0; k < size; k++) picked[k] = column[operations[k]!]!;
    return picked;
  };
  return {
    size,
    f: pick(view.f, new Uint8Array(size)),
    input: pick(view.input, new Int32Array(size)),
    output: pick(view.output, new Int32Array(size)),
    invoked: pick(view.invoked, new Int32Array(size)),
    completed: pick(view.completed, new Int32Array(size)),
    process: pick(view.process, new Float64Array(size)),
    values: view.values,
    init: view.init,
  };
}
