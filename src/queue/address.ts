/** Where the queue is: a Redis by its address, checked before anything is entrusted to it. */

import { UsageError } from "../base/errors.js";

/** How long a Redis may take to say that it is there. */
const CONNECT_TIMEOUT_MS = 5_000;

export interface QueueAddress {
  /** `redis://[user:password@]host[:port][/db]`, or `rediss://` for TLS. */
  url: string;
  /** The address without its password, for messages. */
  shown: string;
}

/** @throws UsageError when it is no address of a Redis. */
export function parseQueueAddress(text: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === "") {
    throw new UsageError(
      `--queue: ${JSON.stringify(text)} is no address: redis://HOST[:PORT][/DB]`,
    );
  }
  if (!/^\/?\d*$/.test(url.pathname)) {
    throw new UsageError(`--queue: ${url.pathname.slice(1)} is no number of a database`);
  }
  const shown = new URL(url);
  shown.password = url.password === "" ? "" : "***";
  return { url: text, shown: shown.href };
}

/** @throws UsageError in one line when no Redis answers there. */
export async function mustAnswer({ url, shown }: QueueAddress): Promise<void> {
  // Loaded by who has a queue: every campaign would start a tenth of a second later.
  const { Redis } = await import("ioredis");
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  let reason = "";
  redis.on("error", (error: Error) => {
    reason = error.message;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const why = reason || (error as Error).message;
    throw new UsageError(`--queue: no Redis at ${shown}: ${why.split("\n")[0]}`);
  } finally {
    redis.disconnect();
  }
}

/** For BullMQ, which makes its own connections and must not give up on one while it lasts. */
export function connectionTo({ url }: QueueAddress): { url: string; maxRetriesPerRequest: null } {
  return { url, maxRetriesPerRequest: null };
}
