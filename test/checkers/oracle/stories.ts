/**
 * Parts of a history: the events of some operations alone, and which operations belong together.
 * A reader is an operation that was told a value (a list is told all its elements, a swap what it
 * found); a writer is one that brings a value in.
 */

import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { renumbered } from "./notation.js";
import { isLook, isTake, type ObjectType } from "./object-types.js";
import { type ObservedOperation, observedOperations } from "./observed-operations.js";

/** The types whose minimal stories are held against their definition. */
export const storyTypes = [
  "register",
  "cas-register",
  "kv",
  "queue",
  "stack",
  "set",
  "list-append",
] as const satisfies readonly ObjectType[];

/** The history of the operations with these invocations, and of no others. */
export function restrictedTo(
  events: readonly HistoryEvent[],
  invocations: readonly number[],
): HistoryEvent[] {
  const kept = invocations.flatMap((invoked) => {
    const { process } = events[invoked]!;
    return [invoked, events.findIndex((e, at) => at > invoked && e.process === process)];
  });
  return renumbered(events.filter((_, at) => kept.includes(at)));
}

/** The value that an operation brings in; undefined when it brings none. */
export function written({ f, input, output }: ObservedOperation): Json | undefined {
  if (f === "cas") return (input as Json[])[1];
  // An add that found its element there has put nothing.
  if (f === "add" && output === false) return undefined;
  return ["write", "put", "enqueue", "push", "add", "append"].includes(f) ? input : undefined;
}

/** The values that an acknowledged operation was told: sets and lists tell each of their elements. */
export function told(
  type: ObjectType,
  { f, input, output, outcome }: ObservedOperation,
): readonly Json[] {
  // A pending swap that took effect had found what it asks for.
  if (f === "cas" && outcome !== "fail") return [(input as Json[])[0]!];
  if (outcome !== "ok") return [];
  if (f === "contains") return output === true ? [input] : [];
  if (!isLook(f) && !isTake(f)) return [];
  const tellsAll = type === "set" || type === "list-append";
  return tellsAll && Array.isArray(output) ? output : [output ?? null];
}

/**
 * Reads told of values that other operations than those listed may have brought in, and none of them;
 * what was there at first needs no writer.
 */
export function orphans(
  type: ObjectType,
  events: readonly HistoryEvent[],
  invocations: readonly number[],
  init: Json,
): ObservedOperation[] {
  const atFirst = initialTexts(init);
  const operations = observedOperations(events).filter(({ outcome }) => outcome !== "fail");
  const kept = operations.filter(({ invoked }) => invocations.includes(invoked));
  // A cas from a value to itself brings nothing in.
  const isNews = (one: ObservedOperation): boolean =>
    !told(type, one)
      .map(textOf)
      .includes(textOf(written(one)));
  const bringing = (some: readonly ObservedOperation[], reader: ObservedOperation) =>
    new Set(
      some
        .filter((one) => isNews(one) && one.invoked < reader.completed)
        .map(written)
        .map(textOf),
    );
  return kept.filter((reader) => {
    const [ofAll, ofKept] = [bringing(operations, reader), bringing(kept, reader)];
    return told(type, reader)
      .map(textOf)
      .some((text) => ofAll.has(text) && !ofKept.has(text) && !atFirst.includes(text));
  });
}

/**
 * What may be taken out of a story at once: a look, or a writer with all that were told its value
 * and, where these bring in values themselves, those that were told them.
 */
export function removable(
  type: ObjectType,
  operations: readonly ObservedOperation[],
): Set<number>[] {
  return operations.flatMap((operation) => {
    const isRead = told(type, operation).length > 0 && written(operation) === undefined;
    if (isRead) return isLook(operation.f) ? [new Set([operation.invoked])] : [];
    return written(operation) === undefined ? [] : [withReaders(type, operation, operations)];
  });
}

function withReaders(
  type: ObjectType,
  writer: ObservedOperation,
  operations: readonly ObservedOperation[],
): Set<number> {
  const together = new Set<ObservedOperation>([writer]);
  // A set grows while it is walked, and the walk comes to what was added.
  for (const member of together) {
    const value = textOf(written(member));
    if (written(member) === undefined) continue;
    for (const reader of operations) {
      if (told(type, reader).map(textOf).includes(value)) together.add(reader);
    }
  }
  return new Set([...together].map(({ invoked }) => invoked));
}

/** Whether every value is brought in once, and none of them is there at first. */
export function isDistinct(operations: readonly ObservedOperation[], init: Json): boolean {
  const values = operations.flatMap((operation) => {
    const value = written(operation);
    return value === undefined ? [] : [textOf(value)];
  });
  const atFirst = initialTexts(init);
  return new Set(values).size === values.length && !atFirst.some((text) => values.includes(text));
}

function initialTexts(init: Json): string[] {
  return [init, ...(Array.isArray(init) ? init : [])].map(textOf);
}

/** The same for two spellings of one value. */
function textOf(value: Json | undefined): string {
  const inOrder = (_: string, part: Json | undefined) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part;
  return JSON.stringify(value, inOrder) ?? "nothing";
}
