/** The page about explanations names every field of the document. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { explanationSchema } from "../../src/explain/index.js";

const page = readFileSync(new URL("../../docs/explain.md", import.meta.url), "utf8");

function isRecord(value: unknown): value is { [name: string]: unknown } {
  return typeof value === "object" && value !== null;
}

/** The names of all properties, and the values of all enumerations of texts. */
function names(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(names);
  if (!isRecord(schema)) return [];
  const { properties } = schema;
  const own = isRecord(properties) ? Object.keys(properties) : [];
  return [...own, ...Object.values(schema).flatMap(names)];
}

const all = [...new Set(names(explanationSchema))];

test("the schema is found", () => {
  expect(all).toContain("neighbour");
  expect(all).toContain("passingAt");
});

test.each(all)("the page tells what %s is", (name) => {
  expect(page).toMatch(new RegExp(`\`${name}(?:\\[\\])?\``));
});
