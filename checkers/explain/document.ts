/** An HTML file that needs nothing else: no network, no fonts, no framework. */

import { type Content, element, inline } from "./markup.js";
import { sharedStyle } from "./style.js";

/** Nothing is ever fetched, whatever the recorded values hold. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

export interface DocumentOptions {
  title: string;
  /** What the page's own elements look like, beside what all pages share. */
  style: string;
}

export function htmlDocument(options: DocumentOptions, ...body: readonly Content[]): string {
  const head = element(
    "head",
    {},
    element("meta", { charset: "utf-8" }),
    element("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    element("title", {}, options.title),
    inline("style", sharedStyle + options.style),
  );
  const page = element("html", { lang: "en" }, head, element("body", {}, ...body));
  return `<!DOCTYPE html>\n${page.markup}\n`;
}
