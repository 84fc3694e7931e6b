/** What is written, by which name it is known, and which of two writes of a key stays. */

import type { Json } from "../../src/base/json.js";

/** A Lamport clock's time, made unique by the server that took the write. */
export type Version = { time: number; node: string };

/** A write that must be there before another one. */
export type Dependency = { key: string; version: Version };

/** Of each key, the last version in somebody's past. */
export type Past = { [key: string]: Version };

export type Put = {
  key: string;
  value: Json;
  version: Version;
  /** What has to be checked for; everything else follows from it. */
  nearest: Dependency[];
  /** For get-transactions: all that it follows, as far as a newer version of the key does not hide it. */
  past: Past;
  /** The request, for a duplicate of it to be known. */
  session: string;
  number: number;
};

export function isLater(left: Version, right: Version | undefined): boolean {
  if (right === undefined) return true;
  return left.time !== right.time ? left.time > right.time : left.node > right.node;
}

export function nameOf({ key, version }: Dependency): string {
  return `${version.time}/${version.node}/${key}`;
}

/** Adds to a past, in place. */
export function extend(past: Past, { key, version }: Dependency): void {
  if (isLater(version, past[key])) past[key] = version;
}

export function extendAll(past: Past, other: Past): void {
  for (const [key, version] of Object.entries(other)) extend(past, { key, version });
}
