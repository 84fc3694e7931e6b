/**
 * A sequential object, as a few small pure functions.
 *
 * A model says what one client alone would see: the value an object starts with and what each call
 * does to it. The search asks nothing else, so a new type is one small file. The annotations
 * (`role`, `foresee`) change no verdict: they tell the search what it may skip, and a wrong one is
 * a wrong verdict, so each states exactly what it promises.
 */

import type { Json } from "../../src/base/json.js";
import type { ObjectView } from "./view.js";

/** One operation as a model sees it. */
export interface Call {
  f: string;
  input: Json;
  /** What the client learned; null when pending. */
  output: Json;
  /** True when the outcome is unknown: it may take effect at any moment after its invocation, or never. */
  pending: boolean;
  process: number;
}

/** A call with its interval, in positions of history events; `completed` is Infinity when pending. */
export interface TimedCall extends Call {
  invoked: number;
  completed: number;
}

/**
 * What a call can do, whatever the state:
 * - `read`: never changes the state; may be legal in some states only.
 * - `overwrite`: legal in every state, and the state it leaves does not depend on the one it found.
 * - `blind`: legal in every state, and its completion tells nothing about the state.
 * - `update`: anything else. Always a safe answer.
 */
export type Role = "read" | "overwrite" | "blind" | "update";

/** What the whole history says about which states and calls can still matter; see `Model.foresee`. */
export interface Foresight<State> {
  /**
   * Stands for every state that nothing observes any more. Promise: `read` and `update` calls are
   * illegal on it, `blind` calls leave it as it is.
   */
  dead: State;
  /** From this position on, `state` can be replaced by `dead` without changing any legality. */
  lastObserved(state: State): number;
  /** Optional: true when no order of the calls explains the completed ones from this state. */
  isDoomed?(state: State): boolean;
  /** From this position on, a pending call has no effect that anything observes; -1 when it never had. */
  lastUseful(call: Call): number;
}

export interface Model<State> {
  name: string;
  /** The state before any call; `init` is null unless the user gave a value. */
  init(init: Json): State;
  /** The state after the call, or undefined when the call cannot return this result in this state. */
  step(state: State, call: Call): State | undefined;
  /** Equal states have equal keys, different states different ones. */
  key(state: State): string;
  role(call: Call): Role;
  /** Calls with equal labels do the same in every state; pending and completed ones may share one. */
  label(call: Call): string;
  /** True when calls of different processes may do different things, as with locks that have owners. */
  byProcess?: boolean;
  /** As `foresee`, for histories too big to be made into objects; goes before it. */
  foreseeColumns?(view: ObjectView, functions: readonly string[]): Foresight<State> | undefined;
  /** Optional; `calls` are the completed and pending calls on one object, without pending reads. */
  foresee?(calls: readonly TimedCall[], initial: State): Foresight<State>;
}
