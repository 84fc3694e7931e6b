/** docs/experiments.md has every experiment as it is declared; what it measured: test/experiments. */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { factsOf } from "../../bench/experiments.js";
import { experiments } from "../../experiments/index.js";

const page = readFileSync("docs/experiments.md", "utf8");

test("the page has every experiment once, in the order of the registry", () => {
  const named = [...page.matchAll(/^## `(.+)`$/gm)].map(([, name]) => name);
  expect(named).toEqual([...experiments.keys()]);
});

describe.each([...experiments.values()])("the section of $name", (experiment) => {
  test("says what the experiment declares: if not, npm run bench -- experiments --write docs/experiments.md", () => {
    expect(page).toContain(factsOf(experiment));
  });

  test("shows its figure, which is there", () => {
    const figure = `figures/${experiment.name}.svg`;
    expect(page).toContain(`](${figure})`);
    expect(existsSync(`docs/${figure}`)).toBe(true);
  });
});
