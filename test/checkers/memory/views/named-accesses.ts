/** The named histories as accesses: every choice of what the reads may have read. */

import type { Accesses } from "../../../../checkers/memory/accesses.js";
import { accessesOf } from "../../../../checkers/memory/accesses-of.js";
import { readingsOf } from "../../../../checkers/memory/readings.js";
import { columnsOf } from "../../../../histories/columns.js";
import { history, INIT } from "../notation.js";
import { namedHistories } from "../oracle/named-histories.js";

export function choicesOf(text: string): Accesses[] {
  const readings = readingsOf(columnsOf(history(text)), INIT);
  let sources = [readings.source];
  for (const [read, candidates] of readings.choices) {
    sources = sources.flatMap((source) =>
      candidates.map((candidate) => source.map((old, at) => (at === read ? candidate : old))),
    );
  }
  return sources.map((source) => accessesOf(readings, source));
}

export const named = namedHistories.map((row) => ({ ...row, choices: choicesOf(row.text) }));
