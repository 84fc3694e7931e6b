/** A curved arrow between two boxes, and where along it a label has room. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** How far arrows between the same boxes are apart. */
const APART = 16;
/** How high an arrow between boxes of one lane rises. */
const RISE = 30;

export interface Arrow {
  path: string;
  /** The points of the curve; 0 is its beginning, 1 its end. */
  at(t: number): Point;
}

/** @param number of the arrow in its drawing: neighbours keep apart. */
export function arrow(from: Box, to: Box, number: number): Arrow {
  const shift = (number % 2 === 0 ? -1 : 1) * APART * 0.5;
  const start = { x: from.x + from.width / 2 + within(shift, from), y: 0 };
  const end = { x: to.x + to.width / 2 + within(shift, to), y: 0 };
  let bends: [Point, Point];
  if (from.y === to.y) {
    // The first ones of a drawing go above the lane, every second one below.
    const isAbove = number % 2 === 0;
    start.y = isAbove ? from.y : from.y + from.height;
    end.y = start.y;
    const y = start.y + (isAbove ? -RISE : RISE);
    bends = [
      { x: start.x, y },
      { x: end.x, y },
    ];
  } else {
    const isDown = from.y < to.y;
    start.y = isDown ? from.y + from.height : from.y;
    end.y = isDown ? to.y : to.y + to.height;
    const bend = (end.y - start.y) * 0.5;
    bends = [
      { x: start.x + shift * 2, y: start.y + bend },
      { x: end.x + shift * 2, y: end.y - bend },
    ];
  }
  const [first, second] = bends;
  const path = `M${pair(start)} C${pair(first)} ${pair(second)} ${pair(end)}`;
  return { path, at: (t) => bezier(t, start, first, second, end) };
}

/** Along the arrow, from the middle outwards. */
const PLACES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.14, 0.86];

/** A box of this size around a point of the arrow, clear of what is taken if it can be. */
export function roomOn({ at }: Arrow, width: number, height: number, taken: readonly Box[]): Box {
  const boxes = PLACES.map((t): Box => {
    const { x, y } = at(t);
    return { x: round(x - width / 2), y: round(y - height / 2), width, height };
  });
  const overlaps = boxes.map((box) => taken.reduce((sum, other) => sum + shared(box, other), 0));
  return boxes[overlaps.indexOf(Math.min(...overlaps))]!;
}

/** The area of what two boxes have in common. */
function shared(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, width) * Math.max(0, height);
}

/** No further from the middle than the box reaches. */
function within(shift: number, { width }: Box): number {
  const limit = width / 2;
  return Math.max(-limit, Math.min(limit, shift));
}

function pair({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}

function bezier(t: number, a: Point, b: Point, c: Point, d: Point): Point {
  const s = 1 - t;
  const mix = (p: number, q: number, r: number, u: number): number =>
    s * s * s * p + 3 * s * s * t * q + 3 * s * t * t * r + t * t * t * u;
  return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
}
