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

export class HarnessError extends Error {
  override name = "HarnessError";
}

/** Throws when an invariant of our own is broken; operating errors are values, not assertions. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new HarnessError(`invariant broken: ${message}`);
}
