/**
 * What a certificate says of the history that it is, as JSON: one observation among its events.
 *
 *     {"process":"certificate","type":"info","f":"claim","value":{"type":"G-single-item","proof":…}}
 *     {"process":"certificate","type":"info","f":"serial-order","value":{"relation":"realtime","order":[0,2,…]}}
 *
 * Transactions are named by the positions of their invocations in the certificate, keys and values
 * by themselves. A value that is absent is the initial state of its key.
 */

import type { HistoryEvent } from "../../../histories/history.js";
import { isJsonObject, type Json } from "../../../src/base/json.js";

export const CERTIFICATE = "certificate";
export const CLAIM = "claim";

export type EdgeName = "ww" | "wr" | "rw" | "process" | "realtime";

/** ww: from wrote value, to wrote next. wr: to read value. rw: from read value, to wrote next. */
export interface ClaimedEdge {
  from: number;
  to: number;
  kind: EdgeName;
  key?: Json;
  value?: Json;
  next?: Json;
}

/** A cycle; or two versions, and a proof for each of the orders in which they may have come. */
export type Proof =
  | { edges: ClaimedEdge[] }
  | {
      /** The transactions that wrote the two versions of this key. */
      either: { key: Json; first: number; second: number };
      /** If the first came before the second, and if it did not. */
      cases: [Proof, Proof];
    };

export interface Claim {
  type: string;
  /** The model that the history was judged by. */
  model?: string;
  /** Where the events stood in the whole history, for those who look them up. */
  positions?: readonly number[];
  /** Whose word the order of register versions rests on, where no read shows it. */
  authority?: string;
  /** Of anomalies that are cycles. */
  proof?: Proof;
  /** Of those that are not: where they are, the offender first. */
  finding?: { key?: Json; transactions: number[]; values: Json[] };
}

/** The observation that makes events a certificate; it comes first, at the time of the first event. */
export function claimEvent(claim: Claim, time: number): HistoryEvent {
  const value = JSON.parse(JSON.stringify(claim)) as Json;
  return { index: 0, time, process: CERTIFICATE, type: "info", f: CLAIM, value };
}

/** The claim of a certificate; undefined of other histories. */
export function claimOf(observations: readonly HistoryEvent[]): Claim | undefined {
  const event = observations.find(({ process, f }) => process === CERTIFICATE && f === CLAIM);
  if (event === undefined || !isJsonObject(event.value)) return undefined;
  if (typeof event.value["type"] !== "string") return undefined;
  return event.value as unknown as Claim;
}
