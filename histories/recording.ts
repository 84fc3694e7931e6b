/**
 * What a codec hands over: the events of one file, and where each one stood, so that whoever finds
 * fault with an event can name its line.
 */

import type { HistoryEvent } from "./history.js";

export interface Recording {
  events: HistoryEvent[];
  /** The line of the event at a position, counted from 1. */
  lineOf: (position: number) => number;
  /** What was put right while reading, one line each. */
  warnings: string[];
}

/** A codec that is fed the text of a file piece by piece, cut anywhere. */
export interface TextReader<Result> {
  /** @throws UsageError, as does `end`, for what is no history. */
  push(text: string): void;
  /** What the whole text held; to be called once. */
  end(): Result;
}

/** `file:line: `, with whatever of the two is known; the start of every message about a history. */
export function at(source: string | undefined, line?: number): string {
  if (line === undefined) return source === undefined ? "" : `${source}: `;
  return source === undefined ? `line ${line}: ` : `${source}:${line}: `;
}
