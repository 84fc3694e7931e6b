/**
 * Messages between nodes as a trace has them: an event where they arrive, and an effect of the event
 * that sent them where they do not.
 */

import type { TraceRecord } from "../sim/trace.js";
import type { Sent } from "./changes.js";
import { bodyWords } from "./trace-lines.js";

const LINK = /^(?<from>[^>]+)->(?<to>.+)$/;

/** Source and destination of a message's link. */
export function linkOf(who: string): { from: string; to: string } | undefined {
  const { from, to } = LINK.exec(who)?.groups ?? {};
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** "n1->n2 append: cut off" */
const EFFECT = /^(?<link>\S+->\S+) (?<type>.*): (?<what>cut off|lost|duplicated|held)$/;

export function effectOf(
  text: string,
): { from: string; to: string; type: string; what: string } | undefined {
  const { link = "", type = "", what = "" } = EFFECT.exec(text)?.groups ?? {};
  const ends = linkOf(link);
  return ends === undefined ? undefined : { ...ends, type, what };
}

/**
 * What arrived between nodes until some moment, numbered as it was sent. Only links that keep their
 * order are told: where messages were doubled or held, arrivals do not tell which message is which.
 */
export function messagesBetween(
  nodes: readonly string[],
  trace: readonly TraceRecord[],
  toUs: number,
): Sent[] {
  const isNode = new Set(nodes);
  const sentOn = new Map<string, number>();
  const unordered = new Set<string>();
  const result: Sent[] = [];
  const count = (link: string): number => {
    const nth = (sentOn.get(link) ?? 0) + 1;
    sentOn.set(link, nth);
    return nth;
  };
  for (const { kind, who, detail, timeUs, effects = [] } of trace) {
    if (timeUs > toUs) break;
    const ends = kind === "message" ? linkOf(who) : undefined;
    if (ends !== undefined) {
      const nth = count(who);
      if (
        detail !== undefined &&
        isNode.has(ends.from) &&
        isNode.has(ends.to) &&
        !unordered.has(who)
      ) {
        result.push({ ...ends, nth, arrivedUs: timeUs, text: bodyWords(detail) });
      }
    }
    for (const effect of effects) {
      const lost = effectOf(effect);
      if (lost === undefined) continue;
      if (lost.what === "duplicated" || lost.what === "held") {
        unordered.add(`${lost.from}->${lost.to}`);
      } else count(`${lost.from}->${lost.to}`);
    }
  }
  return result;
}
