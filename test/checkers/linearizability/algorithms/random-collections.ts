/**
 * Random histories of queues, stacks and priority queues, near the border between linearizable and
 * not: a real object is used by concurrent clients, some of which crash, and half of the
 * histories are spoiled a little afterwards. Decoded from a list of numbers, so that fast-check can
 * shrink a failure by dropping and lowering them. And a judge for small ones that tries every order.
 */

import fc from "fast-check";
import type { ObjectView } from "../../../../checkers/linearizability/view.js";
import { PENDING } from "../../../../histories/columns.js";
import type { Operation } from "../../../../histories/history.js";
import { ValueTable } from "../../../../histories/values.js";

export type Kind = "queue" | "stack" | "priority-queue" | "max-priority-queue";

/** Names of the functions 0, 1, 2. */
export const functionsOf: Record<Kind, readonly [string, string, string]> = {
  queue: ["enqueue", "dequeue", "peek"],
  stack: ["push", "pop", "peek"],
  "priority-queue": ["insert", "delete-min", "find-min"],
  "max-priority-queue": ["insert", "delete-max", "find-max"],
};

export interface Step {
  f: number;
  input: number | null;
  /** Null for empty; of no meaning when pending. */
  output: number | null;
  invoked: number;
  completed: number;
}

export interface RandomCollection {
  kind: Kind;
  init: number[];
  /** In order of invocation. */
  steps: Step[];
  toString(): string;
}

export interface Shape {
  stepsMax: number;
  clientsMax: number;
  crashes: boolean;
  looks: boolean;
  /** Elements are few, so that some are put several times. */
  repeats?: boolean;
}

/** The place of the element that is next, -1 when there is none. */
function nextPlace(kind: Kind, elements: readonly number[]): number {
  if (elements.length === 0) return -1;
  if (kind === "queue") return 0;
  if (kind === "stack") return elements.length - 1;
  const wanted = kind === "priority-queue" ? Math.min(...elements) : Math.max(...elements);
  return elements.indexOf(wanted);
}

/** The elements after a step and its answer. */
function executed(kind: Kind, elements: readonly number[], { f, input }: Step) {
  if (f === 0) return { elements: [...elements, input!], output: null };
  const place = nextPlace(kind, elements);
  const output = place === -1 ? null : elements[place]!;
  return { elements: f === 1 && place !== -1 ? elements.toSpliced(place, 1) : elements, output };
}

export function isLinearizable({ kind, init, steps }: RandomCollection): boolean {
  const done = new Set<Step>();
  const refuted = new Set<string>();
  const search = (elements: readonly number[]): boolean => {
    const rest = steps.filter((step) => !done.has(step));
    const urgent = Math.min(...rest.map(({ completed }) => completed));
    if (urgent === PENDING || rest.length === 0) return true;
    const situation = `${steps.map((step) => (done.has(step) ? 1 : 0)).join("")} ${elements}`;
    if (refuted.has(situation)) return false;
    for (const step of rest) {
      if (step.invoked > urgent) continue;
      const after = executed(kind, elements, step);
      const open = step.completed === PENDING || step.f === 0;
      if (!open && after.output !== step.output) continue;
      done.add(step);
      if (search(after.elements)) return true;
      done.delete(step);
    }
    refuted.add(situation);
    return false;
  };
  return search(init);
}

export function viewOf({ init, steps }: RandomCollection, values = new ValueTable()): ObjectView {
  return {
    size: steps.length,
    f: Uint8Array.from(steps, ({ f }) => f),
    input: Int32Array.from(steps, ({ input }) => values.id(input)),
    output: Int32Array.from(steps, ({ output, completed }) =>
      values.id(completed === PENDING ? null : output),
    ),
    invoked: Int32Array.from(steps, ({ invoked }) => invoked),
    completed: Int32Array.from(steps, ({ completed }) => completed),
    process: Float64Array.from(steps, (_, i) => i),
    values,
    init: values.id(init.length === 0 ? null : init),
  };
}

export function operationsOf({ kind, steps }: RandomCollection): Operation[] {
  return steps.map(({ f, input, output, invoked, completed }, id) => {
    const pending = completed === PENDING;
    return {
      id,
      process: id,
      f: functionsOf[kind][f]!,
      input,
      output: pending ? null : output,
      outcome: pending ? "info" : "ok",
      final: false,
      invoked,
      completed: pending ? Infinity : completed,
      invokedAt: invoked,
      completedAt: pending ? Infinity : completed,
    };
  });
}

/** The same history with some of its operations only. */
export function restrictedTo(history: RandomCollection, kept: readonly number[]): RandomCollection {
  return shown({ ...history, steps: kept.map((i) => history.steps[i]!) });
}

