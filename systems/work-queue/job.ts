/** What goes through the queue: a job of a client's, and the number that its producer gave it. */

import type { JsonObject } from "../../src/base/json.js";

export interface Job {
  /** By what the client knows it, and by what it is told apart from all others. */
  id: string;
  /** One life of one node: each counts its jobs from 0. */
  producer: string;
  sequence: number;
}

/** Of a message or a record that bears one. */
export function jobOf({ id, producer, sequence }: JsonObject): Job {
  return { id: String(id), producer: String(producer), sequence: Number(sequence) };
}

/** Asks the node that has a part; it may be the one that asks. @throws RpcTimeout, Refusal. */
export type Ask = (body: JsonObject, timeoutMs: number) => Promise<JsonObject>;

/** Where the parts are: all nodes consume and take jobs in; these keep. */
export const parts = ["broker", "store", "ledger"] as const;

export type Part = (typeof parts)[number];

/** One node each, from the first on; nodes share where there are fewer. */
export function nodeOf(part: Part, nodes: readonly string[]): string {
  return nodes[parts.indexOf(part) % nodes.length] as string;
}

export const modes = ["exactly-once", "at-least-once", "at-most-once", "outbox"] as const;

/** How far a clock may be off, in parts per million: what a consumer's lease makes up for. */
export const DRIFT_PPM_MAX = 100_000;
