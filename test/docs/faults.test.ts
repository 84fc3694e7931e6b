import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { simulatedFaultKinds } from "../../src/sim/inject.js";

test("the table of faults has every kind, and no other", () => {
  const rows = readFileSync("docs/faults.md", "utf8")
    .split("\n## ")[0]
    ?.matchAll(/^\| `([a-z-]+)`/gm);
  expect([...(rows ?? [])].map(([, kind]) => kind)).toEqual(simulatedFaultKinds);
});
