/**
 * Small random histories of one register for fast-check: intervals overlap in every way, reads return
 * any recent value or one that is still to be written, operations fail or end unknown. Unlike the
 * oracle's own histories no object stands behind them, so that nothing is right but by luck.
 */

import fc from "fast-check";
import { type NamedView, viewsOf } from "../../../../checkers/linearizability/object-views.js";
import { columnsOf } from "../../../../histories/columns.js";
import type { HistoryEvent } from "../../../../histories/history.js";
import { toHistory } from "../../../../histories/pairing.js";
import type { Json } from "../../../../src/base/json.js";
import { formatHistory } from "../../oracle/notation.js";

export interface SmallHistory {
  events: HistoryEvent[];
  toString(): string;
}

export interface Shape {
  functions: readonly string[];
  operationsMax: number;
  /** Of a hundred values written, how many repeat an earlier one or the initial one. */
  repeats: number;
}

interface Move {
  client: number;
  fate: number;
  f: number;
  value: number;
  time: number;
}

const move: fc.Arbitrary<Move> = fc.record({
  client: fc.nat(3),
  fate: fc.nat(99),
  f: fc.nat(99),
  value: fc.nat(99),
  time: fc.nat(5),
});

/** The initial value is null; written are 1, 2, 3 … */
export function smallHistory(shape: Shape): fc.Arbitrary<SmallHistory> {
  return fc
    .noBias(fc.array(move, { maxLength: 3 * shape.operationsMax, size: "max" }))
    .map((moves) => {
      const events = eventsOf(moves, shape);
      return { events, toString: () => `\n${formatHistory(events)}\n` };
    });
}

function eventsOf(moves: readonly Move[], { functions, operationsMax, repeats }: Shape) {
  const events: HistoryEvent[] = [];
  const clients = [0, 1, 2, 3].map((process) => ({
    process,
    open: undefined as HistoryEvent | undefined,
  }));
  let processes = clients.length;
  let written = 0;
  let operations = 0;
  let time = 0;
  const record = (event: Pick<HistoryEvent, "process" | "type" | "f" | "value">): HistoryEvent => {
    const complete = { ...event, index: events.length, time };
    events.push(complete);
    return complete;
  };
  /** Null, or one of the values written last, or the next one. */
  const seen = (choice: number): Json => {
    const value = written + 1 - (choice % 5) + (choice >= 90 ? 0 : -1);
    return value <= 0 ? null : Math.min(value, written + 1);
  };
  for (const { client: number, fate, f: choice, value, time: step } of moves) {
    const client = clients[number]!;
    time += step;
    if (client.open === undefined) {
      if (operations++ >= operationsMax) continue;
      const f = choice < 45 ? functions[0]! : functions[1 + (choice % (functions.length - 1))]!;
      const fresh = f === "read" ? null : fate < repeats ? seen(value >> 1) : (written += 1);
      const input = f === "cas" ? [seen(value), value >= 95 ? seen(value) : fresh] : fresh;
      client.open = record({ process: client.process, type: "invoke", f, value: input });
    } else {
      const { process, f, value: input } = client.open;
      const type = fate < 8 ? "fail" : fate < 20 ? "info" : "ok";
      const output = f === "read" && type === "ok" ? seen(value) : input;
      record({ process, type, f, value: output });
      client.open = undefined;
      if (type === "info") client.process = processes++;
    }
  }
  return events;
}

/** The whole history as one object with the functions of a cas-register. */
export function registerView(events: readonly HistoryEvent[], init: Json = null): NamedView {
  const vocabulary = {
    name: "cas-register",
    functions: ["read", "write", "cas"],
    aliases: {},
    reads: ["read"],
    refuse: () => undefined,
  };
  const [view] = viewsOf(columnsOf(toHistory(events)), vocabulary, init, () => "");
  return view ?? registerView([{ ...IDLE }], init);
}

const IDLE: HistoryEvent = { index: 0, time: 0, process: 0, type: "invoke", f: "write", value: 1 };
