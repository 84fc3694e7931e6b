/**
 * Plain data that is no longer what it was: altered in one place, or written only by half.
 *
 * What comes out is plain data again, and differs: a number with another bit, a text with another
 * character, a list or an object cut short. Who wants to notice needs checksums.
 */

import type { Json, JsonObject } from "../base/json.js";
import { isJsonObject } from "../base/json.js";
import { mix, scale } from "../random/mix.js";

/** Another value: one place in it, chosen by `word`, is changed. O(size). */
export function alter(value: Json, word: number): Json {
  return altered(value, { left: scale(mix(word, 1), placesIn(value)), word: mix(word, 2) });
}

/** What an envelope is delivered by: it arrives whatever becomes of the letter. */
const envelope: ReadonlySet<string> = new Set(["type", "msg_id", "in_reply_to"]);

/** The fields of a body that say something. */
export function contentOf(body: JsonObject): string[] {
  return Object.keys(body).filter((name) => !envelope.has(name));
}

/** A body with another value in one of its fields; undefined where there is nothing to alter. */
export function alterBody(body: JsonObject, word: number): JsonObject | undefined {
  const names = contentOf(body);
  const name = names[scale(mix(word, 3), names.length)];
  if (name === undefined) return undefined;
  return { ...body, [name]: alter(body[name] as Json, word) };
}

/** How far down the walk the change is to be made, and by which word. */
interface Plan {
  left: number;
  readonly word: number;
}

/** A place is a value, or a list or object with all that is in it. */
function placesIn(value: Json): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value as { [name: string]: Json }).reduce<number>(
    (sum, part) => sum + placesIn(part),
    1,
  );
}

function altered(value: Json, plan: Plan): Json {
  if (plan.left-- === 0) return changed(value, plan.word);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((part) => (plan.left < 0 ? part : altered(part, plan)));
  // fromEntries, for a field may be called __proto__, which an assignment would take as a command.
  return Object.fromEntries(
    Object.entries(value as { [name: string]: Json }).map(([name, part]) => [
      name,
      plan.left < 0 ? part : altered(part, plan),
    ]),
  );
}

function changed(value: Json, word: number): Json {
  switch (typeof value) {
    case "number":
      return otherNumber(value, word);
    case "string":
      return otherText(value, word);
    case "boolean":
      return !value;
    default:
      return value === null ? 0 : shortened(value);
  }
}

/** Low bits more often than high ones would: a value that might have been meant. */
const BITS = 12;

function otherNumber(value: number, word: number): number {
  const bit = 1 << scale(mix(word, 4), BITS);
  return (value | 0) === value ? value ^ bit : other(value, bit);
}

/** Of numbers so large that a little more is the same. */
function other(value: number, by: number): number {
  return value + by === value ? 0 : value + by;
}

function otherText(value: string, word: number): string {
  if (value === "") return "?";
  const at = scale(mix(word, 5), value.length);
  // Bits that leave a letter a letter, a digit a digit or its neighbour, and a surrogate its kind.
  const code = value.charCodeAt(at) ^ (1 << scale(mix(word, 6), 4));
  return value.slice(0, at) + String.fromCharCode(code) + value.slice(at + 1);
}

/** Without its last part; what is empty has one too many. */
function shortened(value: Json[] | JsonObject): Json {
  if (Array.isArray(value)) return value.length === 0 ? [null] : value.slice(0, -1);
  const fields = Object.entries(value);
  return fields.length === 0 ? { "?": null } : Object.fromEntries(fields.slice(0, -1));
}

/**
 * What is on a disk when a write stops half-way: the first half of what was to be there, followed by
 * what was there before. A number is one word: nothing of it is there yet. O(size).
 * @param stale what was there; undefined where there was nothing.
 */
export function torn(fresh: Json, stale: Json | undefined): Json {
  if (typeof fresh === "string") {
    const half = fresh.length >> 1;
    return fresh.slice(0, half) + (typeof stale === "string" ? stale.slice(half) : "");
  }
  if (typeof fresh !== "object" || fresh === null) return stale ?? null;
  if (Array.isArray(fresh)) return tornList(fresh, Array.isArray(stale) ? stale : []);
  return tornObject(fresh, isJsonObject(stale) ? stale : {});
}

function tornList(fresh: Json[], stale: Json[]): Json[] {
  const [only] = fresh;
  if (fresh.length === 1 && only !== undefined) return [torn(only, stale[0]), ...stale.slice(1)];
  const half = fresh.length >> 1;
  return [...fresh.slice(0, half), ...stale.slice(half)];
}

function tornObject(fresh: JsonObject, stale: JsonObject): JsonObject {
  const fields = Object.entries(fresh as { [name: string]: Json });
  const [only] = fields;
  if (fields.length === 1 && only !== undefined) {
    return { ...stale, [only[0]]: torn(only[1], stale[only[0]]) };
  }
  const half = fields.length >> 1;
  const written = Object.fromEntries(fields.slice(0, half));
  const rest = Object.entries(stale).filter(([name]) => !Object.hasOwn(written, name));
  return { ...written, ...Object.fromEntries(rest) };
}
