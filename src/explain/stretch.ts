/**
 * The decisive stretch of a run: from the first of the faults and operations that matter to the
 * anomaly, the events that may have had a part in it, of which the most telling are kept.
 *
 * A message may have had a part when it lies in the causal past of an operation involved (Lamport
 * 1978): it arrived at a node before that node did something of that past. Where nobody says when a
 * message was sent, it counts as sent just before it arrived, so that the past is rather too large.
 * O(events).
 */

import type { History, HistoryEvent } from "../../histories/index.js";
import type { TraceRecord } from "../sim/trace.js";
import type { DiagramLine, ExplainedFault, ExplainedOperation, Problem } from "./explanation.js";
import { effectOf, linkOf } from "./messages.js";
import { bodyWords } from "./trace-lines.js";
import { shown } from "./words.js";

export interface StretchRequest {
  trace: readonly TraceRecord[];
  history: History;
  problem: Problem;
  faults: readonly ExplainedFault[];
  operations: readonly ExplainedOperation[];
  linesMax: number;
}

export interface Stretch {
  fromUs: number;
  toUs: number;
  lines: DiagramLine[];
  omitted: number;
}

/** A line with how little it tells: 0 is always kept first. */
interface Ranked {
  rank: number;
  line: DiagramLine;
}

export function stretchOf(request: StretchRequest): Stretch {
  const { fromUs, toUs } = windowOf(request);
  const ranked = [
    ...faultLines(request.faults),
    ...momentLines(request.history.observations),
    ...messageLines(request, toUs),
  ].filter(({ line }) => line.timeUs >= fromUs && line.timeUs <= toUs);
  const kept = ranked
    .toSorted((a, b) => a.rank - b.rank || b.line.timeUs - a.line.timeUs)
    .slice(0, request.linesMax);
  return {
    fromUs,
    toUs,
    lines: kept.map(({ line }) => line).sort((a, b) => a.timeUs - b.timeUs),
    omitted: ranked.length - kept.length,
  };
}

/** From the first that matters to the anomaly. */
export function windowOf({
  problem,
  faults,
  operations,
}: Pick<StretchRequest, "problem" | "faults" | "operations">): { fromUs: number; toUs: number } {
  const begins = [
    ...faults.flatMap(({ atUs }) => (atUs === null ? [] : [atUs])),
    ...operations.filter(({ involved }) => involved).map(({ invokedUs }) => invokedUs),
  ];
  return { fromUs: Math.min(problem.atUs, ...begins), toUs: problem.atUs };
}

function faultLines(faults: readonly ExplainedFault[]): Ranked[] {
  return faults.flatMap(({ id, kind, node, atUs, untilUs }) => {
    const line = (timeUs: number | null, verb: string): Ranked[] =>
      timeUs === null
        ? []
        : [
            {
              rank: 0,
              line: {
                timeUs,
                what: "fault",
                from: node,
                to: null,
                arrived: true,
                text: `${kind} (fault ${id}) ${verb}`,
              },
            },
          ];
    return [...line(atUs, "begins"), ...line(untilUs, "ends")];
  });
}

/** What nodes said of themselves, such as that they lead; decisions come by the dozen. */
function momentLines(observations: readonly HistoryEvent[]): Ranked[] {
  return observations.flatMap(({ process, f, value, time }): Ranked[] => {
    if (process === "nemesis") return [];
    const text = `${f} ${shown(value)}`;
    const line: DiagramLine = {
      timeUs: Math.floor(time / 1000),
      what: "moment",
      from: String(process),
      to: null,
      arrived: true,
      text,
    };
    return [{ rank: f === "leader" ? 2 : 4, line }];
  });
}

function messageLines({ trace, history, operations }: StretchRequest, toUs: number): Ranked[] {
  const clients = new Set(history.operations.map(({ process }) => `c${process}`));
  const involved = new Set(
    operations.filter((one) => one.involved).map(({ process }) => `c${process}`),
  );
  const inPast = causalPast(trace, involved, toUs);
  const said = new Set<string>();
  const isNew = (link: string, text: string): boolean => {
    const before = said.size;
    return said.add(`${link} ${text}`).size > before;
  };
  const rankOf = (from: string, to: string, text: string): number => {
    if (involved.has(from) || involved.has(to)) return 1;
    if (clients.has(from) || clients.has(to)) return 3;
    return isNew(`${from}->${to}`, text) ? 5 : 6;
  };
  return trace.flatMap((record): Ranked[] => {
    const { kind, who, detail, timeUs, effects = [] } = record;
    if (timeUs > toUs) return [];
    const lines: Ranked[] = [];
    const ends = kind === "message" ? linkOf(who) : undefined;
    if (ends !== undefined && detail !== undefined && inPast.has(record)) {
      const arrived = !effects.includes("cut off on arrival");
      const text = bodyWords(detail);
      const line: DiagramLine = { timeUs, what: "message", ...ends, arrived, text };
      lines.push({ rank: rankOf(ends.from, ends.to, text), line });
    }
    for (const effect of effects) {
      const fate = effectOf(effect);
      if (fate === undefined || fate.what === "duplicated") continue;
      const { from, to, type, what } = fate;
      // The first of a kind says that the link is cut; the others repeat it.
      const rank = isNew(`${from}->${to}`, what) ? 2 : 6;
      const text = `${type}: ${what}`;
      lines.push({ rank, line: { timeUs, what: "message", from, to, arrived: false, text } });
    }
    return lines;
  });
}

/** The messages in the causal past of what some clients were told, walked from the end. */
function causalPast(
  trace: readonly TraceRecord[],
  clients: ReadonlySet<string>,
  toUs: number,
): Set<TraceRecord> {
  /** Up to when what an endpoint did belongs to the past. */
  const until = new Map<string, number>([...clients].map((client) => [client, toUs]));
  // Where no client is involved, it is about nodes, and all of them count.
  const everybody = clients.size === 0 ? toUs : -1;
  const past = new Set<TraceRecord>();
  for (const record of trace.toReversed()) {
    const ends = record.kind === "message" ? linkOf(record.who) : undefined;
    if (ends === undefined || record.timeUs > (until.get(ends.to) ?? everybody)) continue;
    past.add(record);
    until.set(ends.from, Math.max(until.get(ends.from) ?? everybody, record.timeUs - 1));
  }
  return past;
}
