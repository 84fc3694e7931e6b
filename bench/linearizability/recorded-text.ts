/**
 * Generated histories as files: JSON Lines, Jepsen's EDN, and the plain lines that the peer reads.
 * Written in pieces: a million operations are two million lines, and no string is that long.
 */

import { closeSync, openSync, writeSync } from "node:fs";
import { type Columns, NO_KEY, outcomes, PENDING } from "../../histories/columns.js";
import type { Json } from "../../src/base/json.js";

/** Event `position` of the operation `i`; undefined for a line that is left out. */
type FormatEvent = (i: number, position: number, completion: boolean) => string | undefined;

const PIECE_LENGTH = 1 << 20;

export function writeJsonl(columns: Columns, file: string): void {
  writeEvents(columns, file, (i, position, completion) => {
    const { type, time, value } = eventAt(columns, i, completion);
    const key =
      columns.key[i] === NO_KEY
        ? ""
        : `,"key":${JSON.stringify(columns.values.value(columns.key[i]!))}`;
    return `{"index":${position},"time":${time},"process":${columns.process[i]},"type":"${type}","f":"${columns.functions[columns.f[i]!]}"${key},"value":${JSON.stringify(value)}}`;
  });
}

/** @throws RangeError for values that are neither null nor numbers. */
export function writeEdn(columns: Columns, file: string): void {
  writeEvents(columns, file, (i, position, completion) => {
    const { type, time, value } = eventAt(columns, i, completion);
    return `{:index ${position}, :time ${time}, :process ${columns.process[i]}, :type :${type}, :f :${columns.functions[columns.f[i]!]}, :value ${edn(value)}}`;
  });
}

/** What `bench/peers/porcupine` reads as `register`. A read that never returned says nothing. */
export function writePeerLines(columns: Columns, file: string): void {
  writeEvents(columns, file, (i, _position, completion) => {
    const reads = columns.functions[columns.f[i]!] === "read";
    if (reads && columns.completed[i] === PENDING) return undefined;
    const { value } = eventAt(columns, i, completion);
    if (completion) return `return ${i} ${reads ? edn(value) : "nil"}`;
    return reads ? `call ${i} read` : `call ${i} write ${edn(value)}`;
  });
}

function writeEvents(columns: Columns, file: string, format: FormatEvent): void {
  const operationAt = operationsByEvent(columns);
  const descriptor = openSync(file, "w");
  let piece = "";
  for (const [position, i] of operationAt.entries()) {
    const line = format(i, position, columns.invoked[i] !== position);
    if (line !== undefined) piece += `${line}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    writeSync(descriptor, piece);
    piece = "";
  }
  writeSync(descriptor, piece);
  closeSync(descriptor);
}

function operationsByEvent({ size, eventCount, invoked, completed }: Columns): Int32Array {
  const operationAt = new Int32Array(eventCount);
  for (let i = 0; i < size; i++) {
    operationAt[invoked[i]!] = i;
    if (completed[i] !== PENDING) operationAt[completed[i]!] = i;
  }
  return operationAt;
}

function eventAt(
  { invokedAt, completedAt, input, output, outcome, values }: Columns,
  i: number,
  completion: boolean,
): { type: string; time: number; value: Json } {
  if (!completion) return { type: "invoke", time: invokedAt[i]!, value: values.value(input[i]!) };
  const type = outcome[i] === outcomes.ok ? "ok" : "fail";
  return { type, time: completedAt[i]!, value: values.value(output[i]!) };
}

function edn(value: Json): string {
  if (value === null) return "nil";
  if (typeof value === "number") return String(value);
  throw new RangeError(`only numbers are written as EDN here, not ${JSON.stringify(value)}`);
}
