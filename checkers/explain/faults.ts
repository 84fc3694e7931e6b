/**
 * What happened around the clients: a fault of the nemesis lasts from the event that names its kind
 * to `<kind>-end` with the same id, and one of a Jepsen nemesis, which gives no ids, from the
 * operation that begins it to the one that ends it (nemesis-pairs.ts). Everything else that nodes and
 * the nemesis recorded is a moment.
 */

import type { HistoryEvent } from "../../histories/history.js";
import { canonical, isJsonObject, type Json } from "../../src/base/json.js";
import { type NemesisFault, nemesisFaults } from "./nemesis-pairs.js";

export interface FaultWindow {
  kind: string;
  detail: string;
  /** Positions in the history; `to` is undefined when the fault never ended. */
  from: number;
  to: number | undefined;
}

export interface Moment {
  text: string;
  /** What the nemesis did, in a word: only at the first of several events that say the same. */
  label?: string;
  position: number;
}

const NEMESIS = "nemesis";
const END = "-end";
const DETAIL_MAX = 200;

export function faultsIn(observations: readonly HistoryEvent[]): {
  windows: FaultWindow[];
  moments: Moment[];
} {
  const windows = new Map<string, FaultWindow>();
  const moments: Moment[] = [];
  const paired = nemesisFaults(
    observations.filter((one) => idOf(one) === undefined && isOfNemesis(one)),
  );
  const inPairs = new Set(paired.flatMap(({ events }) => events));
  let said: string | undefined;
  for (const event of observations) {
    const { process, f, value, index } = event;
    const id = isOfNemesis(event) ? idOf(event) : undefined;
    const ended =
      id !== undefined && f.endsWith(END)
        ? windows.get(nameOf(f.slice(0, -END.length), id))
        : undefined;
    if (ended !== undefined) ended.to = index;
    else if (id !== undefined) {
      windows.set(nameOf(f, id), { kind: f, detail: detailOf(value), from: index, to: undefined });
    } else if (!inPairs.has(event)) {
      const what = value === null ? "" : ` ${detailOf(value)}`;
      const label = isOfNemesis(event) && f !== said ? { label: f } : {};
      if (isOfNemesis(event)) said = f;
      moments.push({ text: `${process}: ${f}${what}`, ...label, position: index });
    }
    if (inPairs.has(event)) said = undefined;
  }
  return { windows: [...windows.values(), ...paired.map(windowOf)].sort(inOrder), moments };
}

function windowOf({ kind, events, beginnings }: NemesisFault): FaultWindow {
  const told = events.slice(0, beginnings).findLast(({ value }) => value !== null);
  const detail = told === undefined ? "" : detailOf(told.value);
  return { kind, detail, from: events[0]!.index, to: events.at(-1)!.index };
}

function inOrder(a: FaultWindow, b: FaultWindow): number {
  return a.from - b.from;
}

function isOfNemesis({ process }: HistoryEvent): boolean {
  return process === NEMESIS;
}

function idOf({ value }: HistoryEvent): Json | undefined {
  return isJsonObject(value) ? value["id"] : undefined;
}

function nameOf(kind: string, id: Json): string {
  return `${kind} ${canonical(id)}`;
}

function detailOf(value: Json): string {
  const text = canonical(value);
  return text.length <= DETAIL_MAX ? text : `${text.slice(0, DETAIL_MAX - 1)}…`;
}
