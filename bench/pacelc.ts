/**
 * The table of docs/pacelc.md: every store with its figures, and some that more than one option makes; and
 * the page's example of what scripts are given.
 *
 *     npm run bench -- pacelc --write docs/pacelc.md
 *     npm run bench -- pacelc --seeds 1..10     # does a class depend on the seed?
 */

import { readFileSync, writeFileSync } from "node:fs";
import type { OptionValue } from "../src/hosts/ts/node.js";
import { isMeasurable, type PacelcRow, rowsOf } from "../src/pacelc/rows.js";
import { cellsOf, heads } from "../src/pacelc/table.js";
import { systems } from "../systems/index.js";

export const SEED = 1;

/** Where two options together make a class that neither makes alone. */
const TOGETHER: readonly { system: string; options: { [name: string]: OptionValue } }[] = [
  { system: "dynamo", options: { sloppy: true, r: 1, w: 1 } },
];

export async function pacelcBench(args: readonly string[]): Promise<void> {
  const [flag, value = ""] = args;
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(value) ?? [];
  if (flag === "--write" && value !== "") {
    const rows = await measured(SEED);
    writeFileSync(value, withExample(withTable(readFileSync(value, "utf8"), rows), rows));
  } else if (flag === "--seeds" && first !== undefined) {
    await compareSeeds(Number(first), Number(last));
  } else {
    process.stderr.write("bench -- pacelc --write docs/pacelc.md, or --seeds 1..10\n");
    process.exitCode = 2;
  }
}

async function measured(seed: number): Promise<PacelcRow[]> {
  const rows: PacelcRow[] = [];
  for (const system of systems.values()) {
    if (!isMeasurable(system)) continue;
    rows.push(...(await rowsOf(system, { seed, options: {}, bugs: [] })));
    for (const { system: name, options } of TOGETHER) {
      if (name === system.name) rows.push(...(await rowsOf(system, { seed, options, bugs: [] })));
    }
  }
  return rows;
}

/** Prints every row that is not there, or of another class, with some seed. */
async function compareSeeds(first: number, last: number): Promise<void> {
  const seen = new Map<string, number[]>();
  for (let seed = first; seed <= last; seed++) {
    for (const row of await measured(seed)) {
      const name = cellsOf(row).slice(0, 3).join(" | ");
      seen.set(name, [...(seen.get(name) ?? []), seed]);
    }
  }
  const count = last - first + 1;
  const differing = [...seen].filter(([, seeds]) => seeds.length < count);
  for (const [name, seeds] of differing) {
    process.stdout.write(`${name}: only with ${seeds.join(", ")}\n`);
  }
  const same = seen.size - differing.length;
  process.stdout.write(`${same} rows are the same with seeds ${first} to ${last}\n`);
}

const HEAD = `| ${heads.join(" | ")} |\n|${"---|".repeat(heads.length)}\n`;

/** The page with these rows in place of those that it has. */
export function withTable(page: string, rows: readonly PacelcRow[]): string {
  const [before, after] = page.split(HEAD);
  if (before === undefined || after === undefined) throw new Error("the page has lost its table");
  return `${before}${HEAD}${rows.map(lineOf).join("")}${after.replace(/^(\|.*\n)*/, "")}`;
}

/** The system whose row by default is the example. */
export const EXAMPLE = "chain";

const EXAMPLE_BLOCK = /^```json\n[^`]*```$/m;

/** The page with the row of that system as its example. */
export function withExample(page: string, rows: readonly PacelcRow[]): string {
  const row = rows.find(({ system }) => system === EXAMPLE);
  if (row === undefined || !EXAMPLE_BLOCK.test(page)) throw new Error("the page has no example");
  return page.replace(EXAMPLE_BLOCK, () => exampleOf(row));
}

/** A row as `--json` prints it. */
export function exampleOf(row: PacelcRow): string {
  return `\`\`\`json\n${JSON.stringify(row, null, 2)}\n\`\`\``;
}

export function lineOf(row: PacelcRow): string {
  return `| ${cellsOf(row).join(" | ")} |\n`;
}
