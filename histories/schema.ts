/**
 * The shape of one event, as a JSON Schema: the border that every history crosses, whatever its
 * format. It says nothing about order and pairing (see pairing.ts), nor about what a value may be
 * (that is for checkers to say). Unknown fields pass: recorders keep notes of their own.
 */

import { UsageError } from "../src/base/errors.js";
import { type SchemaError, validator } from "../src/base/schema.js";
import type { HistoryEvent } from "./history.js";

export const historyEventSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "One event of a Faultline history",
  type: "object",
  required: ["index", "time", "process", "type", "f"],
  properties: {
    index: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    time: { type: "integer" },
    process: {
      type: ["integer", "string"],
      // Two greater processes could be rounded into one.
      maximum: Number.MAX_SAFE_INTEGER,
      minimum: Number.MIN_SAFE_INTEGER,
      minLength: 1,
    },
    type: { enum: ["invoke", "ok", "fail", "info"] },
    f: { type: "string", minLength: 1 },
    key: {},
    value: {},
    error: {},
    final: { type: "boolean" },
    node: { type: "string" },
  },
  additionalProperties: true,
} as const;

/** What each field must be, as a message says it. */
const EXPECTED: { [field: string]: string } = {
  index: "an integer counted from 0",
  time: "an integer of nanoseconds",
  process: "an integer (a client) or a name (a node, the nemesis)",
  type: "invoke, ok, fail or info",
  f: "the name of a function, such as read",
  final: "true or false",
  node: "the name of a node",
};

const validate = validator(historyEventSchema);

/**
 * Whether a value is an event. A missing value (a fence has none) is filled in as null.
 * @param where starts the message: file and line.
 * @throws UsageError naming the first field that is wrong.
 */
export function checkEvent(event: unknown, where: string): asserts event is HistoryEvent {
  const error = validate(event);
  if (error !== undefined) throw new UsageError(`${where}${fault(event, error)}`);
  const checked = event as Partial<HistoryEvent>;
  if (checked.value !== undefined) return;
  checked.value = null;
  valueless.add(checked);
}

/** Events whose value was filled in. */
const valueless = new WeakSet<object>();

/** Whether an event that was checked had no value, not even null. */
export function isValueless(event: HistoryEvent): boolean {
  return valueless.has(event);
}

function fault(event: unknown, error: SchemaError): string {
  if (error.instancePath === "") {
    const missing: unknown = error.params["missingProperty"];
    return typeof missing === "string"
      ? `"${missing}" is missing: it must be ${EXPECTED[missing]}`
      : `an event must be an object with index, time, process, type and f, not ${brief(event)}`;
  }
  const field = error.instancePath.slice(1);
  const found = (event as { [field: string]: unknown })[field];
  return `"${field}" must be ${EXPECTED[field]}, not ${brief(found)}`;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
