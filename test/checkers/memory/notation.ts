/**
 * A history of memory accesses in one line:
 *
 *     P1: w(x,1) f r(y)0 | P2: cas(y,0,2) swap(x,3)1 r(x)? | P3: w(x,4)!
 *
 * `w(x,1)` writes 1 to x, `r(x)0` reads 0, `cas(x,0,1)` finds 0 and leaves 1, `swap(x,1)0` leaves 1 and
 * tells that it found 0, `f` is a fence, `R(x)2` a final read. `?` behind one says that its outcome is
 * unknown (it is the last of its session), `!` that it failed. `@3-7` gives the times of invocation and
 * completion in nanoseconds, `@3` that of the invocation alone. Every key starts with 0: the checkers
 * are told `init: 0`. Sessions are processes 1, 2, … unless `P7:` says otherwise.
 *
 * Without times all sessions take one step after the other: what is the nth of its session is invoked
 * together with all others, then all complete; final reads come when all is done.
 */

import type { History, HistoryEvent } from "../../../histories/history.js";
import { toHistory } from "../../../histories/pairing.js";
import type { Json } from "../../../src/base/json.js";
import { renumbered } from "../oracle/notation.js";

export const INIT = 0;

export interface Written {
  f: "read" | "write" | "cas" | "swap" | "fence";
  /** Absent of a fence. */
  key?: string;
  /** What it found: of reads, cas and swap; absent where nobody was told. */
  found?: number;
  /** What it left: of writes, cas and swap. */
  left?: number;
  outcome: "ok" | "fail" | "info";
  isFinal?: boolean;
  startNs?: number;
  endNs?: number;
}

export interface WrittenSession {
  process: number;
  operations: Written[];
}

/** @throws Error for a text that is not in the notation. */
export function history(text: string): History {
  return historyOf(sessionsOf(text));
}

/** @throws Error for a text that is not in the notation. */
export function sessionsOf(text: string): WrittenSession[] {
  return text.split("|").map((part, at) => {
    const [, named, words] = /^\s*(?:P(\d+):)?(.*?)\s*$/s.exec(part)!;
    const operations = words!
      .split(/\s+/)
      .filter((word) => word !== "")
      .map(operationOf);
    const pending = operations.findIndex(({ outcome }) => outcome === "info");
    if (pending !== -1 && pending !== operations.length - 1) {
      throw new Error(`what is unknown is the last of its session: ${part}`);
    }
    return { process: named === undefined ? at + 1 : Number(named), operations };
  });
}

const word =
  /^(?<f>w|r|R|cas|swap|f)(?:\((?<key>\w+)(?:,(?<first>\d+))?(?:,(?<second>\d+))?\))?(?<told>\d+)?(?<mark>[?!])?(?:@(?<start>\d+)(?:-(?<end>\d+))?)?$/;
const functions = {
  w: "write",
  r: "read",
  R: "read",
  cas: "cas",
  swap: "swap",
  f: "fence",
} as const;

function operationOf(text: string): Written {
  const fields = word.exec(text)?.groups;
  if (fields === undefined) throw new Error(`not an operation: ${text}`);
  const { key, first, second, told, mark, start, end } = fields;
  const f = functions[fields["f"] as keyof typeof functions];
  const found = f === "cas" ? first : told;
  const left = f === "cas" ? second : first;
  const outcome = mark === "?" ? "info" : mark === "!" ? "fail" : "ok";
  const isComplete =
    (key === undefined) === (f === "fence") &&
    (left !== undefined) === (f === "write" || f === "cas" || f === "swap") &&
    (found !== undefined) === (f === "cas" || ((f === "read" || f === "swap") && outcome === "ok"));
  if (!isComplete) throw new Error(`not an operation: ${text}`);
  return {
    f,
    ...(key === undefined ? {} : { key }),
    ...(found === undefined ? {} : { found: Number(found) }),
    ...(left === undefined ? {} : { left: Number(left) }),
    outcome,
    ...(fields["f"] === "R" ? { isFinal: true } : {}),
    ...(start === undefined ? {} : { startNs: Number(start) }),
    ...(end === undefined ? {} : { endNs: Number(end) }),
  };
}

export function historyOf(sessions: readonly WrittenSession[]): History {
  const isTimed = sessions.some(({ operations }) =>
    operations.some(({ startNs }) => startNs !== undefined),
  );
  return toHistory(isTimed ? timedEvents(sessions) : renumbered(steps(sessions)));
}

function timedEvents(sessions: readonly WrittenSession[]): HistoryEvent[] {
  const events = sessions.flatMap(({ process, operations }) =>
    operations.flatMap((operation) => [
      { ...invocation(process, operation), time: operation.startNs! },
      ...completion(process, operation).map((event) => ({
        ...event,
        time: operation.endNs ?? operation.startNs!,
      })),
    ]),
  );
  // What meets overlaps.
  const rank = ({ type }: HistoryEvent) => (type === "invoke" ? 0 : 1);
  const sorted = events.sort((a, b) => a.time - b.time || rank(a) - rank(b));
  return sorted.map((event, index) => ({ ...event, index }));
}

function steps(sessions: readonly WrittenSession[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const isFinal of [false, true]) {
    const parts = sessions.map(({ process, operations }) => ({
      process,
      operations: operations.filter((operation) => (operation.isFinal ?? false) === isFinal),
    }));
    const length = Math.max(0, ...parts.map(({ operations }) => operations.length));
    for (let step = 0; step < length; step++) {
      const now = parts.filter(({ operations }) => step < operations.length);
      for (const { process, operations } of now)
        events.push(invocation(process, operations[step]!));
      for (const { process, operations } of now)
        events.push(...completion(process, operations[step]!));
    }
  }
  return events;
}

function invocation(process: number, operation: Written): HistoryEvent {
  return { ...common(process, operation), type: "invoke", value: inputOf(operation) };
}

/** None where the outcome is unknown: a client that was not answered. */
function completion(process: number, operation: Written): HistoryEvent[] {
  const { f, outcome, found } = operation;
  if (outcome === "info") return [];
  const isTold = outcome === "ok" && (f === "read" || f === "swap");
  const value = isTold ? found! : inputOf(operation);
  return [{ ...common(process, operation), type: outcome, value }];
}

function common(process: number, { f, key, isFinal }: Written) {
  return {
    index: 0,
    time: 0,
    process,
    f,
    ...(key === undefined ? {} : { key }),
    ...(isFinal === true ? { final: true } : {}),
  };
}

function inputOf({ f, found, left }: Written): Json {
  if (f === "cas") return [found!, left!];
  return left ?? null;
}

/** The text of a history: what a failing test shows. */
export function textOf(sessions: readonly WrittenSession[]): string {
  return sessions
    .map(({ process, operations }) => `P${process}: ${operations.map(wordOf).join(" ")}`)
    .join(" | ");
}

function wordOf({ f, key, found, left, outcome, isFinal, startNs, endNs }: Written): string {
  const mark = outcome === "info" ? "?" : outcome === "fail" ? "!" : "";
  const times = startNs === undefined ? "" : `@${startNs}${endNs === undefined ? "" : `-${endNs}`}`;
  return `${bare()}${mark}${times}`;

  function bare(): string {
    switch (f) {
      case "write":
        return `w(${key},${left})`;
      case "read":
        return `${isFinal === true ? "R" : "r"}(${key})${found ?? ""}`;
      case "cas":
        return `cas(${key},${found},${left})`;
      case "swap":
        return `swap(${key},${left})${found ?? ""}`;
      case "fence":
        return "f";
    }
  }
}
