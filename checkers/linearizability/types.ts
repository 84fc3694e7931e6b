/**
 * The types of object that `linearizable` can judge: which functions they offer, what a client may
 * ask of them, how one object is decided, and how a violation is named.
 */

import type { History, Operation } from "../../histories/history.js";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import { lookUp } from "../../src/base/names.js";
import type { Anomaly } from "../checker.js";
import { show } from "../describe.js";
import { byKey, type KeyedOperations } from "../keys.js";
import { nameCounterViolation } from "./anomalies/counter.js";
import { nameQueueConflict } from "./anomalies/queue.js";
import { nameRegisterViolation } from "./anomalies/register.js";
import { nameSetConflict } from "./anomalies/set.js";
import { nameTextViolation } from "./anomalies/text.js";
import { nonLinearizable, type Violation } from "./anomalies/violation.js";
import { decide } from "./decide.js";
import { examineQueue } from "./fifo-queue.js";
import { findSetConflict } from "./grow-only-set.js";
import type { Model } from "./model.js";
import { counter } from "./models/counter.js";
import { kv } from "./models/kv.js";
import { mutex } from "./models/mutex.js";
import { register } from "./models/register.js";
import { queue, stack } from "./models/sequences.js";
import { set } from "./models/set.js";
import { named } from "./models/values.js";
import { prepare } from "./problem.js";

/** The operations on one object, and the value it starts with. */
export interface ObjectHistory extends KeyedOperations {
  init: Json;
}

export type ObjectVerdict =
  | { valid: true; steps: number }
  | { valid: false; steps: number; anomaly: Anomaly }
  /** The events before `position` are linearizable. */
  | { valid: "unknown"; steps: number; position: number; reason: string };

export interface ObjectType {
  name: string;
  summary: string;
  functions: readonly string[];
  /** What is wrong with an operation that a client asked for; undefined when nothing is. */
  refuse(operation: Operation): string | undefined;
  refuseInit(init: Json): string | undefined;
  decide(object: ObjectHistory, stepsMax: number): ObjectVerdict;
}

interface SearchedType<State> {
  summary: string;
  functions: readonly string[];
  model: Model<State>;
  refuse?(operation: Operation): string | undefined;
  refuseInit?(init: Json): string | undefined;
  name?(violation: Violation): Anomaly;
}

/** A type decided by the search over its model. */
function searched<State>(type: SearchedType<State>): ObjectType {
  const { model, functions, summary, refuse = accept, refuseInit = accept } = type;
  const nameViolation = type.name ?? nonLinearizable;
  return {
    name: model.name,
    summary,
    functions,
    refuse,
    refuseInit,
    decide({ key, init, operations }, stepsMax) {
      const decision = decide(prepare(model, operations, model.init(init)), stepsMax);
      if (decision.valid !== false) return decision;
      const { breaking, steps } = decision;
      const possible = valuesAmong(decision.possible);
      const anomaly = nameViolation({ key, init, operations, breaking, possible });
      return { valid: false, steps, anomaly };
    },
  };
}

function accept(): undefined {
  return undefined;
}

/** Model states that a client would recognise as values. */
function valuesAmong(states: readonly unknown[]): Json[] {
  return states.filter(
    (state): state is Json =>
      state === null || ["boolean", "number", "string"].includes(typeof state),
  );
}

function refuseCas({ f, input }: Operation): string | undefined {
  if (f !== "cas" || (Array.isArray(input) && input.length === 2)) return undefined;
  return `cas takes [from, to], got ${show(input)}`;
}

function refuseAppend(operation: Operation): string | undefined {
  if (operation.f !== "append" || typeof operation.input === "string") return refuseCas(operation);
  return `append takes a string, got ${show(operation.input)}`;
}

function refuseDelta({ f, input }: Operation): string | undefined {
  if (f !== "add" || Number.isSafeInteger(input)) return undefined;
  return `add takes a whole number, got ${show(input)}`;
}

function refuseNullElement({ f, input }: Operation): string | undefined {
  if ((f !== "enqueue" && f !== "push") || input !== null) return undefined;
  return `${f} of null: null stands for an empty ${f === "push" ? "stack" : "queue"}`;
}

function nameKvViolation(violation: Violation): Anomaly {
  const appended = violation.operations.some(({ f }) => f === "append");
  return appended ? nameTextViolation(violation) : nameRegisterViolation(violation);
}

const searchedSet = searched({
  summary: "a set: add, remove, read of the whole",
  functions: ["add", "remove", "read"],
  model: set,
  refuseInit: (init) =>
    init === null || Array.isArray(init) ? undefined : "a set starts as a list of elements",
});

const searchedQueue = searched({
  summary: "first in, first out: enqueue, dequeue (null when empty)",
  functions: ["enqueue", "dequeue"],
  model: queue,
  refuse: refuseNullElement,
});

