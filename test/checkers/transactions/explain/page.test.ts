/** Pages and lanes show who did what when, and let no value become markup. */

import { describe, expect, it } from "vitest";
import { certificateOf } from "../../../../checkers/transactions/certificate/certificate.js";
import { transactionPage } from "../../../../checkers/transactions/explain/page/page.js";
import { tellTransactions } from "../../../../checkers/transactions/explain/story.js";
import { explanation } from "../../../../checkers/transactions/explain/text.js";
import { transactionTimeline } from "../../../../checkers/transactions/explain/timeline.js";
import type { HistoryEvent } from "../../../../histories/history.js";
import { formatEvent } from "../../../../histories/jsonl.js";
import type { Json } from "../../../../src/base/json.js";
import { parseHtml, type TinyElement } from "../../linearizability/explain/tiny-dom.js";
import { foundIn } from "../certificate/shown.js";
import { eventsOf } from "../notation.js";

/** The same events with what a nemesis did before some of them. */
function amid(text: string, ...faults: [before: number, f: string, id: number][]): HistoryEvent[] {
  const events = eventsOf(text).flatMap((event, i) => [
    ...faults
      .filter(([before]) => before === i)
      .map(([, f, id]) => ({
        ...event,
        process: "nemesis",
        type: "info" as const,
        f,
        value: { id },
      })),
    event,
  ]);
  return events.map((event, index) => ({ ...event, index }));
}

function storyOf(events: HistoryEvent[]) {
  const { transactions, shown } = foundIn(events);
  const story = tellTransactions(transactions, shown[0]!);
  return { story, certificate: certificateOf(transactions, shown[0]!) };
}

function withClass(root: TinyElement, ...classes: string[]): TinyElement[] {
  return root.all().filter(({ classList }) => classes.every((one) => classList.contains(one)));
}

const fork = "ax1 | ay1 | rx1ry | rxry1";

