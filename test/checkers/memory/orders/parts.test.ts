/** The parts of the decision, each against all runs of the machines. */

import { expect, test } from "vitest";
import { type Accesses, isWrite } from "../../../../checkers/memory/accesses.js";
import { STEPS_MAX } from "../../../../checkers/memory/decision.js";
import { Closure } from "../../../../checkers/memory/orders/closure.js";
import { hintsOf } from "../../../../checkers/memory/orders/hints.js";
import { pso, sequential, tso } from "../../../../checkers/memory/orders/index.js";
import { machineOrderOf } from "../../../../checkers/memory/orders/machine-order.js";
import { type Problem, problemOf } from "../../../../checkers/memory/orders/problem.js";
import { Schedule } from "../../../../checkers/memory/orders/schedule.js";
import { orderWrites } from "../../../../checkers/memory/orders/search.js";
import type { Random } from "../../../../src/random/random.js";
import { Streams } from "../../../../src/random/streams.js";
import { replays, someRunExplains } from "./brute-force.js";
import { tinyHistory } from "./random-accesses.js";

const models = ["sequential", "tso", "pso"] as const;
const runs = Math.max(300, Math.ceil(Number(process.env["FAULTLINE_ORACLE_RUNS"] ?? 0) / 20));
const seed = Number(process.hrtime.bigint() & 0xffff_ffffn);

/** A history without an update that reads itself. */
function history(random: Random, sizeMax: number): Accesses {
  for (;;) {
    const accesses = tinyHistory(random, sizeMax);
    if (accesses.source.every((source, access) => source !== access)) return accesses;
  }
}

/** Ordered by the search alone: its verdict, and on true the edges it found. */
function searched(problem: Problem, random: Random, entriesMax?: number): boolean | undefined {
  const closure = new Closure(problem, entriesMax);
  if (!closure.saturate()) return false;
  const guess = random.shuffle([...new Array(problem.nodes).keys()]);
  return orderWrites(problem, closure, Int32Array.from(guess), STEPS_MAX);
}

test.each(models)(
  `a search finds what there is, whatever it guesses: %s (seed ${seed})`,
  (model) => {
    const random = new Streams(seed).stream("search", models.indexOf(model));
    for (let run = 0; run < runs; run++) {
      const accesses = history(random, 11);
      const problem = problemOf(accesses, model, undefined);
      const truth = someRunExplains(accesses, model);
      expect(searched(problem, random), JSON.stringify(accesses)).toBe(truth);
      if (!truth) continue;
      const order = new Int32Array(problem.nodes);
      expect(problem.edges.sort(order)).toBe(problem.nodes);
      expect(replays(accesses, model, machineOrderOf(problem, order))).toBe(true);
    }
  },
);

test.each(models)(`a schedule that gets through is a run: %s (seed ${seed})`, (model) => {
  const random = new Streams(seed).stream("schedule", models.indexOf(model));
  for (let run = 0; run < runs; run++) {
    const accesses = history(random, 40);
    const problem = problemOf(accesses, model, undefined);
    const order = new Int32Array(problem.nodes);
    if (problem.edges.sort(order) < problem.nodes) continue;
    const schedule = new Schedule(problem, hintsOf(problem, order));
    if (!schedule.complete(1000)) continue;
    expect(replays(accesses, model, machineOrderOf(problem, schedule.order))).toBe(true);
  }
});

test(`a closure that goes through the keys in parts refutes as much (seed ${seed})`, () => {
  const random = new Streams(seed).stream("parts");
  for (let run = 0; run < runs; run++) {
    const accesses = history(random, 30);
    const whole = new Closure(problemOf(accesses, "pso", undefined));
    const parts = new Closure(problemOf(accesses, "pso", undefined), 1);
    expect(parts.saturate()).toBe(whole.saturate());
  }
});

test(`a claimed order of writes is kept (seed ${seed})`, () => {
  const random = new Streams(seed).stream("orders");
  for (let run = 0; run < runs; run++) {
    const accesses = history(random, 9);
    const all = [...accesses.kind.keys()].filter((access) => isWrite(accesses.kind[access]!));
    const orders = Array.from({ length: accesses.keys }, (_, key) => {
      const writes = all.filter((access) => accesses.key[access] === key);
      const byTime = writes.sort((a, b) => accesses.completed[a]! - accesses.completed[b]!);
      return Int32Array.from(random.chance(1, 3) ? random.shuffle(byTime) : byTime);
    });
    for (const [model, decide] of [
      ["sequential", sequential],
      ["tso", tso],
      ["pso", pso],
    ] as const) {
      const decision = decide(accesses, { stepsMax: 0, orders });
      expect(decision.holds, JSON.stringify(accesses)).toBe(
        someRunExplains(accesses, model, orders),
      );
    }
  }
});
