/** What random clients ask of counters, locks, sets, logs and generators. */

import type { Json } from "../../../../src/base/json.js";
import type { Load, Situation } from "./random-objects.js";
import {
  counter,
  fetchAndAdd,
  listAppend,
  mutex,
  ownedMutex,
  semaphore,
  set,
  uniqueIds,
} from "./small-objects.js";

const nearby = (output: Json, choose: (below: number) => number): Json =>
  typeof output === "number" ? output + choose(5) - 2 : output;

/** A list with one element less, more, twice, or elsewhere. */
function bendList(output: Json, choose: (below: number) => number): Json {
  if (typeof output === "boolean") return !output;
  if (!Array.isArray(output)) return output;
  const at = choose(output.length + 1);
  const element = output[choose(Math.max(output.length, 1))] ?? 0;
  switch (choose(5)) {
    case 0:
      return output.toSpliced(at, 1);
    case 1:
      return output.toSpliced(at, 0, element);
    case 2:
      return output.toSpliced(at, 0, choose(8));
    case 3:
      return [...output].reverse();
    default:
      return output.slice(0, at);
  }
}

export const counterLoad: Load = {
  title: "counter",
  object: counter,
  init: (choose) => [null, 0, 3][choose(3)]!,
  ask(choose, { dialect }) {
    if (choose(2) === 0) return { f: 1, input: null };
    const step = [1, 1, -1, 5, 1, 1][dialect]!;
    const other = dialect === 4 ? 0 : dialect === 5 ? 2 : step;
    return { f: 0, input: choose(5) === 0 ? other : step };
  },
  looks: [1],
  bend: nearby,
};

/** Acquire and release in turn, mostly. */
const lock = (choose: (below: number) => number, { last }: Situation) => ({
  f: choose(8) === 0 ? choose(2) : last === 0 ? 1 : 0,
  input: null,
});

export const mutexLoad: Load = {
  title: "mutex",
  object: mutex,
  init: () => null,
  ask: lock,
  lies: 4,
  looks: [],
  bend: (output) => output,
};

export const ownedMutexLoad: Load = { ...mutexLoad, title: "owned mutex", object: ownedMutex };

export const semaphoreLoad: Load = {
  ...mutexLoad,
  title: "semaphore",
  object: semaphore,
  init: (choose) => 1 + choose(5),
  ask(choose, situation) {
    const input = [null, 1, 2, 2, 3, choose(2) + 1][situation.dialect]!;
    return { ...lock(choose, situation), input };
  },
};

export const growOnlySetLoad: Load = {
  title: "set read as a whole",
  object: set,
  init: (choose) => [null, [], [7], [7, 2]][choose(4)]!,
  ask(choose, { count, dialect }) {
    if (choose(2) === 0) return { f: 2, input: null };
    return { f: 0, input: dialect < 3 ? count : choose(3) };
  },
  // In any order, and the empty set as null.
  tell(step, truth, _dialect, choose) {
    if (step.f !== 2) return "ok";
    const list = truth as Json[];
    return choose(2) === 0 ? [...list].reverse() : list;
  },
  looks: [2],
  bend: bendList,
};

export const singlesSetLoad: Load = {
  title: "set asked about elements",
  object: set,
  init: (choose) => [null, [], [0], [0, 1]][choose(4)]!,
  ask: (choose) => ({ f: [0, 0, 1, 1, 3][choose(5)]!, input: choose(5) === 0 ? 1 : 0 }),
  /** Dialects 0, 1: always; 2, 3: only `contains`; 4, 5: sometimes. */
  tell(step, truth, dialect, choose) {
    const tells = step.f === 3 ? choose(10) > 0 : dialect < 2 || (dialect > 3 && choose(2) === 0);
    return tells ? truth : "ok";
  },
  looks: [3],
  bend: bendList,
};

export const listAppendLoad: Load = {
  title: "list-append",
  object: listAppend,
  init: (choose) => [null, [], [70], [70, 20]][choose(4)]!,
  ask(choose, { count, dialect }) {
    if (choose(2) === 0) return { f: 1, input: null };
    return { f: 0, input: dialect === 5 ? choose(8) : count };
  },
  looks: [1],
  bend: bendList,
};

export const fetchAndAddLoad: Load = {
  title: "fetch-and-add",
  object: fetchAndAdd,
  init: (choose) => [null, 0, 3][choose(3)]!,
  ask(choose, { dialect }) {
    if (choose(3) === 0) return { f: 1, input: null };
    const input = [1, 1, 2, -1, choose(3), 1 + choose(3)][dialect]!;
    return { f: 0, input };
  },
  looks: [1],
  bend: nearby,
};

export const uniqueIdsLoad: Load = {
  title: "unique ids",
  object: uniqueIds,
  init: () => null,
  ask: () => ({ f: 0, input: null }),
  looks: [],
  bend: nearby,
};
