/**
 * The decisive stretch of a run: from the first of the faults and operations that matter to the
 * anomaly, the events that may have had a part in it, of which the most telling are kept.
 *
 * A message may have had a part when it lies in the causal past of an operation involved (Lamport
 * 1978): it arrived at a node before that node did something of that past. Where nobody says when a
 * message was sent, it counts as sent just before it arrived, so that the past is rather too large.
 * O(events).
 */

import type { History } from "../../histories/index.js";
import { isJsonObject } from "../base/json.js";
import type { TraceRecord } from "../sim/trace.js";
import type {
  DiagramLine,
  ExplainedFault,
  ExplainedOperation,
  Observation,
  Problem,
} from "./explanation.js";
import { effectOf, linkOf } from "./messages.js";
import { observationOf } from "./problem.js";
import { bodyWords } from "./trace-lines.js";

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

/** Causes before effects: what a fault or a message made a node say stands below it. */
const inOneInstant: { readonly [what in DiagramLine["what"]]: number } = {
  fault: 0,
  message: 1,
  moment: 2,
};

/** The rank of what repeats what was told; it is shown only where there is little else. */
const REPEATED = 7;
const LINES_MIN = 8;

export function stretchOf(request: StretchRequest): Stretch {
  const { fromUs, toUs } = windowOf(request);
  const ranked = [
    ...faultLines(request.faults),
    ...momentLines(request),
    ...messageLines(request, toUs),
  ].filter(({ line }) => line.timeUs >= fromUs && line.timeUs <= toUs);
  const telling = ranked.filter(({ rank }) => rank < REPEATED).length;
  const kept = ranked
    .toSorted((a, b) => a.rank - b.rank || b.line.timeUs - a.line.timeUs)
    .slice(0, Math.min(request.linesMax, Math.max(telling, LINES_MIN)));
  return {
    fromUs,
    toUs,
    lines: kept
      .map(({ line }) => line)
      .sort((a, b) => a.timeUs - b.timeUs || inOneInstant[a.what] - inOneInstant[b.what]),
    omitted: ranked.length - kept.length,
  };
}

/** From the first that matters to the anomaly. */
function windowOf({
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
  return faults.flatMap(({ kind, node, atUs, untilUs }, i) => {
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
                text: `${kind} (fault ${i + 1}) ${verb}`,
              },
            },
          ];
    return [...line(atUs, "begins"), ...line(untilUs, "ends")];
  });
}

/** What nodes said of themselves: that they lead, and what is part of the anomaly, before all else. */
function momentLines({ history, problem }: StretchRequest): Ranked[] {
  const isInvolved = ({ timeUs, node, text }: Observation): boolean =>
    problem.observations.some(
      (one) => one.timeUs === timeUs && one.node === node && one.text === text,
    );
  return history.observations.flatMap((event): Ranked[] => {
    if (event.process === "nemesis") return [];
    const said = observationOf(event);
    const { timeUs, node, text } = said;
    const rank = isInvolved(said) ? 0 : event.f === "leader" ? 2 : 6;
    return [{ rank, line: { timeUs, what: "moment", from: node, to: null, arrived: true, text } }];
  });
}

function messageLines(request: StretchRequest, toUs: number): Ranked[] {
  const { trace, history, operations } = request;
  const clients = new Set(history.operations.map(({ process }) => `c${process}`));
  const involved = new Set(
    operations.filter((one) => one.involved).map(({ process }) => `c${process}`),
  );
  const inPast = causalPast(trace, involved, toUs);
  const news = new News(request);
  const rankOf = (from: string, to: string, type: string, timeUs: number): number => {
    if (involved.has(from) || involved.has(to)) return 1;
    if (clients.has(from) || clients.has(to)) return 3;
    return news.isNew(`${from}->${to} ${type}`, timeUs) ? 4 : REPEATED;
  };
  return trace.flatMap((record): Ranked[] => {
    const { kind, who, detail, timeUs, effects = [] } = record;
    if (timeUs > toUs) return [];
    const lines: Ranked[] = [];
    const ends = kind === "message" ? linkOf(who) : undefined;
    if (ends !== undefined && isJsonObject(detail) && inPast.has(record)) {
      const arrived = !effects.includes("cut off on arrival");
      const rank = rankOf(ends.from, ends.to, String(detail["type"]), timeUs);
      const text = bodyWords(detail);
      lines.push({ rank, line: { timeUs, what: "message", ...ends, arrived, text } });
    }
    for (const effect of effects) {
      const fate = effectOf(effect);
      if (fate === undefined || fate.what === "duplicated") continue;
      const { from, to, type, what } = fate;
      const rank = news.isNew(`${from}->${to} ${what}`, timeUs) ? 4 : REPEATED;
      const text = `${type}: ${what}`;
      lines.push({ rank, line: { timeUs, what: "message", from, to, arrived: false, text } });
    }
    return lines;
  });
}

/** Heartbeats say nothing new: a link's first message of a type does, and again after each turn of events. */
class News {
  readonly #turns: number[];
  readonly #told = new Set<string>();

  constructor({ faults, history }: StretchRequest) {
    const leaders = history.observations.filter(({ f }) => f === "leader");
    this.#turns = [
      ...faults.flatMap(({ atUs, untilUs }) => [atUs ?? 0, untilUs ?? 0]),
      ...leaders.map(({ time }) => Math.floor(time / 1000)),
    ].sort((a, b) => a - b);
  }

  isNew(what: string, timeUs: number): boolean {
    const turn = this.#turns.filter((turnUs) => turnUs <= timeUs).length;
    const before = this.#told.size;
    return this.#told.add(`${turn} ${what}`).size > before;
  }
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
