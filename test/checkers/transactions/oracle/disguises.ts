/**
 * Changes to a history that no verdict may depend on: other names, and another order of events that
 * are neighbours, where neither order tells anything of which transaction was first.
 */

import type { HistoryEvent } from "../../../../histories/history.js";
import type { Json } from "../../../../src/base/json.js";
import { renumbered } from "../../oracle/notation.js";

export type Disguise = (events: readonly HistoryEvent[], pick: number) => HistoryEvent[];

type Told = [f: string, key: Json, value: Json];

export const disguises: Readonly<Record<string, Disguise>> = {
  "other names of keys": (events, pick) =>
    renamed(events, ([f, key, value]) => [f, nameOfKey(key, pick), value]),

  "other values": (events, pick) =>
    renamed(events, ([f, key, value]) => {
      const other = (one: Json): Json => (one === null ? null : otherValue(one, pick));
      return [f, key, Array.isArray(value) ? value.map(other) : other(value)];
    }),

  "other numbers of processes": (events, pick) =>
    events.map((event) => ({ ...event, process: 1000 - ((event.process as number) ^ (pick % 8)) })),

  "neighbouring invocations in the other order": (events, pick) =>
    swapped(events, pick, ({ type }) => type === "invoke"),

  "neighbouring completions in the other order": (events, pick) =>
    swapped(events, pick, ({ type }) => type !== "invoke"),
};

function renamed(events: readonly HistoryEvent[], rename: (micro: Told) => Told): HistoryEvent[] {
  return events.map((event) => ({ ...event, value: (event.value as Told[]).map(rename) }));
}

function nameOfKey(key: Json, pick: number): Json {
  const letters = "tuvwxyz";
  const at = (letters.indexOf(key as string) + pick) % letters.length;
  return pick % 2 === 0 ? at : `key ${at}`;
}

/** Turns the order of numbers round, makes them large, or texts. */
function otherValue(value: Json, pick: number): Json {
  const number = value as number;
  return [200 - number, 1_000_000 + number * 7, `v${number}`, -1 - number][pick % 4]!;
}

/** Every second pair, from one of two places on: all of them at once. */
function swapped(
  events: readonly HistoryEvent[],
  pick: number,
  isMeant: (event: HistoryEvent) => boolean,
): HistoryEvent[] {
  const result = [...events];
  for (let at = pick % 2; at + 1 < result.length; at += 1 + (pick % 3)) {
    const [a, b] = [result[at]!, result[at + 1]!];
    if (isMeant(a) && isMeant(b) && a.process !== b.process) result.splice(at, 2, b, a);
  }
  return renumbered(result);
}
