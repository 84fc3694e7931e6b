/** Counters, locks, sets, logs and generators: the fast rules decide as the definitions do. */

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Algorithm } from "../../../../checkers/linearizability/algorithm.js";
import { appendLog } from "../../../../checkers/linearizability/algorithms/append-log.js";
import { unitCounter } from "../../../../checkers/linearizability/algorithms/counter.js";
import { fetchAndAdd } from "../../../../checkers/linearizability/algorithms/fetch-and-add.js";
import {
  mutexMonitor,
  semaphoreMonitor,
} from "../../../../checkers/linearizability/algorithms/locks.js";
import { ownedMutexMonitor } from "../../../../checkers/linearizability/algorithms/owned-mutex.js";
import { setMonitor } from "../../../../checkers/linearizability/algorithms/set.js";
import { uniqueIds } from "../../../../checkers/linearizability/algorithms/unique-ids.js";
import { decide } from "../../../../checkers/linearizability/decide.js";
import type { Model } from "../../../../checkers/linearizability/model.js";
import { counter as counterModel } from "../../../../checkers/linearizability/models/counter.js";
import { fetchAndAdd as fetchAndAddModel } from "../../../../checkers/linearizability/models/fetch-and-add.js";
import { listAppend as listAppendModel } from "../../../../checkers/linearizability/models/list-append.js";
import { mutex as mutexModel } from "../../../../checkers/linearizability/models/mutex.js";
import { ownedMutex as ownedMutexModel } from "../../../../checkers/linearizability/models/owned-mutex.js";
import { semaphore as semaphoreModel } from "../../../../checkers/linearizability/models/semaphore.js";
import { set as setModel } from "../../../../checkers/linearizability/models/set.js";
import { uniqueIds as uniqueIdsModel } from "../../../../checkers/linearizability/models/unique-ids.js";
import { prepare } from "../../../../checkers/linearizability/problem.js";
import { counterObject } from "../../../../checkers/linearizability/sequential/counter.js";
import { fetchAndAddObject } from "../../../../checkers/linearizability/sequential/fetch-and-add.js";
import { listAppendObject } from "../../../../checkers/linearizability/sequential/list-append.js";
import {
  mutexObject,
  ownedMutexObject,
  semaphoreObject,
} from "../../../../checkers/linearizability/sequential/locks.js";
import { setObject } from "../../../../checkers/linearizability/sequential/set.js";
import { uniqueIdsObject } from "../../../../checkers/linearizability/sequential/unique-ids.js";
import { findFlaw, type SequentialObject } from "../../../../checkers/linearizability/verify.js";
import type { ObjectView } from "../../../../checkers/linearizability/view.js";
import {
  oracleRuns,
  oracleSeed,
  oracleTimeoutMs,
  sampleSeed,
  withSeed,
} from "../../oracle/runs.js";
import {
  counterLoad,
  fetchAndAddLoad,
  growOnlySetLoad,
  listAppendLoad,
  mutexLoad,
  ownedMutexLoad,
  semaphoreLoad,
  singlesSetLoad,
  uniqueIdsLoad,
} from "./loads.js";
import {
  isLinearizable,
  type Load,
  operationsOf,
  type RandomHistory,
  randomHistory,
  restrictedTo,
  viewOf,
} from "./random-objects.js";

vi.setConfig({ testTimeout: oracleTimeoutMs });

interface Subject {
  title: string;
  load: Load;
  algorithm: Algorithm;
  object: (view: ObjectView) => SequentialObject;
  decide: (history: RandomHistory) => boolean | "unknown";
}

const STEPS_MAX = 50_000;
/** Of a history on which trying every order still ends. */
const CORE_MAX = 12;

function subject<State>(
  load: Load,
  algorithm: Algorithm,
  object: Subject["object"],
  model: Model<State>,
): Subject {
  const bySearch = (history: RandomHistory) => {
    const problem = prepare(model, operationsOf(history), model.init(history.init));
    return decide(problem, STEPS_MAX).valid;
  };
  return { title: load.title, load, algorithm, object, decide: bySearch };
}

