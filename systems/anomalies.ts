/**
 * How the mistakes of replicated stores show to their clients: which anomaly it is depends on who
 * looks when, so that most switches may be reported by any of these.
 */

/** Of registers that are only written and read. */
const ofRegisters = [
  "stale-read",
  "new-old-inversion",
  "double-effect",
  "lost-write",
  "split-brain",
  "non-linearizable",
] as const;

/** Of stores with compare-and-set, too, whose replicas follow one log or one chain. */
export const notLinearizable = [...ofRegisters, "lost-update"] as const;

/** Of replicas that may end apart, too, as no log brings them together. */
export const registersAstray = [...ofRegisters, "divergence"] as const;

/** Of logs that are rewritten: effects that were shown are undone, and replicas end apart. */
export const clientVisible = [...notLinearizable, "aborted-read", "divergence"] as const;
