/**
 * A cycle as SVG: a lane per process, a bar per transaction from its invocation to its return, in it
 * the micro-operations that matter, and an arrow for each dependency from what came first to what
 * came after. Fault windows are shaded behind the lanes. Needs no script.
 */

import { outcomes } from "../../../../histories/columns.js";
import { type Bar, hasReturned, type Layout, layOut } from "../../../explain/layout.js";
import { element, type Markup } from "../../../explain/markup.js";
import { surroundings } from "../../../explain/surroundings.js";
import type { Step } from "../../findings.js";
import { intervalsOf, type RoleInterval } from "../intervals.js";
import type { TransactionStory } from "../story.js";
import { keyText, microText } from "../words.js";
import { arrow, type Box, roomOn } from "./arrow.js";

const LANE = 92;
const BAR = 34;
const TOP = 56;
const LEFT = 104;
/** Between two events, and at most where there is room. */
const STEP = 14;
const STEP_MAX = 72;
const ROOM = 900;
const CHARACTER = 7.3;
const PAD = 6;
const KINDS = ["ww", "wr", "rw", "process", "realtime"] as const;

/** @param steps to be drawn as arrows, if both of their transactions are drawn. */
export function draw(story: TransactionStory, steps: readonly Step[]): Markup {
  const intervals = intervalsOf(story);
  const laidOut = (step: number) =>
    layOut(intervals, {
      widthOf: (interval) => contentOf(story, interval).width,
      stepBetween: () => step,
      gap: 10,
    });
  const tight = laidOut(STEP);
  const spare = Math.max(0, ROOM - tight.width) / Math.max(1, tight.events.length - 1);
  const layout = laidOut(Math.min(STEP_MAX, STEP + Math.floor(spare)));
  const lanes = [...new Set(intervals.map(({ process }) => process as number))].sort(
    (a, b) => a - b,
  );
  const topOf = (process: number | string): number => TOP + lanes.indexOf(process as number) * LANE;
  const whole = { width: LEFT + layout.width + 60, height: TOP + lanes.length * LANE };
  const scene: Scene = { story, layout, topOf, width: whole.width };
  const { bars, boxes } = shapes(scene);
  const types = {
    role: "img",
    "aria-label": `${story.shown.type}: transactions by process, time from left to right`,
  };
  return element(
    "svg",
    { viewBox: `0 0 ${whole.width} ${whole.height}`, ...whole, ...types },
    element("defs", {}, fade(), ...KINDS.map(head)),
    ...surroundings(story.observations, { layout, left: LEFT, top: TOP, whole }),
    ...lanes.map((process) => {
      const y = topOf(process) + BAR / 2;
      return element("line", { class: "lane", x1: LEFT - 8, y1: y, x2: whole.width, y2: y });
    }),
    ...lanes.map((process) =>
      element("text", { x: 8, y: topOf(process) + 22 }, `process ${process}`),
    ),
    ...bars,
    ...steps.flatMap((step, i) => edge(scene, boxes, step, i)),
  );
}

interface Scene {
  story: TransactionStory;
  layout: Layout<RoleInterval>;
  topOf(process: number | string): number;
  width: number;
}

interface Content {
  micros: { micro: number; text: string; width: number }[];
  width: number;
}

/** What stands in the bar of a transaction, and the room that it takes. */
function contentOf({ transactions }: TransactionStory, { role }: RoleInterval): Content {
  const micros = [...role.micros].map(([micro, ids]) => {
    const text = microText(transactions, micro, ids);
    return { micro, text, width: Math.ceil(text.length * CHARACTER) + 2 * PAD };
  });
  const width = micros.reduce((sum, one) => sum + one.width + PAD, nameWidth(role.name) + PAD);
  return { micros, width };
}

function nameWidth(name: string): number {
  return Math.ceil(name.length * CHARACTER) + 2 * PAD;
}

/** Where arrows may begin and end, and where there is no room for a label. */
interface Boxes {
  taken: Box[];
  micros: Map<number, Box>;
  transactions: Map<number, Box>;
}

