/**
 * A few operations as a drawing of plain characters:
 *
 *     process 0  |- write 1 -|                |- read -> 2 -|
 *     process 1                |- write 2 -|
 *     process 2                                               |! read -> 1 !|
 *
 * One lane per process; time is squeezed to the order of the events. A pending operation goes on
 * (`...`). What is too wide is continued below, and what is too much is left out with a note:
 * operations far from the impossible one first.
 */

import type { Operation } from "../../../histories/history.js";
import { label } from "./label.js";
import { type Bar, layOut } from "./layout.js";

export interface TimelineOptions {
  /** Position of the invocation of the impossible operation. */
  breaking?: number;
  /** Characters; 100 unless told. */
  widthMax?: number;
  lanesMax?: number;
  operationsPerLaneMax?: number;
}

const LABEL_MAX = 28;
const DEFAULTS = { widthMax: 100, lanesMax: 20, operationsPerLaneMax: 12 } as const;

/** Lines of at most `widthMax` characters, joined. `operations` in order of invocation. */
export function timeline(operations: readonly Operation[], options: TimelineOptions = {}): string {
  const { breaking, widthMax, lanesMax, operationsPerLaneMax } = { ...DEFAULTS, ...options };
  const { shown, notes } = fold(operations, breaking ?? Number.NaN, lanesMax, operationsPerLaneMax);
  const lanes = [...new Set(shown.map(({ process }) => process))].sort((a, b) => a - b);
  const names = lanes.map((process) => `process ${process}`);
  const margin = Math.max(0, ...names.map(({ length }) => length)) + 2;
  // A bar is "|- label -|", a pending one "|- label ...".
  const widthOf = (operation: Operation): number => textOf(operation, widthMax - margin).length + 5;
  const layout = layOut(shown, { widthOf, stepBetween: () => 1, gap: 2 });
  const rows = lanes.map(() => new Row(layout.width + 2));
  for (const bar of layout.bars) {
    const isImpossible = bar.operation.invoked === breaking;
    rows[lanes.indexOf(bar.operation.process)]!.draw(
      bar,
      textOf(bar.operation, widthMax - margin),
      isImpossible,
    );
  }
  const strips = cuts(rows, widthMax - margin).map(([from, to]) =>
    rows
      .map((row, lane) => ({ name: names[lane]!, text: row.slice(from, to) }))
      .filter(({ text }) => text !== "")
      .map(({ name, text }) => `${name.padEnd(margin)}${text}`)
      .join("\n"),
  );
  return [strips.join("\n\n"), ...notes].filter((part) => part !== "").join("\n");
}

/** Plain characters only: a terminal knows the width of those, and obeys none of them. */
function textOf(operation: Operation, roomMax: number): string {
  const plain = label(operation, LABEL_MAX).replace(
    /[^ -~]/g,
    (other) => `\\u${other.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const lengthMax = Math.max(8, Math.min(LABEL_MAX, roomMax - 8));
  return plain.length <= lengthMax ? plain : `${plain.slice(0, lengthMax - 3)}...`;
}

interface Folded {
  shown: Operation[];
  notes: string[];
}

/** Keeps per lane, and of the lanes, what is nearest to the impossible operation. */
function fold(
  operations: readonly Operation[],
  breaking: number,
  lanesMax: number,
  perLaneMax: number,
): Folded {
  const centre = Number.isNaN(breaking) ? 0 : breaking;
  const distance = ({ invoked }: Operation): number => Math.abs(invoked - centre);
  const byProcess = new Map<number, Operation[]>();
  for (const operation of [...operations].sort((a, b) => distance(a) - distance(b))) {
    const lane = byProcess.get(operation.process);
    if (lane === undefined) byProcess.set(operation.process, [operation]);
    else lane.push(operation);
  }
  const lanes = [...byProcess.values()];
  const shown = new Set(lanes.slice(0, lanesMax).flatMap((lane) => lane.slice(0, perLaneMax)));
  const notes: string[] = [];
  const crowded = lanes.slice(0, lanesMax).filter(({ length }) => length > perLaneMax);
  for (const lane of crowded.sort((a, b) => a[0]!.process - b[0]!.process)) {
    notes.push(
      `(process ${lane[0]!.process}: ${lane.length - perLaneMax} more operations are not drawn)`,
    );
  }
  const rest = lanes.slice(lanesMax);
  if (rest.length > 0) {
    notes.push(
      `(${rest.length} more processes with ${rest.flat().length} operations are not drawn)`,
    );
  }
  return { shown: operations.filter((operation) => shown.has(operation)), notes };
}

/** One lane as characters; those of labels must not be torn apart. */
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

  draw({ from, to }: Bar, text: string, isImpossible: boolean): void {
    const line = isImpossible ? "!" : "-";
    const end = to ?? this.width - 1;
    this.#characters.fill(line, from, end + 1);
    this.#characters[from] = "|";
    if (to === undefined) this.#characters.fill(".", end - 2, end + 1);
    else this.#characters[to] = "|";
    this.#write(from + 2, ` ${text} `);
    // The whole of a short bar is kept together, with its end.
    this.#isLabel.fill(true, from, Math.min(end, from + text.length + 5));
  }

  /** Whether a cut before this place tears nothing. */
  canCutAt(place: number): boolean {
    return this.#isLabel[place - 1] !== true;
  }

  slice(from: number, to: number): string {
    return this.#characters.slice(from, to).join("").trimEnd();
  }

  #write(at: number, text: string): void {
    for (const [i, character] of [...text].entries()) this.#characters[at + i] = character;
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
