/**
 * Random histories of small objects, near the border between linearizable and not: a real object is
 * used by concurrent clients, some of which crash, and half of the histories are spoiled
 * afterwards. Decoded from a list of numbers, so that fast-check shrinks a failure by dropping and
 * lowering them. And a judge for short ones that tries every order.
 */

import fc from "fast-check";
import type { ObjectView } from "../../../../checkers/linearizability/view.js";
import { PENDING } from "../../../../histories/columns.js";
import type { Operation } from "../../../../histories/history.js";
import { ValueTable } from "../../../../histories/values.js";
import type { Json } from "../../../../src/base/json.js";
import { type SmallObject, type Step, UNTOLD } from "./small-objects.js";

type Choose = (below: number) => number;

/** What clients ask of an object. */
export interface Load {
  title: string;
  object: SmallObject;
  init(choose: Choose): Json;
  /** The function and input of a client's next operation. */
  ask(choose: Choose, situation: Situation): { f: number; input: Json };
  /** What the client is told instead of the truth. */
  tell?(step: Step, truth: Json, dialect: number, choose: Choose): Json;
  /** In percent: how often a step that would have to wait is acknowledged all the same. */
  lies?: number;
  /** Functions whose pending calls change nothing. */
  looks: readonly number[];
  /** An answer near the true one. */
  bend(output: Json, choose: Choose): Json;
}

export interface Situation {
  /** How many operations there were before. */
  count: number;
  /** The function that the client called last; -1 at first. */
  last: number;
  /** 0 to 5, the same throughout a history. */
  dialect: number;
}

export interface TimedStep extends Step {
  invoked: number;
  completed: number;
}

export interface RandomHistory {
  object: SmallObject;
  init: Json;
  /** In order of invocation. */
  steps: TimedStep[];
  toString(): string;
}

export interface Size {
  stepsMax: number;
  clientsMax: number;
  /** Nobody lies, and nothing is spoiled. */
  honest?: boolean;
}

/** Whether some order of the steps, with or without pending ones, is one that the object allows. */
export function isLinearizable({ object, init, steps }: RandomHistory): boolean {
  const done = steps.map(() => false);
  const refuted = new Set<string>();
  const search = (state: Json): boolean => {
    const rest = steps.filter((_, i) => !done[i]);
    const urgent = Math.min(...rest.map(({ completed }) => completed));
    if (rest.length === 0 || urgent === PENDING) return true;
    const situation = JSON.stringify([done, state]);
    if (refuted.has(situation)) return false;
    for (const [i, step] of steps.entries()) {
      if (done[i] || step.invoked > urgent) continue;
      const pending = step.completed === PENDING;
      const after = object.execute(state, pending ? { ...step, output: UNTOLD } : step);
      if (after === undefined || !(pending || object.agrees(step, after.output))) continue;
      done[i] = true;
      if (search(after.state)) return true;
      done[i] = false;
    }
    refuted.add(situation);
    return false;
  };
  return search(object.initial(init));
}

/** `strangers`: values of other objects that share the table. */
export function viewOf({ init, steps }: RandomHistory, strangers = 0): ObjectView {
  const values = new ValueTable();
  for (let n = 0; n < strangers; n++) values.id(`stranger ${n}`);
  return {
    size: steps.length,
    f: Uint8Array.from(steps, ({ f }) => f),
    input: Int32Array.from(steps, ({ input }) => values.id(input)),
    output: Int32Array.from(steps, (step) =>
      values.id(step.completed === PENDING ? null : step.output),
    ),
    invoked: Int32Array.from(steps, ({ invoked }) => invoked),
    completed: Int32Array.from(steps, ({ completed }) => completed),
    process: Float64Array.from(steps, ({ process }) => process),
    values,
    init: values.id(init),
  };
}