function shapes(scene: Scene): { bars: Markup[]; boxes: Boxes } {
  const boxes: Boxes = { taken: [], micros: new Map(), transactions: new Map() };
  const bars = scene.layout.bars.map((bar) => barShape(scene, bar, boxes));
  return { bars, boxes };
}

function barShape(
  scene: Scene,
  { operation: interval, from, to }: Bar<RoleInterval>,
  boxes: Boxes,
) {
  const { role } = interval;
  const { outcome } = scene.story.transactions;
  const x = LEFT + from;
  const y = scene.topOf(interval.process);
  const width = to === undefined ? scene.width - x : to - from;
  boxes.transactions.set(role.transaction, { x, y, width, height: BAR });
  const hasFailed = outcome[role.transaction] === outcomes.fail;
  const kinds = [
    "txn",
    role.isWitness ? "witness" : "",
    hasFailed ? "failed" : "",
    hasReturned(interval) ? "" : "pending",
  ];
  let place = x + nameWidth(role.name);
  const micros = contentOf(scene.story, interval).micros.map(({ micro, text, width: room }) => {
    const box = { x: place, y: y + 5, width: room, height: BAR - 10 };
    boxes.micros.set(micro, box);
    boxes.taken.push(box);
    place += room + PAD;
    return element(
      "g",
      { class: "micro" },
      element("rect", { ...box, rx: 3 }),
      element("text", { x: box.x + PAD, y: y + 21 }, text),
    );
  });
  return element(
    "g",
    { class: kinds.filter((kind) => kind !== "").join(" "), "data-transaction": role.name },
    element("title", {}, `${role.name}: event ${interval.invoked}${hasFailed ? ", failed" : ""}`),
    element("rect", { x, y, width, height: BAR, rx: 5 }),
    element("text", { class: "name", x: x + PAD, y: y + 21 }, role.name),
    ...micros,
  );
}

function edge({ story }: Scene, boxes: Boxes, step: Step, i: number): Markup[] {
  const [one, other] = [boxes.transactions.get(step.from), boxes.transactions.get(step.to)];
  if (one === undefined || other === undefined) return [];
  const isInTime = step.kind === "process" || step.kind === "realtime";
  const start = boxes.micros.get(step.fromMicro ?? -1) ?? (isInTime ? edgeOf(one, one.width) : one);
  const end = boxes.micros.get(step.toMicro ?? -1) ?? (isInTime ? edgeOf(other, 0) : other);
  const key = step.key === undefined ? "" : ` ${keyText(story.transactions, step.key)}`;
  const label = `${step.kind === "realtime" ? "real time" : step.kind}${key}${step.contested ? " ?" : ""}`;
  const curve = arrow(start, end, i);
  const room = roomOn(curve, Math.ceil(label.length * CHARACTER) + 4, 15, boxes.taken);
  boxes.taken.push(room);
  const middle = { x: room.x + room.width / 2, y: room.y + 11 };
  return [
    element(
      "g",
      { class: `edge ${step.kind}` },
      element("path", { d: curve.path, "marker-end": `url(#head-${step.kind})` }),
      element("rect", { ...room, rx: 3 }),
      element("text", middle, label),
    ),
  ];
}

/** A sliver of a box: where it ends, or where it begins. */
function edgeOf({ x, y, height }: Box, offset: number): Box {
  return { x: x + offset, y, width: 0, height };
}

/** Bars of what was never acknowledged fade to the right. */
function fade(): Markup {
  const stop = (offset: number, opacity: number): Markup =>
    element("stop", { offset, "stop-opacity": opacity });
  return element(
    "linearGradient",
    { id: "fade", x1: 0, x2: 1, y1: 0, y2: 0 },
    stop(0, 1),
    stop(1, 0),
  );
}

function head(kind: string): Markup {
  const size = { markerWidth: 8, markerHeight: 8, refX: 7, refY: 4, orient: "auto" };
  return element(
    "marker",
    { id: `head-${kind}`, ...size, markerUnits: "userSpaceOnUse" },
    element("path", { d: "M0,0 L8,4 L0,8 Z" }),
  );
}
