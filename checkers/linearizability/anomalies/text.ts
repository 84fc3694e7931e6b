/**
 * Names for violations of keys with appends. A read is taken apart into the pieces that were
 * written; where that can be done in one way only, pieces stand for elements of a list.
 *
 * - garbage-read, aborted-read, future-read: a read that is no sequence of pieces that anybody tried
 *   to write; that nobody but failed operations wrote; that were invoked before it completed.
 * - And where no cas was used, every piece was written once, and reads come apart in one way: the
 *   names of lists.ts.
 */

import type { Operation } from "../../../histories/history.js";
import { canonical, type Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { keyName, show, who } from "../../describe.js";
import { effectOf } from "../models/values.js";
import { named } from "./functions.js";
import { type ListRead, ListStory } from "./list-story.js";
import { listDetectors } from "./lists.js";
import { type Pieces, takeApart } from "./pieces.js";
import {
  inOrderOfReturn,
  isAcknowledged,
  mayHaveHappened,
  type Name,
  nameBy,
  nonLinearizable,
  type Violation,
} from "./violation.js";

export function nameTextViolation(violation: Violation): Anomaly {
  const reads = violation.operations
    .filter((operation) => named(operation.f) === "read" && isAcknowledged(operation))
    .toSorted(inOrderOfReturn);
  for (const read of reads) {
    const foreign = nameForeignText(violation, read);
    if (foreign !== undefined) return nameBy(violation, foreign, [(name) => name]);
  }
  const story = asLists(violation, reads);
  return story === undefined ? nonLinearizable(violation) : nameBy(violation, story, listDetectors);
}

function nameForeignText({ key, init, operations }: Violation, read: Operation): Name | undefined {
  const text = read.output ?? "";
  const found = `${who(read)} read ${show(text)} in ${keyName(key)}`;
  const isComposedOf = (writers: readonly Operation[]): boolean =>
    typeof text === "string" && takeApart(text, piecesOf(writers, init)) !== "none";
  if (!isComposedOf(operations)) {
    const message = `${found}, which is no sequence of what was written to it`;
    return { type: "garbage-read", message };
  }
  const possible = operations.filter(mayHaveHappened);
  if (!isComposedOf(possible)) {
    return { type: "aborted-read", message: `${found}, part of which only failed writes wrote` };
  }
  if (!isComposedOf(possible.filter(({ invoked }) => invoked < read.completed))) {
    return { type: "future-read", message: `${found}, part of which was written only later` };
  }
  return undefined;
}

function startOf(init: Json): string {
  return typeof init === "string" ? init : "";
}

function piecesOf(operations: readonly Operation[], init: Json): Pieces {
  const starts = new Set([startOf(init)]);
  const appended = new Set<string>();
  for (const operation of operations) {
    const { installs } = effectOf(operation);
    if (typeof installs === "string") starts.add(installs);
    if (installs === null) starts.add("");
    if (operation.f === "append") appended.add(operation.input as string);
  }
  appended.delete("");
  return { starts, appended };
}

/** The reads as lists of pieces, where that is possible without doubt. */
function asLists(
  { key, init, operations }: Violation,
  reads: readonly Operation[],
): ListStory | undefined {
  const writers = operations.filter(
    (operation) => named(operation.f) !== "read" && mayHaveHappened(operation),
  );
  const pieces = piecesOf(writers, init);
  const distinct = new Set([...pieces.starts, ...pieces.appended]).size;
  if (distinct !== writers.length + 1 || writers.some(({ f }) => f === "cas")) return undefined;
  const [appends, writes] = ["append", "write"].map((f) =>
    writers
      .filter((operation) => named(operation.f) === f)
      .map((operation) => ({ operation, text: canonical(operation.input) })),
  );
  const lists: ListRead[] = [];
  for (const operation of reads) {
    const parts = takeApart((operation.output ?? "") as string, pieces);
    if (typeof parts === "string") return undefined;
    const start = canonical(parts.start);
    const base = writes!.find(({ text }) => text === start)?.operation;
    lists.push({ operation, base, elements: parts.appended.map(canonical) });
  }
  return new ListStory(key, lists, appends!, writes!);
}
