/**
 * The decisive stretch as a space-time diagram of plain characters: a lane for each client and node,
 * time downwards, an arrow for each message where it arrives.
 *
 *      time      c0       n1       n2
 *      1.203 s   │───────>│        │    write x 5
 *      1.204 s   │        │─────x  │    append: cut off
 *      1.210 s   ╞══ partition (fault 3) begins
 */

import { byLane } from "../../checkers/explain/lanes.js";
import { cutTo, harmless } from "../../checkers/explain/terminal.js";
import type { Diagram, DiagramLine } from "./explanation.js";
import { type Stretch, type StretchRequest, stretchOf } from "./stretch.js";
import { instant } from "./words.js";

const LINES_MAX = 30;
const TIME_WIDTH = 11;
/** Columns of a lane; less where there are many. */
const LANE_WIDTH = 8;
const NARROW_WIDTH = 5;
const LANES_WIDE_MAX = 8;
const WIDTH_MAX = 120;
const TEXT_MIN = 24;

export function diagramOf(
  request: Omit<StretchRequest, "linesMax">,
  nodes: readonly string[],
): Diagram {
  const stretch = stretchOf({ ...request, linesMax: LINES_MAX });
  const named = stretch.lines.flatMap(({ from, to }) => [from, to]);
  const clients = [...new Set(named)].filter(
    (name): name is string => name !== null && !nodes.includes(name),
  );
  const number = (client: string): number => Number(client.replace(/^\D+/, ""));
  const lanes = [...clients.sort((a, b) => number(a) - number(b) || byLane(a, b)), ...nodes];
  return { ...stretch, lanes, text: drawn(stretch, lanes) };
}

function drawn({ lines, omitted }: Stretch, lanes: readonly string[]): string {
  const width = lanes.length > LANES_WIDE_MAX ? NARROW_WIDTH : LANE_WIDTH;
  const head = `${"time".padEnd(TIME_WIDTH)}${lanes.map((name) => cutTo(harmless(name), width - 1).padEnd(width)).join("")}`;
  const rows = lines.map((line) => row(line, lanes, width));
  const notes = omitted === 0 ? [] : [`(${omitted} more events of this stretch are not drawn)`];
  return [head.trimEnd(), ...rows, ...notes].join("\n");
}

function row(line: DiagramLine, lanes: readonly string[], width: number): string {
  const time = instant(line.timeUs).padEnd(TIME_WIDTH);
  const text = harmless(line.text);
  if (line.what === "fault") {
    const whom = line.from === null ? "" : ` on ${line.from}`;
    return `${time}╞══ ${text}${whom}`;
  }
  const cells = new Array<string>(lanes.length * width).fill(" ");
  lanes.forEach((_, i) => {
    cells[i * width] = "│";
  });
  const from = lanes.indexOf(line.from ?? "");
  const to = lanes.indexOf(line.to ?? "");
  if (line.what === "moment") cells[from * width] = "●";
  else if (from >= 0 && to >= 0) arrow(cells, from * width, to * width, line.arrived);
  const room = Math.max(TEXT_MIN, WIDTH_MAX - TIME_WIDTH - cells.length);
  return `${time}${cells.join("")}${cutTo(text, room)}`;
}

function arrow(cells: string[], from: number, to: number, arrived: boolean): void {
  const step = from < to ? 1 : -1;
  if (from === to) {
    cells[from] = "●";
    return;
  }
  for (let at = from + step; at !== to; at += step) {
    cells[at] = cells[at] === "│" ? "┼" : "─";
  }
  if (arrived) cells[to - step] = step > 0 ? ">" : "<";
  else {
    cells[to - step] = " ";
    cells[to - 2 * step] = "x";
  }
}
