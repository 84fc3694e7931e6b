/**
 * States and actions as small integers, and a table of steps already taken.
 *
 * An action is a class of calls with one label: they do the same in every state. The model runs
 * once per distinct (state, action); afterwards a step is one probe of an open-addressing table.
 * States are kept for good, so that their size is charged to the search's budget (`cost`).
 */

import type { Call, Model, Role } from "./model.js";

export interface Action {
  call: Call;
  role: Role;
}

/** `Transitions.step` when the action is not legal in the state. */
export const ILLEGAL = -1;

const EMPTY = -1;
const UNKNOWN = -2;
const DENSE_ROOM = 1 << 14;

export class Transitions<State> {
  readonly states: State[] = [];
  readonly actions: Action[] = [];
  /** What the states and steps kept so far are worth, in search steps. */
  cost = 0;
  private readonly stateIds = new Map<string, number>();
  private readonly actionIds = new Map<string, number>();
  private pairs = new Float64Array(1024).fill(EMPTY);
  private targets = new Int32Array(1024);
  private used = 0;
  private dense = new Int32Array(0);
  private denseStates = 0;

  /** Steps to states that are doomed are not legal; see `Foresight.isDoomed`. */
  constructor(
    readonly model: Model<State>,
    private readonly isDoomed?: (state: State) => boolean,
  ) {}

  stateId(state: State): number {
    const key = this.model.key(state);
    const known = this.stateIds.get(key);
    if (known !== undefined) return known;
    this.stateIds.set(key, this.states.length);
    this.cost += key.length >>> 1;
    return this.states.push(state) - 1;
  }

  actionId(call: Call): number {
    const role = this.model.role(call);
    const label = `${role} ${this.model.label(call)}`;
    const known = this.actionIds.get(label);
    if (known !== undefined) return known;
    this.actionIds.set(label, this.actions.length);
    return this.actions.push({ call, role }) - 1;
  }

  /** The state that `action` leaves behind in `state`, or ILLEGAL. Call it when all actions are known. */
  step(state: number, action: number): number {
    if (state < this.denseStates) {
      const place = state * this.actions.length + action;
      const known = this.dense[place]!;
      if (known !== UNKNOWN) return known;
      return (this.dense[place] = this.stepOnce(state, action));
    }
    if (this.dense.length === 0) return this.prepareDense(state, action);
    return this.stepOnce(state, action);
  }

  /** Steps from the first states are looked up without hashing. */
  private prepareDense(state: number, action: number): number {
    this.denseStates = Math.max(1, Math.floor(DENSE_ROOM / this.actions.length));
    if (this.actions.length > DENSE_ROOM) this.denseStates = 0;
    this.dense = new Int32Array(Math.max(1, this.denseStates * this.actions.length)).fill(UNKNOWN);
    return this.step(state, action);
  }

  private stepOnce(state: number, action: number): number {
    const pair = state * this.actions.length + action;
    let slot = this.slotOf(pair);
    if (this.pairs[slot] === pair) return this.targets[slot]!;
    const target = this.model.step(this.states[state]!, this.actions[action]!.call);
    this.cost += 1;
    if (this.used * 2 >= this.pairs.length) {
      this.grow();
      slot = this.slotOf(pair);
    }
    this.used += 1;
    this.pairs[slot] = pair;
    return (this.targets[slot] = target === undefined ? ILLEGAL : this.viableId(target));
  }

  /**
   * Ids of all states that actions can lead to, the first one first; undefined beyond `sizeMax`, or
   * where states grow without end (what is blind mostly adds something).
   */
  reachable(first: State, sizeMax: number): number[] | undefined {
    const found = new Set([this.stateId(first)]);
    if (this.actions.length > sizeMax) return undefined;
    if (this.actions.some(({ role }) => role === "blind")) return undefined;
    for (const state of found) {
      for (let action = 0; action < this.actions.length; action++) {
        if (this.actions[action]!.role === "read") continue;
        const target = this.step(state, action);
        if (target !== ILLEGAL) found.add(target);
        if (found.size > sizeMax) return undefined;
      }
    }
    return [...found];
  }

  private viableId(state: State): number {
    return this.isDoomed?.(state) ? ILLEGAL : this.stateId(state);
  }

  private slotOf(pair: number): number {
    const mask = this.pairs.length - 1;
    const high = Math.floor(pair / 0x1_0000_0000);
    let slot = Math.imul((pair | 0) ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
    slot = (slot ^ (slot >>> 15)) & mask;
    while (this.pairs[slot] !== EMPTY && this.pairs[slot] !== pair) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { pairs, targets } = this;
    this.pairs = new Float64Array(pairs.length * 2).fill(EMPTY);
    this.targets = new Int32Array(pairs.length * 2);
    for (let old = 0; old < pairs.length; old++) {
      const pair = pairs[old]!;
      if (pair === EMPTY) continue;
      const slot = this.slotOf(pair);
      this.pairs[slot] = pair;
      this.targets[slot] = targets[old]!;
    }
  }
}
