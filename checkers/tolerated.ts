/**
 * A checker of something that was not promised: what it finds is said, and not held against the
 * service, unless it is of a kind that no service may show.
 *
 * Asynchronous replication may lose what it acknowledged; it may not return what nobody wrote.
 */

import type { Checker } from "./checker.js";

/** Reads of a value that nobody wrote, whose write had failed, or had not begun. */
const neverTolerated = new Set(["garbage-read", "ThinAirRead", "aborted-read", "future-read"]);

const SUFFIX = "-if-promised";

export interface Tolerance {
  /** Nothing at all was promised: not even that a read returns what was written. */
  wholly?: boolean;
}

/** `because` says in a few words why it is not promised. */
export function tolerated(
  checker: Checker,
  because: string,
  { wholly = false }: Tolerance = {},
): Checker {
  const isTolerable = (type: string): boolean => wholly || !neverTolerated.has(type);
  return {
    name: checker.name.endsWith(SUFFIX) ? checker.name : `${checker.name}${SUFFIX}`,
    summary: `${checker.summary}; not promised, so what is found is only noted`,
    check: (history, options) => {
      const { valid, anomalies, reason } = checker.check(history, options);
      const intolerable = anomalies.filter(({ type }) => !isTolerable(type));
      const allowed = anomalies.filter(({ type }) => isTolerable(type));
      const notes = {
        promised: `no: ${because}`,
        held: valid,
        ...(allowed.length > 0
          ? { allowed: allowed.map(({ type, message }) => `${type}: ${message}`) }
          : {}),
        ...(reason === undefined ? {} : { undecided: reason }),
      };
      return { valid: intolerable.length === 0, anomalies: intolerable, notes };
    },
  };
}
