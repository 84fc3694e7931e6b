/** What every format's reader into columns offers to those who drive it. */

import type { ColumnsBuilder } from "./columns-builder.js";
import type { TextReader } from "./recording.js";

export interface ColumnsReader extends TextReader<string[]> {
  readonly builder: ColumnsBuilder;
  readonly lineOf: (position: number) => number;
  /** Whether nothing yet to come can change what the columns say of the events so far. */
  readonly settled: boolean;
  /** Completes the columns of `builder`. What was put right while reading, one line each. */
  end(): string[];
}
