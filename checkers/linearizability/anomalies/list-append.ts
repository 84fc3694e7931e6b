/**
 * Names for violations of list-append objects: those of foreign-value.ts for each element of a read
 * (garbage-read also for what is no list at all), and those of lists.ts. A read that lacks what the
 * list started with has a lost-append; one that holds it elsewhere has an incompatible-order.
 */

import type { Operation } from "../../../histories/history.js";
import { canonical } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { keyName, show, who } from "../../describe.js";
import { elementsOf } from "../models/set.js";
import { nameForeignValue } from "./foreign-value.js";
import { named } from "./functions.js";
import { groupBy } from "./group.js";
import { type ListRead, ListStory } from "./list-story.js";
import { listDetectors } from "./lists.js";
import {
  inOrderOfReturn,
  isAcknowledged,
  mayHaveHappened,
  type Name,
  nameBy,
  type Violation,
} from "./violation.js";

export function nameListAppendViolation(violation: Violation): Anomaly {
  const { key, operations } = violation;
  const happened = operations.filter(mayHaveHappened);
  const appends = happened
    .filter(({ f }) => named(f) === "append")
    .map((operation) => ({ operation, text: canonical(operation.input) }));
  const reads = readsOf(operations);
  const initial = elementsOf(violation.init) ?? [];
  const lists = reads.map((operation): ListRead => {
    const elements = (elementsOf(operation.output) ?? []).slice(initial.length);
    return { operation, base: undefined, elements };
  });
  return nameBy(violation, new ListStory(key, lists, appends, []), [
    () => foreignElement(violation, reads, initial),
    () => wrongStart(violation, reads, initial),
    ...listDetectors,
  ]);
}

function readsOf(operations: readonly Operation[]): Operation[] {
  return operations
    .filter((operation) => named(operation.f) === "read" && isAcknowledged(operation))
    .toSorted(inOrderOfReturn);
}

function foreignElement(
  { key, operations }: Violation,
  reads: readonly Operation[],
  initial: readonly string[],
): Name | undefined {
  const attempts = groupBy(
    operations.filter(({ f }) => named(f) === "append"),
    ({ input }) => canonical(input),
  );
  for (const read of reads) {
    const texts = elementsOf(read.output);
    if (texts === undefined) {
      const message = `${who(read)} read ${show(read.output)} from ${keyName(key)}, which is no list`;
      return { type: "garbage-read", message };
    }
    for (const text of texts) {
      if (initial.includes(text)) continue;
      const found = `${who(read)} read ${text} in ${keyName(key)}`;
      const name = nameForeignValue(read, attempts.get(text) ?? [], found, "appended to it");
      if (name !== undefined) return name;
    }
  }
  return undefined;
}

function wrongStart(
  { key }: Violation,
  reads: readonly Operation[],
  initial: readonly string[],
): Name | undefined {
  for (const read of reads) {
    const texts = elementsOf(read.output)!;
    const at = initial.findIndex((text, n) => text !== texts[n]);
    if (at === -1) continue;
    const found = `${who(read)} did not find ${initial[at]} in ${keyName(key)}`;
    return texts.includes(initial[at]!)
      ? { type: "incompatible-order", message: `${found} where it was from the start` }
      : { type: "lost-append", message: `${found}, where it was from the start` };
  }
  return undefined;
}
