/**
 * A set: exact without search in the two ways in which sets are used.
 *
 * - Adds whose answers tell nothing, and reads of the whole: the reads form a chain
 *   (grow-only-set.ts).
 * - Adds, removes and `contains`, no reads of the whole: every operation is on one element, so the
 *   elements are objects of their own (locality, Herlihy & Wing 1990), each with two states
 *   (presence.ts). O(n c).
 *
 * Reads of the whole together with removes, `contains` or answers that tell something: not
 * applicable.
 */

import { PENDING } from "../../../histories/columns.js";
import type { Algorithm, Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { examineGrowOnlySet, linearizeGrowOnlySet } from "./grow-only-set.js";
import { ABSENT, IdTable } from "./id-table.js";
import { byCompletion, distinct, inOrderOf } from "./positions.js";
import { Presence, roles } from "./presence.js";

const ADD = 0;
const REMOVE = 1;
const READ = 2;
const NONE = -1;

export const setMonitor: Algorithm = {
  name: "set monitor",
  complexity: "n c",
  source:
    "inclusion chain of the reads, or one two-state object per element; see algorithms/set.ts",
  examine,
  linearize,
};

function examine(view: ObjectView): Finding {
  const form = formOf(view);
  if (form === "growing") return examineGrowOnlySet(view);
  if (form === "mixed") {
    const why = "reads of the whole set together with operations that tell about single elements";
    return { valid: "not-applicable", why };
  }
  const elements = new Elements(view);
  for (let element = 0; element < elements.count; element++) {
    const stuck = elements.run(element);
    if (elements.presence.tooWide) {
      return {
        valid: "not-applicable",
        why: "too many ways to explain the operations on one element",
      };
    }
    if (stuck !== NONE) return { valid: false, core: elements.core(element, stuck) };
  }
  return { valid: true };
}

function linearize(view: ObjectView): Int32Array {
  if (formOf(view) === "growing") return linearizeGrowOnlySet(view);
  const elements = new Elements(view);
  for (let element = 0; element < elements.count; element++) {
    elements.run(element);
    elements.place(element);
  }
  return elements.order();
}

function formOf({
  size,
  f,
  output,
  completed,
  values,
}: ObjectView): "growing" | "single" | "mixed" {
  let whole = false;
  let single = false;
  for (let i = 0; i < size; i++) {
    if (f[i] === READ) whole = true;
    else if (f[i] !== ADD) single = true;
    else if (completed[i] !== PENDING && values.boolean(output[i]!) !== undefined) single = true;
  }
  return !whole ? "single" : single ? "mixed" : "growing";
}

/** What tells nothing: it may come at any moment. */
const IDLE = 4;

class Elements {
  readonly presence = new Presence();
  readonly count: number;
  readonly #initial = new Set<number>();
  /** Per operation, what it does to its element; see presence.ts. */
  readonly #role: Uint8Array;
  readonly #leads: Uint8Array;
  /** Operations by element, each group in order of invocation, and in order of completion. */
  readonly #calls: Int32Array;
  readonly #returns: Int32Array;
  readonly #callsFrom: Int32Array;
  readonly #returnsFrom: Int32Array;
  /** Per operation, 1 when it changes the state of its element. */
  readonly #changes: Uint8Array;
  readonly #placed: Int32Array;
  #placedCount = 0;
  readonly #moments: Int32Array;

  constructor(private readonly view: ObjectView) {
    const { size, input, values, init } = view;
    this.#role = new Uint8Array(size);
    this.#leads = new Uint8Array(size);
    this.#changes = new Uint8Array(size);
    this.#placed = new Int32Array(size);
    this.#moments = new Int32Array(size);
    const numbers = new IdTable(view);
    const numberOf = new Int32Array(size);
    let count = 0;
    for (let i = 0; i < size; i++) {
      let number = numbers.get(input[i]!);
      if (number === ABSENT) numbers.set(input[i]!, (number = count++));
      numberOf[i] = number;
      this.#classify(i);
    }
    this.count = count;
    for (const element of values.elements(init)) this.#initial.add(numbers.get(element));
    this.#calls = inOrderOf(numberOf, this.#telling(inOrderOfInvocation(size)));
    this.#returns = inOrderOf(numberOf, this.#telling(byCompletion(view)));
    this.#callsFrom = startsOf(numberOf, this.#calls, count);
    this.#returnsFrom = startsOf(numberOf, this.#returns, count);
    for (let i = 0; i < size; i++) if (this.#role[i] === IDLE) this.#placeAt(i, view.invoked[i]!);
  }

  /** Leaves out what tells nothing. */
  #telling(operations: Int32Array): Int32Array {
    let kept = 0;
    for (let n = 0; n < operations.length; n++) {
      const operation = operations[n]!;
      if (this.#role[operation] !== IDLE) operations[kept++] = operation;
    }
    return operations.subarray(0, kept);
  }

  #classify(i: number): void {
    const { f, output, completed, values } = this.view;
    const answer = completed[i] === PENDING ? undefined : values.boolean(output[i]!);
    if (f[i] !== ADD && f[i] !== REMOVE) {
      this.#role[i] = answer === undefined ? IDLE : roles.look;
      this.#leads[i] = answer === true ? 1 : 0;
      return;
    }
    this.#leads[i] = f[i] === ADD ? 1 : 0;
    if (completed[i] === PENDING) this.#role[i] = roles.spare;
    else if (answer === undefined) this.#role[i] = roles.write;
    else this.#role[i] = answer ? roles.flip : roles.look;
  }

  /** The operation that cannot return; NONE when all can, or when `presence` gave up. */
  run(element: number): number {
    const { invoked, completed } = this.view;
    this.presence.reset(this.#initial.has(element) ? 1 : 0, this.#lanes(element));
    let call = this.#callsFrom[element]!;
    const callsEnd = this.#callsFrom[element + 1]!;
    const end = this.#returnsFrom[element + 1]!;
    for (let r = this.#returnsFrom[element]!; r < end; r++) {
      const returning = this.#returns[r]!;
      for (; call < callsEnd; call++) {
        const operation = this.#calls[call]!;
        if (invoked[operation]! > completed[returning]!) break;
        const role = this.#role[operation]!;
        this.presence.call(operation, role, this.#leads[operation]!, completed[operation]!);
      }
      if (!this.presence.return(returning)) return returning;
      if (this.presence.tooWide) return NONE;
    }
    return NONE;
  }

  /** How many completed operations are open at a time. */
  #lanes(element: number): number {
    const { invoked, completed } = this.view;
    let most = 0;
    let open = 0;
    let r = this.#returnsFrom[element]!;
    for (let c = this.#callsFrom[element]!; c < this.#callsFrom[element + 1]!; c++) {
      const operation = this.#calls[c]!;
      if (completed[operation] === PENDING) continue;
      for (; completed[this.#returns[r]!]! < invoked[operation]!; r++) open -= 1;
      open += 1;
      if (open > most) most = open;
    }
    return most;
  }

  /** Gives the operations of an element their moments; `run` must have found them possible. */
  place(element: number): void {
    const { invoked, completed } = this.view;
    let state = this.#initial.has(element) ? 1 : 0;
    const waiting: [number[], number[]] = [[], []];
    const changes = this.presence.changes();
    for (const { by } of changes) this.#changes[by] = 1;
    let call = this.#callsFrom[element]!;
    const end = this.#callsFrom[element + 1]!;
    for (const change of [...changes, undefined]) {
      for (; call < end; call++) {
        const operation = this.#calls[call]!;
        if (change !== undefined && invoked[operation]! > change.at) break;
        if (this.#changes[operation] === 1 || completed[operation] === PENDING) continue;
        if (this.#leads[operation] === state) this.#placeAt(operation, invoked[operation]!);
        else waiting[this.#leads[operation] as 0 | 1].push(operation);
      }
      if (change === undefined) return;
      state = 1 - state;
      this.#placeAt(change.by, change.at);
      for (const operation of waiting[state as 0 | 1]) this.#placeAt(operation, change.at);
      waiting[state as 0 | 1].length = 0;
    }
  }

  #placeAt(operation: number, moment: number): void {
    this.#placed[this.#placedCount++] = operation;
    this.#moments[operation] = moment;
  }

  order(): Int32Array {
    return inOrderOf(this.#moments, this.#placed.subarray(0, this.#placedCount));
  }

  /**
   * What was invoked since the element was last at rest with one explanation, the pending
   * operations that this explanation left, and, if the state was not the initial one, what led to it.
   */
  core(element: number, stuck: number): number[] {
    const { invoked, completed } = this.view;
    const { spares } = this.presence;
    let { idle } = this.presence;
    const initial = this.#initial.has(element) ? 1 : 0;
    const start = idle.state === initial ? NONE : idle.changedBy;
    if (start !== NONE && completed[start] === PENDING) {
      idle = { at: -1, state: initial, sparesUsed: [0, 0], changedBy: NONE };
    }
    const core = new Set([stuck]);
    if (idle.at >= 0 && start !== NONE) core.add(start);
    for (const leads of [0, 1] as const) {
      for (const spare of spares[leads].slice(idle.sparesUsed[leads])) core.add(spare);
    }
    for (let c = this.#callsFrom[element]!; c < this.#callsFrom[element + 1]!; c++) {
      const operation = this.#calls[c]!;
      const since = invoked[operation]! > idle.at && invoked[operation]! < completed[stuck]!;
      if (since && completed[operation] !== PENDING) core.add(operation);
    }
    return distinct(core);
  }
}

function inOrderOfInvocation(size: number): Int32Array {
  const operations = new Int32Array(size);
  for (let i = 0; i < size; i++) operations[i] = i;
  return operations;
}

/** Where each group starts among operations that are ordered by group, and where the last ends. */
function startsOf(groupOf: Int32Array, operations: Int32Array, groups: number): Int32Array {
  const starts = new Int32Array(groups + 1);
  for (let n = 0; n < operations.length; n++) starts[groupOf[operations[n]!]! + 1]! += 1;
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!;
  return starts;
}
