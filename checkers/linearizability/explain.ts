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
import type { Json } from "../../src/base/json.js";
import type { Anomaly } from "../checker.js";
import { indexes, keyName } from "../describe.js";
import { nonLinearizable } from "./anomalies/violation.js";
import { withAttempts } from "./attempts.js";
import { breakingReturn } from "./breaking.js";
import { aliased } from "./explain/calls.js";
import { minimize } from "./explain/minimize.js";
import { judgeObject, type ObjectVerdict } from "./judge-object.js";
import type { Role } from "./model.js";
import { type NamedView, viewOfObject } from "./object-views.js";
import { suspects } from "./suspects.js";
import type { ObjectType } from "./types.js";

export type Violated = Extract<ObjectVerdict, { valid: false }>;

/** A history is named only up to this size: most definitions of names compare all with all. */
const NAMED_MAX = 2_000;
const NAMED_QUICKLY: ReadonlySet<string> = new Set(["counter", "fetch-and-add"]);
/** For all judgements of parts together, and for each. */
const STEPS_MAX = 20_000_000;
const STEPS_EACH = 1_000_000;
const CONTAINERS: ReadonlySet<string> = new Set([
  "queue",
  "stack",
  "priority-queue",
  "max-priority-queue",
]);

/** Operations of a contradiction that a bare verdict lists. */
const INVOLVED_MAX = 8;
/** Operations of a story that are listed; few have so many. */
const STORY_MAX = 1_000;
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
  const chosen = suspects(view, type, violated, breaking);
  if (chosen.length === 0) {
    // Of a part that need not fail by itself no name could be true.
    const bare = unexplained(columns, type, view, { ...violated, breaking: breaking.operation });
    return { ...bare, brokenAt: breaking.position };
  }
  const all = withFailed(columns, view, chosen);
  // What came out later tells whether an element was lost, or only late.
  const cut = CONTAINERS.has(type.name) ? undefined : untilBroken(all, type, breaking.position);
  const operations = cut ?? all;
  const shrunk = narrator.story(operations, columns.invoked[view.ids[breaking.operation]!]!);
  const anomaly = narrator.name(withAttempts(columns, type, view, shrunk));
  return { ...anomaly, ops: anomaly.ops.slice(-STORY_MAX), brokenAt: breaking.position };
}

/**
 * The operations that were invoked before the history broke, whole, without the reads that were open
 * then. Undefined where others were open whose answers tell of what came later.
 */
function untilBroken(
  operations: readonly Operation[],
  type: ObjectType,
  position: number,
): Operation[] | undefined {
  const early = operations.filter(({ invoked }) => invoked <= position);
  const model = aliased(type.model, type);
  const roleOf = ({ f, input, output, process }: Operation): Role =>
    model.role({ f, input, output, process, pending: false });
  const isOpen = ({ outcome, completed }: Operation): boolean =>
    outcome === "ok" && completed > position;
  if (early.some((operation) => isOpen(operation) && roleOf(operation) === "update")) {
    return undefined;
  }
  return early.filter((operation) => !isOpen(operation) || roleOf(operation) !== "read");
}

/** Only that there is a violation, and an operation with which it showed. */
export function unexplained(
  columns: Columns,
  type: ObjectType,
  view: NamedView,
  { breaking, core }: Violated,
): Anomaly {
  const involved = breaking === undefined ? (core ?? []).slice(-INVOLVED_MAX) : [breaking];
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
  #stepsLeft = STEPS_MAX;

  constructor(
    private readonly type: ObjectType,
    private readonly key: Json | undefined,
    private readonly init: Json,
  ) {}

  /**
   * A sub-history that is not linearizable, but is without any of its parts; with the operation that
   * was invoked at `breaking`, if it can be. Operations are whole, also those which returned after
   * the history broke: else a story could hold a read without its write.
   */
  story(operations: readonly Operation[], breaking: number): Operation[] {
    const suggested = operations.length <= NAMED_MAX ? this.#nameOf(operations) : undefined;
    if (suggested !== undefined && suggested !== "non-linearizable") {
      const story = this.#shrink(operations, breaking, (part) => this.#nameOf(part) === suggested);
      if (this.#isMinimal(story)) return story;
    }
    const story = this.#shrink(
      operations,
      breaking,
      (part) => part.some(({ invoked }) => invoked === breaking) && this.#isViolated(part),
    );
    return this.#shrink(story, breaking, (part) => this.#isViolated(part));
  }

  #isMinimal(story: readonly Operation[]): boolean {
    const shorter = this.#shrink(story, -1, (part) => this.#isViolated(part));
    return shorter.length === story.length;
  }

  name(story: readonly Operation[]): Anomaly {
    const named = story.length <= NAMED_MAX ? this.#name(story) : undefined;
    if (named !== undefined) return named;
    const violation = this.#violation(story, story.length - 1, []);
    const isQuick = story.length <= NAMED_MAX || NAMED_QUICKLY.has(this.type.name);
    return isQuick ? this.type.nameViolation(violation) : nonLinearizable(violation);
  }

  #shrink(
    operations: readonly Operation[],
    breaking: number,
    fails: (part: readonly Operation[]) => boolean,
  ): Operation[] {
    const { type, init } = this;
    const judge = (part: readonly Operation[]) => (fails(part) ? "fails" : undefined);
    const stepsMax = TRIAL_STEPS_MIN + TRIAL_STEPS_PER_OPERATION * operations.length;
    const anomaly = "fails";
    const likely = breaking === -1 ? [] : [breaking];
    const evidence = type.evidence === undefined ? {} : { evidence: type.evidence };
    const about = { type: type.name, init, judge, anomaly, stepsMax, likely, ...evidence };
    return minimize(operations, about).operations;
  }

  #isViolated(operations: readonly Operation[]): boolean {
    const view = viewOfObject(operations, this.type, this.init);
    return this.#charged(judgeObject(view, this.type, this.#steps())).valid === false;
  }

  #steps(): number {
    return Math.min(STEPS_EACH, this.#stepsLeft);
  }

  #charged<Verdict extends { steps: number }>(verdict: Verdict): Verdict {
    this.#stepsLeft -= Math.min(this.#stepsLeft, verdict.steps);
    return verdict;
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
    const decision = this.#charged(this.type.search(view, this.#steps()));
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
