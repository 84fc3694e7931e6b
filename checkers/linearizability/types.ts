/**
 * The types of object that `linearizable` can judge: which functions they offer, what a client may
 * ask of them, which algorithms decide them, and how a violation is named.
 */

import type { Json } from "../../src/base/json.js";
import { lookUp } from "../../src/base/names.js";
import type { Anomaly } from "../checker.js";
import { show } from "../describe.js";
import type { Algorithm } from "./algorithm.js";
import { nameCounterViolation } from "./anomalies/counter.js";
import { nameRegisterViolation } from "./anomalies/register.js";
import { nonLinearizable, type Violation } from "./anomalies/violation.js";
import { type Decision, decide } from "./decide.js";
import type { Model } from "./model.js";
import { counter } from "./models/counter.js";
import { kv } from "./models/kv.js";
import { mutex } from "./models/mutex.js";
import { register } from "./models/register.js";
import { queue, stack } from "./models/sequences.js";
import { set } from "./models/set.js";
import type { Vocabulary } from "./object-views.js";
import { prepareView } from "./problem.js";
import type { ObjectView } from "./view.js";

export interface ObjectType extends Vocabulary {
  summary: string;
  refuseInit(init: Json): string | undefined;
  /** Tried in order; the search decides what none of them covers. */
  algorithms: readonly Algorithm[];
  /** The general engine over the type's model; exact, within a budget of steps. */
  search(view: ObjectView, stepsMax: number): Decision<unknown>;
  nameViolation(violation: Violation): Anomaly;
}

interface Description<State>
  extends Partial<Pick<ObjectType, "refuse" | "refuseInit" | "nameViolation">> {
  summary: string;
  functions: readonly string[];
  model: Model<State>;
  aliases?: { readonly [name: string]: string };
  reads?: readonly string[];
  rewrite?: Vocabulary["rewrite"];
  algorithms?: readonly Algorithm[];
}

function describeType<State>(description: Description<State>): ObjectType {
  const { model, functions, rewrite } = description;
  return {
    name: model.name,
    summary: description.summary,
    functions,
    aliases: description.aliases ?? {},
    reads: description.reads ?? [],
    ...(rewrite === undefined ? {} : { rewrite }),
    refuse: description.refuse ?? accept,
    refuseInit: description.refuseInit ?? accept,
    algorithms: description.algorithms ?? [],
    search(view, stepsMax) {
      const initial = model.init(view.values.value(view.init));
      return decide(prepareView(model, view, functions, initial), stepsMax);
    },
    nameViolation: description.nameViolation ?? nonLinearizable,
  };
}

function accept(): undefined {
  return undefined;
}

function refuseCas(f: string, input: Json): string | undefined {
  if (f !== "cas" || (Array.isArray(input) && input.length === 2)) return undefined;
  return `cas takes [from, to], got ${show(input)}`;
}

function refuseAppend(f: string, input: Json): string | undefined {
  if (f !== "append" || typeof input === "string") return refuseCas(f, input);
  return `append takes a string, got ${show(input)}: try --type list-append`;
}

function refuseDelta(f: string, input: Json): string | undefined {
  if (f === "read" || Number.isSafeInteger(input)) return undefined;
  return `${f} takes a whole number, got ${show(input)}`;
}

function refuseNullElement(f: string, input: Json): string | undefined {
  if ((f !== "enqueue" && f !== "push") || input !== null) return undefined;
  return `${f} of null: null stands for an empty ${f === "push" ? "stack" : "queue"}`;
}

function isList(init: Json): boolean {
  return init === null || Array.isArray(init);
}

const registerAliases = { get: "read", put: "write" };

const all: readonly ObjectType[] = [
  describeType({
    summary: "one value per key: read, write",
    functions: ["read", "write"],
    aliases: registerAliases,
    reads: ["read"],
    model: register,
    algorithms: [],
    nameViolation: nameRegisterViolation,
  }),
  describeType({
    summary: "one value per key: read, write, cas [from, to]",
    functions: ["read", "write", "cas"],
    aliases: registerAliases,
    reads: ["read"],
    model: { ...register, name: "cas-register" },
    refuse: refuseCas,
    nameViolation: nameRegisterViolation,
  }),
  describeType({
    summary: "a key-value store: read or get, write or put, cas, append to a string",
    functions: ["read", "write", "cas", "append"],
    aliases: registerAliases,
    reads: ["read"],
    model: kv,
    refuse: refuseAppend,
    nameViolation: nameRegisterViolation,
  }),
  describeType({
    summary: "a set: add, remove, contains, read of the whole",
    functions: ["add", "remove", "read", "contains"],
    reads: ["read", "contains"],
    model: set,
    refuseInit: (init) => (isList(init) ? undefined : "a set starts as a list of elements"),
  }),
  describeType({
    summary: "a sum: add a whole number, increment, decrement, read",
    functions: ["add", "read"],
    aliases: { increment: "add", decrement: "add" },
    reads: ["read"],
    rewrite: rewriteStep,
    model: counter,
    refuse: refuseDelta,
    refuseInit: (init) =>
      init === null || Number.isSafeInteger(init)
        ? undefined
        : "a counter starts as a whole number",
    nameViolation: nameCounterViolation,
  }),
  describeType({
    summary: "a lock: acquire, release, by whomever",
    functions: ["acquire", "release"],
    aliases: { lock: "acquire", unlock: "release" },
    model: mutex,
  }),
  describeType({
    summary: "first in, first out: enqueue, dequeue, peek (null when empty)",
    functions: ["enqueue", "dequeue", "peek"],
    reads: ["peek"],
    model: queue,
    refuse: refuseNullElement,
  }),
  describeType({
    summary: "last in, first out: push, pop, peek (null when empty)",
    functions: ["push", "pop", "peek"],
    aliases: { top: "peek" },
    reads: ["peek"],
    model: stack,
    refuse: refuseNullElement,
  }),
];

/** An increment without value is by one; a decrement takes away. */
function rewriteStep(f: string, input: Json): Json {
  if (f === "add") return input;
  const step = input ?? 1;
  return f === "decrement" && typeof step === "number" ? -step : step;
}

export const types: ReadonlyMap<string, ObjectType> = new Map(all.map((type) => [type.name, type]));

/** @throws UsageError naming the nearest types. */
export function typeNamed(name: string): ObjectType {
  return lookUp("type", name, types);
}
