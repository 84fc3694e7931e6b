/**
 * Ways to spoil a history: each turns well-formed events into other well-formed events that tell
 * of something a linearizable object would not do, or (which the oracle must say) might still do.
 *
 * `pick` decides where; the answer is undefined where there is nothing to spoil.
 */

import { isDeepStrictEqual } from "node:util";
import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import { renumbered } from "./notation.js";
import type { ObjectType } from "./sequential-object.js";

export interface Mutant {
  name: string;
  /** True when a valid history always becomes an invalid one. */
  always: boolean;
  /** The types whose histories it can spoil; all when left out. */
  types?: readonly ObjectType[];
  apply(events: readonly HistoryEvent[], pick: number): HistoryEvent[] | undefined;
}

export const mutants: readonly Mutant[] = [
  {
    name: "a read answers a value that nobody wrote",
    always: true,
    apply: (events, pick) =>
      changed(events, choose(acknowledgedReads(events), pick), ({ value }) => unheardOf(value)),
  },
  {
    name: "a read answers what another read saw",
    always: false,
    apply(events, pick) {
      const reads = acknowledgedReads(events);
      const other = choose(reads, Math.floor(pick / 10));
      return other && changed(events, choose(reads, pick), () => events[other.end]!.value);
    },
  },
  {
    name: "a read answers what the first read saw",
    always: false,
    apply(events, pick) {
      const reads = acknowledgedReads(events);
      const [first] = reads;
      return first && changed(events, choose(reads, pick), () => events[first.end]!.value);
    },
  },
  {
    name: "a late client reads what an earlier one saw",
    always: false,
    apply(events, pick) {
      const seen = choose(acknowledgedReads(events), pick);
      if (seen === undefined) return undefined;
      const process = newProcess(events);
      const late = [events[seen.begin]!, events[seen.end]!];
      return renumbered([...events, ...late.map((event) => ({ ...event, process }))]);
    },
  },
  {
    name: "an acknowledged update turns out to have failed",
    always: false,
    apply: (events, pick) => declaredFailed(events, choose(acknowledgedUpdates(events), pick)),
  },
  {
    name: "a pending update turns out to have failed",
    always: false,
    apply(events, pick) {
      const pending = spans(events).filter(({ end }) => events[end]?.type === "info");
      return declaredFailed(events, choose(pending, pick));
    },
  },
  {
    name: "an acknowledged cas had expected a value that nobody wrote",
    always: true,
    types: ["cas-register", "kv"],
    apply(events, pick) {
      const swaps = acknowledgedUpdates(events).filter(({ begin }) => events[begin]!.f === "cas");
      const swap = choose(swaps, pick);
      if (swap === undefined) return undefined;
      const misled = (event: HistoryEvent): HistoryEvent => {
        const [from, to] = event.value as [Json, Json];
        return { ...event, value: [unheardOf(from), to] };
      };
      return events.map((event, at) =>
        at === swap.begin || at === swap.end ? misled(event) : event,
      );
    },
  },
  {
    name: "a completion comes at once",
    always: false,
    apply(events, pick) {
      const span = choose(acknowledged(events), pick);
      return span && moved(events, span.end, span.begin + 1);
    },
  },
  {
    name: "an invocation comes only just before its completion",
    always: false,
    apply(events, pick) {
      const span = choose(acknowledged(events), pick);
      return span && moved(events, span.begin, span.end - 1);
    },
  },
  {
    name: "a read happens before everything else",
    always: false,
    apply(events, pick) {
      const span = choose(acknowledgedReads(events), pick);
      return span && moved(moved(events, span.begin, 0), span.end, 1);
    },
  },
];

/** Where an operation begins and ends, as positions; `end` is -1 when the history leaves it open. */
interface Span {
  begin: number;
  end: number;
}

function spans(events: readonly HistoryEvent[]): Span[] {
  return events.flatMap(({ process, type }, begin) =>
    type === "invoke"
      ? [{ begin, end: events.findIndex((e, at) => at > begin && e.process === process) }]
      : [],
  );
}

function acknowledged(events: readonly HistoryEvent[]): Span[] {
  return spans(events).filter(({ end }) => events[end]?.type === "ok");
}

function acknowledgedReads(events: readonly HistoryEvent[]): Span[] {
  return acknowledged(events).filter(({ begin }) => isRead(events[begin]!));
}

function acknowledgedUpdates(events: readonly HistoryEvent[]): Span[] {
  return acknowledged(events).filter(
    ({ begin }) => !isRead(events[begin]!) && events[begin]!.f !== "fence",
  );
}

function isRead({ f }: HistoryEvent): boolean {
  return f === "read" || f === "get";
}

function choose(candidates: readonly Span[], pick: number): Span | undefined {
  return candidates[pick % Math.max(candidates.length, 1)];
}

/** The events with another answer to one operation; undefined when that is no change. */
function changed(
  events: readonly HistoryEvent[],
  span: Span | undefined,
  answer: (completion: HistoryEvent) => Json,
): HistoryEvent[] | undefined {
  if (span === undefined) return undefined;
  const completion = events[span.end]!;
  const value = answer(completion);
  if (isDeepStrictEqual(value, completion.value)) return undefined;
  return events.with(span.end, { ...completion, value });
}

function declaredFailed(
  events: readonly HistoryEvent[],
  span: Span | undefined,
): HistoryEvent[] | undefined {
  return span && events.with(span.end, { ...events[span.end]!, type: "fail" });
}

function moved(events: readonly HistoryEvent[], from: number, to: number): HistoryEvent[] {
  const rest = events.toSpliced(from, 1);
  return renumbered(rest.toSpliced(to, 0, events[from]!));
}

function newProcess(events: readonly HistoryEvent[]): number {
  const numbers = events.map(({ process }) => (typeof process === "number" ? process : -1));
  return Math.max(-1, ...numbers) + 1;
}

/** A value of the same sort that no random history ever holds. */
function unheardOf(value: Json): Json {
  if (typeof value === "number") return value + 4096;
  if (typeof value === "string") return `${value}?`;
  return Array.isArray(value) ? [...value, "nobody's"] : "nobody's";
}
