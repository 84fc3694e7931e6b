/** The classic litmus shapes: every model says of each what is known. */

import { describe, expect, it } from "vitest";
import { isValid } from "./judged.js";
import { history, INIT } from "./notation.js";
import { oracleOf } from "./oracle/oracle.js";
import { shapes } from "./oracle/shapes.js";

describe("the oracle says of the classic shapes what is known", () => {
  it.each(shapes)("$name: $text", ({ text, verdicts }) => {
    const oracle = oracleOf(history(text), { init: INIT });
    for (const [model, verdict] of verdicts) {
      expect.soft(oracle.allows(model), model).toBe(verdict);
    }
  });
});

describe("the checkers say of the classic shapes what is known", () => {
  it.each(shapes)("$name: $text", ({ text, verdicts }) => {
    for (const [model, verdict] of verdicts) {
      expect.soft(isValid(model, history(text)), model).toBe(verdict);
    }
  });
});

describe("what one shape tells from another", () => {
  const allowed = (name: string): string[] => {
    const { verdicts } = shapes.find((shape) => shape.name === name)!;
    return [...verdicts].flatMap(([model, verdict]) => (verdict ? [model] : []));
  };

  it("is that a fence matters to store buffers, and to nothing else", () => {
    for (const { name, text, verdicts } of shapes) {
      const bare = shapes.find((shape) => shape.text === text.replaceAll(" f ", " "));
      if (bare === undefined || bare.name === name) continue;
      const differ = [...verdicts].filter(
        ([model, verdict]) => bare.verdicts.get(model) !== verdict,
      );
      const models = differ.map(([model]) => model);
      expect(["tso", "pso"], `${name} and ${bare.name}`).toEqual(expect.arrayContaining(models));
    }
  });

  it("is that a swap is a fence", () => {
    expect(allowed("SB+swaps")).toEqual(allowed("SB+fences"));
    expect(allowed("SB+foreign-swaps")).toEqual(allowed("SB+fences"));
    expect(allowed("MP+swap")).toEqual(allowed("MP+fence+po"));
    expect(allowed("ISA2+swap")).toEqual(allowed("ISA2+fence"));
  });

  it("is that an update is lost only where writes have no order", () => {
    expect(allowed("lost-update+cas")).toEqual(allowed("CoWR"));
  });
});
