/** The fault windows and moments that touch what is drawn, as shapes behind and between the lanes. */

import type { HistoryEvent } from "../../histories/history.js";
import { faultsIn } from "./faults.js";
import { type Interval, type Layout, placeOf } from "./layout.js";
import { element, type Markup } from "./markup.js";

const MOMENTS_MAX = 300;

export interface Canvas {
  layout: Pick<Layout<Interval>, "events">;
  /** Where the lanes begin, and the first of them. */
  left: number;
  top: number;
  whole: { width: number; height: number };
}

export function surroundings(
  observations: readonly HistoryEvent[],
  { layout, left, top, whole }: Canvas,
): Markup[] {
  const { windows, moments } = faultsIn(observations);
  const first = layout.events[0]?.position ?? 0;
  const last = layout.events.at(-1)?.position ?? 0;
  const placed = (position: number): number => left + placeOf(layout, position);
  const faults = windows
    .filter(({ from, to = Number.POSITIVE_INFINITY }) => from <= last && to >= first)
    .map(({ kind, detail, from, to = Number.POSITIVE_INFINITY }, i) => {
      const x = from < first ? left : placed(from);
      const end = to > last ? whole.width : placed(to);
      return element(
        "g",
        { class: "fault" },
        element("title", {}, `${kind} ${detail}`),
        element("rect", { x, y: 0, width: Math.max(3, end - x), height: whole.height }),
        element("text", { x: x + 4, y: 11 + (i % 2) * 12 }, kind),
      );
    });
  const marks = moments
    .filter(({ position }) => position >= first && position <= last)
    .slice(0, MOMENTS_MAX)
    .map(({ text, label, position }) => {
      const x = placed(position);
      return element(
        "g",
        { class: "moment" },
        element("title", {}, text),
        element("line", { class: "tick", x1: x - 3, y1: top - 12, x2: x + 3, y2: top - 12 }),
        element("line", { x1: x, y1: top - 12, x2: x, y2: whole.height }),
        ...(label === undefined ? [] : [element("text", { x: x + 4, y: top - 14 }, label)]),
      );
    });
  return [...faults, ...marks];
}
