/**
 * Copying, checking, measuring and hashing plain data in one walk.
 *
 * Whatever crosses from one node to another, or to a disk, is sealed: the sender keeps no handle on
 * what the receiver gets, and the trace hash covers every byte of it. About 10 ns a field.
 */

import type { Json, JsonObject } from "../base/json.js";
import { avalanche } from "../random/mix.js";

export interface Sealed<T extends Json = Json> {
  value: T;
  /** A 32-bit hash of the content, object keys in their order. */
  hash: number;
  /** Bytes of its JSON text, roughly: what bandwidth is charged for. */
  size: number;
}

/** Thrown when a message or a disk record is not plain JSON data; says where in it. */
export class NotPlainData extends Error {
  override name = "NotPlainData";
}

// Any words far apart: a small tag would differ from another by what a small integer makes up for.
const TAG_NULL = 0x3c6ef372;
const TAG_TRUE = 0x1f83d9ab;
const TAG_FALSE = 0x5be0cd19;
const TAG_INTEGER = 0x428a2f98;
const TAG_FLOAT = 0x71374491;
const TAG_TEXT = 0x59f111f1;
const TAG_ARRAY = 0x12835b01;
const TAG_OBJECT = 0x243185be;
const TAG_NAME = 0x550c7dc3;

const DEPTH_MAX = 200;

const float = new Float64Array(1);
const floatWords = new Int32Array(float.buffer);

// Running totals of the walk in progress: returning them beside the copy would cost an allocation.
let hash = 0;
let size = 0;

/** One result for all calls: the kernel seals millions of messages a second. */
const result: Sealed = { value: null, hash: 0, size: 0 };

/**
 * A copy of plain JSON data with its hash and size. Fields that are undefined are left out, as in
 * JSON; -0 becomes 0. The result object is used again by the next call.
 * @throws NotPlainData for functions, class instances, NaN, infinities, cycles. O(size).
 */
export function seal<T extends Json>(value: T): Sealed<T> {
  hash = 0x5ea1;
  size = 0;
  result.value = copyOf(value);
  result.hash = avalanche(hash);
  result.size = size;
  return result as Sealed<T>;
}

/** A copy alone. */
export function copyOf<T extends Json>(value: T): T {
  try {
    return walk(value, 0) as T;
  } catch (error) {
    if (!(error instanceof NotPlainData)) throw error;
    throw new NotPlainData(`${error.message}${placeOf(value)}`);
  }
}

/** One round of multiplicative mixing; the avalanche comes at the end of the walk. */
function step(word: number): void {
  const h = Math.imul(hash ^ word, 0x9e3779b1);
  hash = h ^ (h >>> 15);
}

function walk(value: unknown, depth: number): Json {
  switch (typeof value) {
    case "number":
      return number(value);
    case "string":
      text(value, TAG_TEXT);
      return value;
    case "boolean":
      step(value ? TAG_TRUE : TAG_FALSE);
      size += 4;
      return value;
    case "object":
      if (value === null) {
        step(TAG_NULL);
        size += 4;
        return null;
      }
      if (depth > DEPTH_MAX) throw new NotPlainData("nested too deep, or in a circle");
      return Array.isArray(value) ? array(value, depth) : object(value as JsonObject, depth);
    default:
      throw new NotPlainData(
        `${value === undefined ? "undefined" : `a ${typeof value}`} is not plain data`,
      );
  }
}

function number(value: number): number {
  if ((value | 0) === value) {
    hash ^= TAG_INTEGER;
    step(value | 0);
    size += 4;
    return value | 0;
  }
  if (!Number.isFinite(value)) throw new NotPlainData(`${value} is not plain data`);
  float[0] = value;
  hash ^= TAG_FLOAT;
  step(floatWords[0] as number);
  step(floatWords[1] as number);
  size += 12;
  return value;
}

function text(value: string, tag: number): void {
  let h = hash ^ tag;
  for (let i = 0; i < value.length; i++) h = Math.imul(h ^ value.charCodeAt(i), 0x01000193);
  hash = h;
  step(value.length);
  size += value.length + 2;
}

function array(items: unknown[], depth: number): Json[] {
  hash ^= TAG_ARRAY;
  step(items.length);
  size += 2 + items.length;
  const copy: Json[] = new Array(items.length);
  for (let i = 0; i < items.length; i++) copy[i] = walk(items[i], depth + 1);
  return copy;
}

function object(source: JsonObject, depth: number): JsonObject {
  const prototype = Object.getPrototypeOf(source);
  if (prototype !== Object.prototype && prototype !== null) {
    const name = prototype.constructor?.name ?? "a class";
    throw new NotPlainData(`an instance of ${name} is not plain data`);
  }
  size += 2;
  // A spread keeps the hidden class of the source: twice as fast as adding field by field.
  const copy: JsonObject = { ...source };
  for (const name in source) {
    const field = source[name];
    if (field === undefined) {
      leaveOut(copy, name);
      continue;
    }
    text(name, TAG_NAME);
    const sealed = walk(field, depth + 1);
    // -0 equals the 0 that it was sealed as.
    if (sealed !== field || sealed === 0) copy[name] = sealed;
    size += 2;
  }
  step(TAG_OBJECT);
  return copy;
}

/** Apart from the walk, which V8 would compile worse with a delete in it. */
function leaveOut(copy: JsonObject, name: string): void {
  delete copy[name];
}

/** Where in a value the first thing stands that is not plain data: ` at "entries.3.fire"`. */
function placeOf(value: unknown): string {
  const path: string[] = [];
  let at: unknown = value;
  while (typeof at === "object" && at !== null && path.length < 20) {
    const optional = !Array.isArray(at);
    const bad = Object.entries(at).find(
      ([, field]) => !(optional && field === undefined) && !isPlain(field),
    );
    if (bad === undefined) break;
    path.push(bad[0]);
    at = bad[1];
  }
  return path.length === 0 ? "" : ` at "${path.join(".")}"`;
}

function isPlain(value: unknown): boolean {
  try {
    walk(value, 1);
    return true;
  } catch {
    return false;
  }
}
