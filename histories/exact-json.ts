/**
 * JSON without silent rounding. JavaScript reads 9007199254740992 and 9007199254740993 as one
 * number: two values that a register held would become one, and a stale read would pass. A number
 * that would be rounded or would overflow is therefore read as a string of its digits.
 * Fractions are doubles on both sides and stay so.
 */

import type { Json } from "../src/base/json.js";

const SUSPECT = /\d{16}|\d[eE]/;
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const INTEGER = /^-?\d+$/;

/** @throws SyntaxError as JSON.parse does. O(length). */
export function parseExact(text: string): { rounded: Json; exact: Json } {
  const rounded = JSON.parse(text) as Json;
  if (!SUSPECT.test(text)) return { rounded, exact: rounded };
  const quoted = text.replace(TOKEN, (token) => (fits(token) ? token : `"${token}"`));
  return { rounded, exact: JSON.parse(quoted) as Json };
}

/** Text that `parseExact` reads as the same value: a double beyond 2^53 gets an exponent. */
export function formatExact(value: unknown): string {
  const text = JSON.stringify(value);
  if (!SUSPECT.test(text)) return text;
  return text.replace(TOKEN, (token) => (fits(token) ? token : Number(token).toExponential()));
}

function fits(token: string): boolean {
  if (token.startsWith('"')) return true;
  const number = Number(token);
  return INTEGER.test(token) ? Number.isSafeInteger(number) : Number.isFinite(number);
}
