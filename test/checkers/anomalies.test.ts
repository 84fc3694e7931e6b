/** The catalogue of anomalies: whatever a checker may say, it explains, once and in one sentence. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { anomalies, kindOf } from "../../checkers/index.js";
import { systems } from "../../systems/index.js";
import { root } from "../cli/faultline.js";

/** Types that stand in the code of checkers as they are told, not as part of a longer name. */
function typesInCode(): string[] {
  const files = readdirSync(join(root, "checkers"), { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.startsWith("litmus"),
  );
  const found = files.flatMap((file) => {
    const text = readFileSync(join(root, "checkers", file), "utf8");
    const told = [...text.matchAll(/\b(?:type: |add\()"([A-Za-z][A-Za-z0-9-]*)"/g)];
    return told.map(([, type]) => type as string);
  });
  // Types of events, of buttons on a page: not of anomalies.
  const others = new Set([
    "invoke",
    "ok",
    "fail",
    "info",
    "button",
    "error",
    "init",
    "string",
    "current",
  ]);
  return [...new Set(found)].filter((type) => !others.has(type)).sort();
}

describe("the catalogue of anomalies", () => {
  it("is looked for in code that has some", () => {
    expect(typesInCode()).toContain("stale-read");
    expect(typesInCode().length).toBeGreaterThan(50);
  });

  it.each(typesInCode())("knows %s", (type) => {
    expect(kindOf(anomalies, type)).toBeDefined();
  });

  it("knows what bugs show themselves as", () => {
    const strange = [...systems.values()].flatMap(({ name, bugs }) =>
      Object.entries(bugs).flatMap(([bug, { anomalies: types }]) =>
        types
          .filter((type) => kindOf(anomalies, type) === undefined)
          .map((type) => `${name} ${bug}: ${type}`),
      ),
    );
    expect(strange).toEqual([]);
  });

  it("tells each in one sentence", () => {
    for (const { name, summary } of anomalies.values()) {
      expect(`${name}: ${summary}`).toMatch(/^[^:]+: [a-z][^.]{10,110}$/);
    }
  });

  it("does not know what nobody says", () => {
    expect(kindOf(anomalies, "bad-luck")).toBeUndefined();
  });
});
