/**
 * Events in, history out: joins every invocation with its completion, and refuses what no sound
 * recorder writes. What a system answered is never refused here: only what clients and recorders
 * did wrong. One pass, O(events).
 */

import { canonical, jsonEquals } from "../src/base/json.js";
import { Chronology, type PairingOptions } from "./chronology.js";
import type { History, HistoryEvent, Operation } from "./history.js";

/** Where a client stands: its last operation; it never leaves "crashed". */
export interface ClientState {
  operation: Pick<Operation, "f" | "key" | "invoked">;
  phase: "open" | "done" | "crashed";
}

interface ProcessState extends ClientState {
  operation: Operation;
}

/**
 * Checks order and pairing, and builds the operations.
 * @throws UsageError when an index is not the event's position, a time is no integer or goes
 * backwards, a completion has no open invocation or another f or key than it, or a process invokes
 * while its operation is open or after it ended in `info`.
 */
export function toHistory(events: readonly HistoryEvent[], options: PairingOptions = {}): History {
  const order = new Chronology(options);
  const operations: Operation[] = [];
  const observations: HistoryEvent[] = [];
  const processes = new Map<number, ProcessState>();

  for (const [position, event] of events.entries()) {
    order.check(position, event.index, event.time);
    if (typeof event.process === "string") {
      observations.push(event);
      continue;
    }

    const state = processes.get(event.process);
    const fault = faultOf(event, state, order);
    if (fault !== undefined) order.refuse(position, `process ${event.process} ${fault}`);
    if (event.type === "invoke") {
      const operation = invoked(event, position, operations.length);
      operations.push(operation);
      processes.set(event.process, { operation, phase: "open" });
    } else {
      complete(state!.operation, event, position);
      state!.phase = event.type === "info" ? "crashed" : "done";
    }
  }

  order.finish();
  return { events, operations, observations };
}

/** What a sound client would not do next, said of its process; undefined when all is well. */
export function faultOf(
  event: Pick<HistoryEvent, "type" | "f" | "key">,
  state: ClientState | undefined,
  order: Chronology,
): string | undefined {
  const f = display(event.f);
  if (state === undefined) {
    return event.type === "invoke" ? undefined : `completes ${f} without having invoked anything`;
  }
  const { operation, phase } = state;
  const last = () => `${display(operation.f)} of ${order.place(operation.invoked)}`;
  if (event.type === "invoke") {
    if (phase === "open") {
      return `invokes ${f} while its ${last()} is open: a process does one operation at a time`;
    }
    if (phase === "crashed") {
      return `invokes ${f} after its ${last()} ended in info: go on under a new process number`;
    }
    return undefined;
  }
  if (phase !== "open") return `completes ${f}, but its last operation, ${last()}, is complete`;
  if (event.f !== operation.f) return `completes ${f}, but what it has open is ${last()}`;
  if (event.key === undefined || jsonEquals(event.key, operation.key)) return undefined;
  // Equal keys are spelled alike, however their fields were ordered.
  const key = operation.key === undefined ? "no key" : canonical(operation.key);
  return `completes ${last()} with key ${canonical(event.key)}, but it was invoked with ${key}`;
}

/** A function's name on one line, whatever it contains. */
function display(f: string): string {
  return /^[\w.:-]+$/.test(f) ? f : JSON.stringify(f);
}

function invoked(event: HistoryEvent, position: number, id: number): Operation {
  const operation: Operation = {
    id,
    process: event.process as number,
    f: event.f,
    input: event.value,
    output: null,
    outcome: "info",
    final: event.final ?? false,
    invoked: position,
    completed: Number.POSITIVE_INFINITY,
    invokedAt: event.time,
    completedAt: Number.POSITIVE_INFINITY,
  };
  if (event.key !== undefined) operation.key = event.key;
  if (event.node !== undefined) operation.node = event.node;
  return operation;
}

function complete(operation: Operation, event: HistoryEvent, position: number): void {
  operation.output = event.value;
  if (event.error !== undefined) operation.error = event.error;
  if (event.final !== undefined) operation.final ||= event.final;
  if (event.node !== undefined) operation.node ??= event.node;
  if (typeof event.version === "number") operation.version = event.version;
  // An operation that ended in info may take effect at any later moment: it has no end.
  if (event.type === "ok" || event.type === "fail") {
    operation.outcome = event.type;
    operation.completed = position;
    operation.completedAt = event.time;
  }
}