export function operationsOf({ object, steps }: RandomHistory): Operation[] {
  return steps.map(({ f, input, output, process, invoked, completed }, id) => {
    const pending = completed === PENDING;
    return {
      id,
      process,
      f: object.functions[f]!,
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

export function restrictedTo(history: RandomHistory, kept: readonly number[]): RandomHistory {
  return shown({ ...history, steps: kept.map((i) => history.steps[i]!) });
}

export function randomHistory(load: Load, size: Size): fc.Arbitrary<RandomHistory> {
  const draws = fc.array(fc.nat(), { maxLength: 12 * size.stepsMax, size: "max" });
  return fc.noBias(fc.tuple(fc.nat(), draws)).map(([head, moves]) => {
    const choose = drawing(head);
    const init = load.init(choose);
    const spoils = size.honest ? 0 : [0, 1, 1, 2][choose(4)]!;
    const stride = [1, 3, 1000][choose(3)]!;
    const calls = simulated(load, init, { choose, moves, ...size });
    for (let n = 0; n < spoils; n++) spoil(calls, load, choose);
    return decoded(load, init, calls, stride);
  });
}

/** Splits one number into small choices, and goes on with others made from it. */
function drawing(seed: number): Choose {
  let rest = seed;
  let next = seed;
  return (below) => {
    if (rest < below) rest = next = (Math.imul(next ^ (next >>> 15), 0x2c1b3c6d) + 0x9e37) >>> 1;
    const choice = rest % below;
    rest = Math.floor(rest / below);
    return choice;
  };
}

interface Call extends TimedStep {
  client: number;
  happened: boolean;
}

function simulated(
  load: Load,
  init: Json,
  {
    choose: chooseAtFirst,
    moves,
    stepsMax,
    clientsMax,
    honest,
  }: Size & { choose: Choose; moves: number[] },
): Call[] {
  const clients = 1 + chooseAtFirst(clientsMax);
  const crashes = chooseAtFirst(3) > 0;
  const dialect = chooseAtFirst(6);
  const events: Call[] = [];
  const open: (Call | undefined)[] = Array.from({ length: clients }, () => undefined);
  const processes = open.map((_, client) => client);
  const lasts = open.map(() => -1);
  const adrift: Call[] = [];
  let state = load.object.initial(init);
  let begun = 0;
  const takeEffect = (call: Call, choose: Choose): boolean => {
    const after = load.object.execute(state, call);
    if (after === undefined) {
      call.happened = !honest && choose(100) < (load.lies ?? 0);
      return call.happened;
    }
    state = after.state;
    call.output = load.tell?.(call, after.output, dialect, choose) ?? after.output;
    call.happened = true;
    return true;
  };
  for (const move of moves) {
    const choose = drawing(move);
    const client = choose(clients);
    const call = open[client];
    const fate = choose(20);
    if (adrift.length > 0 && choose(8) === 0 && takeEffect(adrift[0]!, choose)) adrift.shift();
    if (call === undefined) {
      if (begun === stepsMax) continue;
      const asked = load.ask(choose, { count: begun++, last: lasts[client]!, dialect });
      lasts[client] = asked.f;
      const process = processes[client]!;
      const blank = { output: begun, invoked: 0, completed: 0, client, process, happened: false };
      open[client] = { ...asked, ...blank };
      events.push(open[client]);
    } else if (crashes && fate < 3) {
      call.completed = PENDING;
      if (!call.happened) adrift.push(call);
      open[client] = undefined;
      processes[client]! += clients;
    } else if (!call.happened) {
      if (fate < 15) takeEffect(call, choose);
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

function spoil(events: Call[], { bend }: Load, choose: Choose): void {
  if (events.length < 2) return;
  const how = choose(6);
  const at = choose(events.length - 1);
  const call = events[at]!;
  const other = events[choose(events.length)]!;
  if (how === 0 && call.f === other.f) {
    [call.output, other.output] = [other.output, call.output];
  } else if (how <= 2) {
    call.output = bend(call.output, choose);
  } else if (how === 3) {
    const last = events.lastIndexOf(call);
    // A return right after the invocation.
    if (last > at) events.splice(at + 1, 0, ...events.splice(last, 1));
  } else if (how === 4) {
    const rest = events.filter((event) => event !== call);
    events.splice(0, events.length, ...rest);
  } else {
    const next = events[at + 1]!;
    if (next.client !== call.client) [events[at], events[at + 1]] = [next, call];
  }
}

function decoded({ object, looks }: Load, init: Json, events: Call[], stride: number) {
  const steps = new Map<Call, TimedStep>();
  for (const [at, call] of events.entries()) {
    const { f, input, output, process } = call;
    const known = steps.get(call);
    if (known !== undefined) known.completed = at * stride;
    else steps.set(call, { f, input, output, process, invoked: at * stride, completed: PENDING });
  }
  const judged = [...steps.values()].filter(
    ({ f, completed }) => completed !== PENDING || !looks.includes(f),
  );
  return shown({ object, init, steps: judged });
}

function shown(history: Omit<RandomHistory, "toString">): RandomHistory {
  const { object, init, steps } = history;
  const lines = steps.map(({ f, input, output, process, invoked, completed }) => {
    const end = completed === PENDING ? "" : completed;
    const answer = completed === PENDING ? "?" : JSON.stringify(output);
    return `${process} ${object.functions[f]} ${JSON.stringify(input)} = ${answer}   ${invoked}..${end}`;
  });
  return { ...history, toString: () => `init ${JSON.stringify(init)}\n${lines.join("\n")}\n` };
}
