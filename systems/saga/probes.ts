/** Branches of a saga that a campaign should reach. */

export const sagaProbes = [
  "a saga was compensated",
  "a saga went on after a restart",
  "a step came after its undo",
  "a step was not answered, and compensated",
  "an event was sent again",
  "an undo came before its step",
] as const;

export type SagaProbe = (typeof sagaProbes)[number];
