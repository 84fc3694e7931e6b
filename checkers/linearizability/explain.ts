/**
 * From a violation to what a person reads: the return at which the history of the object stopped being
 * linearizable, a minimal story that fails by itself, and the name that the story has.
 *
 * The name is that of the story, never of what is around it, so that the story checked alone gets
 * the same one. Of several stories the one is told that has the name which the whole history
 * suggests, if it is minimal in the strict sense: without any of its parts it is linearizable.
 */

import { type Columns, operationAt, outcomes } from "../../histories/columns.js";
import type { Operation } from "../../histories/history.js";
import { NULL_ID } from "../../histories/values.js";
import type { Json } from "../../src/base/json.js";
import type { Anomaly } from "../checker.js";
import { indexes, keyName } from "../describe.js";
import { breakingReturn } from "./breaking.js";
import { minimize } from "./explain/minimize.js";
import { prefixUntil } from "./explain/prefix.js";
import { judgeObject, type ObjectVerdict } from "./judge-object.js";
import { type NamedView, viewOfObject } from "./object-views.js";
import { suspects } from "./suspects.js";
import type { ObjectType } from "./types.js";

export type Violated = Extract<ObjectVerdict, { valid: false }>;

/** A whole history is named only up to this size: definitions of names compare all with all. */
const NAMED_MAX = 2_000;
const STEPS_MAX = 2_000_000;
/** Operations of a story that are listed; few have so many. */
const STORY_MAX = 1_000;
/** Failed and later attempts at a value that are told of. */
const ATTEMPTS_MAX = 3;
/** For the story; see `MinimizeOptions.stepsMax`. */
const TRIAL_STEPS_MIN = 500_000;
const TRIAL_STEPS_PER_OPERATION = 16;
/** For names, the states that were possible are found up to this size. */
const SEARCHED_MAX = 40;

/** Deterministic; O(n log n), and some hundred judgements of small histories. */
export function explain(
  columns: Columns,
  type: ObjectType,
  view: NamedView,
  violated: Violated,
): Anomaly {
  const init = columns.values.value(view.init);
  const breaking = breakingReturn(view, type, violated);
  const narrator = new Narrator(type, view.key, init);
  const chosen = suspects(view, type, breaking);
  const some = chosen.length > 0 ? chosen : Int32Array.of(breaking.operation);
  const operations = prefixUntil(withFailed(columns, view, some), breaking.position);
  const shrunk = narrator.story(operations);
  const named = narrator.name(shrunk);
  const story = named.type === "garbage-read" ? withAttempts(columns, view, shrunk) : shrunk;
  const anomaly = story.length > shrunk.length ? narrator.name(story) : named;
  return { ...anomaly, ops: anomaly.ops.slice(-STORY_MAX), brokenAt: breaking.position };
}

/**
 * With whoever tried to put what a read found, though it failed or began too late: without them one
 * could not tell a read from the future from a value out of nowhere.
 */
function withAttempts(columns: Columns, view: NamedView, story: readonly Operation[]): Operation[] {
  const { values } = columns;
  const found = new Set<number>();
  for (const { output } of story) {
    found.add(values.id(output));
    for (const element of values.elements(values.id(output))) found.add(element);
  }
  found.delete(NULL_ID);
  const told = new Set(story.map(({ invoked }) => invoked));
  const key = columns.key[view.ids[0]!]!;
  const attempts: Operation[] = [];
  for (let i = 0; i < columns.size && attempts.length < ATTEMPTS_MAX; i++) {
    if (columns.key[i] !== key || told.has(columns.invoked[i]!)) continue;
    const input = columns.input[i]!;
    if (found.has(input) || values.elements(input).some((element) => found.has(element))) {
      attempts.push(operationAt(columns, i));
    }
  }
  return [...story, ...attempts].sort((a, b) => a.invoked - b.invoked);
}

