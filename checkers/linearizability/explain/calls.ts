/** Operations as a model sees them, without those that never happened or that nobody saw. */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Call, Model } from "../model.js";

export interface OperationCall {
  operation: Operation;
  call: Call;
}

/** In order of invocation, as given. */
export function callsOf<State>(
  operations: readonly Operation[],
  model: Model<State>,
): OperationCall[] {
  return operations
    .filter(({ outcome }) => outcome !== "fail")
    .map((operation) => ({ operation, call: callOf(operation) }))
    .filter(({ call }) => !(call.pending && model.role(call) === "read"));
}

function callOf({ f, input, output, outcome, process }: Operation): Call {
  const pending = outcome === "info";
  return { f, input, output: pending ? null : output, pending, process };
}

/** Other names for a type's functions, and the inputs that these stand for. */
export interface Naming {
  aliases: { readonly [name: string]: string };
  rewrite?(f: string, input: Json): Json;
}

/** The same model for operations under all their names. */
export function aliased<State>(model: Model<State>, { aliases, rewrite }: Naming): Model<State> {
  const proper = (call: Call): Call => ({
    ...call,
    f: Object.hasOwn(aliases, call.f) ? aliases[call.f]! : call.f,
    input: rewrite?.(call.f, call.input) ?? call.input,
  });
  return {
    ...model,
    step: (state, call) => model.step(state, proper(call)),
    role: (call) => model.role(proper(call)),
    label: (call) => model.label(proper(call)),
  };
}

const SHOWN_MAX = 120;

/** A state for a person to read. */
export function showState<State>(model: Model<State>, state: State): string {
  const text = model.key(state);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX - 3)}...`;
}
