/** Branches of the service that a campaign should reach. */

export const retryingServiceProbes = [
  "an attempt failed and was tried again",
  "a retry was not made: the budget is used up",
  "a retry was not made: the deadline is too near",
  "a breaker opened",
  "a breaker closed again",
  "a request was refused by an open breaker",
  "the back end refused an attempt: its queue is full",
  "the back end dropped an attempt: its deadline is over",
] as const;

export type RetryingServiceProbe = (typeof retryingServiceProbes)[number];
