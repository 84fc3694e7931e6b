/** What the service asks of a lock, whatever makes it one. */

import type { JsonObject } from "../../src/base/json.js";

/** A lock that was granted to somebody on this node. */
export interface Held {
  /** Grows from one holder of the key to the next. */
  token: number;
  /** Only who knows it can release. */
  owner: string;
  /** On this node's monotonic clock: the grantors count the lease from here or later. */
  sinceMs: number;
  /** By the grantors' clocks. */
  leaseMs: number;
}

export interface Lock {
  /** Tries until `untilMs` of the monotonic clock; undefined, and then `asker` holds nothing. */
  acquire(key: string, asker: string, untilMs: number): Promise<Held | undefined>;
  /** Frees the lock if it is this owner's. False when no quorum has heard of it in time. */
  release(key: string, held: Pick<Held, "token" | "owner">): Promise<boolean>;
  /** This node's part as one of those who grant; undefined when the message is not for it. */
  serve(body: JsonObject): Promise<JsonObject> | undefined;
}