const all: readonly ObjectType[] = [
  searched({
    summary: "one value per key: read, write",
    functions: ["read", "write"],
    model: register,
    name: nameRegisterViolation,
  }),
  searched({
    summary: "one value per key: read, write, cas [from, to]",
    functions: ["read", "write", "cas"],
    model: { ...register, name: "cas-register" },
    refuse: refuseCas,
    name: nameRegisterViolation,
  }),
  searched({
    summary: "a key-value store: read or get, write or put, cas, append to a string",
    functions: ["read", "get", "write", "put", "cas", "append"],
    model: kv,
    refuse: refuseAppend,
    name: nameKvViolation,
  }),
  {
    ...searchedSet,
    decide(object, stepsMax) {
      const { key, init, operations } = object;
      if (operations.some(({ f }) => f === "remove")) return searchedSet.decide(object, stepsMax);
      const conflict = findSetConflict(operations, init);
      const steps = operations.length;
      if (conflict === undefined) return { valid: true, steps };
      return { valid: false, steps, anomaly: nameSetConflict(key, operations, conflict) };
    },
  },
  searched({
    summary: "a sum: add a whole number, read",
    functions: ["add", "read"],
    model: counter,
    refuse: refuseDelta,
    refuseInit: (init) =>
      init === null || Number.isSafeInteger(init)
        ? undefined
        : "a counter starts as a whole number",
    name: nameCounterViolation,
  }),
  searched({
    summary: "a lock: acquire, release",
    functions: ["acquire", "release"],
    model: mutex,
  }),
  {
    ...searchedQueue,
    decide(object, stepsMax) {
      const { key, init, operations } = object;
      const finding = init === null ? examineQueue(operations) : "not-applicable";
      if (finding === "not-applicable") return searchedQueue.decide(object, stepsMax);
      const steps = operations.length;
      if (finding === "linearizable") return { valid: true, steps };
      return { valid: false, steps, anomaly: nameQueueConflict(key, operations, finding) };
    },
  },
  searched({
    summary: "last in, first out: push, pop (null when empty)",
    functions: ["push", "pop"],
    model: stack,
    refuse: refuseNullElement,
  }),
];

export const types: ReadonlyMap<string, ObjectType> = new Map(all.map((type) => [type.name, type]));

/** A barrier of its session: real-time order implies it. */
const FENCE = "fence";

/**
 * The name of the type whose functions the clients used.
 * @throws UsageError when no type offers all of them.
 */
export function inferType(history: History): string {
  const used = new Set(history.operations.map(({ f }) => f));
  used.delete(FENCE);
  const fitting = all.filter(({ functions }) => [...used].every((f) => functions.includes(f)));
  const first = fitting[0];
  if (first === undefined) {
    const known = all.map(({ name, functions }) => `${name} (${functions.join(", ")})`).join("; ");
    throw new UsageError(`no type offers ${[...used].join(", ")} together; known types: ${known}`);
  }
  const addsAndReads = fitting.some(({ name }) => name === "counter") && used.has("add");
  return addsAndReads && readsNumbers(history) ? "counter" : first.name;
}

function readsNumbers({ operations }: History): boolean {
  const reads = operations.filter(({ f, outcome }) => f === "read" && outcome === "ok");
  const whole = operations.every(({ f, input }) => f !== "add" || Number.isSafeInteger(input));
  return whole && reads.some(({ output }) => typeof output === "number");
}

/**
 * The history of every object (one per key, in order of first use).
 * @throws UsageError naming the operation that the type does not offer or that makes no sense.
 */
export function objectsOf(history: History, type: ObjectType, init: Json): ObjectHistory[] {
  const wrongInit = type.refuseInit(init);
  if (wrongInit !== undefined) throw new UsageError(`--init ${show(init)}: ${wrongInit}`);
  const relevant = history.operations.filter(({ f }) => f !== FENCE);
  for (const operation of relevant) admit(operation, type, history);
  const objects = byKey(relevant);
  for (const { operations } of objects) refuseMixedTexts(operations, init);
  return objects.map((object) => ({ ...object, init }));
}

function admit(operation: Operation, type: ObjectType, history: History): void {
  const where = `event ${operation.invoked} (process ${operation.process})`;
  if (!type.functions.includes(operation.f)) {
    const offers = `a ${type.name} offers ${type.functions.join(", ")}`;
    throw new UsageError(`${where}: ${offers}, not ${operation.f}${betterType(history)}`);
  }
  const wrong = type.refuse(operation);
  if (wrong !== undefined) throw new UsageError(`${where}: ${wrong}`);
}

function betterType(history: History): string {
  try {
    return `: try --type ${inferType(history)}`;
  } catch {
    return "";
  }
}

/** Appends make sense among strings only. */
function refuseMixedTexts(operations: readonly Operation[], init: Json): void {
  if (!operations.some(({ f }) => f === "append")) return;
  const isText = (value: Json | undefined) => value === null || typeof value === "string";
  if (!isText(init))
    throw new UsageError(`--init ${show(init)}: append needs a string to start with`);
  for (const { f, input, invoked } of operations) {
    const written = f === "cas" ? (input as Json[])[1] : named(f) === "write" ? input : null;
    if (isText(written)) continue;
    throw new UsageError(
      `event ${invoked}: ${f} of ${show(written)} to a key that is appended to: write strings`,
    );
  }
}

/** @throws UsageError naming the nearest types. */
export function typeNamed(name: string): ObjectType {
  return lookUp("type", name, types);
}
