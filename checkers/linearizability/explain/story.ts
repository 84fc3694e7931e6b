/**
 * Everything there is to tell about one object whose history is not linearizable: the anomaly, the
 * operation at which it broke, a minimal story, how far orders get, and which states were possible.
 */

import type { HistoryEvent, Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import type { Model } from "../model.js";
import type { MinimalHistory } from "./minimize.js";
import { type PartialLinearizations, partialLinearizations } from "./partial.js";
import { type PossibleStates, possibleStates } from "./possible-states.js";
import { prefixUntil } from "./prefix.js";

/** Of longer prefixes, only the minimal story is searched for orders. */
export const WHOLE_MAX = 400;
/** And for states; their budget of steps is spent long before in most. */
const SWEPT_MAX = 20_000;

export interface StoryInput<State> {
  /** The object's type: register, queue … */
  type: string;
  key: Json | undefined;
  init: Json;
  /** All operations on the object, in order of invocation. */
  operations: readonly Operation[];
  /** The operation with whose return the shortest prefix that is not linearizable ends. */
  breaking: Operation;
  anomaly: Anomaly;
  /** The prefix that ends with the breaking return, made as small as it gets: see `minimize`. */
  minimal: MinimalStory;
  /** For orders and states; see `aliased` where the type's functions have several names. */
  model?: Model<State>;
  /** What nodes and the nemesis recorded. */
  observations?: readonly HistoryEvent[];
}

export type MinimalStory = Pick<MinimalHistory, "operations" | "minimal">;

/** What was found by looking at the whole prefix, or only at the minimal story. */
export type Scope = "prefix" | "story";

export interface Story {
  type: string;
  key: Json | undefined;
  init: Json;
  operations: readonly Operation[];
  anomaly: Anomaly;
  /** The impossible operation. */
  breaking: Operation;
  minimal: MinimalStory;
  linearizations?: PartialLinearizations & { scope: Scope };
  states?: PossibleStates & { scope: Scope };
  observations: readonly HistoryEvent[];
}

export function tellStory<State>(input: StoryInput<State>): Story {
  const { type, key, init, operations, anomaly, breaking, minimal, model } = input;
  const observations = input.observations ?? [];
  const told = { type, key, init, operations, anomaly, breaking, minimal, observations };
  if (model === undefined) return told;
  const prefix = prefixUntil(operations, breaking.completed);
  const limits = { breaking: breaking.invoked };
  return {
    ...told,
    linearizations: inScope(prefix, minimal, WHOLE_MAX, (part) =>
      partialLinearizations(part, model, init, limits),
    ),
    states: inScope(prefix, minimal, SWEPT_MAX, (part) => possibleStates(part, model, init)),
  };
}

/** The whole prefix if it can be searched through. */
function inScope<Result extends { complete: boolean }>(
  prefix: readonly Operation[],
  { operations }: MinimalStory,
  lengthMax: number,
  search: (operations: readonly Operation[]) => Result,
): Result & { scope: Scope } {
  if (prefix.length <= lengthMax) {
    const result = search(prefix);
    if (result.complete) return { ...result, scope: "prefix" };
  }
  return { ...search(operations), scope: "story" };
}
