/** What a value is found by in a Map: cheaper than its canonical text for what is no list or object. */

import { canonical, type Json } from "../src/base/json.js";

/** Equal for equal values, different for different ones. O(1) but for lists and objects. */
export function identity(value: Json): string | number | boolean {
  // No text of JSON begins with a NUL, and a string that does is told apart by its quotes.
  if (typeof value === "object") return `\0${canonical(value)}`;
  return typeof value === "string" && value.startsWith("\0") ? `\0${canonical(value)}` : value;
}
