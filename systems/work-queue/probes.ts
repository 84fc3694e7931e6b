/** Branches of the queue that a campaign should reach. */

export const workQueueProbes = [
  "a producer sent a job again",
  "the broker met a job that it has",
  "the broker refused a job that came before its turn",
  "the broker restarted with jobs under way",
  "a job was delivered again",
  "a consumer renewed its lease",
  "a consumer gave up a job, its lease being over",
  "an effect was asked for again, and was there",
  "a row of the outbox was published again",
] as const;

export type WorkQueueProbe = (typeof workQueueProbes)[number];
