/**
 * Names for violations of keys with appends. A read is taken apart into the pieces that were
 * written; where that can be done in one way only, pieces stand for elements of a list.
 *
 * - garbage-read, aborted-read, future-read: a read that is no sequence of pieces that anybody tried
 *   to write; that nobody but failed operations wrote; that were invoked before it completed.
 * And where no cas was used, every piece was written once, and reads come apart in one way: let a
 * read's *base* be the write whose value it starts with, or the start of the history. A piece was
 * written *after the base* if it was invoked after the base had completed.
 * - duplicate-element: a read contains a piece twice.
 * - stale-read, lost-write: a read lacks a piece that was written after its base and acknowledged
 *   before the read began, so that nothing can have replaced it; another read (no read) contains it.
 * - new-old-inversion: a read contains a piece, and one that began after it completed, with a base
 *   before that piece, does not.
 * - incompatible-order: of two reads with one base, neither is the beginning of the other.
 */

import type { Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { indexes, keyName, ms, show, who } from "../../describe.js";
import { effectOf, named } from "../models/values.js";
import { describe, nonLinearizable, type Violation } from "./violation.js";

export function nameTextViolation(violation: Violation): Anomaly {
  const { operations, breaking } = violation;
  const reads = operations.filter(
    ({ f, outcome, completed }) =>
      named(f) === "read" && outcome === "ok" && completed <= breaking.completed,
  );
  for (const read of reads) {
    const anomaly = nameForeign(violation, read);
    if (anomaly !== undefined) return anomaly;
  }
  return nameList(violation, reads) ?? nonLinearizable(violation);
}

function nameForeign({ key, init, operations }: Violation, read: Operation): Anomaly | undefined {
  const text = read.output ?? "";
  const foreign = (type: string, why: string): Anomaly => ({
    type,
    message: `${who(read)} read ${show(text)} in ${keyName(key)}, ${why}`,
    ops: indexes([read]),
  });
  const composable = (writers: readonly Operation[]): boolean =>
    typeof text === "string" && takeApart(text, piecesOf(writers, init)) !== "none";
  if (!composable(operations)) {
    return foreign("garbage-read", "which is no sequence of what was written to it");
  }
  const succeeded = operations.filter(({ outcome }) => outcome !== "fail");
  if (!composable(succeeded))
    return foreign("aborted-read", "part of which only failed writes wrote");
  if (!composable(succeeded.filter(({ invoked }) => invoked < read.completed))) {
    return foreign("future-read", "part of which was written only later");
  }
  return undefined;
}

interface Pieces {
  /** What a text may begin with, other than an append to nothing. */
  starts: Set<string>;
  appended: Set<string>;
}

function piecesOf(operations: readonly Operation[], init: Json): Pieces {
  const starts = new Set<string>(typeof init === "string" ? [init] : [""]);
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

/** A text as a start and the pieces appended to it. */
interface Parts {
  start: string;
  appended: string[];
}

/** The only way to take a text apart; "many" or "none". O(length * distinct piece lengths). */
function takeApart(text: string, { starts, appended }: Pieces): Parts | "many" | "none" {
  const lengths = [...new Set([...appended].map((piece) => piece.length))];
  /** Per position, the last pieces of up to two sequences that end there; a start is undefined. */
  const ends: (string | undefined)[][] = Array.from({ length: text.length + 1 }, () => []);
  for (const start of starts) if (text.startsWith(start)) ends[start.length]!.push(undefined);
  for (let end = 1; end <= text.length; end++) {
    for (const length of lengths) {
      const before = ends[end - length];
      if (length > end || before === undefined || ends[end]!.length > 1) continue;
      const piece = text.slice(end - length, end);
      if (appended.has(piece)) for (const _ of before) ends[end]!.push(piece);
    }
  }
  if (ends[text.length]!.length !== 1) return ends[text.length]!.length === 0 ? "none" : "many";
  const parts: Parts = { start: "", appended: [] };
  let end = text.length;
  for (let piece = ends[end]![0]; piece !== undefined; piece = ends[end]![0]) {
    parts.appended.unshift(piece);
    end -= piece.length;
  }
  return { ...parts, start: text.slice(0, end) };
}

interface ListRead {
  operation: Operation;
  /** When the base had completed; -1 when it is the start of the history. */
  baseCompleted: number;
  start: string;
  pieces: Set<string>;
  appended: string[];
}

/** The reads as lists of pieces, where that is possible without doubt. */
function asLists(violation: Violation, reads: readonly Operation[]): ListRead[] | undefined {
  const { init, operations } = violation;
  const writers = operations.filter(({ f, outcome }) => named(f) !== "read" && outcome !== "fail");
  const pieces = piecesOf(writers, init);
  const distinct = pieces.starts.size + pieces.appended.size;
  if (init !== null || distinct !== writers.length + 1) return undefined;
  if (writers.some(({ f }) => f === "cas")) return undefined;
  const lists: ListRead[] = [];
  for (const operation of reads) {
    const parts = takeApart((operation.output ?? "") as string, pieces);
    if (typeof parts === "string") return undefined;
    const { start, appended } = parts;
    const base = writers.find(({ f, input }) => named(f) === "write" && input === start);
    if (start !== "" && base === undefined) return undefined;
    const baseCompleted = base === undefined ? -1 : base.completed;
    const all = start === "" ? appended : [start, ...appended];
    lists.push({ operation, baseCompleted, start, appended, pieces: new Set(all) });
  }
  return lists;
}

function nameList(violation: Violation, reads: readonly Operation[]): Anomaly | undefined {
  const lists = asLists(violation, reads);
  if (lists === undefined) return undefined;
  const { key } = violation;
  return (
    duplicate(key, lists) ??
    missedPiece(violation, lists) ??
    inversion(violation, lists) ??
    incompatible(key, lists)
  );
}

function duplicate(key: Json | undefined, lists: readonly ListRead[]): Anomaly | undefined {
  for (const { operation, appended } of lists) {
    const twice = appended.find((piece, i) => appended.indexOf(piece) < i);
    if (twice === undefined) continue;
    return {
      type: "duplicate-element",
      message: `${who(operation)} read ${show(twice)} twice in ${keyName(key)}, where it was appended once`,
      ops: indexes([operation]),
    };
  }
  return undefined;
}

function missedPiece(violation: Violation, lists: readonly ListRead[]): Anomaly | undefined {
  const { key, operations, breaking } = violation;
  for (const { operation: read, pieces, baseCompleted } of lists) {
    const missed = operations.filter(
      ({ f, input, outcome, invoked, completed }) =>
        named(f) !== "read" &&
        outcome === "ok" &&
        completed <= breaking.completed &&
        invoked > baseCompleted &&
        completed < read.invoked &&
        !pieces.has(input as string),
    );
    const witnessOf = ({ input }: Operation) =>
      lists.find((list) => list.pieces.has(input as string))?.operation ??
      laterReads(violation).find(({ output }) => String(output).includes(input as string));
    const write = missed.find((candidate) => witnessOf(candidate) !== undefined) ?? missed.at(-1);
    if (write === undefined) continue;
    const witness = witnessOf(write);
    const seen = witness === undefined ? "nobody ever saw it" : `${who(witness)} saw it`;
    return {
      type: witness === undefined ? "lost-write" : "stale-read",
      message:
        `the ${describe(write)} on ${keyName(key)} was acknowledged, but is not in the read by ` +
        `${who(read)} from ${ms(read.invokedAt)} on; ${seen}`,
      ops: indexes([write, read, ...(witness === undefined ? [] : [witness])]),
    };
  }
  return undefined;
}

/** Reads that completed after the shortest prefix without an explanation. */
function laterReads({ operations, breaking }: Violation): Operation[] {
  return operations.filter(
    ({ f, outcome, completed }) =>
      named(f) === "read" && outcome === "ok" && completed > breaking.completed,
  );
}

function inversion(
  { key, operations }: Violation,
  lists: readonly ListRead[],
): Anomaly | undefined {
  const invokedAt = new Map<string, number>();
  for (const { f, input, outcome, invoked } of operations) {
    if (named(f) !== "read" && outcome !== "fail") invokedAt.set(input as string, invoked);
  }
  for (const later of lists) {
    for (const earlier of lists) {
      if (earlier.operation.completed > later.operation.invoked) continue;
      const gone = [...earlier.pieces].find(
        (piece) => !later.pieces.has(piece) && invokedAt.get(piece)! > later.baseCompleted,
      );
      if (gone === undefined) continue;
      const [first, second] = [earlier.operation, later.operation];
      return {
        type: "new-old-inversion",
        message: `${who(first)} read ${show(gone)} in ${keyName(key)} by ${ms(first.completedAt)}, and after that ${who(second)} did not`,
        ops: indexes([first, second]),
      };
    }
  }
  return undefined;
}

function incompatible(key: Json | undefined, lists: readonly ListRead[]): Anomaly | undefined {
  const longest = new Map<string, ListRead>();
  const byLength = [...lists].sort((a, b) => a.appended.length - b.appended.length);
  for (const list of byLength) {
    const previous = longest.get(list.start);
    longest.set(list.start, list);
    const at = previous?.appended.findIndex((piece, n) => piece !== list.appended[n]) ?? -1;
    if (previous === undefined || at === -1) continue;
    return {
      type: "incompatible-order",
      message:
        `${who(previous.operation)} read ${show(previous.appended[at])} in ${keyName(key)} where ` +
        `${who(list.operation)} read ${show(list.appended[at])}`,
      ops: indexes([previous.operation, list.operation]),
    };
  }
  return undefined;
}
