/** What a person gets beside a violation's sentence: a timeline, and a page to look into. */

import { type Anomaly, page, retell, timeline } from "../../checkers/index.js";
import { UsageError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { fileStem, freeName, writeText } from "../store/files.js";
import type { Judgement } from "./subject.js";

/** An anomaly with its drawing. */
export interface Told extends Anomaly {
  /** Left out for objects without one. */
  key?: Json;
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

/** `trouble` says why a page could not be written: no reason to withhold the verdict. */
export function tell(
  anomalies: readonly Anomaly[],
  { columns, verdict }: Judgement,
  { file, folder, init }: TellingOptions,
): { told: Told[]; trouble?: string } {
  const type = verdict.notes?.["type"];
  if (columns === undefined || typeof type !== "string") return { told: [...anomalies] };
  const { observations = [] } = columns;
  let trouble: string | undefined;
  const write = (text: string): { page?: string } => {
    if (folder === undefined || trouble !== undefined) return {};
    try {
      const path = freeName(folder, stemOf(file), ".html");
      writeText(path, text);
      return { page: path };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      trouble = error.message;
      return {};
    }
  };
  const told = anomalies.map((anomaly): Told => {
    if (anomaly.brokenAt === undefined) return anomaly;
    const story = retell(columns, anomaly, { type, init, observations });
    const drawing = timeline(story.minimal.operations, { breaking: story.breaking.invoked });
    const key = story.key === undefined ? {} : { key: story.key };
    return { ...anomaly, ...key, timeline: drawing, ...write(page(story)) };
  });
  return trouble === undefined ? { told } : { told, trouble };
}

function stemOf(file: string): string {
  return file === "-" ? "stdin" : fileStem(file.includes("/") ? file : `./${file}`);
}
