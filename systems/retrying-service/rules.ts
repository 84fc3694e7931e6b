/**
 * How much there is to do, and how long everything may take.
 *
 * The back end can serve 1000/14 = 71 attempts a second. Front ends ask for 32 a second of their own accord,
 * and clients for some more: below what can be served, as long as each is tried about once. Tried three times
 * each, 96 a second, they are above it: whatever makes all attempts fail, for a moment, could last for ever.
 */

/** The back end serves one at a time. */
export const SERVICE_MS = 14;
export const QUEUE_MAX = 64;
/** Requests a second that front ends make, all together. */
export const REQUESTS_PER_SECOND = 32;

/** A request is given up after so long, an attempt after so long, and so many are made. */
export const DEADLINE_MS = 600;
export const ATTEMPT_MS = 100;
export const ATTEMPTS_MAX = 3;
/** What the way there and back may take. */
export const WAY_MS = 5;

/** The longest wait before the first retry; it doubles with each. */
export const BACKOFF_MS = 40;

/** A request earns the fifth part of a retry; so many retries can be saved up. */
export const BUDGET = { earnedPerRequest: 1, paidPerRetry: 5, max: 50 } as const;

/** So many failures in a row open a breaker, for a time between these. */
export const BREAKER = { failures: 10, openMs: [150, 300] } as const;

/** How often a front end records what became of its requests. */
export const WINDOW_MS = 500;
