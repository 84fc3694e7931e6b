/** What every format's reader into transactional columns offers to those who drive it. */

import type { TextReader } from "./recording.js";
import type { TransactionsBuilder } from "./transactions-builder.js";

export interface TransactionsReader extends TextReader<string[]> {
  readonly builder: TransactionsBuilder;
  readonly lineOf: (position: number) => number;
  /** What was put right while reading, one line each. */
  end(): string[];
}
