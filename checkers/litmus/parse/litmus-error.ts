/** What is wrong with a litmus test, where, and what to do about it. */

import { UsageError } from "../../../src/base/errors.js";

export class LitmusError extends UsageError {
  override name = "LitmusError";

  constructor(
    readonly file: string,
    /** Both count from 1. */
    readonly line: number,
    readonly column: number,
    what: string,
  ) {
    super(`${file}:${line}:${column}: ${what}`);
  }
}
