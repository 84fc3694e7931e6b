/** The figure of an experiment, as SVG: what is predicted as lines, what is measured as points. */

import * as echarts from "echarts";
import type { Axis, Plot, PlotPoint, Series } from "./experiment.js";

const SIZE = { width: 720, height: 440 };
/** Half the width of the ends of an interval, pixels. */
const WHISKER = 4;
/** One colour for each series: told apart by those who see few colours, too (Okabe and Ito 2008). */
const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

/** Draws the figure. The same plot gives the same text. */
export function toSvg(plot: Plot): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...SIZE });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#ffffff",
      color: palette,
      title: { text: plot.title, left: "center", textStyle: { fontSize: 15 } },
      legend: { bottom: 4, type: "plain" },
      grid: { left: 80, right: 32, top: 48, bottom: 88 },
      xAxis: axis(plot.x, 32),
      yAxis: axis(plot.y, 56),
      series: plot.series.flatMap((series, i) =>
        drawn(series, palette[i % palette.length] as string),
      ),
    });
    return standalone(chart.renderToSVGString(), plot.title);
  } finally {
    chart.dispose();
  }
}

function axis({ label, scale = "linear" }: Axis, gap: number): object {
  return {
    type: scale === "log" ? "log" : "value",
    name: label,
    nameLocation: "middle",
    nameGap: gap,
    scale: true,
    splitLine: { lineStyle: { color: "#e5e5e5" } },
  };
}

function drawn({ name, kind, points }: Series, color: string): object[] {
  const data = points.map(({ x, y }) => [x, y]);
  if (kind === "predicted") {
    return [{ name, type: "line", data, showSymbol: false, color, lineStyle: { width: 2 } }];
  }
  const intervals = points.filter(({ interval }) => interval !== undefined);
  return [
    { name, type: "scatter", data, symbolSize: 7, color },
    ...(intervals.length === 0 ? [] : [whiskers(intervals, color)]),
  ];
}

interface Drawing {
  coord(point: readonly number[]): [number, number];
  value(dimension: number): number;
}

function whiskers(points: readonly PlotPoint[], color: string): object {
  return {
    type: "custom",
    silent: true,
    data: points.map(({ x, interval }) => [x, interval?.[0], interval?.[1]]),
    renderItem: (_: unknown, api: Drawing) => {
      const [x, low] = api.coord([api.value(0), api.value(1)]);
      const [, high] = api.coord([api.value(0), api.value(2)]);
      const line = (x1: number, y1: number, x2: number, y2: number): object => ({
        type: "line",
        shape: { x1, y1, x2, y2 },
        style: { stroke: color, lineWidth: 1 },
      });
      return {
        type: "group",
        children: [
          line(x, low, x, high),
          line(x - WHISKER, low, x + WHISKER, low),
          line(x - WHISKER, high, x + WHISKER, high),
        ],
      };
    },
  };
}

/** A file of its own: without what serves a page with a mouse, and without numbers that only go up. */
function standalone(svg: string, title: string): string {
  const text = title.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  const still = svg
    .replace(/<style\b[\s\S]*?<\/style>/g, "")
    .replace(/ (?:class|ecmeta_\w+)="[^"]*"/g, "")
    .replace(/\bzr\d+-c/g, "clip-");
  return `${still.replace(/^<svg ([^>]*)>/, `<svg role="img" $1>\n<title>${text}</title>`)}\n`;
}
