/**
 * The history as SVG: a lane per client, a bar per operation, shaded fault windows, and for every
 * order its linearization points. It is complete without the page's script, which only moves the
 * view, shows details and switches between orders.
 */

import type { Operation } from "../../../../histories/history.js";
import { keyName } from "../../../describe.js";
import { type Bar, hasReturned, type Layout, layOut, placeOf } from "../../../explain/layout.js";
import { element, type Markup } from "../../../explain/markup.js";
import { surroundings } from "../../../explain/surroundings.js";
import { label } from "../label.js";
import type { Story } from "../story.js";
import { placePoints } from "./points.js";
import { countBetween, type Selection } from "./selection.js";

const LANE = 46;
const BAR = 26;
const TOP = 44;
const LEFT = 96;
const STEP = 12;
const FOLD = 64;
const CHARACTER = 7.3;
const VIEW_WIDTH_MAX = 1100;
const VIEW_HEIGHT_MAX = 640;

export interface View {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Drawing {
  svg: Markup;
  /** All of it, and the part around the impossible operation. */
  whole: View;
  start: View;
}

export function draw(story: Story, selection: Selection): Drawing {
  const { drawn, folded } = selection;
  const layout = layOut(drawn, {
    widthOf: (operation) => Math.ceil(label(operation).length * CHARACTER) + 22,
    stepBetween: (before, after) => (countBetween(folded, before, after) > 0 ? FOLD : STEP),
    gap: 6,
  });
  const lanes = [...new Set(drawn.map(({ process }) => process))].sort((a, b) => a - b);
  const laneOf = new Map(lanes.map((process, lane) => [process, lane]));
  const height = TOP + lanes.length * LANE + 12;
  const whole = { x: 0, y: 0, width: LEFT + layout.width + 60, height };
  const topOf = ({ process }: Operation): number => TOP + laneOf.get(process)! * LANE;
  const canvas: Canvas = { story, selection, layout, whole, topOf };
  const start = startOf(canvas);
  const svg = element(
    "svg",
    {
      id: "drawing",
      viewBox: [start.x, start.y, start.width, start.height].join(" "),
      height: start.height,
      preserveAspectRatio: "xMinYMin meet",
      tabindex: 0,
      role: "group",
      "aria-label": `Operations on ${keyName(story.key)} by client, time from left to right`,
    },
    gradient(),
    ...surroundings(story.observations, { layout, left: LEFT, top: TOP, whole }),
    ...lanes.map((_, lane) => line("lane", 0, TOP + lane * LANE + BAR / 2, whole.width)),
    ...folds(canvas),
    ...layout.bars.map((bar) => operationShape(bar, canvas)),
    ...orders(canvas),
    element(
      "g",
      { id: "names", transform: `translate(${start.x} 0)`, "aria-hidden": "true" },
      element("rect", { class: "margin", x: 0, y: 0, width: LEFT - 14, height }),
      ...lanes.map((process, lane) =>
        element("text", { x: 8, y: TOP + lane * LANE + 17 }, `process ${process}`),
      ),
    ),
  );
  return { svg, whole, start };
}

interface Canvas {
  story: Story;
  selection: Selection;
  layout: Layout<Operation>;
  whole: View;
  topOf(operation: Operation): number;
}

/** The part to show first ends a little after the impossible operation. */
function startOf({ layout, story, whole, topOf }: Canvas): View {
  const width = Math.min(whole.width, VIEW_WIDTH_MAX);
  const height = Math.min(whole.height, VIEW_HEIGHT_MAX);
  const end = LEFT + placeOf(layout, story.breaking.completed) + 160;
  return {
    x: Math.max(0, Math.min(end - width, whole.width - width)),
    y: Math.max(0, Math.min(topOf(story.breaking) - height / 2, whole.height - height)),
    width,
    height,
  };
}

/** Pending bars fade to the right. */
function gradient(): Markup {
  const stop = (offset: number, opacity: number): Markup =>
    element("stop", { offset, "stop-opacity": opacity });
  const attributes = { id: "fade", x1: 0, x2: 1, y1: 0, y2: 0 };
  return element("defs", {}, element("linearGradient", attributes, stop(0, 0.8), stop(1, 0)));
}

function line(kind: string, x1: number, y: number, x2: number): Markup {
  return element("line", { class: kind, x1, y1: y, x2, y2: y });
}

function operationShape({ operation, from, to }: Bar<Operation>, canvas: Canvas): Markup {
  const { story, selection, whole } = canvas;
  const { invoked, outcome } = operation;
  const kinds = [
    "op",
    invoked === story.breaking.invoked ? "impossible" : "",
    selection.story.has(invoked) ? "story" : "",
    outcome === "fail" ? "failed" : "",
    invoked > story.breaking.completed ? "later" : "",
    hasReturned(operation) ? "" : "pending",
  ];
  const x = LEFT + from;
  const y = canvas.topOf(operation);
  const width = to === undefined ? whole.width - x : to - from;
  const isPartOfStory = selection.story.has(invoked);
  return element(
    "g",
    {
      class: kinds.filter((kind) => kind !== "").join(" "),
      "data-op": invoked,
      tabindex: isPartOfStory ? 0 : -1,
      role: "img",
      "aria-label": `process ${operation.process}: ${label(operation)}`,
    },
    element("rect", { x, y, width, height: BAR, rx: 4 }),
    element("text", { x: x + 9, y: y + 17 }, label(operation)),
  );
}

/** Where operations between two events are left out, and how many. */
function folds({ selection: { folded }, layout: { events }, whole }: Canvas): Markup[] {
  if (folded.length === 0) return [];
  const bounds = [
    { position: -1, place: -FOLD / 2 },
    ...events,
    { position: Number.POSITIVE_INFINITY, place: (events.at(-1)?.place ?? 0) + FOLD },
  ];
  return bounds.slice(1).flatMap((after, i) => {
    const before = bounds[i]!;
    const count = countBetween(folded, before.position, after.position);
    if (count === 0) return [];
    const x = LEFT + (before.place + after.place) / 2;
    return [
      element(
        "g",
        { class: "fold" },
        element("line", { x1: x, y1: TOP - 10, x2: x, y2: whole.height }),
        element("text", { x, y: TOP - 16, "text-anchor": "middle" }, `${count} not drawn`),
      ),
    ];
  });
}

/** One group per order; the first is shown. */
function orders({ story, layout, topOf }: Canvas): Markup[] {
  return (story.linearizations?.longest ?? []).map(({ order }, i) => {
    const points = placePoints(
      order.map(({ operation }) => operation),
      layout,
    ).map((point) => ({
      ...point,
      x: LEFT + point.place,
      y: topOf(point.operation) + BAR + 6,
    }));
    return element(
      "g",
      { class: i === 0 ? "order" : "order hidden", "data-order": i, "aria-hidden": "true" },
      element("polyline", { points: points.map(({ x, y }) => `${x},${y}`).join(" ") }),
      ...points.map(({ number, x, y, operation }) =>
        element(
          "g",
          {},
          element(
            "title",
            {},
            `${number}. ${label(operation)} -> state ${order[number - 1]!.state}`,
          ),
          element("circle", { cx: x, cy: y, r: 7 }),
          element("text", { x, y: y + 3, "text-anchor": "middle" }, String(number)),
        ),
      ),
    );
  });
}
