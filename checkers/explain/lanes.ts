/**
 * What happened on each process as a drawing of plain characters:
 *
 *     process 0  |- write 1 -|                |- read -> 2 -|
 *     process 1                |- write 2 -|
 *     process 2                                               |! read -> 1 !|
 *
 * One lane per process; time is squeezed to the order of the events. What never ended goes on
 * (`...`). What is too wide is continued below, and what is too much is left out with a note: what
 * is far from the marked one first.
 */

import { type Bar, type Interval, layOut } from "./layout.js";
import { columnsOf, cutTo, harmless, widthOf } from "./terminal.js";

export interface LaneOptions<Item extends Interval> {
  /** At most `labelMax` columns. */
  labelOf(item: Item): string;
  labelMax: number;
  /** What the items are called, in the singular. */
  noun: string;
  /** Where the marked one was invoked. */
  marked?: number | undefined;
  /** Columns; 100 unless told. */
  widthMax?: number | undefined;
  lanesMax?: number | undefined;
  perLaneMax?: number | undefined;
}

/** Lines of at most `widthMax` columns, joined. `operations` in order of invocation. */
export function drawLanes<Item extends Interval>(
  items: readonly Item[],
  options: LaneOptions<Item>,
): string {
  const { labelOf, labelMax, noun, marked } = options;
  const { widthMax = 100, lanesMax = 20, perLaneMax = 12 } = options;
  const { shown, notes } = fold(items, { centre: marked ?? 0, lanesMax, perLaneMax, noun });
  const lanes = [...new Set(shown.map(({ process }) => process))].sort(byLane);
  const names = lanes.map(nameOf);
  const margin = Math.max(0, ...names.map(widthOf)) + 2;
  const textOf = (item: Item): string => fitted(labelOf(item), labelMax, widthMax - margin);
  // A bar is "|- label -|", a pending one "|- label ...".
  const roomFor = (item: Item): number => widthOf(textOf(item)) + 5;
  const layout = layOut(shown, { widthOf: roomFor, stepBetween: () => 1, gap: 2 });
  const rows = lanes.map(() => new Row(layout.width + 2));
  for (const bar of layout.bars) {
    const { operation: item } = bar;
    rows[lanes.indexOf(item.process)]!.draw(bar, textOf(item), item.invoked === marked);
  }
  const strips = cuts(rows, widthMax - margin).map(([from, to]) =>
    rows
      .map((row, lane) => ({ name: names[lane]!, text: row.slice(from, to) }))
      .filter(({ text }) => text !== "")
      .map(({ name, text }) => `${name}${" ".repeat(margin - widthOf(name))}${text}`)
      .join("\n"),
  );
  return [strips.join("\n\n"), ...notes].filter((part) => part !== "").join("\n");
}

/** Clients by number, then the others by name. */
export function byLane(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function nameOf(process: number | string): string {
  return typeof process === "number" ? `process ${process}` : harmless(process);
}

function fitted(text: string, labelMax: number, roomMax: number): string {
  return cutTo(harmless(text), Math.max(8, Math.min(labelMax, roomMax - 8)));
}

interface Folded<Item> {
  shown: Item[];
  notes: string[];
}

interface FoldOptions {
  centre: number;
  lanesMax: number;
  perLaneMax: number;
  noun: string;
}

/** Keeps per lane, and of the lanes, what is nearest to the centre. */
function fold<Item extends Interval>(
  items: readonly Item[],
  { centre, lanesMax, perLaneMax, noun }: FoldOptions,
): Folded<Item> {
  const distance = ({ invoked }: Item): number => Math.abs(invoked - centre);
  const byProcess = new Map<number | string, Item[]>();
  for (const item of [...items].sort((a, b) => distance(a) - distance(b))) {
    const lane = byProcess.get(item.process);
    if (lane === undefined) byProcess.set(item.process, [item]);
    else lane.push(item);
  }
  const lanes = [...byProcess.values()];
  const shown = new Set(lanes.slice(0, lanesMax).flatMap((lane) => lane.slice(0, perLaneMax)));
  const notes: string[] = [];
  const crowded = lanes.slice(0, lanesMax).filter(({ length }) => length > perLaneMax);
  for (const lane of crowded.sort((a, b) => byLane(a[0]!.process, b[0]!.process))) {
    const more = lane.length - perLaneMax;
    notes.push(`(${nameOf(lane[0]!.process)}: ${more} more ${noun}s are not drawn)`);
  }
  const rest = lanes.slice(lanesMax);
  if (rest.length > 0) {
    notes.push(`(${rest.length} more processes with ${rest.flat().length} ${noun}s are not drawn)`);
  }
  return { shown: items.filter((item) => shown.has(item)), notes };
}

/** One lane as columns; the characters of labels must not be torn apart. */
class Row {
  readonly #characters: string[];
  readonly #isLabel: boolean[];

  constructor(width: number) {
    this.#characters = new Array(width).fill(" ");
    this.#isLabel = new Array(width).fill(false);
  }

  get width(): number {
    return this.#characters.length;
  }

  draw({ from, to }: Bar<Interval>, text: string, isImpossible: boolean): void {
    const line = isImpossible ? "!" : "-";
    const end = to ?? this.width - 1;
    this.#characters.fill(line, from, end + 1);
    this.#characters[from] = "|";
    if (to === undefined) this.#characters.fill(".", end - 2, end + 1);
    else this.#characters[to] = "|";
    this.#write(from + 2, ` ${text} `);
    // The whole of a short bar is kept together, with its end.
    this.#isLabel.fill(true, from, Math.min(end, from + widthOf(text) + 5));
  }

  /** Whether a cut before this place tears nothing. */
  canCutAt(place: number): boolean {
    return this.#isLabel[place - 1] !== true;
  }

  slice(from: number, to: number): string {
    return this.#characters.slice(from, to).join("").trimEnd();
  }

  #write(at: number, text: string): void {
    let place = at;
    for (const character of text) {
      const columns = columnsOf(character);
      if (columns === 0) this.#characters[place - 1] += character;
      else this.#characters[place] = character;
      // The second column of a wide one.
      if (columns === 2) this.#characters[place + 1] = "";
      place += columns;
    }
  }
}

/** Pieces of at most `room` places, cut between labels where that is possible. */
function cuts(rows: readonly Row[], room: number): [number, number][] {
  const width = Math.max(0, ...rows.map((row) => row.width));
  const pieces: [number, number][] = [];
  for (let from = 0; from < width; ) {
    let to = Math.min(width, from + room);
    if (to < width) {
      let cut = to;
      while (cut > from && !rows.every((row) => row.canCutAt(cut))) cut--;
      if (cut > from) to = cut;
    }
    pieces.push([from, to]);
    from = to;
  }
  return pieces;
}
