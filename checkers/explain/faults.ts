/**
 * What happened around the clients: a fault of the nemesis lasts from the event that names its kind
 * to `<kind>-end` with the same id; everything else that nodes and the nemesis recorded is a moment.
 */

import type { HistoryEvent } from "../../histories/history.js";
import { canonical, isJsonObject, type Json } from "../../src/base/json.js";

export interface FaultWindow {
  kind: string;
  detail: string;
  /** Positions in the history; `to` is undefined when the fault never ended. */
  from: number;
  to: number | undefined;
}

export interface Moment {
  text: string;
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
  for (const { process, f, value, index } of observations) {
    const id = isJsonObject(value) ? value["id"] : undefined;
    const isFault = process === NEMESIS && id !== undefined;
    const ended =
      isFault && f.endsWith(END) ? windows.get(nameOf(f.slice(0, -END.length), id)) : undefined;
    if (ended !== undefined) ended.to = index;
    else if (isFault) {
      const detail = shortened(canonical(value));
      windows.set(nameOf(f, id), { kind: f, detail, from: index, to: undefined });
    } else {
      const what = value === null ? "" : ` ${shortened(canonical(value))}`;
      moments.push({ text: `${process}: ${f}${what}`, position: index });
    }
  }
  return { windows: [...windows.values()], moments };
}

function nameOf(kind: string, id: Json): string {
  return `${kind} ${canonical(id)}`;
}

function shortened(text: string): string {
  return text.length <= DETAIL_MAX ? text : `${text.slice(0, DETAIL_MAX - 1)}…`;
}
