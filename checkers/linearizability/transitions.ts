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
