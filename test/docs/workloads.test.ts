/** docs/workloads.md names every workload, setting and anomaly that there is. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pages } from "../../bench/catalogue.js";
import { anomalies, checkers } from "../../checkers/index.js";
import { systems } from "../../systems/index.js";
import { maelstromWorkloads, workloads } from "../../workloads/index.js";

const page = readFileSync(new URL("../../docs/workloads.md", import.meta.url), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| `"));
const rowOf = (name: string): string => rows.find((row) => row.startsWith(`| \`${name}\` |`)) ?? "";

describe("the page about workloads", () => {
  it.each([...workloads.values()].map((workload) => [workload.name, workload] as const))(
    "tells of %s and the functions that it needs",
    (name, { requires }) => {
      for (const f of requires) expect(rowOf(name)).toMatch(new RegExp(`\\b${f}\\b|the same`));
    },
  );

  it.each([...maelstromWorkloads.keys()])("tells of Maelstrom's %s", (name) => {
    expect(page).toContain(`\`${name}\``);
  });

  it("has the settings as they are: if not, npm run bench -- catalogue", () => {
    expect(pages["docs/workloads.md"]?.(page)).toBe(page);
  });

  it("gives anomalies of objects the names that they have", () => {
    const judged = [...workloads.keys()].map((name) => rowOf(name).split(" | ").at(-1) ?? "");
    const named = judged.flatMap((cell) => cell.match(/(?<!`)\b[a-z]+-[a-z-]+\b(?!`|\.md)/g) ?? []);
    const others = ["read-modify-write", "isolation-level"];
    const unknown = named.filter((name) => !anomalies.has(name) && !others.includes(name));
    expect(unknown).toEqual([]);
    expect(named.length).toBeGreaterThan(40);
  });

  it("names the anomalies that the bugs declare", () => {
    for (const name of ["log", "queue", "ids"]) {
      const declared = Object.values(systems.get(name)!.bugs).flatMap(({ anomalies }) => anomalies);
      const others = ["divergence", "no-recovery", "silent-node", "split-brain"];
      for (const type of declared) if (!others.includes(type)) expect(page).toContain(type);
    }
  });
});

it("the page about checkers has all of them, and all anomalies", () => {
  const text = readFileSync(new URL("../../docs/checkers.md", import.meta.url), "utf8");
  expect(pages["docs/checkers.md"]?.(text)).toBe(text);
  for (const name of [...checkers.keys(), ...anomalies.keys()])
    expect(text).toContain(`| \`${name}\` |`);
});
