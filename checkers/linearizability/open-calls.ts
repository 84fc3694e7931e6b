/**
 * Which operations are open at the current event: shared by all configurations of the frontier.
 *
 * Completed calls that change the state are listed per action, the earliest return first, because
 * interchangeable ones are used in that order; pending calls are only counted.
 */

import { PENDING } from "../../histories/columns.js";
import type { LaneMasks, Layout } from "./configurations.js";
import type { Problem } from "./problem.js";

export class OpenCalls<State> {
  readonly masks: LaneMasks;
  /** Per slot, the pending calls invoked so far. */
  readonly available: Int32Array;
  /** Open reads. */
  reads: number[] = [];
  /** Actions other than reads with an open call, completed or pending. */
  enabled: number[] = [];
  private readonly completed = new Map<number, number[]>();
  /** Per action with pending calls, the slot that counts them. */
  private readonly slots = new Map<number, number>();

  constructor(
    private readonly problem: Problem<State>,
    layout: Layout,
  ) {
    this.masks = {
      reads: new Int32Array(layout.words),
      blinds: new Int32Array(layout.words),
      updates: new Int32Array(layout.words),
    };
    this.available = new Int32Array(layout.slots);
  }

  clear(): void {
    const { reads, blinds, updates } = this.masks;
    for (const mask of [reads, blinds, updates]) mask.fill(0);
    this.completed.clear();
    this.slots.clear();
    this.available.fill(0);
    this.reads = [];
    this.enabled = [];
  }

  /** Open completed calls of an action, the earliest return first. */
  completedCalls(action: number): readonly number[] {
    return this.completed.get(action) ?? [];
  }

  /** The slot of an action's pending calls. */
  slotOf(action: number): number | undefined {
    return this.slots.get(action);
  }

  open(subject: number): void {
    const { actionOf, placeOf, completedOf } = this.problem;
    const action = actionOf[subject]!;
    const place = placeOf[subject]!;
    if (completedOf[subject] === PENDING) {
      this.slots.set(action, place);
      this.available[place]! += 1;
    } else {
      this.maskOf(action)[place >>> 5]! |= 1 << (place & 31);
      if (this.roleOf(action) === "read") {
        this.reads.push(subject);
        return;
      }
      this.insertByReturn(action, subject);
    }
    if (!this.enabled.includes(action)) this.enabled.push(action);
  }

  close(subject: number): void {
    const { actionOf, placeOf } = this.problem;
    const action = actionOf[subject]!;
    const place = placeOf[subject]!;
    this.maskOf(action)[place >>> 5]! &= ~(1 << (place & 31));
    if (this.roleOf(action) === "read") {
      this.reads.splice(this.reads.indexOf(subject), 1);
      return;
    }
    const calls = this.completed.get(action)!;
    calls.splice(calls.indexOf(subject), 1);
    if (calls.length === 0) this.completed.delete(action);
    this.disableUnlessOpen(action);
  }

  /** Forgets the pending calls of an action; returns the slot that counted them. */
  expire(action: number): number | undefined {
    const slot = this.slots.get(action);
    if (slot === undefined) return undefined;
    this.slots.delete(action);
    this.available[slot] = 0;
    this.disableUnlessOpen(action);
    return slot;
  }

  private insertByReturn(action: number, subject: number): void {
    const { completedOf } = this.problem;
    const calls = this.completed.get(action) ?? [];
    this.completed.set(action, calls);
    let at = calls.length;
    while (at > 0 && completedOf[calls[at - 1]!]! > completedOf[subject]!) at -= 1;
    calls.splice(at, 0, subject);
  }

  private disableUnlessOpen(action: number): void {
    if (this.completed.has(action) || this.slots.has(action)) return;
    this.enabled = this.enabled.filter((other) => other !== action);
  }

  private roleOf(action: number) {
    return this.problem.transitions.actions[action]!.role;
  }

  private maskOf(action: number): Int32Array {
    const role = this.roleOf(action);
    if (role === "read") return this.masks.reads;
    return role === "update" ? this.masks.updates : this.masks.blinds;
  }
}
