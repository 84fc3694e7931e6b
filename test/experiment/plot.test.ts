import { expect, test } from "vitest";
import { toSvg } from "../../src/experiment/plot.js";

const plot = {
  title: "Gain & loss",
  x: { label: "size, bytes", scale: "log" as const },
  y: { label: "time, ns" },
  series: [
    {
      name: "predicted",
      kind: "predicted" as const,
      points: [
        { x: 1, y: 1 },
        { x: 100, y: 5 },
      ],
    },
    {
      name: "measured",
      kind: "measured" as const,
      points: [{ x: 10, y: 3, interval: [2, 4] as const }],
    },
  ],
};

test("a figure is one SVG with its title, axes and legend, the same each time", () => {
  const svg = toSvg(plot);
  expect(svg.startsWith("<svg ")).toBe(true);
  expect(svg.trimEnd().endsWith("</svg>")).toBe(true);
  expect(svg).toContain("<title>Gain &#38; loss</title>");
  for (const text of ["size, bytes", "time, ns", "predicted", "measured"])
    expect(svg).toContain(text);
  expect(toSvg(plot)).toBe(svg);
});

test("an interval is drawn, and more of them more", () => {
  const [line, points] = plot.series;
  const bare = { ...plot, series: [line, { ...points, points: [{ x: 10, y: 3 }] }] };
  expect(toSvg(plot).length).toBeGreaterThan(toSvg(bare as typeof plot).length);
});
