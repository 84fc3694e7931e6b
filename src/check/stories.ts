/** What a person gets beside a violation's sentence: a timeline, and a page to look into. */

import { type Anomaly, page, retell, timeline } from "../../checkers/index.js";
import type { Json } from "../base/json.js";
import { fileStem, freeName, writeText } from "../store/files.js";
import type { Judgement } from "./subject.js";

/** An anomaly with its drawing. */
export interface Told extends Anomaly {
  timeline?: string;
  /** The file of the page. */
  page?: string;
}

export interface TellingOptions {
  /** The history's file. */
  file: string;
  /** Where pages go; none are written when undefined. */
  folder: string | undefined;
  init: Json;
}

/** @throws UsageError when a page cannot be written. */
export function tell(
  anomalies: readonly Anomaly[],
  { columns, verdict }: Judgement,
  { file, folder, init }: TellingOptions,
): Told[] {
  const type = verdict.notes?.["type"];
  if (columns === undefined || typeof type !== "string") return [...anomalies];
  const { observations = [] } = columns;
  return anomalies.map((anomaly) => {
    if (anomaly.brokenAt === undefined) return anomaly;
    const story = retell(columns, anomaly, { type, init, observations });
    const drawing = timeline(story.minimal.operations, { breaking: story.breaking.invoked });
    const told = { ...anomaly, timeline: drawing };
    if (folder === undefined) return told;
    const path = freeName(folder, stemOf(file), ".html");
    writeText(path, page(story));
    return { ...told, page: path };
  });
}

function stemOf(file: string): string {
  return file === "-" ? "stdin" : fileStem(file.includes("/") ? file : `./${file}`);
}
