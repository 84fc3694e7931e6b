/**
 * Verdicts that somebody else reached, as a table with tabs: a row per test, found by its `path`,
 * which is how the test's file ends. Columns are found by name: `verdict_M` (Never, Sometimes or
 * Always: how often the condition's proposition holds), `nstates_M` and `states_sha_M` for M in sc,
 * tso, pso, coh and sra; what is missing or empty is not compared.
 *
 * `states_sha` are the first 10 hex digits of the SHA-1 of the states: in each the strings `var=value`
 * sorted and joined with `;`, the states sorted and joined with newlines.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { LitmusVerdict } from "../../checkers/litmus/judge.js";
import type { FinalState, LitmusModel, LitmusTest } from "../../checkers/litmus/program.js";
import { UsageError } from "../base/errors.js";
import { shortNames } from "./models.js";

/** What was found, to be compared. */
export interface Found {
  readonly verdict: LitmusVerdict;
  readonly states: number;
  /** The hash of the states, worked out only when asked for. */
  digest(): string;
}

export interface Difference {
  readonly what: "verdict" | "states" | "hash of the states";
  readonly found: string;
  readonly expected: string;
}

/** The columns of a row by name. */
type Cells = ReadonlyMap<string, string>;

const FREQUENCIES: ReadonlyMap<string, LitmusVerdict> = new Map([
  ["never", "forbidden"],
  ["sometimes", "allowed"],
  ["always", "required"],
]);
const DIGEST_LENGTH = 10;

export class Expectations {
  /** By the last part of the path. */
  readonly #rows = new Map<string, { path: string; cells: Cells }[]>();
  readonly size: number;
  readonly #met = new Set<Cells>();

  /** @throws UsageError for a file that is no such table. */
  static read(file: string): Expectations {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UsageError(`${file}: cannot be read (${code}): --expect takes a table with tabs`);
    }
    return new Expectations(text, file);
  }

  constructor(text: string, file: string) {
    const [header = "", ...lines] = text.split(/\r?\n/);
    const columns = header.split("\t");
    if (!columns.includes("path")) {
      throw new UsageError(`${file}:1: no column "path": name the columns in the first line`);
    }
    let size = 0;
    for (const [i, line] of lines.entries()) {
      if (line === "") continue;
      const parts = line.split("\t");
      const cells = new Map(columns.map((column, place) => [column, parts[place] ?? ""]));
      for (const [column, cell] of cells) {
        if (!column.startsWith("verdict_") || cell === "" || asVerdict(cell)) continue;
        throw new UsageError(
          `${file}:${i + 2}: ${column} is "${cell}": write Never, Sometimes or Always`,
        );
      }
      const path = cells.get("path")!;
      const name = path.slice(path.lastIndexOf("/") + 1);
      const same = this.#rows.get(name);
      if (same === undefined) this.#rows.set(name, [{ path, cells }]);
      else same.push({ path, cells });
      size++;
    }
    this.size = size;
  }

  /** Rows that no file asked for. */
  get unmet(): number {
    return this.size - this.#met.size;
  }

  /** The row of a file: of several that fit, the one with the longest path. */
  row(file: string): Cells | undefined {
    const parts = resolve(file).replaceAll("\\", "/");
    const name = parts.slice(parts.lastIndexOf("/") + 1);
    const best = (this.#rows.get(name) ?? [])
      .filter(({ path }) => parts.endsWith(`/${path.replace(/^(?:\.?\/)+/, "")}`))
      .sort((a, b) => b.path.length - a.path.length)[0];
    if (best !== undefined) this.#met.add(best.cells);
    return best?.cells;
  }
}

/** How what was found differs from a row. */
export function differences(cells: Cells, model: LitmusModel, found: Found): Difference[] {
  const cell = (kind: string): string =>
    cells.get(`${kind}_${shortNames[model]}`) || cells.get(`${kind}_${model}`) || "";
  const result: Difference[] = [];
  const compare = (what: Difference["what"], text: string, expected: string): void => {
    if (text !== expected) result.push({ what, found: text, expected });
  };
  const verdict = cell("verdict");
  if (verdict !== "") compare("verdict", found.verdict, asVerdict(verdict)!);
  const states = cell("nstates");
  if (states !== "") compare("states", String(found.states), states);
  const sha = cell("states_sha");
  if (sha !== "") compare("hash of the states", found.digest(), sha.toLowerCase());
  return result;
}

export function digestOf(test: LitmusTest, states: readonly FinalState[]): string {
  const lines = states.map((state) =>
    state
      .map((value, i) => `${test.observed[i]!.name}=${test.values[value]}`)
      .sort()
      .join(";"),
  );
  return createHash("sha1").update(lines.sort().join("\n")).digest("hex").slice(0, DIGEST_LENGTH);
}

function asVerdict(cell: string): LitmusVerdict | undefined {
  return FREQUENCIES.get(cell.toLowerCase());
}
