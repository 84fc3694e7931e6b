/**
 * The same run again, and whether it came out the same: bit for bit, by schedule, or by verdict, as
 * its exactness promises; and where it first differs when it does not.
 */

import type { Validity } from "../../checkers/index.js";
import { UsageError } from "../base/errors.js";
import { type Json, jsonEquals } from "../base/json.js";
import { version } from "../base/version.js";
import { type ExecuteOptions, type Execution, execute } from "../controller/index.js";
import type { Exactness } from "../sim/host.js";
import { CHECKPOINT_EVENTS, type TraceRecord } from "../sim/trace.js";
import type { Expected } from "./case-file.js";
import type { Recorded } from "./run-dir.js";
import { expectedOf } from "./summary.js";

export interface Replay {
  execution: Execution;
  /** Undefined when everything promised came out the same. */
  difference?: Difference;
}

export interface Difference {
  /** One line: what differs, where it begins, and why that may be. */
  message: string;
  /** The events of now from where it differs, as far as is known. */
  events: TraceRecord[];
}

/** Runs the plan again (twice when it differs: the second time with the trace on). */
export async function replay(recorded: Recorded, options: ExecuteOptions): Promise<Replay> {
  const { source, expected, plan } = recorded;
  const execution = await execute(plan, options).catch((error: unknown) => {
    throw error instanceof UsageError ? new UsageError(`${source}: ${error.message}`) : error;
  });
  const what = whatDiffers(expected, expectedOf(execution));
  if (what === undefined) return { execution };
  const since =
    recorded.version === version
      ? ""
      : ` (recorded by version ${recorded.version}, this is ${version})`;
  const message = `${source}: ${what}${since}`;
  const sameTrace =
    execution.traceHash === expected.traceHash &&
    jsonEquals(execution.checkpoints, expected.checkpoints);
  if (sameTrace) return { execution, difference: { message, events: [] } };
  const place = await firstDifference(recorded, execution, options);
  return { execution, difference: { ...place, message: `${message}: ${place.message}` } };
}

/** What a run promises to repeat; a campaign keeps no checkpoints of its runs. */
export type Promised = Omit<Expected, "signature" | "checkpoints"> &
  Partial<Pick<Expected, "checkpoints">>;

/** What of the promise did not come out the same, in a line; undefined when all did. */
export function whatDiffers(then: Promised, now: Promised): string | undefined {
  // A program that woke by itself, then or now, has no schedule to compare: plan and verdict do.
  if (now.exactness === "statistical" || then.exactness === "statistical") {
    if (now.exactness === then.exactness && now.traceHash !== then.traceHash) {
      return "the plan is not the one that was run";
    }
    return now.valid === then.valid ? undefined : verdictDiffers(then.valid, now.valid);
  }
  if (now.exactness !== then.exactness) {
    return `the run was ${then.exactness}-exact and is ${now.exactness}-exact now`;
  }
  if (now.traceHash !== then.traceHash) {
    return `the trace hash differs (promised ${then.traceHash}, got ${now.traceHash})`;
  }
  if (!jsonEquals(now.checkpoints, then.checkpoints)) return "the checkpoints differ";
  if (now.exactness === "bit" && now.historyHash !== then.historyHash) {
    return `the history differs (promised ${then.historyHash}, got ${now.historyHash})`;
  }
  if (now.valid !== then.valid) return verdictDiffers(then.valid, now.valid);
  if (jsonEquals(now.anomalies, then.anomalies)) return undefined;
  return `the anomalies were ${then.anomalies.join(", ")} and are ${now.anomalies.join(", ")} now`;
}

function verdictDiffers(then: Validity, now: Validity): string {
  return `the verdict was ${then} and is ${now} now`;
}

async function firstDifference(
  { expected, trace, plan }: Recorded,
  execution: Execution,
  options: ExecuteOptions,
): Promise<Difference> {
  if (execution.exactness === "statistical") {
    return { message: "only the plan is promised on this kind of host", events: [] };
  }
  const now = (await execute(plan, { ...options, record: true })).trace ?? [];
  if (trace === undefined) return firstWindow(expected.checkpoints, execution.checkpoints, now);
  const place = firstEvent(trace, now, execution.exactness);
  return (
    place ?? {
      message: "yet the recorded trace and this one are the same: the promise itself was edited",
      events: [],
    }
  );
}

/** What of an event is promised, by exactness. */
function promisedOf(record: TraceRecord, exactness: Exactness): Json {
  const { kind, who, hash } = record;
  return exactness === "bit" ? (record as unknown as Json) : [kind, who, hash];
}

/** Where two recordings of one plan part; undefined when they are the same. O(events). */
export function firstEvent(
  then: readonly TraceRecord[],
  now: readonly TraceRecord[],
  exactness: Exactness,
): Difference | undefined {
  const at = then.findIndex((record, i) => {
    const other = now[i];
    return (
      other === undefined ||
      !jsonEquals(promisedOf(record, exactness), promisedOf(other, exactness))
    );
  });
  const first = at >= 0 ? at : then.length;
  if (first === then.length && first === now.length) return undefined;
  return {
    message: `the first event that differs is number ${first}${contrast(then[first], now[first])}`,
    events: now.slice(first, first + 10),
  };
}

/** Two events that ought to be one: what they are, or, where they begin alike, what came of them. */
function contrast(then: TraceRecord | undefined, now: TraceRecord | undefined): string {
  const [was, is] = [line(then), line(now)];
  if (was !== is) return `: it was ${was}${drawn(then)} and is ${is}${drawn(now)}`;
  const alike = (field: "draws" | "effects"): boolean => jsonEquals(then?.[field], now?.[field]);
  if (!alike("draws")) return `, ${was}: it${drawn(then)} and${drawn(now)} now`;
  if (!alike("effects")) {
    return `, ${was}: its effects were ${list(then?.effects)} and are ${list(now?.effects)}`;
  }
  return `, ${was}${drawn(then)}: what it sent or set going differs`;
}

function drawn(record: TraceRecord | undefined): string {
  return record === undefined ? "" : ` drew from ${list(record.draws)}`;
}

function list(names: readonly string[] = []): string {
  return names.join(", ") || "nothing";
}

function firstWindow(
  then: readonly string[],
  now: readonly string[],
  events: readonly TraceRecord[],
): Difference {
  const longest = Math.max(then.length, now.length);
  let window = 0;
  while (window < longest && then[window] === now[window]) window++;
  const from = window * CHECKPOINT_EVENTS;
  const to = Math.min(from + CHECKPOINT_EVENTS, events.length) - 1;
  const inLast = window === longest ? ", after the last checkpoint" : "";
  return {
    message: `the first window that differs is number ${window}, events ${from} to ${to}${inLast}`,
    events: events.slice(from, from + CHECKPOINT_EVENTS),
  };
}

function line(record: TraceRecord | undefined): string {
  if (record === undefined) return "the end";
  const { timeUs, kind, who, detail } = record;
  const about = detail === undefined ? "" : ` ${JSON.stringify(detail).slice(0, 160)}`;
  return `${kind} ${who} at ${timeUs} us${about}`;
}
