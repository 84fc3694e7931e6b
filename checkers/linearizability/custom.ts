/**
 * A type of object of the user's own: three small functions say what one client alone would see.
 * The general engine decides it; whatever it knows of the functions only makes it faster.
 */

import { PENDING } from "../../histories/columns.js";
import { UsageError } from "../../src/base/errors.js";
import { canonical, type Json } from "../../src/base/json.js";
import { ofReads } from "./explain/evidence-types.js";
import type { Call } from "./model.js";
import { describeType, type ObjectType } from "./object-type.js";
import { FENCE } from "./object-views.js";
import type { SequentialObject } from "./verify.js";
import type { ObjectView } from "./view.js";

export interface SequentialModel<State> {
  name: string;
  /** The state before any call; `init` is null unless the user gave a value. */
  init(init: Json): State;
  /**
   * The state after the call, or undefined when an object in this state cannot have answered so. Pure.
   * Of a pending call nobody knows the answer: its output is null and says nothing.
   */
  step(state: State, call: Call): State | undefined;
  /** Equal states have equal keys, different states different ones; canonical JSON when left out. */
  key?(state: State): string;
  /** Functions that never change the state: the fewer updates, the faster. */
  reads?: readonly string[];
  /** True when the same call may do different things for different processes. */
  byProcess?: boolean;
}

/** The type that a model describes, for a history whose clients call these functions. */
export function customType<State>(
  model: SequentialModel<State>,
  called: readonly string[],
): ObjectType {
  const { name, reads = [], byProcess = false } = model;
  if (typeof model.init !== "function" || typeof model.step !== "function") {
    throw new UsageError(`model ${name}: give it the functions init and step`);
  }
  const functions = called.filter((f) => f !== FENCE);
  const isRead = (f: string): boolean => reads.includes(f);
  const type = describeType<State>({
    summary: "a type of the user's own",
    functions,
    reads: reads.filter((f) => functions.includes(f)),
    model: {
      name,
      init: (init) => model.init(init),
      step: (state, call) => model.step(state, call),
      key: (state) => model.key?.(state) ?? plainKey(name, state),
      role: ({ f }) => (isRead(f) ? "read" : "update"),
      label: ({ f, input, output, pending, process }) =>
        `${byProcess ? `${process} ` : ""}${f} ${canonical(input)} ${pending ? "?" : canonical(output)}`,
      byProcess,
    },
    object: (view) => replay(model, view, functions),
  });
  return { ...type, isOwn: true, evidence: ofReads(({ f }) => isRead(f)) };
}

/** @throws UsageError for what JSON would make equal though it is not, such as two Maps. */
function plainKey(name: string, state: unknown): string {
  if (!isPlain(state)) {
    throw new UsageError(
      `model ${name}: a state that is not plain JSON needs a function key(state) that tells states apart`,
    );
  }
  return canonical(state as Json);
}

function isPlain(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every(isPlain);
}

function replay<State>(
  model: SequentialModel<State>,
  view: ObjectView,
  functions: readonly string[],
): SequentialObject {
  const { f, input, output, completed, process, values } = view;
  let state = model.init(values.value(view.init));
  return {
    execute(i) {
      const pending = completed[i] === PENDING;
      const next = model.step(state, {
        f: functions[f[i]!]!,
        input: values.value(input[i]!),
        output: pending ? null : values.value(output[i]!),
        pending,
        process: process[i]!,
      });
      if (next === undefined) return false;
      state = next;
      return true;
    },
  };
}
