/** Lanes of plain characters, in whatever script the labels are. */

import { describe, expect, it } from "vitest";
import { drawLanes } from "../../../checkers/explain/lanes.js";

const draw = (labels: readonly string[], process: number | string = 1) =>
  drawLanes(
    labels.map((label, i) => ({ process, invoked: 2 * i, completed: 2 * i + 1, label })),
    { labelOf: ({ label }) => label, labelMax: 20, noun: "thing" },
  );

describe("a label", () => {
  it("is printed in its own script", () => {
    expect(draw(["r ключ = [é]"])).toBe("process 1  |- r ключ = [é] -|");
  });

  it("commands no terminal, and neither does the name of a lane", () => {
    expect(draw(["\u001b[2J", "\u009b1m", "a\u202eb"])).toBe(
      "process 1  |- \\u001b[2J -| |- \\u009b1m -| |- a\\u202eb -|",
    );
    expect(draw(["x"], "n\u001b1")).toBe("n\\u001b1  |- x -|");
  });

  it("of wide characters, or of marks upon others, keeps the lanes below each other", () => {
    const text = drawLanes(
      [
        { process: 1, invoked: 0, completed: 2, label: "鍵 🔑" },
        { process: 2, invoked: 1, completed: 4, label: "e\u0301" },
        { process: 1, invoked: 3, completed: 5, label: "x" },
      ],
      { labelOf: ({ label }) => label, labelMax: 20, noun: "thing" },
    );
    expect(text).toBe("process 1  |- 鍵 🔑 -| |- x -|\nprocess 2   |- e\u0301 -------|");
  });

  it("is cut at its columns, between characters", () => {
    expect(draw(["🔑".repeat(30)])).toBe(`process 1  |- ${"🔑".repeat(8)}... -|`);
    expect(draw(["и".repeat(20)])).toBe(`process 1  |- ${"и".repeat(20)} -|`);
  });
});
