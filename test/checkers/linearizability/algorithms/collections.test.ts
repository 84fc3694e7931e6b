/** Queues, stacks and priority queues: the fast rules decide as the definition does. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Algorithm } from "../../../../checkers/linearizability/algorithm.js";
import { queueMonitor } from "../../../../checkers/linearizability/algorithms/fifo-queue.js";
import { priorityQueueMonitor } from "../../../../checkers/linearizability/algorithms/priority-queue.js";
import { stackMonitor } from "../../../../checkers/linearizability/algorithms/stack.js";
import { decide } from "../../../../checkers/linearizability/decide.js";
import type { Model } from "../../../../checkers/linearizability/model.js";
import {
  maxPriorityQueue,
  minPriorityQueue,
} from "../../../../checkers/linearizability/models/priority-queue.js";
import { queue, stack } from "../../../../checkers/linearizability/models/sequences.js";
import { prepare } from "../../../../checkers/linearizability/problem.js";
import { priorityQueueObject } from "../../../../checkers/linearizability/sequential/priority-queue.js";
import { queueObject } from "../../../../checkers/linearizability/sequential/queue.js";
import { stackObject } from "../../../../checkers/linearizability/sequential/stack.js";
import { findFlaw, type SequentialObject } from "../../../../checkers/linearizability/verify.js";
import type { ObjectView } from "../../../../checkers/linearizability/view.js";
import { PENDING } from "../../../../histories/columns.js";
import {
  oracleRuns,
  oracleSeed,
  oracleTimeoutMs,
  sampleSeed,
  withSeed,
} from "../../oracle/runs.js";
import {
  isLinearizable,
  type Kind,
  operationsOf,
  type RandomCollection,
  randomCollection,
  restrictedTo,
  type Shape,
  viewOf,
} from "./random-collections.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

interface Subject {
  kind: Kind;
  algorithm: Algorithm;
  object: (view: ObjectView) => SequentialObject;
  decide: (history: RandomCollection) => boolean | "unknown";
}

const STEPS_MAX = 400_000;

function bySearch<State>(model: Model<State>): Subject["decide"] {
  return (history) => {
    const problem = prepare(model, operationsOf(history), model.init(history.init));
    return decide(problem, STEPS_MAX).valid;
  };
}

const subjects: Subject[] = [
  { kind: "queue", algorithm: queueMonitor, object: queueObject, decide: bySearch(queue) },
  { kind: "stack", algorithm: stackMonitor, object: stackObject, decide: bySearch(stack) },
  {
    kind: "priority-queue",
    algorithm: priorityQueueMonitor("min"),
    object: priorityQueueObject("min"),
    decide: bySearch(minPriorityQueue),
  },
  {
    kind: "max-priority-queue",
    algorithm: priorityQueueMonitor("max"),
    object: priorityQueueObject("max"),
    decide: bySearch(maxPriorityQueue),
  },
];

const small: Shape = { stepsMax: 8, clientsMax: 5, crashes: true, looks: true };
const shapes: { title: string; shape: Shape }[] = [
  { title: "with crashes and looks", shape: small },
  { title: "with crashes", shape: { ...small, looks: false } },
  { title: "with looks", shape: { ...small, crashes: false } },
];

const hasPendingTake = ({ steps }: RandomCollection): boolean =>
  steps.some(({ f, completed }) => f === 1 && completed === PENDING);

/** A valid verdict is proven by its order; an invalid one by operations that few enough are to try all orders of. */
function judge({ kind, algorithm, object }: Subject, history: RandomCollection) {
  const view = viewOf(history);
  const finding = algorithm.examine(view);
  if (finding.valid === true) {
    expect(findFlaw(view, algorithm.linearize(view), object(view))).toBeUndefined();
  } else if (finding.valid === false) {
    const core = restrictedTo(history, finding.core);
    expect(finding.core).toEqual([...new Set(finding.core)].sort((a, b) => a - b));
    if (core.steps.length <= 12) expect(isLinearizable(core)).toBe(false);
    for (const { f, input } of core.steps) {
      const isTakeOf = (step: (typeof core.steps)[number]): boolean =>
        f === 0 && step.f === 1 && step.completed !== PENDING && step.output === input;
      if (history.steps.some(isTakeOf)) expect(core.steps.some(isTakeOf)).toBe(true);
    }
  } else {
    expect(hasPendingTake(history), `${kind}: ${finding.why}`).toBe(true);
  }
  return finding.valid;
}

describe.each(subjects)("the $kind monitor", (subject) => {
  const { kind } = subject;

  it.each(shapes)(
    `decides small histories $title as trying all orders does ${withSeed}`,
    ({ shape }) => {
      fc.assert(
        fc.property(randomCollection(kind, shape), (history) => {
          const verdict = judge(subject, history);
          if (verdict !== "not-applicable") expect(verdict).toBe(isLinearizable(history));
        }),
        { seed: oracleSeed, numRuns: oracleRuns },
      );
    },
  );

  it(`decides longer histories as the search does ${withSeed}`, () => {
    const shape = { stepsMax: 60, clientsMax: 8, crashes: true, looks: true };
    fc.assert(
      fc.property(randomCollection(kind, shape), fc.boolean(), (history, quiet) => {
        const complete = restrictedTo(
          history,
          [...history.steps.keys()].filter((i) => history.steps[i]!.completed !== PENDING),
        );
        const judged = quiet ? complete : history;
        const verdict = judge(subject, judged);
        const searched = subject.decide(judged);
        if (verdict !== "not-applicable" && searched !== "unknown") expect(verdict).toBe(searched);
      }),
      { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 20) },
    );
  });

  it(`leaves repeated elements to the search, which is right about them ${withSeed}`, () => {
    const shape = { ...small, stepsMax: 7, repeats: true };
    fc.assert(
      fc.property(randomCollection(kind, shape), (history) => {
        const put = history.steps.flatMap(({ f, input }) => (f === 0 ? [input] : []));
        const elements = [...history.init, ...put];
        const verdict = subject.algorithm.examine(viewOf(history)).valid;
        if (new Set(elements).size < elements.length) expect(verdict).toBe("not-applicable");
        const searched = subject.decide(history);
        if (searched !== "unknown") expect(searched).toBe(isLinearizable(history));
      }),
      { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 4) },
    );
  });

  it("is asked about histories of both kinds, and rarely passes", () => {
    const runs = 600;
    const sample = fc.sample(randomCollection(kind, small), { seed: sampleSeed, numRuns: runs });
    const verdicts = sample.map((history) => judge(subject, history));
    const share = (wanted: (typeof verdicts)[number]): number =>
      verdicts.filter((verdict) => verdict === wanted).length / runs;
    expect(share(true)).toBeGreaterThan(0.4);
    expect(share(false)).toBeGreaterThan(0.12);
    expect(share("not-applicable")).toBeLessThan(0.05);
  });
});
