/**
 * Text that arrives in pieces, line by line, and which line each event of a file stood on.
 *
 * A million events need no million line numbers: mostly each stands one line below the last, and
 * only the exceptions are kept.
 */

import { Truncated } from "./truncated.js";
import { doubled } from "./values.js";

/**
 * Cuts pieces of text into lines. Each is handed over as a stretch of a longer text, from `start`
 * up to `end`, without its line end: whoever is in a hurry need not cut it out.
 *
 * A line that stops in the middle of an event may have got its line end from whoever appended it:
 * that is told at the end of the text, as if there were none, and otherwise when more follows.
 */
export class LineSplitter {
  readonly #take: (text: string, start: number, end: number) => void;
  #rest = "";
  /** Of a whole line, nothing but blank ones after it. */
  #cut: Truncated | undefined;

  constructor(take: (text: string, start: number, end: number) => void) {
    this.#take = take;
  }

  push(piece: string): void {
    if (this.#cut !== undefined) {
      if (piece.trim() !== "") throw this.#cut;
      return;
    }
    // A line longer than many pieces must not be searched again with each of them.
    let end = piece.indexOf("\n");
    if (end < 0) {
      this.#rest += piece;
      return;
    }
    end += this.#rest.length;
    const text = this.#rest + piece;
    let start = 0;
    try {
      for (; end >= 0; end = text.indexOf("\n", start)) {
        this.#take(text, start, end);
        start = end + 1;
      }
    } catch (error) {
      const isLast = text.slice(end).trim() === "";
      if (!(error instanceof Truncated) || !error.isEvident || !isLast) throw error;
      this.#cut = error;
      start = text.length;
    }
    this.#rest = text.slice(start);
  }

  /** Hands over a last line without a line end: true when there was one. */
  end(): boolean {
    if (this.#cut !== undefined) throw this.#cut;
    const rest = this.#rest;
    this.#rest = "";
    if (rest !== "") this.#take(rest, 0, rest.length);
    return rest !== "";
  }
}

/** The line of every event, by position. O(exceptions) memory, O(log exceptions) to look up. */
export class LineIndex {
  /** Events from position `#from[i]` on are on lines `#line[i]`, `#line[i] + 1`, … */
  #from = new Int32Array(16);
  #line = new Int32Array(16);
  #runs = 0;
  #next = Number.NaN;

  /** To be called for one position after another, from 0. */
  note(position: number, line: number): void {
    if (line !== this.#next) {
      if (this.#runs === this.#from.length) {
        this.#from = doubled(this.#from, Int32Array);
        this.#line = doubled(this.#line, Int32Array);
      }
      this.#from[this.#runs] = position;
      this.#line[this.#runs] = line;
      this.#runs += 1;
    }
    this.#next = line + 1;
  }

  /** The line, counted from 1, of a position that was noted. */
  readonly lineOf = (position: number): number => {
    let low = 0;
    let high = this.#runs;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#from[middle]! <= position) low = middle;
      else high = middle;
    }
    return this.#line[low]! + position - this.#from[low]!;
  };
}
