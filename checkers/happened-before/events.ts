/** Stamped events as nodes record them, and what of them really happened before what. */

import type { History, HistoryEvent } from "../../histories/history.js";
import { isJsonObject, type Json } from "../../src/base/json.js";

/** Lamport's and hybrid stamps are lists, compared from the left; vectors are objects. */
export type TotalStamp = readonly (number | string)[];
export type VectorStamp = { readonly [node: string]: number };

export interface StampedEvent<Stamp = Json> {
  node: string;
  /** The node's own number of it. */
  place: number;
  stamp: Stamp;
  /** Where in the node's sequence of events, from 0. */
  position: number;
  /** How many events of each node it cannot have come before: its past, itself included. */
  past: ReadonlyMap<string, number>;
  /** The event before it at its node, and the sending of the message whose receipt it is. */
  causes: readonly StampedEvent<Stamp>[];
  /** A hybrid clock's: what the calendar said, and by how much a stamp may exceed all it has said. */
  physicalMs?: number;
  boundMs?: number;
  recorded: HistoryEvent;
}

export interface Events {
  /** In the order in which they were recorded, causes first. */
  all: readonly StampedEvent[];
  /** The events of each node, in its order. */
  chains: ReadonlyMap<string, readonly StampedEvent[]>;
  /** Why nothing sure can be said of them. */
  problem?: string;
}

/**
 * Who records an event again, as after a restart, records the same one: the first counts. A cause is
 * recorded before its effect; where it is not, the order of events is not known. O(events x nodes).
 */
export function eventsOf({ observations }: History): Events {
  const all: StampedEvent[] = [];
  const chains = new Map<string, StampedEvent[]>();
  const known = new Map<string, StampedEvent>();
  for (const recorded of observations) {
    const { f, value, process } = recorded;
    if (f !== "event" || !isJsonObject(value)) continue;
    const node = String(process);
    const place = Number(value["place"]);
    if (known.has(nameOf(node, place))) continue;
    const chain = chains.get(node) ?? [];
    const last = chain.at(-1);
    if (last !== undefined && place < last.place) {
      return { all, chains, problem: `${node} recorded its event ${place} after ${last.place}` };
    }
    const causes = last === undefined ? [] : [last];
    const after = value["after"];
    if (isJsonObject(after)) {
      const name = nameOf(String(after["node"]), Number(after["place"]));
      const sent = known.get(name);
      if (sent === undefined) {
        return { all, chains, problem: `nobody recorded ${name}, the cause of ${node}/${place}` };
      }
      causes.push(sent);
    }
    const position = chain.length;
    const event = {
      node,
      place,
      stamp: value["stamp"] ?? null,
      position,
      causes,
      past: pastOf(causes, node, position),
      ...(typeof value["physicalMs"] === "number" ? { physicalMs: value["physicalMs"] } : {}),
      ...(typeof value["boundMs"] === "number" ? { boundMs: value["boundMs"] } : {}),
      recorded,
    };
    chain.push(event);
    chains.set(node, chain);
    known.set(nameOf(node, place), event);
    all.push(event);
  }
  return { all, chains };
}

/** How many events of a node happened before this one. */
export function pastCount({ past, node }: StampedEvent, other: string): number {
  return (past.get(other) ?? 0) - (other === node ? 1 : 0);
}

export function isTotal(stamp: Json): boolean {
  return Array.isArray(stamp) && stamp.every((part) => ["number", "string"].includes(typeof part));
}

export function isVector(stamp: Json): boolean {
  return isJsonObject(stamp) && Object.values(stamp).every((count) => typeof count === "number");
}

function pastOf(
  causes: readonly StampedEvent[],
  node: string,
  position: number,
): Map<string, number> {
  const past = new Map<string, number>();
  for (const cause of causes) {
    for (const [other, count] of cause.past) {
      past.set(other, Math.max(count, past.get(other) ?? 0));
    }
  }
  return past.set(node, position + 1);
}

function nameOf(node: string, place: number): string {
  return `${node}/${place}`;
}
