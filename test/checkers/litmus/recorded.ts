/** Litmus tests recorded elsewhere, with herd's verdicts: `../shared/data/litmus`, where it is there. */

import { existsSync, readFileSync } from "node:fs";
import { parseLitmus } from "../../../checkers/litmus/parse/parse.js";
import type { LitmusModel, LitmusTest } from "../../../checkers/litmus/program.js";

const DATA = "../shared/data/litmus";
const TABLE = `${DATA}/expected.tsv`;

export const isRecorded = existsSync(TABLE);

export interface RecordedTest {
  readonly name: string;
  readonly path: string;
  readonly quantifier: string;
  /** How often the proposition holds. */
  readonly verdicts: ReadonlyMap<LitmusModel, "Never" | "Sometimes" | "Always">;
  readonly states: ReadonlyMap<LitmusModel, number>;
  /** Edges of diy, or words, or nothing. */
  readonly cycle: string;
}

const columns: readonly (readonly [string, LitmusModel])[] = [
  ["sc", "sc"],
  ["tso", "tso"],
  ["pso", "pso"],
  ["coh", "coherence"],
  ["sra", "causal-convergence"],
];

export function recordedTests(): RecordedTest[] {
  const [head, ...rows] = readFileSync(TABLE, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  return rows.map((row) => {
    const of = (column: string): string => row[head!.indexOf(column)] ?? "";
    return {
      name: of("name"),
      path: of("path"),
      quantifier: of("quantifier"),
      verdicts: new Map(
        columns.map(([short, model]) => [model, of(`verdict_${short}`) as "Never"]),
      ),
      states: new Map(
        columns.flatMap(([short, model]) => {
          const count = of(`nstates_${short}`);
          return count === "" ? [] : [[model, Number(count)]];
        }),
      ),
      cycle: of("cycle"),
    };
  });
}

export function read({ path }: RecordedTest): LitmusTest {
  return parseLitmus(readFileSync(`${DATA}/${path}`, "utf8"), path);
}
