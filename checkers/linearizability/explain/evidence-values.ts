/**
 * Evidence where operations put values and find them: registers, key-value stores, sets, lists,
 * counters. The argument of evidence.ts, type by type:
 *
 * - register, cas-register: an observer found the last install before it in L. That one is not
 *   separated from it by an overwrite, so the observer depends on it and it is kept; what lies
 *   between the two in L is no install, so nothing new comes between them.
 * - kv with appends: a text is the last overwrite followed by pieces. The text starts with what the
 *   overwrite installed and contains every piece, so all of them are kept.
 * - set: each element is a boolean register, and a read observes all of them. (An answer to `add`
 *   says whether the element was there, as a cas does; without one it is a blind write.)
 * - list-append: as a set that only grows; leaving out elements that no kept read contains keeps
 *   the order of the others.
 * - counter: a read depends on every add invoked before it completed. fetch-and-add: so does
 *   everything that returned a sum.
 */

import type { Operation } from "../../../histories/history.js";
import { canonical, type Json } from "../../../src/base/json.js";
import { effectOf, named } from "../models/values.js";
import {
  ALONE,
  type Evidence,
  type EvidenceOf,
  hasEffect,
  isPending,
  type Slot,
  type Trace,
  WITNESS,
} from "./evidence.js";

const CELL = "";

function slot(value: Json): Slot {
  return { cell: CELL, value: canonical(value) };
}

export const ofRegister: EvidenceOf = (_operations, init) => ({
  timed: true,
  startsWith: ({ value }) => value === canonical(init),
  trace(operation) {
    if (!hasEffect(operation)) return ALONE;
    const { observes, installs } = effectOf(operation);
    if (observes !== undefined && installs === undefined && isPending(operation)) return ALONE;
    return {
      ...(observes === undefined ? {} : { needs: observes.map(slot) }),
      ...(installs === undefined ? {} : { fills: slot(installs), overwrites: true }),
      testifies: observes !== undefined && !isPending(operation),
    };
  },
});

/** Null and "" are the same text. */
function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** O(distinct texts) per operation that observes one. */
const ofText: EvidenceOf = (operations, init) => {
  const starts = new Set<string>();
  const pieces = new Set<string>();
  for (const operation of operations.filter(hasEffect)) {
    const { installs } = effectOf(operation);
    if (operation.f === "append") pieces.add(textOf(operation.input));
    else if (installs !== undefined) starts.add(textOf(installs));
  }
  const start = (text: string): Slot => ({ cell: CELL, value: `starts ${text}` });
  const piece = (text: string): Slot => ({ cell: CELL, value: `piece ${text}` });
  const contents = (text: string): Slot[] => [
    ...[...starts].filter((other) => text.startsWith(other)).map(start),
    ...[...pieces].filter((other) => text.includes(other)).map(piece),
  ];
  return {
    timed: true,
    startsWith: ({ value }) => value === start(textOf(init)).value,
    trace(operation) {
      if (!hasEffect(operation)) return ALONE;
      if (operation.f === "append")
        return { fills: piece(textOf(operation.input)), testifies: false };
      const { observes, installs } = effectOf(operation);
      if (observes !== undefined && installs === undefined && isPending(operation)) return ALONE;
      return {
        ...(observes === undefined ? {} : { needs: contents(textOf(observes[0])) }),
        ...(installs === undefined ? {} : { fills: start(textOf(installs)), overwrites: true }),
        testifies: observes !== undefined && !isPending(operation),
      };
    },
  };
};

export const ofKv: EvidenceOf = (operations, init) =>
  operations.some(({ f }) => f === "append")
    ? ofText(operations, init)
    : ofRegister(operations, init);

const IN = "in";
const OUT = "out";

function elements(value: Json): Set<string> {
  return new Set(Array.isArray(value) ? value.map(canonical) : []);
}

/** O(total length of the reads + reads times removed elements). */
export const ofSet: EvidenceOf = (operations, init) => {
  const initially = elements(init);
  const removed = new Set<string>();
  for (const { f, input } of operations) if (f === "remove") removed.add(canonical(input));
  return {
    timed: true,
    startsWith: ({ cell, value }) => initially.has(cell) === (value === IN),
    trace(operation) {
      const { f, input, output } = operation;
      if (!hasEffect(operation)) return ALONE;
      if (f === "read") return isPending(operation) ? ALONE : readOf(elements(output), removed);
      const cell = canonical(input);
      const slotOf = (isIn: boolean): Slot => ({ cell, value: isIn ? IN : OUT });
      if (f === "contains") {
        if (isPending(operation)) return ALONE;
        return { needs: [slotOf(output === true)], testifies: true };
      }
      const adds = f === "add";
      const fills = { fills: slotOf(adds), overwrites: true };
      if (isPending(operation) || typeof output !== "boolean")
        return { ...fills, testifies: false };
      const found = slotOf(adds !== output);
      return output
        ? { ...fills, needs: [found], testifies: true }
        : { needs: [found], testifies: true };
    },
  };
};

function readOf(contents: ReadonlySet<string>, removed: ReadonlySet<string>): Trace {
  const needs = [...contents].map((cell): Slot => ({ cell, value: IN }));
  for (const cell of removed) if (!contents.has(cell)) needs.push({ cell, value: OUT });
  return { needs, testifies: true };
}

export const ofList: EvidenceOf = (_operations, init) => {
  const initially = elements(init);
  return {
    timed: true,
    startsWith: ({ cell }) => initially.has(cell),
    trace(operation) {
      const { f, input, output } = operation;
      if (!hasEffect(operation) || (f === "read" && isPending(operation))) return ALONE;
      if (f === "read") return readOf(elements(output), new Set());
      return { fills: { cell: canonical(input), value: IN }, testifies: false };
    },
  };
};

const SUM: Slot = { cell: CELL, value: "sum" };

/** Functions that answer with the sum; those that do not change it are `read`. */
function ofSum(answers: (f: string) => boolean): EvidenceOf {
  return (): Evidence => ({
    timed: true,
    startsWith: () => true,
    trace(operation) {
      const { f, input } = operation;
      if (!hasEffect(operation)) return ALONE;
      const answered = answers(f) && !isPending(operation);
      if (named(f) === "read") return answered ? { needs: [SUM], testifies: true } : ALONE;
      return {
        ...(input === 0 ? {} : { fills: SUM }),
        ...(answered ? { needs: [SUM] } : {}),
        testifies: answered,
      };
    },
  });
}

export const ofCounter: EvidenceOf = ofSum((f) => f === "read");
export const ofFetchAndAdd: EvidenceOf = ofSum(() => true);

/** unique-ids: no operation says anything about another's state, only that they differ. */
export const ofUniqueIds: EvidenceOf = () => ({
  timed: true,
  startsWith: () => false,
  trace: (operation: Operation) =>
    hasEffect(operation) && !isPending(operation) ? WITNESS : ALONE,
});
