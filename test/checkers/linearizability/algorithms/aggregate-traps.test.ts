/** Small histories of counters, locks, sets, logs and generators that a careless rule gets wrong. */

import { describe, expect, it } from "vitest";
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
import { PENDING } from "../../../../histories/columns.js";
import type { Json } from "../../../../src/base/json.js";
import { viewOf } from "./random-objects.js";
import * as objects from "./small-objects.js";

/** Process, function, input, output, and the positions of the two events. */
type Row = readonly [number, string, Json, Json, number, number];

interface Trap {
  title: string;
  valid: boolean | "not-applicable";
  init?: Json;
  rows: readonly Row[];
}

function judged(
  algorithm: Algorithm,
  object: objects.SmallObject,
  { init = null, rows }: Trap,
): boolean | "not-applicable" {
  const steps = rows.map(([process, f, input, output, invoked, completed]) => {
    return { process, f: object.functions.indexOf(f), input, output, invoked, completed };
  });
  return algorithm.examine(viewOf({ object, init, steps })).valid;
}

function check(
  title: string,
  algorithm: Algorithm,
  object: objects.SmallObject,
  traps: readonly Trap[],
): void {
  describe(title, () => {
    it.each(traps)("$title: $valid", (trap) => {
      expect(judged(algorithm, object, trap)).toBe(trap.valid);
    });
  });
}

const add = (from: number, to: number, delta = 1): Row => [from, "add", delta, null, from, to];
const read = (value: Json, from: number, to: number): Row => [from, "read", null, value, from, to];

check("a counter", unitCounter, objects.counter, [
  { title: "reads what was added", valid: true, rows: [add(0, 1), read(1, 2, 3)] },
  { title: "misses what was added", valid: false, rows: [add(0, 1), read(0, 2, 3)] },
  { title: "reads what nobody added", valid: false, rows: [add(0, 1), read(2, 2, 3)] },
  { title: "reads a fraction", valid: false, rows: [add(0, 3), read(0.5, 1, 2)] },
  { title: "reads less than it started with", valid: false, rows: [read(-1, 0, 1)] },
  { title: "reads no number", valid: false, rows: [read("1", 0, 1)] },
  { title: "reads null before the first add", valid: true, rows: [read(null, 0, 1)] },
  {
    title: "counts a crashed add when it must",
    valid: true,
    rows: [add(0, PENDING), read(1, 1, 2)],
  },
  {
    title: "takes a crashed add for an early read, which counts for good",
    valid: false,
    rows: [add(0, PENDING), read(1, 1, 2), add(3, 4), read(1, 5, 6)],
  },
  {
    title: "goes down from its initial value",
    valid: true,
    init: 3,
    rows: [add(0, 1, -1), add(2, 4, -1), read(1, 3, 5)],
  },
  {
    title: "does not count a crashed add that came too late",
    valid: false,
    rows: [read(1, 0, 1), add(2, PENDING)],
  },
  {
    title: "ignores adds of nothing",
    valid: true,
    rows: [add(0, 1, 0), add(2, 3, 7), read(7, 4, 5)],
  },
  {
    title: "has adds of different sizes",
    valid: "not-applicable",
    rows: [add(0, 1, 1), add(2, 3, 2)],
  },
]);

const acquire = (from: number, to: number, input: Json = null): Row => {
  return [from, "acquire", input, null, from, to];
};
const release = (from: number, to: number, input: Json = null): Row => {
  return [from, "release", input, null, from, to];
};

check("a mutex", mutexMonitor, objects.mutex, [
  { title: "is acquired twice", valid: false, rows: [acquire(0, 1), acquire(2, 3)] },
  { title: "is released while free", valid: false, rows: [release(0, 1)] },
  {
    title: "is released by a crashed client",
    valid: true,
    rows: [acquire(0, 1), release(2, PENDING), acquire(3, 4)],
  },
  {
    title: "is released by a crashed client once only",
    valid: false,
    rows: [acquire(0, 1), release(2, PENDING), acquire(3, 4), acquire(5, 6)],
  },
  {
    title: "goes from hand to hand at one moment",
    valid: true,
    rows: [acquire(0, 9), acquire(1, 8), release(2, 7), release(3, 6)],
  },
]);

check("a semaphore", semaphoreMonitor, objects.semaphore, [
  {
    title: "of 5 has room for two times 2",
    valid: true,
    init: 5,
    rows: [acquire(0, 1, 2), acquire(2, 3, 2)],
  },
  {
    title: "of 5 has no room for three times 2",
    valid: false,
    init: 5,
    rows: [acquire(0, 1, 2), acquire(2, 3, 2), acquire(4, 5, 2)],
  },
  { title: "of 1 has no room for 2", valid: false, init: 1, rows: [acquire(0, 1, 2)] },
  {
    title: "of 1 needs not serve a crashed acquire of 2",
    valid: true,
    init: 1,
    rows: [acquire(0, PENDING, 2)],
  },
  { title: "gets back more than it gave", valid: false, init: 2, rows: [release(0, 1)] },
  {
    title: "serves different numbers",
    valid: "not-applicable",
    init: 3,
    rows: [acquire(0, 1, 1), acquire(2, 3, 2)],
  },
]);

