/**
 * What a history tells of each access, by values: what it found and what it left. No sources: which
 * write a value came from is for the models to say.
 *
 * Left out are operations that failed, and reads and fences without an answer. Writes and updates of
 * unknown outcome happened or did not: `completions` gives every choice.
 */

import type { History, Operation } from "../../../../histories/history.js";
import type { Json } from "../../../../src/base/json.js";

export interface Access {
  /** 0, 1, … */
  session: number;
  /** Position in its session. */
  place: number;
  kind: "read" | "write" | "update" | "fence";
  /** 0, 1, …; -1 of a fence. */
  key: number;
  /** The value that a read or update found; undefined of an update whose answer was lost. */
  found?: Value;
  /** The value that a write or update left. */
  left?: Value;
  /** Nobody knows whether it happened. */
  isPending: boolean;
  isFinal: boolean;
  /** Positions of the events in the history. */
  invoked: number;
  completed: number;
}

/** Values as text, equal where the values are. */
export type Value = string;

export const asValue = (json: Json): Value => JSON.stringify(json);

export const isRead = ({ kind }: Access): boolean => kind === "read" || kind === "update";
export const isWrite = ({ kind }: Access): boolean => kind === "write" || kind === "update";

/** Session after session, each in its order. */
export function accessesOf({ operations }: History): Access[] {
  const keys = new Map<Value, number>();
  const sessions = new Map<number, Access[]>();
  for (const operation of operations) {
    if (operation.outcome === "fail") continue;
    if (operation.outcome === "info" && /^(read|fence)$/.test(operation.f)) continue;
    const own = sessions.get(operation.process) ?? [];
    sessions.set(operation.process, own);
    const session = [...sessions.keys()].indexOf(operation.process);
    const name = asValue(operation.key ?? null);
    if (operation.f !== "fence" && !keys.has(name)) keys.set(name, keys.size);
    const key = operation.f === "fence" ? -1 : keys.get(name)!;
    own.push({
      ...effectOf(operation),
      session,
      place: own.length,
      key,
      ...circumstances(operation),
    });
  }
  return [...sessions.values()].flat();
}

function circumstances({ outcome, final, invoked, completed }: Operation) {
  return { isPending: outcome === "info", isFinal: final, invoked, completed };
}

function effectOf({
  f,
  input,
  output,
  outcome,
}: Operation): Pick<Access, "kind" | "found" | "left"> {
  switch (f) {
    case "read":
      return { kind: "read", found: asValue(output) };
    case "write":
      return { kind: "write", left: asValue(input) };
    case "cas": {
      const [from, to] = input as [Json, Json];
      return { kind: "update", found: asValue(from), left: asValue(to) };
    }
    case "swap":
      return {
        kind: "update",
        left: asValue(input),
        ...(outcome === "ok" ? { found: asValue(output) } : {}),
      };
    case "fence":
      return { kind: "fence" };
    default:
      throw new Error(`the oracle knows no ${f}`);
  }
}

/** The history with every choice of its pending accesses having happened. 2^pending of them. */
export function* completions(accesses: readonly Access[]): Generator<Access[]> {
  const pending = accesses.filter(({ isPending }) => isPending);
  for (let chosen = 0; chosen < 1 << pending.length; chosen++) {
    yield accesses.filter(
      (access) => !access.isPending || (chosen & (1 << pending.indexOf(access))) !== 0,
    );
  }
}

/** How many keys the accesses speak of, at most. */
export function keyCount(accesses: readonly Access[]): number {
  return Math.max(0, ...accesses.map(({ key }) => key + 1));
}

/** Whether the first comes before the second in one session. */
export function isSessionOrdered(first: Access, second: Access): boolean {
  return first.session === second.session && first.place < second.place;
}
