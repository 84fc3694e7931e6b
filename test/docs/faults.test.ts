import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pages } from "../../bench/catalogue.js";
import { nemeses } from "../../nemeses/index.js";
import { simulatedFaultKinds } from "../../src/sim/inject.js";

test("the table of faults has every kind, and no other", () => {
  const rows = readFileSync("docs/faults.md", "utf8")
    .split("\n## ")[0]
    ?.matchAll(/^\| `([a-z-]+)`/gm);
  expect([...(rows ?? [])].map(([, kind]) => kind)).toEqual(simulatedFaultKinds);
});

test("every nemesis has its row: if not, npm run bench -- catalogue", () => {
  const page = readFileSync("docs/faults.md", "utf8");
  expect(pages["docs/faults.md"]?.(page)).toBe(page);
  for (const name of nemeses.keys()) expect(page).toContain(`| \`${name}\` |`);
});
