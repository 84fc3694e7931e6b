/**
 * Hand-written histories, one operation a line, in any order:
 *
 *     1 write 1       0..2            process, function, value; invoked and completed at (ms)
 *     2 read = 1      3..4            = the value it returned
 *     3 cas [1,2]     5..?            never completes
 *     4 cas [1,3]     5..7 failed
 *     5 read = 2 @x   8..9 final      on key x; after quiescence
 *     6 write 4 on n1 8..9            acknowledged by node n1
 *     n1 leader {"term":3} 5          an observation
 *
 * At equal times invocations come first: the operations overlap.
 */

import type { History, HistoryEvent } from "../../histories/history.js";
import { toHistory } from "../../histories/pairing.js";
import type { Json } from "../../src/base/json.js";

const operationLine =
  /^(?<process>\d+) (?<f>[a-z-]+)(?: (?<input>[^=@ ]\S*))??(?: = (?<output>.+?))?(?: @(?<key>\S+))?(?: on (?<node>\S+))? +(?<from>[\d.]+)\.\.(?<to>[\d.]+|\?)(?<failed> failed)?(?<final> final)?$/;
const observationLine = /^(?<process>[a-z]\S*) (?<f>\S+) (?<value>\S+|\{.*\}) +(?<at>[\d.]+)$/;

export function timeline(text: string): History {
  const lines = text.split("\n").map((line) => line.trim());
  const events = lines.filter((line) => line !== "").flatMap(eventsOf);
  return recorded(events);
}

/** Events in any order become a history: sorted by time, invocations first, and numbered. */
export function recorded(events: readonly HistoryEvent[]): History {
  const rank = ({ type }: HistoryEvent) => (type === "invoke" ? 0 : 1);
  const sorted = [...events].sort((a, b) => a.time - b.time || rank(a) - rank(b));
  return toHistory(sorted.map((event, index) => ({ ...event, index })));
}

function eventsOf(line: string): HistoryEvent[] {
  const seen = observationLine.exec(line)?.groups;
  if (seen !== undefined) {
    const { process, f, value, at } = seen as Record<string, string>;
    const time = timeOf(at!);
    return [{ index: 0, time, process: process!, type: "info", f: f!, value: parsed(value) }];
  }
  const fields = operationLine.exec(line)?.groups;
  if (fields === undefined) throw new Error(`not an operation: ${line}`);
  const { process, f, input, output, key, node, from, to, failed, final } = fields;
  const common = {
    index: 0,
    process: Number(process),
    f: f!,
    ...(key === undefined ? {} : { key }),
    ...(node === undefined ? {} : { node }),
    ...(final === undefined ? {} : { final: true }),
  };
  const invocation: HistoryEvent = {
    ...common,
    time: timeOf(from!),
    type: "invoke",
    value: parsed(input),
  };
  if (to === "?") return [invocation];
  const completion: HistoryEvent = {
    ...common,
    time: timeOf(to!),
    type: failed === undefined ? "ok" : "fail",
    value: parsed(output ?? input),
  };
  return [invocation, completion];
}

function timeOf(ms: string): number {
  return Math.round(Number(ms) * 1e6);
}

/** JSON, or a bare word. */
function parsed(text: string | undefined): Json {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
