/**
 * What nodes say to each other while a transaction runs, and when they vote on it. What follows the
 * vote is each protocol's own.
 *
 * A transaction is named after the request that it serves and the attempt: "c1/16#2". No two attempts
 * ever share a name, so that a message that comes late can do no harm to a later one.
 */

import type { Json } from "../../src/hosts/ts/node.js";
import type { Part } from "./log.js";

/** Locks a key at its shard, shared. Answered by `Value` once it is granted. */
export type Read = { type: "read"; transaction: string; born: number; key: string };

export type Value = { type: "value"; value: Json };

/** The transaction has ended before any vote. */
export type Abandon = { type: "abandon"; transaction: string };

export type Prepare = {
  type: "prepare";
  part: Part;
  /** Nobody writes: whoever still has its locks may free them now, and hears no more. */
  readOnly: boolean;
};

/** A read-only voter agrees, and does not ask for the outcome. */
export type Vote = "yes" | "no" | "read-only";

export type Voted = { type: "voted"; transaction: string; vote: Vote };

export type SharedMessage = Read | Abandon | Prepare | Voted;