export function randomCollection(kind: Kind, shape: Shape): fc.Arbitrary<RandomCollection> {
  const draws = fc.array(fc.nat(), { maxLength: 10 * shape.stepsMax, size: "max" });
  return fc.noBias(fc.tuple(fc.nat(), draws)).map(([head, moves]) => {
    const choose = drawing(head);
    const clients = 1 + choose(shape.clientsMax);
    const init = choose(4) === 0 ? [900, 1].slice(choose(2)) : [];
    const calls = simulated(kind, shape, clients, init, moves);
    for (let mutations = [0, 1, 2, 3][choose(4)]!; mutations > 0; mutations--) {
      spoil(calls, choose);
    }
    return decoded(kind, init, calls, [1, 3, 1000][choose(3)]!);
  });
}

/** Splits one number into small choices. */
function drawing(number: number): (below: number) => number {
  let rest = number;
  return (below) => {
    const choice = rest % below;
    rest = Math.floor(rest / below) || (number ^ (rest * 31 + 17)) >>> 1;
    return choice;
  };
}

interface Call extends Step {
  client: number;
  happened: boolean;
}

/** Events in order: each call stands where it begins and, when it returned, where it ends. */
type Events = Call[];

function simulated(
  kind: Kind,
  { stepsMax, crashes, looks, repeats }: Shape,
  clients: number,
  init: readonly number[],
  moves: readonly number[],
): Events {
  const events: Events = [];
  const open: (Call | undefined)[] = Array.from({ length: clients }, () => undefined);
  const adrift: Call[] = [];
  let elements: readonly number[] = init;
  let begun = 0;
  const takeEffect = (call: Call): void => {
    const after = executed(kind, elements, call);
    elements = after.elements;
    call.output = after.output;
    call.happened = true;
  };
  for (const move of moves) {
    const choose = drawing(move);
    const client = choose(clients);
    const call = open[client];
    const fate = choose(20);
    if (adrift.length > 0 && choose(8) === 0) takeEffect(adrift.shift()!);
    if (call === undefined) {
      if (begun === stepsMax) continue;
      begun += 1;
      const f = [0, 0, 0, 0, 0, 1, 1, 1, 1, looks ? 2 : 1][choose(10)]!;
      // Distinct, and in no order that a priority queue would know.
      const input = f === 0 ? 10 + ((begun * 37) % (repeats ? 3 : 101)) : null;
      const fresh = { f, input, output: null, invoked: 0, completed: 0, client, happened: false };
      open[client] = fresh;
      events.push(fresh);
    } else if (crashes && fate < 3) {
      call.completed = PENDING;
      if (!call.happened) adrift.push(call);
      open[client] = undefined;
    } else if (!call.happened) {
      if (fate < 14) takeEffect(call);
    } else if (fate < 14) {
      events.push(call);
      open[client] = undefined;
    }
  }
  for (const call of open) {
    if (call?.happened === true) events.push(call);
    else if (call !== undefined) call.completed = PENDING;
  }
  return crashes ? events : events.filter(({ completed }) => completed !== PENDING);
}

function spoil(events: Events, choose: (below: number) => number): void {
  if (events.length < 2) return;
  const answers = events.filter(({ f }) => f !== 0);
  const how = choose(6);
  const at = choose(events.length - 1);
  const call = events[at]!;
  if (how <= 1 && answers.length >= 2) {
    const one = answers[choose(answers.length)]!;
    const other = answers[choose(answers.length)]!;
    [one.output, other.output] = [other.output, one.output];
  } else if (how === 2 && answers.length > 0) {
    const one = answers[choose(answers.length)]!;
    one.output = one.output === null ? (events.find(({ f }) => f === 0)?.input ?? 5) : null;
  } else if (how === 3) {
    const last = events.lastIndexOf(call);
    // A return right after the invocation.
    if (last > at) events.splice(at + 1, 0, ...events.splice(last, 1));
  } else if (how === 4) {
    const rest = events.filter((other) => other !== call);
    events.splice(0, events.length, ...rest);
  } else {
    const next = events[at + 1]!;
    if (next !== call) [events[at], events[at + 1]] = [next, call];
  }
}

function decoded(kind: Kind, init: number[], events: Events, stride: number): RandomCollection {
  const steps = new Map<Call, Step>();
  for (const [at, call] of events.entries()) {
    const { f, input, output } = call;
    const known = steps.get(call);
    if (known === undefined) {
      steps.set(call, { f, input, output, invoked: at * stride, completed: PENDING });
    } else known.completed = at * stride;
  }
  const judged = [...steps.values()].filter(({ f, completed }) => f !== 2 || completed !== PENDING);
  return shown({ kind, init, steps: judged });
}

function shown(history: Omit<RandomCollection, "toString">): RandomCollection {
  const { kind, init, steps } = history;
  const lines = steps.map(({ f, input, output, invoked, completed }) => {
    const end = completed === PENDING ? "" : completed;
    const answer = f === 0 ? "" : completed === PENDING ? " = ?" : ` = ${output}`;
    return `${functionsOf[kind][f]} ${input ?? ""}${answer}   ${invoked}..${end}`;
  });
  return {
    ...history,
    toString: () => `${kind}, init ${JSON.stringify(init)}\n${lines.join("\n")}\n`,
  };
}
