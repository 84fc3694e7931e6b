/**
 * The faults of a Jepsen nemesis: operations of which one begins what another one ends, told apart by
 * name alone (`:start-partition` and `:stop-partition`, `:kill` and `:start` …). Jepsen records most
 * of them twice, when the nemesis was asked and when it had answered: a fault lasts from the first
 * event of the one to the last of the other. What nothing ends, or what ends nothing, is no fault
 * here: a nemesis also ends what it never began, to be sure.
 */

import type { HistoryEvent } from "../../histories/history.js";

export interface NemesisFault {
  kind: string;
  /** The first is where it began, the last where it ended. */
  events: HistoryEvent[];
  /** How many of the events begin it. */
  beginnings: number;
  /** Of how many events the operation that ended it consists so far. */
  endings: number;
}

/** Asked and answered. */
const TIMES_RECORDED = 2;

/** Names that do not say what they begin. */
const named: ReadonlyMap<string, { kind: string; ends: readonly string[] }> = new Map([
  ["start", { kind: "fault", ends: ["stop"] }],
  ["kill", { kind: "kill", ends: ["start", "restart"] }],
  ["pause", { kind: "pause", ends: ["resume"] }],
]);

/** In order of their beginnings. O(events * kinds of faults). */
export function nemesisFaults(events: readonly HistoryEvent[]): NemesisFault[] {
  const begun: NemesisFault[] = [];
  const latest = new Map<string, NemesisFault>();
  for (const event of events) {
    const ended = [...latest.values()].find((fault) => endsWith(fault, event));
    if (ended !== undefined) {
      ended.events.push(event);
      ended.endings += 1;
      continue;
    }
    const beginning = beginningOf(event.f);
    if (beginning === undefined) continue;
    const open = latest.get(event.f);
    if (open !== undefined && open.endings === 0) {
      open.events.push(event);
      open.beginnings += 1;
      continue;
    }
    const fault = { kind: beginning.kind, events: [event], beginnings: 1, endings: 0 };
    latest.set(event.f, fault);
    begun.push(fault);
  }
  return begun.filter(({ endings }) => endings > 0);
}

/** Whether an event ends a fault, or is the answer to what ended it. */
function endsWith({ events, beginnings, endings }: NemesisFault, { f }: HistoryEvent): boolean {
  const isEnd = beginningOf(events[0]!.f)!.ends.includes(f);
  if (endings === 0) return isEnd;
  return f === events.at(-1)!.f && endings < Math.min(beginnings, TIMES_RECORDED);
}

function beginningOf(f: string): { kind: string; ends: readonly string[] } | undefined {
  const composed = /^start-(?<after>.+)$|^(?<before>.+)-start$/.exec(f)?.groups;
  if (composed === undefined) return named.get(f);
  const { after, before } = composed;
  return after === undefined
    ? { kind: before!, ends: [`${before}-stop`] }
    : { kind: after, ends: [`stop-${after}`] };
}
