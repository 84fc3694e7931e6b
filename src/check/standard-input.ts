/** What kind of history comes through a pipe, found out without taking anything out of it. */

import { once } from "node:events";
import type { Readable } from "node:stream";

const TRANSACTION = /"f"\s*:\s*"txn"|:f\s+:txn/;

/** Whether what is there first tells of transactions; waits until something is. */
export async function isOfTransactions(stream: Readable): Promise<boolean> {
  if (stream.readableEnded) return false;
  if (stream.readableLength === 0) {
    // A stream says so, too, when it has ended without a byte.
    await once(stream, "readable");
  }
  const chunk = stream.read() as Buffer | string | null;
  if (chunk === null) return false;
  stream.unshift(chunk);
  return TRANSACTION.test(chunk.toString());
}
