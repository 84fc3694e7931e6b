/**
 * Turns what the search did into a linearization. The lineage of a surviving configuration names the
 * calls that took effect, and when; what the search left implicit is put back:
 * - reads, as soon as they are legal (they change nothing, so nothing is lost by being early);
 * - calls that an overwrite hid, just before the first overwrite after their invocation;
 * - calls whose effect nobody could see any more, at their return.
 * O(n) steps of the model, and the open operations at each overwrite.
 */

import { PENDING } from "../../histories/columns.js";
import { HarnessError } from "../../src/base/errors.js";
import type { Lineage } from "./lineage.js";
import { eventKinds, type Problem } from "./problem.js";
import { ILLEGAL } from "./transitions.js";

/** Operations of the view, in an order that explains the history. */
export function recount<State>(
  problem: Problem<State>,
  lineage: Lineage,
  trace: number,
): Int32Array {
  return new Recount(problem, lineage.path(trace)).order();
}

class Recount<State> {
  readonly #problem: Problem<State>;
  readonly #path: { what: Int32Array; position: Int32Array };
  readonly #order: number[] = [];
  /** Subjects that the path names: they take effect when it says so. */
  readonly #named: Uint8Array;
  /** Open subjects that are neither in the order yet nor named. */
  #waitingReads: number[] = [];
  #hidden: number[] = [];
  /** Per action, its pending calls that were not used yet, the earliest first. */
  readonly #pending = new Map<number, number[]>();
  #state: number;

  constructor(problem: Problem<State>, path: { what: Int32Array; position: Int32Array }) {
    this.#problem = problem;
    this.#path = path;
    this.#state = problem.transitions.stateId(problem.initial);
    this.#named = new Uint8Array(problem.operationOf.length);
    for (const what of path.what) if (what >= 0) this.#named[what] = 1;
  }

  order(): Int32Array {
    const { events, operationOf } = this.#problem;
    const { what, position } = this.#path;
    let next = 0;
    for (let event = 0; event < events.count; event++) {
      const subject = events.subject[event]!;
      if (events.kind[event] === eventKinds.call) this.#call(subject);
      if (events.kind[event] !== eventKinds.return) continue;
      for (; next < what.length && position[next]! <= events.position[event]!; next++) {
        this.#takeEffect(what[next]!);
      }
      this.#return(subject);
    }
    return Int32Array.from(this.#order, (subject) => operationOf[subject]!);
  }

  #call(subject: number): void {
    const { actionOf, completedOf } = this.#problem;
    const action = actionOf[subject]!;
    if (completedOf[subject] === PENDING) {
      const pending = this.#pending.get(action);
      if (pending === undefined) this.#pending.set(action, [subject]);
      else pending.push(subject);
    } else if (this.#roleOf(subject) === "read") {
      this.#waitingReads.push(subject);
      this.#serveReads();
    } else if (this.#named[subject] === 0) this.#hidden.push(subject);
  }

  #takeEffect(what: number): void {
    const subject = what >= 0 ? what : this.#pending.get(~what)?.shift();
    if (subject === undefined) throw new HarnessError("the search used a pending call too often");
    if (this.#roleOf(subject) === "overwrite") {
      for (const hidden of this.#hidden) this.#emit(hidden);
      this.#hidden = [];
    }
    this.#emit(subject);
    this.#serveReads();
  }

  #return(subject: number): void {
    if (this.#waitingReads.includes(subject)) {
      throw new HarnessError("the search let a read return that is not legal");
    }
    const at = this.#hidden.indexOf(subject);
    if (at === -1) return;
    this.#hidden.splice(at, 1);
    this.#emit(subject);
    this.#serveReads();
  }

  #emit(subject: number): void {
    const { transitions, actionOf } = this.#problem;
    const state = transitions.step(this.#state, actionOf[subject]!);
    if (state === ILLEGAL) throw new HarnessError("the search took a step that is not legal");
    this.#state = state;
    this.#order.push(subject);
  }

  #serveReads(): void {
    const { transitions, actionOf } = this.#problem;
    this.#waitingReads = this.#waitingReads.filter((read) => {
      const legal = transitions.step(this.#state, actionOf[read]!) !== ILLEGAL;
      if (legal) this.#order.push(read);
      return !legal;
    });
  }

  #roleOf(subject: number): string {
    const { transitions, actionOf } = this.#problem;
    return transitions.actions[actionOf[subject]!]!.role;
  }
}
