/** What a reply must hold, said so that a wrong one names what is wrong with it. */

import { isJsonObject, type Json, type JsonObject } from "../../src/base/json.js";
import { BadReply, field } from "../workload.js";

/** A list in a reply. @throws BadReply when the field is missing or anything else. */
export function listField(reply: JsonObject, name: string): Json[] {
  const value = field(reply, name);
  if (!Array.isArray(value)) throw wrong(reply, name, "a list");
  return value;
}

/** A whole number; its digits when JavaScript would round it. */
export function integerField(reply: JsonObject, name: string): number | string {
  const value = field(reply, name);
  if (Number.isInteger(value)) return value as number;
  if (typeof value === "string" && /^-?\d{16,}$/.test(value)) return value;
  throw wrong(reply, name, "a whole number");
}

export function objectField(reply: JsonObject, name: string): JsonObject {
  const value = field(reply, name);
  if (!isJsonObject(value)) throw wrong(reply, name, "an object");
  return value;
}

export function wrong(reply: JsonObject, name: string, expected: string): BadReply {
  const excerpt = JSON.stringify(reply[name]).slice(0, 100);
  return new BadReply(`${String(reply["type"])}: "${name}" must be ${expected}, not ${excerpt}`);
}
