/** The page holds the story, lets no value become markup, and its script moves and tells. */

import { createContext, runInContext } from "node:vm";
import { beforeEach, describe, expect, it } from "vitest";
import { minimize } from "../../../../checkers/linearizability/explain/minimize.js";
import { page } from "../../../../checkers/linearizability/explain/page/page.js";
import { prefixUntil } from "../../../../checkers/linearizability/explain/prefix.js";
import { type Story, tellStory } from "../../../../checkers/linearizability/explain/story.js";
import { register } from "../../../../checkers/linearizability/models/register.js";
import type { Operation } from "../../../../histories/history.js";
import { timeline } from "../../timeline.js";
import { isExplicable } from "./random-object.js";
import { documentOf, parseHtml, type TinyElement } from "./tiny-dom.js";

const EVIL = String.raw`"</script><b/onload=alert(1)>&'\u2028"`;

/** A stale read at the end, after some clients that write in turn. */
function staleRead(padding: number, evil = EVIL): Story {
  const writes = [...Array(padding)].map((_, i) => `${i % 3} write ${i}  ${i}..${i + 0.5}`);
  const t = padding;
  const history = timeline(`
    ${writes.join("\n")}
    1 write ${evil}   ${t + 1}..${t + 2}
    4 write 7         ${t + 2}..?
    2 write 5000      ${t + 3}..${t + 5}
    0 write 6000      ${t + 3.5}..${t + 5.2}
    3 read = 5000     ${t + 4}..${t + 6}
    1 read = ${evil}  ${t + 7}..${t + 8}
    1 write 8         ${t + 9}..${t + 10}
    2 write 9         ${t + 7.5}..${t + 11}
    nemesis partition {"id":1,"kind":"partition"} ${t + 1.5}
    nemesis partition-end {"id":1}                ${t + 4}
    nemesis crash {"id":2,"kind":"crash"}         ${t + 5.6}
    n1 leader {"term":3}                          ${t + 5.5}
  `);
  const { operations, observations } = history;
  const breaking = operations.find(({ f, process }) => f === "read" && process === 1)!;
  const missed = operations.find(({ input }) => input === 5000)!;
  const isFine = (part: readonly Operation[]) =>
    isExplicable({ type: "register", init: null }, part);
  const anomaly = {
    type: "stale-read",
    message: `it read ${evil}`,
    ops: [missed.invoked, breaking.invoked],
  };
  const minimal = minimize(prefixUntil(operations, breaking.completed), {
    type: "register",
    judge: (part) => (part.length > 30 || isFine(part) ? undefined : "stale-read"),
    anomaly: anomaly.type,
    likely: anomaly.ops,
  });
  return tellStory({
    type: "register",
    key: "x<y",
    init: null,
    operations,
    breaking,
    anomaly,
    minimal,
    model: register,
    observations,
  });
}

interface Data {
  operations: { id: number; title: string; lines: string[] }[];
  views: { whole: { width: number }; start: { x: number; width: number } };
}

function dataOf(root: TinyElement): Data {
  return JSON.parse(documentOf(root).getElementById("story")!.textContent) as Data;
}

function withClass(root: TinyElement, ...classes: string[]): TinyElement[] {
  return root.all().filter(({ classList }) => classes.every((one) => classList.contains(one)));
}

