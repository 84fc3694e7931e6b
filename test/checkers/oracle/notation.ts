/**
 * A short notation for hand-written histories, one event a line:
 *
 *     0 invoke write 1          process, type, function, value (JSON; null when left out)
 *     0 ok                      completes with the value of its invocation
 *     1 invoke read @x          @ gives the key
 *     1 ok 1                    completes with another value
 *     nemesis info partition    a process that is no number only records
 */

import type { HistoryEvent } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";

const eventLine =
  /^(?<process>\S+) (?:(?<begin>invoke|info) (?<f>[a-z-]+)|(?<end>ok|fail|info))(?: @(?<key>\S+))?(?: (?<value>.+))?$/;

export function historyOf(text: string): HistoryEvent[] {
  const open = new Map<number | string, HistoryEvent>();
  const lines = text.split("\n").map((line) => line.trim());
  const events = lines.filter((line) => line !== "").map((line) => parseLine(line, open));
  return renumbered(events);
}

function parseLine(line: string, open: Map<number | string, HistoryEvent>): HistoryEvent {
  const fields = eventLine.exec(line)?.groups;
  if (fields === undefined) throw new Error(`not an event: ${line}`);
  const process = /^\d+$/.test(fields["process"]!) ? Number(fields["process"]) : fields["process"]!;
  const value: Json | undefined =
    fields["value"] === undefined ? undefined : (JSON.parse(fields["value"]) as Json);
  if (fields["end"] !== undefined) {
    const invocation = open.get(process);
    if (invocation === undefined) throw new Error(`nothing to complete: ${line}`);
    open.delete(process);
    const type = fields["end"] as HistoryEvent["type"];
    return { ...invocation, type, value: value === undefined ? invocation.value : value };
  }
  const event: HistoryEvent = {
    index: 0,
    time: 0,
    process,
    type: fields["begin"] as HistoryEvent["type"],
    f: fields["f"]!,
    ...(fields["key"] === undefined ? {} : { key: fields["key"] }),
    value: value ?? null,
  };
  if (event.type === "invoke") open.set(process, event);
  return event;
}

/**
 * The same events in this order, with index and time to match. Times tie on purpose: real-time
 * order is the order of the events, and a checker that looks at times instead should be caught.
 */
export function renumbered(events: readonly HistoryEvent[]): HistoryEvent[] {
  return events.map((event, index) => ({ ...event, index, time: Math.floor(index / 3) * 10 }));
}

/** For failure messages: the history as one would write it down. */
export function formatHistory(events: readonly HistoryEvent[]): string {
  return events
    .map(({ process, type, f, key, value, final }) => {
      const at = key === undefined ? "" : ` @${JSON.stringify(key)}`;
      return `${process} ${type} ${f}${at} ${JSON.stringify(value)}${final ? " final" : ""}`;
    })
    .join("\n");
}
