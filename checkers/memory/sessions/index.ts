/** Session guarantees: read your writes, monotonic reads, monotonic writes, writes follow reads. */

export {
  decideInEveryReading,
  decideSessions,
  violatedSets,
  violatedSetsInEveryReading,
} from "./decide.js";
export {
  type Guarantee,
  guaranteeSets,
  guarantees,
  type Reading,
  readings,
  violationType,
} from "./guarantees.js";
