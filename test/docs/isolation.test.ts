/** docs/isolation.md says where anomalies appear: as the levels have it, and as it is. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Histories, mayAppear, phenomena, ways } from "../../bench/isolation.js";
import { txn } from "../../systems/txn/index.js";

const page = readFileSync("docs/isolation.md", "utf8");
const histories = new Histories();

function cellsOf(start: string): string[] {
  const line = page.split("\n").find((row) => row.startsWith(`| ${start}`)) ?? "";
  return line
    .split("|")
    .slice(2, -1)
    .map((cell) => cell.trim());
}

test("the table has a column for each way to run the store", () => {
  expect(cellsOf("runs of")).toEqual([...ways.map(({ name }) => name), "with a bug"]);
});

describe.each(phenomena)("$name", (phenomenon) => {
  const cells = cellsOf(`${phenomenon.name} (${phenomenon.symbol})`);

  test("appears in the table exactly where it may", () => {
    const seen = ways.map((_, i) => cells[i] !== "never");
    expect(seen).toEqual(ways.map((way) => mayAppear(phenomenon, way)));
  });

  test("is shown by a bug of the store where no level may", () => {
    expect(Object.keys(txn.bugs)).toContain(phenomenon.bug);
    expect(cells.at(-1)).toMatch(new RegExp(`^[1-9]\\d* by \`${phenomenon.bug}\`$`));
  });

  test("does not appear in a run where it may not", async () => {
    for (const way of ways) {
      if (mayAppear(phenomenon, way)) continue;
      expect([way.name, await histories.shows(phenomenon, 1, way)]).toEqual([way.name, false]);
    }
  });
});
