/** The session guarantees of Terry et al. (PDIS 1994), and their sets. */

export const guarantees = [
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
] as const;

export type Guarantee = (typeof guarantees)[number];

/**
 * Terry's text speaks of the write sets of servers, and leaves open what a read may see.
 * `arbitration`: a store in which the last write wins, and a read returns the last of those it sees;
 * `views`: a store which applies writes as they arrive, at each session in an order of its own.
 * In both a session's writes to one key keep their order.
 */
export const readings = ["arbitration", "views"] as const;

export type Reading = (typeof readings)[number];

/** All sets but the empty one, smaller ones first, each in the order of `guarantees`. */
export const guaranteeSets: readonly (readonly Guarantee[])[] = Array.from({ length: 15 }, (_, i) =>
  guarantees.filter((_, bit) => ((i + 1) & (1 << bit)) !== 0),
).sort((a, b) => a.length - b.length);

/** The name of the violation of a set. */
export function violationType(set: readonly Guarantee[]): string {
  return `${guarantees.filter((guarantee) => set.includes(guarantee)).join("+")}-violation`;
}

export interface Chosen {
  readYourWrites: boolean;
  monotonicReads: boolean;
  monotonicWrites: boolean;
  writesFollowReads: boolean;
}

export function chosen(set: readonly Guarantee[]): Chosen {
  return {
    readYourWrites: set.includes("read-your-writes"),
    monotonicReads: set.includes("monotonic-reads"),
    monotonicWrites: set.includes("monotonic-writes"),
    writesFollowReads: set.includes("writes-follow-reads"),
  };
}
