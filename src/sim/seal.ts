/**
 * Copying, checking, measuring and hashing plain data in one walk.
 *
 * Whatever crosses from one node to another, or to a disk, is sealed: the sender keeps no handle on
 * what the receiver gets, and the trace hash covers every byte of it. About 10 ns a field.
 */

import type { Json, JsonObject } from "../base/json.js";
import { mix } from "../random/mix.js";

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

const TAG_NULL = 0x11;
const TAG_TRUE = 0x12;
const TAG_FALSE = 0x13;
const TAG_INTEGER = 0x14;
const TAG_FLOAT = 0x15;
const TAG_TEXT = 0x16;
const TAG_ARRAY = 0x17;
const TAG_OBJECT = 0x18;

const DEPTH_MAX = 200;

const float = new Float64Array(1);
const floatWords = new Int32Array(float.buffer);

// Running totals of the walk in progress; a field of a shared object would cost an allocation.
let hash = 0;
let size = 0;

/**
 * A copy of plain JSON data with its hash and size. Fields that are undefined are left out, as in
 * JSON; -0 becomes 0.
 * @throws NotPlainData for functions, class instances, NaN, infinities, cycles. O(size).
 */
export function seal<T extends Json>(value: T): Sealed<T> {
  hash = 0x5ea1;
  size = 0;
  const copy = walk(value, 0) as T;
  return { value: copy, hash, size };
}

/** A copy alone. */
export function copyOf<T extends Json>(value: T): T {
  return walk(value, 0) as T;
}

function walk(value: unknown, depth: number): Json {
  switch (typeof value) {
    case "number":
      return number(value);
    case "string":
      return text(value);
    case "boolean":
      hash = mix(hash, value ? TAG_TRUE : TAG_FALSE);
      size += 4;
      return value;
    case "object":
      if (value === null) {
        hash = mix(hash, TAG_NULL);
        size += 4;
        return null;
      }
      if (depth > DEPTH_MAX) throw new NotPlainData("nested too deep, or in a circle");
      return Array.isArray(value) ? array(value, depth) : object(value, depth);
    default:
      throw new NotPlainData(`a ${typeof value} is not plain data`);
  }
}

function number(value: number): number {
  if ((value | 0) === value) {
    hash = mix(hash ^ TAG_INTEGER, value | 0);
    size += 4;
    return value | 0;
  }
  if (!Number.isFinite(value)) throw new NotPlainData(`${value} is not plain data`);
  float[0] = value;
  hash = mix(mix(hash ^ TAG_FLOAT, floatWords[0] as number), floatWords[1] as number);
  size += 12;
  return value;
}

function text(value: string): string {
  let h = hash ^ TAG_TEXT;
  for (let i = 0; i < value.length; i++) h = Math.imul(h ^ value.charCodeAt(i), 0x01000193);
  hash = mix(h, value.length);
  size += value.length + 2;
  return value;
}

function array(items: unknown[], depth: number): Json[] {
  hash = mix(hash ^ TAG_ARRAY, items.length);
  size += 2 + items.length;
  const copy: Json[] = new Array(items.length);
  for (let i = 0; i < items.length; i++) copy[i] = at(String(i), items[i], depth);
  return copy;
}

function object(source: object, depth: number): JsonObject {
  const prototype = Object.getPrototypeOf(source);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotPlainData(
      `an instance of ${prototype.constructor?.name ?? "a class"} is not plain data`,
    );
  }
  hash ^= TAG_OBJECT;
  size += 2;
  const copy: JsonObject = {};
  for (const name in source) {
    const field = (source as { [name: string]: unknown })[name];
    if (field === undefined) continue;
    text(name);
    copy[name] = at(name, field, depth);
    size += 2;
  }
  hash = mix(hash, TAG_OBJECT);
  return copy;
}

function at(name: string, value: unknown, depth: number): Json {
  try {
    return walk(value, depth + 1);
  } catch (error) {
    if (error instanceof NotPlainData && depth < 20) {
      throw new NotPlainData(
        `${error.message} (in "${name}")`.replace(/ \(in "(.*)"\) \(in "(.*)"\)$/, ' (in "$2.$1")'),
      );
    }
    throw error;
  }
}
