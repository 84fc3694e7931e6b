/**
 * EDN values as JSON and back.
 *
 * nil is null; keywords, symbols and characters become their name as a string; lists, vectors and
 * sets become arrays (sets sorted, so that equal sets are equal arrays); maps become objects; tags
 * are dropped, their value stays. Numbers beyond a double's precision, ratios and `##Inf` become
 * strings of their digits. The way back spells strings as strings: keywords are not restored.
 */

import type { EDNMap, EDNVal } from "edn-data";
import { parseEDNString } from "edn-data";
import { UsageError } from "../src/base/errors.js";
import { canonical, type Json } from "../src/base/json.js";

/**
 * Reads a form that `ednForms` yielded.
 * @throws UsageError for a string with an unknown escape.
 */
export function parseForm(text: string, where: string): EDNVal {
  try {
    // The library would turn #inst into a Date, and a Date loses what follows the milliseconds.
    const tagHandlers = { inst: (val: unknown) => ({ tag: "inst", val }) };
    return parseEDNString(text, { tagHandlers }) as EDNVal;
  } catch (error) {
    throw new UsageError(`${where}${(error as Error).message.replace(/\s/g, " ")}`);
  }
}

/**
 * @param where starts the message: file and line.
 * @throws UsageError for a map with two keys of the same name, such as `:a` and `"a"`.
 */
export function toJson(value: EDNVal, where: string): Json {
  if (value === null || typeof value !== "object") {
    return typeof value === "bigint" ? `${value}` : value;
  }
  if (value instanceof Map || value instanceof Set || value instanceof Date) {
    throw new TypeError("the EDN reader is set to produce none of these");
  }
  if (Array.isArray(value)) return value.map((item) => toJson(item, where));
  if ("key" in value) return value.key;
  if ("sym" in value) return value.sym;
  if ("char" in value) return value.char;
  if ("list" in value) return value.list.map((item) => toJson(item, where));
  if ("set" in value) return value.set.map((item) => toJson(item, where)).sort(compare);
  if ("tag" in value) return toJson(value.val, where);
  return Object.fromEntries(namedEntries(value, where, toJson));
}

/** The entries of a map by name, values converted. @throws UsageError for a name used twice. */
export function namedEntries<T>(
  { map }: EDNMap,
  where: string,
  convert: (value: EDNVal, where: string) => T,
): [string, T][] {
  const names = new Set<string>();
  return map.map(([key, value]) => {
    const json = toJson(key, where);
    const name = typeof json === "string" ? json : canonical(json);
    if (names.has(name))
      throw new UsageError(`${where}a map has two keys that read as ${JSON.stringify(name)}`);
    names.add(name);
    return [name, convert(value, where)];
  });
}

function compare(left: Json, right: Json): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [a, b] = [canonical(left), canonical(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What `toJson` reads as the same value. */
export function fromJson(value: Json): EDNVal {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    // An exponent makes it a double, which is not read as exact digits.
    return { sym: value.toExponential() };
  }
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(fromJson);
  const map: [EDNVal, EDNVal][] = [];
  for (const [name, item] of Object.entries(value)) {
    if (item !== undefined) map.push([nameOf(name), fromJson(item)]);
  }
  return { map };
}

/** A keyword where the name makes one that every EDN reader takes, or else a string. */
export function nameOf(name: string): EDNVal {
  return /^[A-Za-z][\w.*!?-]*$/.test(name) ? { key: name } : name;
}
