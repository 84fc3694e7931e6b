/**
 * An anomaly of transactions as one HTML file that needs nothing else: the drawing, the explanation,
 * and the certificate to take away. There is no script in it.
 */

import { formatEvent } from "../../../../histories/jsonl.js";
import { htmlDocument } from "../../../explain/document.js";
import { element, type Markup } from "../../../explain/markup.js";
import type { Certificate } from "../../certificate/certificate.js";
import type { StepTree } from "../../certificate/step-tree.js";
import type { Step } from "../../findings.js";
import type { TransactionStory } from "../story.js";
import { explanation, heading } from "../text.js";
import { keyText } from "../words.js";
import { draw } from "./drawing.js";
import { style } from "./style.js";

/** A longer certificate is left to a file of its own. */
const EVENTS_MAX = 400;
/** Of more cases only so many are drawn. */
const DRAWINGS_MAX = 4;

export interface PageOptions {
  /** By which the history was judged. */
  model?: string;
  certificate?: Certificate;
}

export function transactionPage(story: TransactionStory, options: PageOptions = {}): string {
  const { model, certificate } = options;
  const title = heading(story);
  const broken = model === undefined ? "" : ` The history is not ${model}.`;
  const drawings =
    "tree" in story.shown ? cases(story, story.shown.tree) : [{ caption: "", steps: [] }];
  return htmlDocument(
    { title, style },
    element("h1", {}, title),
    element("p", { class: "message" }, `${capital(story.phenomenon.consequence)}.${broken}`),
    ...drawings
      .slice(0, DRAWINGS_MAX)
      .flatMap(({ caption, steps }) => drawing(story, caption, steps)),
    element(
      "p",
      { class: "hint" },
      "Time runs from left to right, squeezed to the order of events. An arrow leads from what came first to what " +
        "came after: ww overwrites, wr is read by, rw was missed by the reader. Dashed bars only witness; a bar that fades was never acknowledged.",
    ),
    element("h2", {}, "Why"),
    element("pre", {}, explanation(story)),
    ...(certificate === undefined || certificate.events.length > EVENTS_MAX
      ? []
      : [takeaway(certificate)]),
  );
}

function drawing(story: TransactionStory, caption: string, steps: readonly Step[]): Markup[] {
  const figure = element("div", { class: "scroll" }, draw(story, steps));
  return caption === "" ? [figure] : [element("p", { class: "facts" }, caption), figure];
}

/** Each cycle with the orders of versions that it assumes. */
function cases(
  story: TransactionStory,
  tree: StepTree,
  assumed: readonly string[] = [],
): { caption: string; steps: readonly Step[] }[] {
  if ("cycles" in tree) {
    return [{ caption: "One of very many orders of versions:", steps: tree.cycles[0] ?? [] }];
  }
  if ("steps" in tree) {
    const caption = assumed.length === 0 ? "" : `If ${assumed.join(" and ")}:`;
    return [{ caption, steps: tree.steps }];
  }
  const nameOf = (t: number): string =>
    story.roles.find(({ transaction }) => transaction === t)?.name ?? "another";
  const [first, second] = tree.writers.map(nameOf);
  const key = keyText(story.transactions, tree.key);
  return tree.cases.flatMap((part, i) => {
    const [older, newer] = i === 0 ? [first, second] : [second, first];
    return cases(story, part, [...assumed, `${older} wrote key ${key} before ${newer}`]);
  });
}

function takeaway({ events }: Certificate): Markup {
  return element(
    "details",
    {},
    element(
      "summary",
      {},
      "The least part of the history that fails in the same way, as a history file",
    ),
    element("pre", {}, events.map(formatEvent).join("\n")),
  );
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
