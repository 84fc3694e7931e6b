/** What a person gets beside a violation's sentence: a timeline, and a page to look into. */

import { type Anomaly, type MemoryVerdict, page, retell, timeline } from "../../checkers/index.js";
import { type Columns, operationAt } from "../../histories/index.js";
import { UsageError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { fileStem, freeName, writeText } from "../store/files.js";
import type { Judgement } from "./subject.js";

/** An anomaly with its drawing. */
export interface Told extends Anomaly {
  /** Left out for objects without one. */
  key?: Json;
  /** Why it is one, step by step, where that takes more than a sentence. */
  explanation?: string;
  timeline?: string;
  /** Whether a part of the history shows it alone, as the verifier sees it; else what is missing. */
  certified?: true | string;
  /** The file of the page. */
  page?: string;
}

export interface TellingOptions {
  /** The history's file. */
  file: string;
  /** Where pages go; none are written when undefined. */
  folder: string | undefined;
}

/** Operations of an anomaly up to which they are drawn: more nobody looks at. */
const DRAWN_MAX = 60;

/** Writes a page, if any are to be written, and says where. */
export type PageWriter = (text: string) => { page?: string };

/** `trouble` says why a page could not be written: no reason to withhold the verdict. */
export function pages({ file, folder }: Pick<TellingOptions, "file" | "folder">): {
  write: PageWriter;
  trouble: () => string | undefined;
} {
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
  return { write, trouble: () => trouble };
}

/** Anomalies of objects, with drawings where there are any. */
export function tell(judgement: Judgement, init: Json, write: PageWriter): Told[] {
  const { columns, verdict, memory } = judgement;
  const { anomalies } = verdict;
  if (memory !== undefined && columns !== undefined) return tellMemory(columns, memory);
  const type = verdict.notes?.["type"];
  if (columns === undefined || typeof type !== "string") return [...anomalies];
  const { observations = [] } = columns;
  return anomalies.map((anomaly): Told => {
    if (anomaly.brokenAt === undefined) return anomaly;
    const story = retell(columns, anomaly, { type, init, observations });
    const drawing = timeline(story.minimal.operations, {
      breaking: story.breaking.invoked,
      observations,
    });
    const key = story.key === undefined ? {} : { key: story.key };
    return { ...anomaly, ...key, timeline: drawing, ...write(page(story)) };
  });
}

/** The smallest part of the history that shows each anomaly, and the argument step by step. */
function tellMemory(columns: Columns, { anomalies, evidence }: MemoryVerdict): Told[] {
  const { observations = [] } = columns;
  return anomalies.map((anomaly, i): Told => {
    const { operations, steps } = evidence[i]!;
    if (operations.length > DRAWN_MAX) return anomaly;
    const drawn = operations.map((place) => operationAt(columns, place));
    return {
      ...anomaly,
      ...(steps.length === 0 ? {} : { explanation: steps.join("\n") }),
      timeline: timeline(drawn, { observations }),
    };
  });
}

function stemOf(file: string): string {
  return file === "-" ? "stdin" : fileStem(file.includes("/") ? file : `./${file}`);
}
