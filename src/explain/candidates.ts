/**
 * Values that a read might have returned, before anybody asks which of them were possible: those that
 * were written, and how a whole collection or sum could have come together.
 */

import type { History, HistoryEvent, Operation } from "../../histories/index.js";
import { canonical, type Json, jsonEquals } from "../base/json.js";

/** Something that an operation read. */
export interface Reading {
  /** Which micro-operation; null where the operation is one read. */
  micro: number | null;
  key: Json;
  returned: Json;
}

/** What an operation read; nothing unless it was answered. */
export function readingsOf({ f, key = null, output, outcome, input }: Operation): Reading[] {
  if (outcome !== "ok") return [];
  if (f === "txn" && Array.isArray(output)) {
    return output.flatMap((micro, i): Reading[] =>
      isMicro(micro) && micro[0] === "r" ? [{ micro: i, key: micro[1], returned: micro[2] }] : [],
    );
  }
  const reads = f === "read" || f === "dequeue";
  return reads && input === null ? [{ micro: null, key, returned: output }] : [];
}

/** The completion of a read, had it returned something else. */
export function returning(event: HistoryEvent, { micro }: Reading, value: Json): HistoryEvent {
  if (micro === null) return { ...event, value };
  const micros = event.value as Json[];
  return {
    ...event,
    value: micros.map((one, i) => (i === micro ? [...(one as Json[]).slice(0, 2), value] : one)),
  };
}

/** At most so many values are tried for one read. */
const CANDIDATES_MAX = 100;

/**
 * Candidates in a stable order, what was returned among them. A register holds its initial null or
 * what somebody wrote; a list some of the elements in any order while they are few, else the beginning
 * of one that was seen; a set what it is with an element more or less; a counter any whole number
 * between the least and the greatest sum.
 */
export function candidates(reading: Reading, history: History): Json[] {
  const { returned, key } = reading;
  const own = history.operations.filter((operation) => jsonEquals(operation.key ?? null, key));
  const values =
    reading.micro !== null
      ? ofTransactions(reading, history)
      : Array.isArray(returned)
        ? ofSet(returned, own)
        : own.some(({ f }) => f === "add")
          ? ofCounter(own)
          : ofRegister(own);
  const unique = new Map([...values, returned].map((value) => [canonical(value), value]));
  return [...unique.values()].slice(0, CANDIDATES_MAX);
}

/** The operation that wrote a value, where it is one. */
export function writerOf(value: Json, { micro, key }: Reading, history: History): Operation | null {
  const writes = ({ f, input, key: at = null, outcome }: Operation): boolean => {
    if (outcome === "fail") return false;
    if (micro !== null) {
      const last = Array.isArray(value) ? value.at(-1) : value;
      return microsOf(input).some(
        ([what, on, written]) =>
          what !== "r" && last !== undefined && jsonEquals(on, key) && jsonEquals(written, last),
      );
    }
    if (!jsonEquals(at, key)) return false;
    if (f === "cas") return Array.isArray(input) && jsonEquals(input[1], value);
    return (f === "write" || f === "enqueue") && jsonEquals(input, value);
  };
  return value === null ? null : (history.operations.find(writes) ?? null);
}

function ofRegister(own: readonly Operation[]): Json[] {
  const written = own.flatMap(({ f, input }): Json[] => {
    if (f === "cas") return Array.isArray(input) ? [input[1] ?? null] : [];
    return f === "write" || f === "enqueue" ? [input] : [];
  });
  return [null, ...written];
}

function ofSet(returned: readonly Json[], own: readonly Operation[]): Json[] {
  const added = own.flatMap(({ f, input, outcome }) =>
    f === "add" && outcome !== "fail" ? [input] : [],
  );
  const acknowledged = own.flatMap(({ f, input, outcome }) =>
    f === "add" && outcome === "ok" ? [input] : [],
  );
  const isIn = (elements: readonly Json[], element: Json): boolean =>
    elements.some((one) => jsonEquals(one, element));
  const lacking = added.filter((element) => !isIn(returned, element));
  return [
    [...returned],
    sorted(acknowledged),
    sorted([...returned, ...lacking]),
    ...lacking.map((element) => sorted([...returned, element])),
    ...returned.map((element) => returned.filter((one) => !jsonEquals(one, element))),
  ];
}

function sorted(elements: readonly Json[]): Json[] {
  return [...elements].sort((a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : canonical(a) < canonical(b) ? -1 : 1,
  );
}

function ofCounter(own: readonly Operation[]): Json[] {
  const deltas = own.flatMap(({ f, input, outcome }) =>
    f === "add" && outcome !== "fail" && typeof input === "number" ? [input] : [],
  );
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const least = sum(deltas.filter((delta) => delta < 0));
  const most = sum(deltas.filter((delta) => delta > 0));
  const count = Math.min(most - least + 1, CANDIDATES_MAX);
  return Array.from({ length: count }, (_, i) => least + i);
}

function ofTransactions({ key, returned }: Reading, { operations }: History): Json[] {
  const micros = operations.flatMap(({ input, output, outcome }) =>
    outcome === "fail" ? [] : microsOf(outcome === "ok" ? output : input),
  );
  const on = micros.filter(([, at]) => jsonEquals(at, key));
  const written = on.flatMap(([what, , value]) => (what === "r" ? [] : [value]));
  if (!Array.isArray(returned) && on.every(([, , value]) => !Array.isArray(value))) {
    return [null, ...written];
  }
  const lists = on.flatMap(([, , value]) => (Array.isArray(value) ? [value] : []));
  if (written.length <= ARRANGED_MAX) return arrangements(written);
  const unseen = (list: readonly Json[]): Json[] =>
    written.filter((value) => !list.some((one) => jsonEquals(one, value)));
  return lists.flatMap((list) => [
    ...Array.from({ length: list.length + 1 }, (_, i) => list.slice(0, i)),
    ...unseen(list).map((value) => [...list, value]),
  ]);
}

/** Of so few elements every list is tried. */
const ARRANGED_MAX = 4;

/** Every list of some of the elements, each once, the short ones first. */
function arrangements(elements: readonly Json[]): Json[][] {
  const result: Json[][] = [[]];
  for (const list of result) {
    for (const element of elements) {
      if (!list.some((one) => jsonEquals(one, element))) result.push([...list, element]);
    }
  }
  return result;
}

type Micro = readonly [what: string, key: Json, value: Json];

function isMicro(value: Json | undefined): value is [string, Json, Json] {
  return Array.isArray(value) && value.length === 3 && typeof value[0] === "string";
}

function microsOf(value: Json): Micro[] {
  return Array.isArray(value) ? value.filter(isMicro) : [];
}
