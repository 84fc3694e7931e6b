/**
 * The states that an object can be in after each event, as far as the events until then tell: every
 * way in which the open operations can have taken effect so far (Lowe's just-in-time configurations,
 * closed under all steps). Exponential in the number of open operations, hence a bound.
 */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Model } from "../model.js";
import { callsOf, showState } from "./calls.js";

export interface PossibleStates {
  /** In order of position. The states are those right after the event; none where it is impossible. */
  events: { position: number; states: string[] }[];
  /** False when there were too many configurations after the last event listed. */
  complete: boolean;
}

export interface StatesLimits {
  /** At one event; 2,000 unless told. */
  configurationsMax?: number;
  /** Over all events; 200,000 unless told. */
  stepsMax?: number;
}

interface Configuration<State> {
  state: State;
  /** Open operations that have taken effect. */
  done: ReadonlySet<number>;
}

/** `operations` are those of one object. Ends with the first event that nothing explains. */
export function possibleStates<State>(
  operations: readonly Operation[],
  model: Model<State>,
  init: Json,
  { configurationsMax = 2_000, stepsMax = 200_000 }: StatesLimits = {},
): PossibleStates {
  let stepsLeft = stepsMax;
  const calls = callsOf(operations, model);
  const open = new Set<number>();
  const keyOf = ({ state, done }: Configuration<State>): string =>
    `${[...done].sort((a, b) => a - b).join(" ")}\n${model.key(state)}`;

  /** Undefined when there are too many. */
  const closed = (start: readonly Configuration<State>[]): Configuration<State>[] | undefined => {
    const seen = new Map(start.map((configuration) => [keyOf(configuration), configuration]));
    const all = [...seen.values()];
    for (const { state, done } of all) {
      for (const place of open) {
        if (done.has(place)) continue;
        const after = model.step(state, calls[place]!.call);
        if (after === undefined) continue;
        const next = { state: after, done: new Set([...done, place]) };
        const key = keyOf(next);
        if (seen.has(key)) continue;
        if (seen.size === configurationsMax || stepsLeft-- === 0) return undefined;
        seen.set(key, next);
        all.push(next);
      }
    }
    return all;
  };

  let current: Configuration<State>[] = [{ state: model.init(init), done: new Set() }];
  const events: PossibleStates["events"] = [];
  for (const { position, place, isReturn } of eventsOf(calls.map(({ operation }) => operation))) {
    if (isReturn) {
      open.delete(place);
      current = current
        .filter(({ done }) => done.has(place))
        .map(({ state, done }) => ({ state, done: new Set([...done].filter((o) => o !== place)) }));
    } else {
      open.add(place);
    }
    const next = closed(current);
    if (next === undefined) return { events, complete: false };
    current = next;
    const states = new Set(current.map(({ state }) => showState(model, state)));
    events.push({ position, states: [...states] });
    if (current.length === 0) break;
  }
  return { events, complete: true };
}

function eventsOf(operations: readonly Operation[]) {
  return operations
    .flatMap(({ invoked, completed }, place) => [
      { position: invoked, place, isReturn: false },
      { position: completed, place, isReturn: true },
    ])
    .filter(({ position }) => position !== Number.POSITIVE_INFINITY)
    .sort((a, b) => a.position - b.position);
}