describe("a page", () => {
  const story = staleRead(10);
  const html = page(story);
  const root = parseHtml(html);

  it("is the same every time", () => {
    expect(page(staleRead(10))).toBe(html);
  });

  it("holds every operation, with what was asked and answered", () => {
    const { operations } = dataOf(root);
    expect(operations.map(({ id }) => id)).toEqual(story.operations.map(({ invoked }) => invoked));
    expect(root.querySelectorAll("[data-op]")).toHaveLength(story.operations.length);
    const last = operations.find(({ id }) => id === story.breaking.invoked)!;
    expect(last.lines).toContain(`answered: ${JSON.stringify(story.breaking.output)}`);
  });

  it("marks the impossible operation, the minimal story and what never returned", () => {
    const marked = (...classes: string[]) =>
      withClass(root, "op", ...classes).map((one) => one.getAttribute("aria-label"));
    expect(marked("impossible")).toEqual(['process 1: read -> "</script><b/onlo...']);
    expect(marked("story")).toHaveLength(story.minimal.operations.length);
    expect(marked("story").length).toBe(3);
    expect(marked("pending")).toEqual(["process 4: write 7"]);
    expect(marked("later")).toEqual(["process 1: write 8"]);
  });

  it("tells the states that the object could be in", () => {
    const { operations } = dataOf(root);
    const lines = operations.find(({ title }) => title === "process 3: read -> 5000")!.lines;
    expect(lines.find((line) => line.startsWith("when it returned"))).toBe(
      "when it returned: 5000 or 6000 or 7",
    );
    const impossible = operations.find(({ id }) => id === story.breaking.invoked)!.lines;
    expect(impossible.find((line) => line.startsWith("when it returned"))).toBe(
      "when it returned: none: here the history breaks",
    );
  });

  it("shades a fault from its beginning to its end, and marks other observations", () => {
    const [partition, crash] = withClass(root, "fault").map((one) => one.querySelector("rect")!);
    const end = (one: TinyElement) =>
      Number(one.getAttribute("x")) + Number(one.getAttribute("width"));
    expect(end(partition!)).toBeLessThan(Number(crash!.getAttribute("x")));
    expect(end(crash!)).toBe(dataOf(root).views.whole.width);
    expect(withClass(root, "moment").map((one) => one.querySelector("title")!.textContent)).toEqual(
      ['n1: leader {"term":3}'],
    );
  });

  it("draws every order with its points one after the other, each within its operation", () => {
    const orders = withClass(root, "order");
    expect(orders).toHaveLength(story.linearizations!.longest.length);
    expect(orders.length).toBeGreaterThan(1);
    for (const [i, order] of orders.entries()) {
      const places = order.querySelectorAll("circle").map((one) => Number(one.getAttribute("cx")));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(new Set(places).size).toBe(places.length);
      for (const [n, { operation }] of story.linearizations!.longest[i]!.order.entries()) {
        const shape = root
          .querySelectorAll("[data-op]")
          .find((one) => one.getAttribute("data-op") === String(operation.invoked))!;
        const rect = shape.querySelector("rect")!;
        const from = Number(rect.getAttribute("x"));
        expect(places[n]).toBeGreaterThan(from);
        expect(places[n]).toBeLessThan(from + Number(rect.getAttribute("width")));
      }
    }
  });

  it("lets no value become markup", () => {
    expect(root.querySelectorAll("b")).toEqual([]);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(documentOf(root).getElementById("story")!.textContent).not.toMatch(/[<>&\u2028]/);
    expect(root.all().flatMap(({ attributes }) => [...attributes.keys()])).not.toContain("onload");
  });

  it("refers to nothing outside", () => {
    expect(html).not.toMatch(/https?:|src=|href=|@import|url\((?!#)/);
    expect(html).toContain("default-src &#39;none&#39;");
  });
});

describe("a page of 2,000 operations", () => {
  const story = staleRead(2000);
  const root = parseHtml(page(story));

  it("draws what is near the impossible operation and says how much it does not", () => {
    expect(root.querySelectorAll("[data-op]")).toHaveLength(400);
    const notes = withClass(root, "fold").map((one) => one.textContent);
    const folded = notes.map((note) => Number.parseInt(note, 10)).reduce((a, b) => a + b, 0);
    expect(folded).toBe(story.operations.length - 400);
  });

  it("draws all of the minimal story", () => {
    expect(withClass(root, "op", "story")).toHaveLength(story.minimal.operations.length);
    expect(withClass(root, "op", "impossible")).toHaveLength(1);
  });

  it("starts where the impossible operation is in view", () => {
    const { x, width } = dataOf(root).views.start;
    const shape = withClass(root, "op", "impossible")[0]!.querySelector("rect")!;
    expect(Number(shape.getAttribute("x"))).toBeGreaterThan(x);
    expect(Number(shape.getAttribute("x"))).toBeLessThan(x + width);
  });
});

describe("the page's script", () => {
  let root: TinyElement;
  let document: ReturnType<typeof documentOf>;

  beforeEach(() => {
    root = parseHtml(page(staleRead(10)));
    document = documentOf(root);
    const script = root.querySelectorAll("script").at(-1)!.textContent;
    runInContext(script, createContext({ document }));
  });

  const view = () =>
    document.getElementById("drawing")!.getAttribute("viewBox")!.split(" ").map(Number);
  const press = (key: string) => document.getElementById("drawing")!.send("keydown", { key });
  const details = () => document.getElementById("details")!.textContent;

  it("begins with the impossible operation", () => {
    expect(details()).toContain("IMPOSSIBLE: it read");
  });

  it("shows the details of an operation that is pointed at, or focused", () => {
    const shape = root.querySelectorAll("[data-op]")[3]!;
    shape.querySelector("rect")!.send("pointerover");
    expect(details()).toContain("process 0: write 3");
    root.querySelectorAll("[data-op]")[4]!.focus();
    expect(details()).toContain("process 1: write 4");
    expect(withClass(root, "current")).toHaveLength(1);
  });

  it("goes from operation to operation by keys", () => {
    press("n");
    const after = details();
    press("p");
    expect(details()).toContain("IMPOSSIBLE");
    expect(after).not.toContain("IMPOSSIBLE");
  });

  it("zooms by wheel, keys and buttons, and comes back", () => {
    const [, , width] = view();
    document.getElementById("drawing")!.send("wheel", { deltaY: -1, clientX: 500, clientY: 100 });
    expect(view()[2]).toBeLessThan(width!);
    press("-");
    expect(view()[2]).toBeGreaterThan(width!);
    document.getElementById("zoom-in")!.send("click");
    document.getElementById("home")!.send("click");
    expect(view()[2]).toBe(width);
    press("0");
    expect(view().slice(0, 3)).toEqual([0, 0, dataOf(root).views.whole.width]);
  });

  it("moves by dragging and by keys, and the names of the lanes move along", () => {
    const drawing = document.getElementById("drawing")!;
    for (let i = 0; i < 3; i++) press("+");
    const [before] = view();
    drawing.send("pointerdown", { clientX: 500, clientY: 0, pointerId: 1 });
    drawing.send("pointermove", { clientX: 400, clientY: 0 });
    drawing.send("pointerup");
    drawing.send("pointermove", { clientX: 0, clientY: 0 });
    const [dragged] = view();
    expect(dragged).toBeGreaterThan(before!);
    press("ArrowLeft");
    expect(view()[0]).toBeLessThan(dragged!);
    expect(document.getElementById("names")!.getAttribute("transform")).toContain(
      `translate(${view()[0]} 0)`,
    );
  });

  it("shows one order at a time", () => {
    const shown = () =>
      root
        .querySelectorAll("[data-order]")
        .filter(({ classList }) => !classList.contains("hidden"))
        .map((one) => one.getAttribute("data-order"));
    expect(shown()).toEqual(["0", "0"]);
    const choice = document.getElementById("orders")!;
    choice.setAttribute("value", "1");
    choice.send("change");
    expect(shown()).toEqual(["1", "1"]);
  });
});