describe("a page", () => {
  const { story, certificate } = storyOf(amid(fork, [2, "partition", 1], [5, "partition-end", 1]));
  const html = transactionPage(story, { model: "serializable", certificate });
  const root = parseHtml(html);

  it("is the same every time", () => {
    expect(transactionPage(story, { model: "serializable", certificate })).toBe(html);
  });

  it("has a bar for each transaction, with its micro-operations that matter", () => {
    const bars = withClass(root, "txn").map((bar) =>
      bar.querySelectorAll("text").map((one) => one.textContent),
    );
    expect(bars).toEqual([
      ["T1", "append x 1"],
      ["T3", "append y 1"],
      ["T2", "r x = [1]", "r y = []"],
      ["T4", "r x = []", "r y = [1]"],
    ]);
  });

  it("has an arrow for each step, with its kind and key", () => {
    const labels = withClass(root, "edge").map((edge) => edge.querySelector("text")!.textContent);
    expect(labels).toEqual(["wr x", "rw y", "wr y", "rw x"]);
    for (const edge of withClass(root, "edge")) {
      const path = edge.querySelector("path")!;
      expect(path.getAttribute("d")).toMatch(/^M-?[\d.]+,-?[\d.]+ C(-?[\d.]+,-?[\d.]+ ?){3}$/);
      const head = path.getAttribute("marker-end")!.slice("url(#".length, -1);
      expect(root.all().some((one) => one.getAttribute("id") === head)).toBe(true);
    }
  });

  it("begins an arrow within the lanes and ends it there", () => {
    const svg = root.querySelector("svg")!;
    const [width, height] = ["width", "height"].map((name) => Number(svg.getAttribute(name)));
    for (const edge of withClass(root, "edge")) {
      const places = edge
        .querySelector("path")!
        .getAttribute("d")!
        .match(/-?[\d.]+/g)!
        .map(Number);
      for (const x of places.filter((_, i) => i % 2 === 0)) expect(x).toBeLessThan(width!);
      for (const y of places.filter((_, i) => i % 2 === 1)) expect(y).toBeLessThan(height!);
      expect(Math.min(...places)).toBeGreaterThan(0);
    }
  });

  it("shades faults behind the lanes", () => {
    const [fault] = withClass(root, "fault");
    expect(fault!.querySelector("text")!.textContent).toBe("partition");
    const x = Number(fault!.querySelector("rect")!.getAttribute("x"));
    const bars = withClass(root, "txn").map((bar) =>
      Number(bar.querySelector("rect")!.getAttribute("x")),
    );
    expect(bars.filter((bar) => bar < x)).toHaveLength(2);
  });

  it("says what it is called, what it means, and why", () => {
    expect(root.querySelector("h1")!.textContent).toBe(
      "G-nonadjacent-item (long fork): 4 transactions",
    );
    expect(withClass(root, "message")[0]!.textContent).toContain(
      "The history is not serializable.",
    );
    expect(root.querySelector("pre")!.textContent).toContain("However, T4 < T1");
  });

  it("gives the certificate away", () => {
    const text = root.querySelectorAll("pre").at(-1)!.textContent;
    expect(text.split("\n")).toEqual(certificate.events.map(formatEvent));
  });

  it("refers to nothing outside and has no script", () => {
    expect(html).not.toMatch(/https?:|src=|href=|@import|url\((?!#)|<script/);
    expect(html).toContain("default-src &#39;none&#39;");
  });

  it("draws each case where no read shows the order of versions", () => {
    const cases = parseHtml(transactionPage(storyOf(eventsOf("wx1wy2 | wx2wy1 | rx2ry2")).story));
    expect(cases.querySelectorAll("svg")).toHaveLength(3);
    expect(withClass(cases, "facts").map((one) => one.textContent)).toEqual([
      "If T3 wrote key y before T1 and T3 wrote key x before T1:",
      "If T3 wrote key y before T1 and T1 wrote key x before T3:",
      "If T1 wrote key y before T3:",
    ]);
  });

  it("tells apart what failed, what never returned, and mere witnesses", () => {
    const pageOf = (text: string) => parseHtml(transactionPage(storyOf(eventsOf(text)).story));
    expect(withClass(pageOf("fail ax1 | rx1"), "txn", "failed")).toHaveLength(1);
    expect(withClass(pageOf("info ax1 ; rx1 ; rx"), "txn", "pending")).toHaveLength(1);
    expect(withClass(pageOf("ax1ay1 | ax2ay2 | rx12 | ry21"), "txn", "witness")).toHaveLength(2);
  });

  it("lets no value become markup", () => {
    const evil = `"</pre><b/onload=alert(1)>&'`;
    const renamed = (value: Json): Json =>
      Array.isArray(value) ? value.map(renamed) : value === "x" || value === 1 ? evil : value;
    const events = eventsOf("rxry1 | ax1ay1").map((event) => ({
      ...event,
      value: renamed(event.value),
    }));
    const { story: told, certificate: proof } = storyOf(events);
    const dangerous = parseHtml(transactionPage(told, { certificate: proof }));
    expect(dangerous.querySelectorAll("b")).toEqual([]);
    expect(dangerous.all().flatMap(({ attributes }) => [...attributes.keys()])).not.toContain(
      "onload",
    );
    expect(dangerous.querySelector("pre")!.textContent).toContain("onload=alert(1)");
  });
});

describe("lanes in text", () => {
  it("show transactions by process, and faults in lanes of their own", () => {
    const { story } = storyOf(
      amid(fork, [2, "partition", 1], [3, "partition", 2], [5, "partition-end", 1]),
    );
    expect(`\n${transactionTimeline(story)}\n`).toMatchInlineSnapshot(`
      "
      process 0    |- T1: append x 1 -|
      process 1     |- T3: append y 1 --|
      process 2       |- T2: r x = [1], r y = [] -|
      process 3         |- T4: r x = [], r y = [1] -|
      partition      |- partition -----|
      partition 2      |- partition ---------------...
      "
    `);
  });

  it("show in time what came after what", () => {
    const { story } = storyOf(amid("ax1 ; rx", [0, "pause", 1], [1, "pause-end", 1]));
    expect(`\n${transactionTimeline(story)}\n`).toMatchInlineSnapshot(`
      "
      process 0   |- T1: append x 1 -|
      process 1                       |- T2: r x = [] -|
      pause      |- pause -|
      "
    `);
  });

  it("show the faults and marks of a Jepsen nemesis, as the page does", () => {
    const done = ["start-partition", "bump-clock", "stop-partition"].entries();
    const events = eventsOf("ax1 ; rx");
    const nemesis = [...done].map(([i, f]): HistoryEvent => {
      return { ...events[i]!, process: "nemesis", type: "info", f, value: null };
    });
    const mixed = events.flatMap((event, i) => [event, ...nemesis.slice(i, i + 1)]);
    const { story } = storyOf(mixed.map((event, index) => ({ ...event, index })));
    expect(`\n${transactionTimeline(story)}\n`).toMatchInlineSnapshot(`
      "
      process 0  |- T1: append x 1 -|
      process 1                                      |- T2: r x = [] -|
      nemesis                        |- bump-clock -|
      partition   |- partition -----------------------|
      "
    `);
    const root = parseHtml(transactionPage(story));
    const texts = (name: string) =>
      withClass(root, name).map((one) => one.querySelector("text")!.textContent);
    expect(texts("fault")).toEqual(["partition"]);
    expect(texts("moment")).toEqual(["bump-clock"]);
  });

  it("print keys in their own script, as the explanation does", () => {
    const named = (value: Json): Json =>
      Array.isArray(value) ? value.map(named) : value === "x" ? "ключ" : value;
    const events = eventsOf("ax1 ; rx").map((event) => ({ ...event, value: named(event.value) }));
    const { story } = storyOf(events);
    expect(explanation(story)).toContain("append ключ 1");
    expect(transactionTimeline(story)).toContain("append ключ 1");
  });

  it("leave out faults that were over, or came later", () => {
    const faults: [number, string, number][] = [
      [0, "crash", 1],
      [1, "crash-end", 1],
      [7, "pause", 2],
    ];
    const { story } = storyOf(amid("az1 ; ax1 ; rx ; az2", ...faults));
    expect(transactionTimeline(story)).not.toMatch(/crash|pause/);
  });
});