const owned = (process: number, f: string, from: number, to: number): Row => {
  return [process, f, null, null, from, to];
};

check("an owned mutex", ownedMutexMonitor, objects.ownedMutex, [
  {
    title: "is released by somebody else",
    valid: false,
    rows: [owned(1, "acquire", 0, 1), owned(2, "release", 2, 3)],
  },
  {
    title: "is acquired twice by its holder",
    valid: false,
    rows: [owned(1, "acquire", 0, 1), owned(1, "acquire", 2, 3)],
  },
  {
    title: "is free while a crashed acquire is open",
    valid: true,
    rows: [owned(1, "acquire", 0, PENDING), owned(2, "acquire", 1, 2)],
  },
  {
    title: "is held for good by who never releases it",
    valid: false,
    rows: [owned(1, "acquire", 0, 1), owned(2, "acquire", 2, 3)],
  },
  {
    title: "is free after a crashed release",
    valid: true,
    rows: [
      owned(1, "acquire", 0, 1),
      owned(1, "release", 2, PENDING),
      owned(2, "acquire", 3, 4),
      owned(2, "release", 5, 6),
    ],
  },
  {
    title: "is handed over while the release is under way",
    valid: true,
    rows: [owned(1, "acquire", 0, 1), owned(1, "release", 2, 5), owned(2, "acquire", 3, 4)],
  },
  {
    title: "serves a client with two operations open",
    valid: "not-applicable",
    rows: [owned(1, "acquire", 0, 3), owned(1, "release", 1, 2)],
  },
]);

const on = (f: string, output: Json, from: number, to: number): Row => [
  from,
  f,
  7,
  output,
  from,
  to,
];

check("an element of a set", setMonitor, objects.set, [
  {
    title: "uses an untold add for more than looking, because of two removes",
    valid: true,
    init: [7],
    rows: [on("remove", true, 0, 20), on("remove", true, 1, 21), on("add", "ok", 2, 5)],
  },
  {
    title: "saves an add that it may need later",
    valid: true,
    rows: [
      on("add", true, 0, 30),
      on("add", "ok", 1, 10),
      on("contains", true, 2, 5),
      on("remove", true, 6, 20),
      on("contains", true, 21, 25),
    ],
  },
  {
    title: "spends an add that it cannot use later",
    valid: true,
    rows: [on("add", true, 0, 30), on("add", "ok", 1, 10), on("contains", true, 2, 5)],
  },
  {
    title: "is gone because of an untold remove, used at its end",
    valid: true,
    rows: [on("remove", "ok", 0, 10), on("add", "ok", 1, 2), on("contains", false, 11, 12)],
  },
  {
    title: "is gone though nobody can have removed it",
    valid: false,
    rows: [on("remove", "ok", 0, 1), on("add", "ok", 2, 3), on("contains", false, 4, 5)],
  },
  {
    title: "is added twice with success",
    valid: false,
    rows: [on("add", true, 0, 1), on("add", true, 2, 3)],
  },
  {
    title: "is added twice with success around a crashed remove",
    valid: true,
    rows: [on("add", true, 0, 2), on("remove", null, 1, PENDING), on("add", true, 3, 4)],
  },
  {
    title: "answers what tells nothing",
    valid: true,
    rows: [on("contains", null, 0, 1), on("add", 7, 2, 3), on("remove", 7, 4, 5)],
  },
]);

check("a set read as a whole", setMonitor, objects.set, [
  {
    title: "lists an element twice",
    valid: false,
    rows: [on("add", "ok", 0, 1), read([7, 7], 2, 3)],
  },
  { title: "lists what nobody added", valid: false, rows: [read([7], 0, 1)] },
  { title: "has lost what it started with", valid: false, init: [1], rows: [read([], 0, 1)] },
  {
    title: "takes the same element again after the first add",
    valid: false,
    rows: [on("add", "ok", 0, 1), on("add", "ok", 2, 3), read([], 4, 5)],
  },
  {
    title: "has two halves",
    valid: false,
    rows: [add(0, 1, 1), add(2, 3, 2), read([1], 4, 5), read([2], 6, 7)],
  },
  {
    title: "is asked about single elements, too",
    valid: "not-applicable",
    rows: [read([], 0, 1), on("contains", false, 2, 3)],
  },
  {
    title: "is told to remove",
    valid: "not-applicable",
    rows: [read([], 0, 1), on("remove", "ok", 2, 3)],
  },
]);