const subjects: Subject[] = [
  subject(counterLoad, unitCounter, counterObject, counterModel),
  subject(mutexLoad, mutexMonitor, mutexObject, mutexModel),
  subject(ownedMutexLoad, ownedMutexMonitor, ownedMutexObject, ownedMutexModel),
  subject(semaphoreLoad, semaphoreMonitor, semaphoreObject, semaphoreModel),
  subject(growOnlySetLoad, setMonitor, setObject, setModel),
  subject(singlesSetLoad, setMonitor, setObject, setModel),
  subject(listAppendLoad, appendLog, listAppendObject, listAppendModel),
  subject(fetchAndAddLoad, fetchAndAdd, fetchAndAddObject, fetchAndAddModel),
  subject(uniqueIdsLoad, uniqueIds, uniqueIdsObject, uniqueIdsModel),
];

/** The verdict, after its proof has been checked. */
function judge({ algorithm, object }: Subject, history: RandomHistory) {
  // Every other time the object is one of many that share a table of values.
  const view = viewOf(history, history.steps.length % 2 === 0 ? 0 : 500);
  const finding = algorithm.examine(view);
  if (finding.valid === true) {
    expect(findFlaw(view, algorithm.linearize(view), object(view))).toBeUndefined();
  } else if (finding.valid === false) {
    expect(finding.core).toEqual([...new Set(finding.core)].sort((a, b) => a - b));
    const core = restrictedTo(history, finding.core);
    expect(core.steps.length).toBeGreaterThan(0);
    if (core.steps.length <= CORE_MAX) expect(isLinearizable(core)).toBe(false);
    else expect(algorithm.examine(viewOf(core)).valid).toBe(false);
  }
  return finding.valid;
}

describe.each(subjects)("the rule for a $title", (one) => {
  it(`decides short histories as trying every order does ${withSeed}`, () => {
    const histories = randomHistory(one.load, { stepsMax: 8, clientsMax: 6 });
    fc.assert(
      fc.property(histories, (history) => {
        const verdict = judge(one, history);
        if (verdict !== "not-applicable") expect(verdict).toBe(isLinearizable(history));
      }),
      { seed: oracleSeed, numRuns: oracleRuns },
    );
  });

  it(`decides longer histories as the search does ${withSeed}`, () => {
    const histories = randomHistory(one.load, { stepsMax: 60, clientsMax: 8 });
    fc.assert(
      fc.property(histories, (history) => {
        const verdict = judge(one, history);
        const searched = one.decide(history);
        if (verdict !== "not-applicable" && searched !== "unknown") expect(verdict).toBe(searched);
      }),
      { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 10) },
    );
  });

  it(`puts in order what a real object did for many clients at a time ${withSeed}`, () => {
    const histories = randomHistory(one.load, { stepsMax: 400, clientsMax: 150, honest: true });
    fc.assert(
      fc.property(histories, (history) => {
        expect(judge(one, history)).not.toBe(false);
      }),
      { seed: oracleSeed, numRuns: Math.ceil(oracleRuns / 100) },
    );
  });

  it("meets histories of both kinds, and mostly applies", () => {
    const runs = 600;
    const histories = randomHistory(one.load, { stepsMax: 8, clientsMax: 6 });
    const verdicts = fc
      .sample(histories, { seed: sampleSeed, numRuns: runs })
      .map((history) => judge(one, history));
    const share = (wanted: (typeof verdicts)[number]): number =>
      verdicts.filter((verdict) => verdict === wanted).length / runs;
    expect(share(true)).toBeGreaterThan(0.3);
    expect(share(false)).toBeGreaterThan(0.05);
    expect(share("not-applicable")).toBeLessThan(0.35);
  });
});
