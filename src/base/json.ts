/** JSON values: the only data that messages, histories and plans carry. */

export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A field that is undefined counts as absent, as it does for JSON.stringify. */
export type JsonObject = { [key: string]: Json | undefined };

/** True for a plain object (not null, not an array). */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A canonical text of a value: object keys sorted, so that equal values have equal texts.
 * Serves as a key for Maps and as equality of arbitrary JSON. O(size log size).
 */
export function canonical(value: Json | undefined): string {
  if (value === undefined) return "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isJsonObject(value)) {
    const fields = Object.keys(value)
      .filter((name) => value[name] !== undefined)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Equality of JSON values by content; the order of object keys does not matter. */
export function jsonEquals(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object") return false;
  return canonical(left) === canonical(right);
}
