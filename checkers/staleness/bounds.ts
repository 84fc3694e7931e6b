/** What is known of a smallest number: exact when both ends are one. */

import type { Json } from "../../src/base/json.js";

export interface Bounds {
  atLeast: number;
  atMost: number;
  /** Why the ends differ. */
  reason?: string;
}

export function exactly(value: number): Bounds {
  return { atLeast: value, atMost: value };
}

export function isExact({ atLeast, atMost }: Bounds): boolean {
  return atLeast === atMost;
}

/** What several objects need together: as much as the one that needs most. */
export function greatest(all: readonly Bounds[], least: number): Bounds {
  const atLeast = all.reduce((most, bounds) => Math.max(most, bounds.atLeast), least);
  const atMost = all.reduce((most, bounds) => Math.max(most, bounds.atMost), least);
  const reason = all.find((bounds) => bounds.atMost > atLeast)?.reason;
  return reason === undefined ? { atLeast, atMost } : { atLeast, atMost, reason };
}

export function asJson({ atLeast, atMost }: Bounds): Json {
  return atLeast === atMost ? atLeast : { atLeast, atMost };
}
