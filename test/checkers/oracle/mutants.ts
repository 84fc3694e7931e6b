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
import { isLook, isTelling } from "./object-types.js";

export interface Mutant {
  name: string;
  /** True when a valid history always becomes an invalid one. */
  always: boolean;
  apply(events: readonly HistoryEvent[], pick: number): HistoryEvent[] | undefined;
}

export const mutants: readonly Mutant[] = [
  {
    name: "an operation answers a value that nobody wrote",
    always: true,
    apply(events, pick) {
      const values = telling(events).filter(({ begin, end }) => {
        const { value } = events[end]!;
        return events[begin]!.f !== "generate" && typeof value !== "boolean" && value !== null;
      });
      return changed(events, choose(values, pick), ({ value }) => unheardOf(value));
    },
  },
  {
    name: "an operation answers what another one was told",
    always: false,
    apply(events, pick) {
      const span = choose(telling(events), pick);
      const other = span && choose(likes(events, span), Math.floor(pick / 10));
      return other && changed(events, span, () => events[other.end]!.value);
    },
  },
  {
    name: "an operation answers what the first one was told",
    always: false,
    apply(events, pick) {
      const span = choose(telling(events), pick);
      const [first] = span === undefined ? [] : likes(events, span);
      return first && changed(events, span, () => events[first.end]!.value);
    },
  },
  {
    name: "two operations are told each other's answers",
    always: false,
    apply(events, pick) {
      const span = choose(telling(events), pick);
      const other = span && choose(likes(events, span), Math.floor(pick / 10));
      if (other === undefined || other.begin === span!.begin) return undefined;
      const swapped = changed(events, span, () => events[other.end]!.value);
      return swapped && changed(swapped, other, () => events[span!.end]!.value);
    },
  },
  {
    name: "a yes is a no",
    always: false,
    apply(events, pick) {
      const booleans = telling(events).filter(({ end }) => typeof events[end]!.value === "boolean");
      return changed(events, choose(booleans, pick), ({ value }) => value === false);
    },
  },
  {
    name: "a late client does and is told what an earlier one was",
    always: false,
    apply(events, pick) {
      const seen = choose(acknowledged(events), pick);
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
    apply(events, pick) {
      const swap = choose(acknowledgedSwaps(events), pick);
      return swap && misled(events, swap);
    },
  },
  {
    name: "a cas of unknown outcome had expected a value that nobody wrote",
    always: false,
    apply(events, pick) {
      const swap = choose(acknowledgedSwaps(events), pick);
      if (swap === undefined) return undefined;
      const { process } = events[swap.end]!;
      const nextProcess = newProcess(events);
      return misled(events, swap).map((event, at) => {
        if (at === swap.end) return { ...event, type: "info" };
        return at > swap.end && event.process === process
          ? { ...event, process: nextProcess }
          : event;
      });
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
    name: "an operation of a client of its own happens before everything else",
    always: false,
    apply(events, pick) {
      const span = choose(acknowledged(events), pick);
      if (span === undefined) return undefined;
      const process = newProcess(events);
      const own = [events[span.begin]!, events[span.end]!].map((event) => ({ ...event, process }));
      return renumbered([
        ...own,
        ...events.filter((_, at) => at !== span.begin && at !== span.end),
      ]);
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

/** Acknowledged operations whose answer tells something. */
function telling(events: readonly HistoryEvent[]): Span[] {
  return acknowledged(events).filter(
    ({ begin, end }) =>
      events[begin]!.f === "generate" || isTelling(events[begin]!.f, events[end]!.value),
  );
}

/** Those that answer values of the same sort, `span` among them. */
function likes(events: readonly HistoryEvent[], span: Span): Span[] {
  const isBoolean = ({ end }: Span) => typeof events[end]!.value === "boolean";
  return telling(events).filter((other) => isBoolean(other) === isBoolean(span));
}

function acknowledgedUpdates(events: readonly HistoryEvent[]): Span[] {
  return acknowledged(events).filter(
    ({ begin }) => !isLook(events[begin]!.f) && events[begin]!.f !== "fence",
  );
}

function acknowledgedSwaps(events: readonly HistoryEvent[]): Span[] {
  return acknowledged(events).filter(({ begin }) => events[begin]!.f === "cas");
}

/** The events with another expected value of one cas. */
function misled(events: readonly HistoryEvent[], swap: Span): HistoryEvent[] {
  return events.map((event, at) => {
    if (at !== swap.begin && at !== swap.end) return event;
    const [from, to] = event.value as [Json, Json];
    return { ...event, value: [unheardOf(from), to] };
  });
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