/** Only that there is a violation, and an operation with which it showed. */
export function unexplained(
  columns: Columns,
  type: ObjectType,
  view: NamedView,
  { breaking, core }: Violated,
): Anomaly {
  const involved = breaking === undefined ? (core ?? []) : [breaking];
  const operations = involved.map((i) => operationAt(columns, view.ids[i]!));
  return {
    type: "non-linearizable",
    message: `no order of the operations on ${keyName(view.key)} explains what a ${type.name} answered`,
    ops: indexes(operations),
  };
}

/** The chosen operations of the view, and the failed ones on the same object, in order of invocation. */
function withFailed(columns: Columns, view: NamedView, chosen: Int32Array): Operation[] {
  const places = Array.from(chosen, (i) => view.ids[i]!);
  const key = view.size === 0 ? undefined : columns.key[view.ids[0]!]!;
  for (let i = 0; i < columns.size; i++) {
    if (columns.outcome[i] === outcomes.fail && columns.key[i] === key) places.push(i);
  }
  return places.sort((a, b) => a - b).map((i) => operationAt(columns, i));
}

class Narrator {
  constructor(
    private readonly type: ObjectType,
    private readonly key: Json | undefined,
    private readonly init: Json,
  ) {}

  /** A sub-history that is not linearizable, and is so without any of its parts. */
  story(operations: readonly Operation[]): Operation[] {
    const suggested = operations.length <= NAMED_MAX ? this.#nameOf(operations) : undefined;
    if (suggested !== undefined && suggested !== "non-linearizable") {
      const story = this.#shrink(operations, (part) => this.#nameOf(part) === suggested);
      const strict = this.#shrink(story, (part) => this.#isViolated(part));
      if (strict.length === story.length) return story;
    }
    return this.#shrink(operations, (part) => this.#isViolated(part));
  }

  name(story: readonly Operation[]): Anomaly {
    return (
      this.#name(story) ?? this.type.nameViolation(this.#violation(story, story.length - 1, []))
    );
  }

  #shrink(
    operations: readonly Operation[],
    fails: (part: readonly Operation[]) => boolean,
  ): Operation[] {
    const { type, init } = this;
    const judge = (part: readonly Operation[]) => (fails(part) ? "fails" : undefined);
    const stepsMax = TRIAL_STEPS_MIN + TRIAL_STEPS_PER_OPERATION * operations.length;
    const anomaly = "fails";
    return minimize(operations, { type: type.name, init, judge, anomaly, stepsMax }).operations;
  }

  #isViolated(operations: readonly Operation[]): boolean {
    const view = viewOfObject(operations, this.type, this.init);
    return judgeObject(view, this.type, STEPS_MAX).valid === false;
  }

  #nameOf(operations: readonly Operation[]): string | undefined {
    return this.#name(operations)?.type;
  }

  /** Undefined when the operations are linearizable, or undecided. */
  #name(operations: readonly Operation[]): Anomaly | undefined {
    const view = viewOfObject(operations, this.type, this.init);
    if (view.size > SEARCHED_MAX) {
      if (!this.#isViolated(operations)) return undefined;
      return this.type.nameViolation(this.#violation(operations, lastReturn(operations), []));
    }
    const decision = this.type.search(view, STEPS_MAX);
    if (decision.valid !== false) return undefined;
    const breaking = view.ids[decision.breaking]!;
    return this.type.nameViolation(this.#violation(operations, breaking, decision.possible));
  }

  #violation(operations: readonly Operation[], breaking: number, states: readonly unknown[]) {
    const { key, init } = this;
    return {
      key,
      init,
      operations,
      breaking: operations[breaking]!,
      possible: valuesAmong(states),
    };
  }
}

function lastReturn(operations: readonly Operation[]): number {
  let last = 0;
  for (const [i, { outcome, completed }] of operations.entries()) {
    if (outcome === "ok" && completed >= operations[last]!.completed) last = i;
    else if (outcome === "ok" && operations[last]!.outcome !== "ok") last = i;
  }
  return last;
}

/** Model states that a client would recognise as values. */
function valuesAmong(states: readonly unknown[]): Json[] {
  return states.filter(
    (state): state is Json =>
      state === null || ["boolean", "number", "string"].includes(typeof state),
  );
}
