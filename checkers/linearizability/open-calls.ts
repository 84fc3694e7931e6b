/**
 * Which operations are open at the current event: shared by all configurations of the frontier.
 *
 * Completed calls that change the state are listed per action, the earliest return first, because
 * interchangeable ones are used in that order; pending calls are only counted.
 */

import { PENDING } from "../../histories/columns.js";
import type { LaneMasks, Layout } from "./configurations.js";
import type { Problem } from "./problem.js";

const NONE = -1;

/** Open completed calls, and how many pending ones of each action there are. */
export interface SavedCalls {
  completed: number[];
  pending: { action: number; slot: number; count: number }[];
}

export class OpenCalls<State> {
  readonly masks: LaneMasks;
  /** Per slot, the pending calls invoked so far. */
  readonly available: Int32Array;
  /** Open reads. */
  reads: number[] = [];
  /** Actions other than reads with an open call, completed or pending. */
  enabled: number[] = [];
  /** Actions among these whose effect depends on the state they find. */
  dependent = 0;
  /** Per action, its open completed calls, the earliest return first. */
  private readonly completed: number[][];
  /** Per action with pending calls, the slot that counts them; -1 for others. */
  private readonly slots: Int32Array;

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
    const { actions } = problem.transitions;
    this.completed = actions.map(() => []);
    this.slots = new Int32Array(actions.length).fill(NONE);
  }

  clear(): void {
    const { reads, blinds, updates } = this.masks;
    for (const mask of [reads, blinds, updates]) mask.fill(0);
    for (const calls of this.completed) calls.length = 0;
    this.slots.fill(NONE);
    this.dependent = 0;
    this.available.fill(0);
    this.reads = [];
    this.enabled = [];
  }

  /** Open completed calls of an action, the earliest return first. */
  completedCalls(action: number): readonly number[] {
    return this.completed[action]!;
  }

  /** The slot of an action's pending calls. */
  slotOf(action: number): number | undefined {
    const slot = this.slots[action]!;
    return slot === NONE ? undefined : slot;
  }

  /** What is open now, to be `restore`d later. */
  save(): SavedCalls {
    const completed = [...this.reads];
    const pending: SavedCalls["pending"] = [];
    for (const action of this.enabled) {
      completed.push(...this.completed[action]!);
      const slot = this.slots[action]!;
      if (slot !== NONE) pending.push({ action, slot, count: this.available[slot]! });
    }
    return { completed, pending };
  }

  restore({ completed, pending }: SavedCalls): void {
    this.clear();
    for (const subject of completed) this.open(subject);
    for (const { action, slot, count } of pending) {
      if (this.isIdle(action)) this.enable(action);
      this.slots[action] = slot;
      this.available[slot] = count;
    }
  }

  /** Completed updates that are open. */
  get updatesOpen(): number {
    let count = 0;
    for (let mask of this.masks.updates) for (; mask !== 0; mask &= mask - 1) count += 1;
    return count;
  }

  open(subject: number): void {
    const { actionOf, placeOf, completedOf } = this.problem;
    const action = actionOf[subject]!;
    const place = placeOf[subject]!;
    if (completedOf[subject] === PENDING) {
      if (this.isIdle(action)) this.enable(action);
      this.slots[action] = place;
      this.available[place]! += 1;
    } else {
      this.maskOf(action)[place >>> 5]! |= 1 << (place & 31);
      if (this.roleOf(action) === "read") {
        this.reads.push(subject);
        return;
      }
      if (this.isIdle(action)) this.enable(action);
      this.insertByReturn(action, subject);
    }
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
    const calls = this.completed[action]!;
    calls.splice(calls.indexOf(subject), 1);
    if (this.isIdle(action)) this.disable(action);
  }

  /** Forgets the pending calls of an action; returns the slot that counted them. */
  expire(action: number): number | undefined {
    const slot = this.slots[action]!;
    if (slot === NONE) return undefined;
    this.slots[action] = NONE;
    this.available[slot] = 0;
    if (this.isIdle(action)) this.disable(action);
    return slot;
  }

  private insertByReturn(action: number, subject: number): void {
    const { completedOf } = this.problem;
    const calls = this.completed[action]!;
    let at = calls.length;
    while (at > 0 && completedOf[calls[at - 1]!]! > completedOf[subject]!) at -= 1;
    calls.splice(at, 0, subject);
  }

  private isIdle(action: number): boolean {
    return this.completed[action]!.length === 0 && this.slots[action] === NONE;
  }

  private enable(action: number): void {
    this.enabled.push(action);
    if (this.roleOf(action) !== "overwrite") this.dependent += 1;
  }

  private disable(action: number): void {
    this.enabled.splice(this.enabled.indexOf(action), 1);
    if (this.roleOf(action) !== "overwrite") this.dependent -= 1;
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