const append = (element: number, from: number, to: number): Row => {
  return [from, "append", element, null, from, to];
};

check("a list", appendLog, objects.listAppend, [
  { title: "is read before the append", valid: false, rows: [read([1], 0, 1), append(1, 2, 3)] },
  { title: "misses an append", valid: false, rows: [append(1, 0, 1), read([], 2, 3)] },
  { title: "is null while empty", valid: true, rows: [read(null, 0, 1), append(1, 2, 3)] },
  { title: "is read as no list", valid: false, rows: [read("[]", 0, 1)] },
  {
    title: "has elements in another order than they came",
    valid: false,
    rows: [append(1, 0, 1), append(2, 2, 3), read([2, 1], 4, 5)],
  },
  {
    title: "has lost what was appended before the last of a read",
    valid: false,
    rows: [append(1, 0, 1), append(2, 2, 3), read([2], 4, 5)],
  },
  {
    title: "has a crashed append, late",
    valid: true,
    rows: [append(1, 0, PENDING), read([], 1, 2), read([1], 3, 4)],
  },
  { title: "starts with other elements", valid: false, init: [5], rows: [read([], 0, 1)] },
  {
    title: "gets an element twice",
    valid: "not-applicable",
    rows: [append(1, 0, 1), append(1, 2, 3)],
  },
]);

const fetched = (delta: number, sum: Json, from: number, to: number): Row => {
  return [from, "fetch-and-add", delta, sum, from, to];
};

check("fetch-and-add", fetchAndAdd, objects.fetchAndAdd, [
  {
    title: "gives an answer twice",
    valid: false,
    rows: [fetched(1, 0, 0, 3), fetched(1, 0, 1, 2)],
  },
  {
    title: "gives different steps",
    valid: true,
    rows: [fetched(2, 5, 0, 3), fetched(5, 0, 1, 2), read(7, 4, 5)],
  },
  {
    title: "answers in the wrong order",
    valid: false,
    rows: [fetched(1, 1, 0, 1), fetched(1, 0, 2, 3)],
  },
  { title: "reads inside a step", valid: false, rows: [fetched(2, 0, 0, 3), read(1, 1, 2)] },
  { title: "goes down", valid: true, init: 3, rows: [fetched(-1, 3, 0, 1), read(2, 2, 3)] },
  { title: "looks by adding 0", valid: true, rows: [fetched(1, 0, 0, 1), fetched(0, 1, 2, 3)] },
  {
    title: "has a gap that a crashed call fills",
    valid: true,
    rows: [fetched(2, null, 0, PENDING), read(2, 1, 2)],
  },
  {
    title: "has a gap that a crashed call does not fit",
    valid: false,
    rows: [fetched(2, null, 0, PENDING), read(3, 1, 2)],
  },
  {
    title: "has a gap that a crashed call fills too late",
    valid: false,
    rows: [read(2, 0, 1), fetched(2, null, 2, PENDING)],
  },
  {
    title: "has a gap that crashed calls of different steps fill together",
    valid: true,
    rows: [fetched(1, null, 0, PENDING), fetched(2, null, 1, PENDING), read(3, 2, 3)],
  },
  {
    title: "has a gap that the widest crashed call leaves unfilled",
    valid: true,
    rows: [
      fetched(3, null, 0, PENDING),
      fetched(2, null, 1, PENDING),
      fetched(2, null, 2, PENDING),
      read(4, 3, 4),
      read(7, 5, 6),
    ],
  },
  {
    title: "has a gap that no choice of crashed calls seems to fill",
    valid: "not-applicable",
    rows: [fetched(2, null, 0, PENDING), fetched(4, null, 1, PENDING), read(3, 2, 3)],
  },
  {
    title: "goes back in time beside a gap that nobody can fill",
    valid: false,
    rows: [
      fetched(2, null, 0, PENDING),
      fetched(4, null, 1, PENDING),
      read(3, 2, 3),
      read(0, 4, 5),
    ],
  },
  {
    title: "steps up and down",
    valid: "not-applicable",
    rows: [fetched(1, 0, 0, 1), fetched(-1, 1, 2, 3)],
  },
]);

check("unique ids", uniqueIds, objects.uniqueIds, [
  {
    title: "are given twice",
    valid: false,
    rows: [
      [0, "generate", null, 5, 0, 1],
      [1, "generate", null, 5, 2, 3],
    ],
  },
  {
    title: "are not told to the crashed",
    valid: true,
    rows: [
      [0, "generate", null, null, 0, PENDING],
      [1, "generate", null, 0, 2, 3],
    ],
  },
]);
