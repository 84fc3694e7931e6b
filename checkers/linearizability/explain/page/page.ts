/**
 * A story as one HTML file that needs nothing else: no network, no fonts, no framework. What it
 * says is there without its script; the script adds zoom, hover and the choice of an order.
 */

import { canonical } from "../../../../src/base/json.js";
import { keyName } from "../../../describe.js";
import { htmlDocument } from "../../../explain/document.js";
import { type Content, data, element, inline, type Markup } from "../../../explain/markup.js";
import { label } from "../label.js";
import type { PartialLinearization } from "../partial.js";
import type { Story } from "../story.js";
import { timeline } from "../timeline.js";
import { detailsOf } from "./details.js";
import { draw } from "./drawing.js";
import { script } from "./script.js";
import { selectOperations } from "./selection.js";
import { style } from "./style.js";

export function page(story: Story): string {
  const { anomaly, type, key } = story;
  const selection = selectOperations(story);
  const drawing = draw(story, selection);
  const title = `${anomaly.type}: a ${type}, ${keyName(key)}`;
  const operations = selection.drawn.map((operation) => ({
    id: operation.invoked,
    ...detailsOf(operation, story, selection),
  }));
  return htmlDocument(
    { title, style },
    ...introduction(story),
    tools(story),
    drawing.svg,
    element(
      "p",
      { class: "hint" },
      "Wheel or + and - zoom, drag or arrow keys move, n and p go from operation to operation, 0 shows all. " +
        "Blue: the minimal story. Red: the impossible operation. A bar that fades was never acknowledged.",
    ),
    element("section", { id: "details", "aria-live": "polite" }, element("p", {}, anomaly.message)),
    ...minimalStory(story),
    ...orderLists(story),
    data("story", { operations, views: { whole: drawing.whole, start: drawing.start } }),
    inline("script", script),
  );
}

function introduction({ anomaly, type, key, init, operations, breaking }: Story): Markup[] {
  const facts =
    `${type}, ${keyName(key)}, initially ${canonical(init)}; ${operations.length} operations. ` +
    `The history is linearizable until ${label(breaking)} by process ${breaking.process} returns ` +
    `(event ${breaking.completed}).`;
  return [
    element("h1", {}, anomaly.type),
    element("p", { class: "message" }, anomaly.message),
    element("p", { class: "facts" }, facts),
  ];
}

function tools({ linearizations }: Story): Markup {
  const button = (id: string, text: string, what: string): Markup =>
    element("button", { id, type: "button", title: what, "aria-label": what }, text);
  const options = (linearizations?.longest ?? []).map((_, i) =>
    element("option", { value: i }, `order ${i + 1}`),
  );
  const choice: Content[] =
    options.length === 0
      ? []
      : [element("label", {}, "Longest orders: ", element("select", { id: "orders" }, ...options))];
  return element(
    "div",
    { class: "tools" },
    button("zoom-in", "+", "Zoom in"),
    button("zoom-out", "\u2212", "Zoom out"),
    button("fit", "All", "Show everything"),
    button("home", "Break", "Go to the impossible operation"),
    button("previous", "\u2190", "Previous operation"),
    button("next", "\u2192", "Next operation"),
    ...choice,
  );
}

function minimalStory({ minimal, breaking, operations, observations }: Story): Markup[] {
  const isEnough = minimal.minimal
    ? "leave out any one of them with what depends on it, and the rest can be explained (or fails differently)"
    : "fewer might do: the search for them was cut short";
  return [
    element("h2", {}, "Minimal story"),
    element(
      "p",
      {},
      `${minimal.operations.length} of ${operations.length} operations contradict each other already; ${isEnough}.`,
    ),
    element("pre", {}, timeline(minimal.operations, { breaking: breaking.invoked, observations })),
  ];
}

function orderLists({ linearizations }: Story): Markup[] {
  if (linearizations === undefined) return [];
  const { longest, more, complete, scope } = linearizations;
  const of = scope === "prefix" ? "all operations until the break" : "the minimal story";
  const others = more > 0 ? ` (${more} more are not listed)` : "";
  const cut = complete ? "" : " The search was cut short: longer orders may exist.";
  return [
    element("h2", {}, "How far it can be explained"),
    element("p", {}, `The longest legal orders of ${of}${others}.${cut}`),
    ...longest.map(orderList),
  ];
}

const LISTED_MAX = 60;

function orderList({ order, blocked }: PartialLinearization, i: number): Markup {
  const skipped = Math.max(0, order.length - LISTED_MAX);
  const steps = order
    .slice(skipped)
    .map(({ operation, state }) =>
      element(
        "li",
        {},
        `${label(operation)} by process ${operation.process}, then the state is ${state}`,
      ),
    );
  const reasons = blocked.map(({ why }) => element("p", { class: "blocked" }, why));
  return element(
    "section",
    { class: i === 0 ? "order-list" : "order-list hidden", "data-order": i },
    ...(skipped > 0 ? [element("p", { class: "hint" }, `(after ${skipped} earlier steps)`)] : []),
    element("ol", { start: skipped + 1 }, ...steps),
    ...reasons,
  );
}
