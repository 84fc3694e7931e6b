/**
 * From what a Jepsen file says to events of our own: takes keys out of values, fills in a missing
 * index or time, and checks the outcome. Shared by the EDN and the plain-text log readers.
 *
 * An index is always the event's position: a filtered history has gaps, and is renumbered. A file
 * without any time gets its positions as times; a single missing time is that of the event before.
 */

import { UsageError } from "../src/base/errors.js";
import type { Json } from "../src/base/json.js";
import { toJson } from "./edn-values.js";
import type { HistoryEvent } from "./history.js";
import { at, type Recording } from "./recording.js";
import { checkEvent } from "./schema.js";
import type { TruncationOptions } from "./truncated.js";
import { type Draft, findTuples, type Keyed } from "./tuples.js";

/** An event as a file has it: the draft, and the fields that need no interpretation. */
export interface RecordedEvent extends Draft {
  process: Json | undefined;
  index: Json | undefined;
  time: Json | undefined;
  /** error, final, node, and fields of the recorder's own. */
  rest: [string, Json][];
}

export interface JepsenOptions extends TruncationOptions {
  /** The file, for messages. */
  source?: string;
  /** Whether `[k v]` values hold keys; see tuples.ts for "auto", the default. */
  keyed?: Keyed;
}

/** @throws UsageError with the line of an event that is malformed. */
export function assemble(recorded: readonly RecordedEvent[], options: JepsenOptions): Recording {
  const { source } = options;
  const { tuples, warnings } = findTuples(recorded, options.keyed ?? "auto", source);
  const timed = recorded.some((event) => event.time !== undefined);
  const renumbered = recorded.find(({ index }, i) => index !== undefined && index !== i);
  if (renumbered !== undefined) {
    warnings.push(renumbering(source, renumbered.line));
  }

  let previous: Json = 0;
  const events = recorded.map((draft, index): HistoryEvent => {
    const time: Json = draft.time ?? (timed ? previous : index);
    previous = time;
    const tuple = tuples[index];
    return eventOf(tuple ? { ...draft, ...tuple } : draft, index, time, at(source, draft.line));
  });
  return { events, lineOf: (position) => recorded[position]!.line, warnings };
}

/**
 * The event that a draft stands for, at this place of the history and this time.
 * @throws UsageError, starting with `where`, for one that is malformed.
 */
export function eventOf(
  draft: RecordedEvent,
  index: number,
  time: Json,
  where: string,
): HistoryEvent {
  if (draft.index !== undefined && !Number.isInteger(draft.index)) {
    throw new UsageError(`${where}"index" must be an integer, not ${JSON.stringify(draft.index)}`);
  }
  const event: object = {
    index,
    time,
    process: draft.process,
    type: draft.type,
    f: draft.f,
    ...(draft.key === undefined ? {} : { key: draft.key }),
    value: toJson(draft.value, where),
    ...Object.fromEntries(draft.rest),
  };
  checkEvent(event, where);
  return event;
}

/** Said of the first event whose index is not its position. */
export function renumbering(source: string | undefined, line: number): string {
  return `${at(source, line)}indexes do not count from 0: events are numbered by position`;
}
