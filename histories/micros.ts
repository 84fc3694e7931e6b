/**
 * Micro-operations as JSON, as clients and files spell them:
 *
 *     [["r","x",null],["append","x",1]]        list-append
 *     [["r","x",null],["w","x",1]]             rw-register
 *
 * A read holds null, or nothing (`["r","x"]`), until it is known what it returned.
 */

import type { Json } from "../src/base/json.js";
import type { Staging } from "./staging.js";
import { microKinds } from "./transactions.js";
import { NULL_ID, type ValueTable } from "./values.js";

/** The function of every transaction. */
export const TXN = "txn";

export const MICRO_NAMES = ["r", "append", "w"] as const;

const EXAMPLE = '["r","x",null]';

/** Whether a value can only be that of a transaction: for events that do not name their function. */
export function areMicros(value: Json): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isMicro);
}

function isMicro(value: Json): boolean {
  return Array.isArray(value) && MICRO_NAMES.some((name) => name === value[0]);
}

/**
 * Stages the micro-operations of one event, in place of those that are staged.
 * @returns what is wrong with them, or undefined.
 */
export function stageMicros(value: Json, values: ValueTable, into: Staging): string | undefined {
  into.clear();
  if (!Array.isArray(value)) {
    return `the value of a transaction must be a list of micro-operations such as [${EXAMPLE}], not ${brief(value)}`;
  }
  for (const [i, micro] of value.entries()) {
    const fault = stageMicro(micro, values, into);
    if (fault !== undefined) return `micro-operation ${i + 1} of the transaction ${fault}`;
  }
  return undefined;
}

function stageMicro(micro: Json, values: ValueTable, into: Staging): string | undefined {
  if (!Array.isArray(micro) || typeof micro[0] !== "string") {
    return `must be a list of kind, key and value such as ${EXAMPLE}, not ${brief(micro)}`;
  }
  const kind = MICRO_NAMES.indexOf(micro[0] as (typeof MICRO_NAMES)[number]);
  if (kind < 0) return `is of unknown kind ${brief(micro[0])}: r, append and w are known`;
  const isBare = kind === microKinds.read && micro.length === 2;
  if (micro.length !== 3 && !isBare)
    return `must have a kind, a key and a value, as ${EXAMPLE} has, not ${brief(micro)}`;
  const [, key, value = null] = micro as [string, Json, Json?];
  const keyId = values.id(key);
  if (kind !== microKinds.read) {
    if (value === null)
      return `${kind === microKinds.append ? "appends" : "writes"} null, which stands for nothing: give a value`;
    if (kind === microKinds.write && Array.isArray(value)) {
      return `writes the list ${brief(value)} to a register: give a value that is no list`;
    }
    into.add(kind, keyId, values.id(value));
    return undefined;
  }
  if (!Array.isArray(value)) {
    into.add(kind, keyId, value === null ? NULL_ID : values.id(value));
    return undefined;
  }
  into.add(kind, keyId, NULL_ID);
  for (const element of value) into.element(values.id(element));
  into.endList();
  return undefined;
}

export function brief(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
