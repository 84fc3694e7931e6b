/** The plan of a litmus run: who does which step of which instance, when, and where. */

import {
  finalLocations,
  functionsOf,
  type KeyForm,
  keyOf,
  placeOf,
  type Source,
  type Step,
  threadsOf,
  wireValue,
} from "../../checkers/litmus/instances/index.js";
import type { LitmusTest } from "../../checkers/litmus/program.js";
import { UsageError } from "../../src/base/errors.js";
import type { Json } from "../../src/base/json.js";
import type { Random } from "../../src/random/random.js";
import type { Service } from "../../systems/system.js";
import type {
  DraftedOperation,
  OperationDraft,
  WorkloadOptions,
  WorkloadScope,
} from "../workload.js";
import { claimOf, placementOf, preparedIn, testOf } from "./options.js";

/** From one thread's beginning to the next one's, on the average; drawn for each instance. */
const GAPS_US = [0, 300, 1_000, 3_000, 10_000, 30_000] as const;
const TIME_LIMIT_US = 5_000_000;

export function plan(scope: WorkloadScope, form: KeyForm): OperationDraft[] {
  const { random, clients, operations, service, options, timeLimitUs = TIME_LIMIT_US } = scope;
  const test = testOf(options);
  checkOffered(test, service);
  claimOf(service, options);
  const threads = threadsOf(test);
  if (clients < threads.length) {
    throw new UsageError(
      `litmus test ${test.name} has ${threads.length} threads, each a client: give --clients ${threads.length} or more`,
    );
  }
  const nodes = placementOf(options, threads.length) ?? threads.map(() => random.int(1 << 16));
  const prepared = preparedIn(test, service);
  const instances = Math.ceil(operations / operationsFor(test, service, 1));
  const lanes = Math.floor(clients / threads.length);
  const slotUs = Math.max(1, Math.floor((timeLimitUs * lanes) / instances));
  const drafts = Array.from({ length: instances }, (_, instance) => {
    const beginUs = Math.floor((instance * slotUs) / lanes);
    const firstClient = (instance % lanes) * threads.length;
    const endUs = Math.min(timeLimitUs, beginUs + slotUs);
    const times = timesOf(threads, { beginUs, endUs, isPrepared: prepared.size > 0, random });
    const preparing = [...prepared].map(
      ([location, value]): OperationDraft => ({
        f: "write",
        key: keyOf(test, form, instance, location),
        value,
        client: firstClient,
        node: nodes[0] as number,
        atUs: beginUs,
      }),
    );
    const own = threads.flatMap(({ steps }, thread) =>
      steps.map(
        (_, i): OperationDraft => ({
          ...draftOf({ test, form, steps, instance, prepared }, i),
          client: firstClient + thread,
          node: nodes[thread] as number,
          atUs: times[thread]?.[i] as number,
        }),
      ),
    );
    return [...preparing, ...own];
  });
  // The last instance may be cut short: it is judged by what there is of it.
  return drafts.flat().slice(0, operations);
}

/** How many operations so many instances are. */
export function operationsFor(test: LitmusTest, service: Service, instances: number): number {
  const steps = threadsOf(test).reduce((sum, thread) => sum + thread.steps.length, 0);
  return instances * Math.max(1, steps + preparedIn(test, service).size);
}

/** @throws UsageError when the service lacks what the test cannot do without. */
function checkOffered(test: LitmusTest, { operations }: Service): void {
  const missing = functionsOf(test).filter((f) => !operations.includes(f));
  if (missing.length === 0) return;
  throw new UsageError(
    `litmus test ${test.name} needs ${missing.join(" and ")}, which this service does not offer: leave it out`,
  );
}

interface Slot {
  beginUs: number;
  endUs: number;
  isPrepared: boolean;
  random: Random;
}

/**
 * Per thread when each step is due; a step waits for the one before it in any case. The threads begin
 * one after the other, in the test's order or in any, with now longer, now shorter gaps.
 */
function timesOf(
  threads: readonly { steps: readonly Step[] }[],
  { beginUs, endUs, isPrepared, random }: Slot,
): number[][] {
  const lengthUs = endUs - beginUs;
  const gapUs = Math.min(random.pick(GAPS_US), Math.floor(lengthUs / (2 * threads.length)));
  const order = threads.map((_, thread) => thread);
  const turns = random.chance(1, 2) ? order : random.shuffle(order);
  const pauseUs = random.chance(1, 3) ? gapUs : 0;
  let nextUs = beginUs + (isPrepared ? lengthUs >> 1 : random.int((lengthUs >> 3) + 1));
  const times: number[][] = [];
  for (const thread of turns) {
    let atUs = nextUs;
    times[thread] = (threads[thread]?.steps ?? []).map(() => {
      const dueUs = Math.min(atUs, endUs - 1);
      atUs += random.int(pauseUs + 1);
      return dueUs;
    });
    nextUs += random.int(2 * gapUs + 1);
  }
  return times;
}

interface Part {
  test: LitmusTest;
  form: KeyForm;
  /** Of one thread. */
  steps: readonly Step[];
  instance: number;
  prepared: ReadonlyMap<number, Json>;
}

function draftOf({ test, form, steps, instance, prepared }: Part, i: number): DraftedOperation {
  const step = steps[i] as Step;
  if (step.f === "fence") return { f: "fence", value: null };
  const { f, location } = step;
  const key = keyOf(test, form, instance, location);
  const sent = (source: Source): Json => {
    if (source.kind === "constant") return wireValue(test, source.value);
    const other = steps[source.step] as Exclude<Step, { f: "fence" }>;
    const first = wireValue(test, test.initial[other.location] as number);
    return { step: source.step, of: keyOf(test, form, instance, other.location), else: first };
  };
  if (step.f === "read") return { f, key, value: { step: i } };
  const value = sent(step.value);
  if (step.f !== "cas") return { f, key, value: f === "write" ? value : { step: i, value } };
  const { expected } = step;
  const isFirst = expected.kind === "constant" && expected.value === test.initial[location];
  const absent = isFirst && !prepared.has(location);
  return {
    f,
    key,
    value: { step: i, from: absent ? null : sent(expected), to: value },
  };
}

/** The final values that the test asks for, of every instance. */
export function finals(
  drafts: readonly DraftedOperation[],
  options?: WorkloadOptions,
): DraftedOperation[] {
  const test = testOf(options);
  const locations = finalLocations(test);
  const places = drafts.flatMap(({ key }) => placeOf(test, key) ?? []);
  const form = places[0]?.form ?? "strings";
  return [...new Set(places.map(({ instance }) => instance))]
    .sort((a, b) => a - b)
    .flatMap((instance) =>
      locations.map((location) => ({
        f: "read",
        key: keyOf(test, form, instance, location),
        value: { step: 0 },
      })),
    );
}
