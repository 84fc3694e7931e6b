/**
 * Files whose recorder died in the middle of an event. By default such a file is refused; who asks
 * for it gets the events before, and a warning. Nothing wrong can be concluded from them: an
 * operation whose completion was lost may have happened or not, as any that is open.
 */

import { UsageError } from "../src/base/errors.js";

export interface TruncationOptions {
  /** Leave out a last event that was cut short, with a warning, instead of refusing the file. */
  allowTruncated?: boolean | undefined;
}

/** A text stops in the middle of an event; refused where it is not the end of a file. */
export class Truncated extends UsageError {
  /**
   * @param where starts the message: file and line.
   * @param isEvident whether the text shows that it stops, even where a line end follows.
   */
  constructor(
    readonly where: string,
    reason: string,
    readonly isEvident = true,
  ) {
    super(`${where}${reason}`);
  }
}

/** Reads what is left when there is no more text: warnings. @throws UsageError as `read` does. */
export function readEnd(read: () => void, { allowTruncated }: TruncationOptions): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof Truncated)) throw error;
    if (!allowTruncated) {
      throw new UsageError(`${error.message} (--allow-truncated reads the events before it)`);
    }
    return [`${error.where}the file was cut short: what follows the last whole event is left out`];
  }
}
