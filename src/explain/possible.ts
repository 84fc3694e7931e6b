/**
 * What a correct system could have returned at each read, by the checker's own judgement: a value is
 * possible when the history up to the read's answer, with that value in its place, is not refused.
 *
 * Reads are taken in the order of their answers. One that returned what was not possible is left out
 * of what is asked about the later ones, which would otherwise all be blamed for it. What is wrong
 * and cannot be left out, because it also changed something, ends the account: of what comes after a
 * broken beginning nothing can be said. One verdict for each candidate.
 */

import type { Checker } from "../../checkers/index.js";
import {
  type History,
  type HistoryEvent,
  type Operation,
  toHistory,
} from "../../histories/index.js";
import { type Json, jsonEquals } from "../base/json.js";
import { candidates, type Reading, readingsOf, returning, writerOf } from "./candidates.js";
import type { ExplainedRead, PossibleValue } from "./explanation.js";
import { whoAndWhen } from "./operations.js";
import { shown } from "./words.js";

/** By `Operation.id`, the reads of the operations asked about. */
export function possibleReads(
  history: History,
  checker: Checker,
  asked: (operation: Operation) => boolean = () => true,
): Map<number, ExplainedRead[]> {
  const result = new Map<number, ExplainedRead[]>();
  const beginnings = new Beginnings(history, checker);
  const answered = history.operations
    .filter((operation) => readingsOf(operation).length > 0)
    .sort((a, b) => a.completed - b.completed);
  for (const operation of answered) {
    const readings = readingsOf(operation);
    const isSound = beginnings.accepts(operation);
    if (asked(operation)) {
      const told = readings.map((reading): ExplainedRead => {
        const tried = candidates(reading, history);
        const possible = tried.filter((value) => beginnings.accepts(operation, reading, value));
        return {
          ...reading,
          sound: possible.some((value) => jsonEquals(value, reading.returned)),
          checker: checker.name,
          possible: possible.map((value) => possibleValue(value, reading, history)),
          tried: tried.length,
        };
      });
      if (told.every(({ possible }) => possible.length === 0)) break;
      result.set(operation.id, told);
    }
    if (isSound) continue;
    if (operation.f !== "read") break;
    beginnings.leaveOut(operation);
  }
  return result;
}

/** The history up to some answer, with answers replaced and wrong reads left out. */
class Beginnings {
  readonly #leftOut = new Set<number>();

  constructor(
    private readonly history: History,
    private readonly checker: Checker,
  ) {}

  /** Whether all is well up to an operation's answer, had it read that value (as it did if left out). */
  accepts(operation: Operation, reading?: Reading, value?: Json): boolean {
    const replaced = (event: HistoryEvent): HistoryEvent =>
      reading === undefined || value === undefined || event.index !== operation.completed
        ? event
        : returning(event, reading, value);
    const events = this.history.events
      .slice(0, operation.completed + 1)
      .filter(({ index }) => !this.#leftOut.has(index))
      .map((event, index) => ({ ...replaced(event), index }));
    // Accountants wait for final reads before they say "valid": what they do not refuse may be.
    return this.checker.check(toHistory(events)).valid !== false;
  }

  leaveOut({ invoked, completed }: Operation): void {
    this.#leftOut.add(invoked).add(completed);
  }
}

function possibleValue(value: Json, reading: Reading, history: History): PossibleValue {
  const writer = writerOf(value, reading, history);
  const by =
    writer !== null
      ? `, written by ${whoAndWhen(writer)}`
      : value === null && reading.micro === null
        ? ", nothing there yet"
        : "";
  return { value, by: writer?.id ?? null, words: `${shown(value)}${by}` };
}
