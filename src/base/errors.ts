/**
 * The two ways in which Faultline stops early.
 *
 * `UsageError`: what we were given is wrong (exit 2). Its message is one line that says what is
 * wrong, where, and what to do about it. `HarnessError`: our own side broke (exit 4): a promised
 * hash differs, a host died under us. Anything else that is thrown is a programming error, and
 * the command line reports it as exit 4 too.
 */

export class UsageError extends Error {
  override name = "UsageError";
}

/** What is wrong is in one event of a history; whoever knows the file can name its line. */
export class EventError extends UsageError {
  constructor(
    /** The event's index. */
    readonly position: number,
    readonly reason: string,
  ) {
    super(`event ${position}: ${reason}`);
  }
}

export class HarnessError extends Error {
  override name = "HarnessError";
}

/** Throws when an invariant of our own is broken; operating errors are values, not assertions. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new HarnessError(`invariant broken: ${message}`);
}
