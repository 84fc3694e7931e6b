/**
 * Maelstrom's envelope as a line of text, with its numbers unharmed.
 *
 * JavaScript reads 9007199254740993 as ...992 and 1.0 as 1: a message that passes through us must
 * not change on its way. A number that would not come out as it went in travels as a marked string
 * of its digits and is written as a number again. Clients get numbers where these are exact, and
 * digits where not (as histories do).
 */

import { isJsonObject, type Json, type JsonObject } from "../../base/json.js";

export interface Envelope {
  src: string;
  dest: string;
  body: JsonObject;
  /** Whether the body holds numbers in disguise: see `asClientSees`. */
  marked: boolean;
}

/** A private-use character that no sane program sends before a number. */
const MARK = "\uF8F0";
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const SUSPECT = /\d{16}|\d[.eE]|-0/;
const MARKED_INTEGER = /^\uF8F0-?\d+$/;
const MARKED = /"\uF8F0([\d.eE+-]+)"/g;

/** One line of a program's output, or what is wrong with it. */
export function parseEnvelope(line: string): Envelope | { problem: string } {
  let marked = false;
  let value: Json;
  try {
    value = JSON.parse(line) as Json;
    if (SUSPECT.test(line)) {
      const exact = line.replace(TOKEN, (token) => {
        if (token.startsWith('"') || String(Number(token)) === token) return token;
        marked = true;
        return `"${MARK}${token}"`;
      });
      if (marked) value = JSON.parse(exact) as Json;
    }
  } catch {
    return { problem: "not one JSON object on a line" };
  }
  if (!isJsonObject(value)) return { problem: "not a JSON object" };
  const { src, dest, body } = value;
  if (typeof src !== "string") return { problem: 'no "src" (a name)' };
  if (typeof dest !== "string") return { problem: 'no "dest" (a name)' };
  if (!isJsonObject(body)) return { problem: 'no "body" (an object)' };
  if (typeof body["type"] !== "string") return { problem: 'no "type" in its body' };
  for (const name of ["msg_id", "in_reply_to"]) {
    if (!isInteger(body[name] ?? 0)) return { problem: `"${name}" is not an integer` };
  }
  return { src, dest, body, marked };
}

function isInteger(value: Json): boolean {
  return typeof value === "string" ? MARKED_INTEGER.test(value) : Number.isInteger(value);
}

/** The line to write; `id` numbers delivered messages, as Maelstrom does. */
export function formatEnvelope(
  id: number,
  message: { src: string; dest: string; body: JsonObject },
): string {
  const { src, dest, body } = message;
  const text = JSON.stringify({ id, src, dest, body });
  return text.includes(MARK) ? text.replace(MARKED, "$1") : text;
}

/** A body with its disguised numbers as numbers; those that JavaScript would round, as digits. */
export function asClientSees(body: JsonObject): JsonObject {
  return unmark(body) as JsonObject;
}

function unmark(value: Json): Json {
  if (typeof value === "string" && value.startsWith(MARK)) return numberOrDigits(value.slice(1));
  if (Array.isArray(value)) return value.map(unmark);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, field]) => [name, unmark(field ?? null)]);
  return Object.fromEntries(entries);
}

function numberOrDigits(token: string): Json {
  const number = Number(token);
  const exact = /^-?\d+$/.test(token) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return exact ? number : token;
}
