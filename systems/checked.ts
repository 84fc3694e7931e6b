/**
 * Checksums for what a system keeps on its disk: for those that are to survive torn writes, bit rot
 * and misdirected writes.
 *
 * Each value and record is sealed with a sum over what it says and where it belongs, so that half a
 * write, an altered one, and one that was meant for another place are all known for what they are. What
 * sums cannot tell: a write that never came, where an older one still stands (it was sound, and is).
 * That a damaged last record was half written by a crash, and never promised to anybody, is a guess:
 * it may have been whole, and rotten since (Alagappan et al., Protocol-Aware Recovery, FAST 2018).
 */

import { canonical, isJsonObject } from "../src/base/json.js";
import type { Disk, Json } from "../src/hosts/ts/node.js";
import { hashText } from "../src/random/mix.js";

/** What stands on the disk in the place of a value. */
function sealed(data: Json, place: string): Json {
  return { sum: sumOf(data, place), data };
}

function sumOf(data: Json | undefined, place: string): number {
  return hashText(`${place} ${canonical(data)}`);
}

/** What was sealed for that place; undefined where this is something else. */
function opened(stored: Json | undefined, place: string): { data: Json } | undefined {
  if (!isJsonObject(stored)) return undefined;
  const { sum, data } = stored;
  return data !== undefined && sum === sumOf(data, place) ? { data } : undefined;
}

/** A file's value: there was none, it is as it was written, or it is damaged: then as it stands. */
export type Finding =
  | { found: "nothing" }
  | { found: "sound"; data: Json }
  | { found: "damaged"; stored: Json };

/** @throws DiskError ENOSPC. */
export function writeChecked(disk: Disk, file: string, data: Json): void {
  disk.write(file, sealed(data, file));
}

/** @throws DiskError EIO. */
export function readChecked(disk: Disk, file: string): Finding {
  const stored = disk.read(file);
  if (stored === undefined) return { found: "nothing" };
  const whole = opened(stored, file);
  return whole === undefined ? { found: "damaged", stored } : { found: "sound", ...whole };
}

/** Appends a record as number `index` (from 0) of its file. @throws DiskError ENOSPC. */
export function appendChecked(disk: Disk, file: string, index: number, data: Json): void {
  disk.append(file, sealed(data, placeOf(file, index)));
}

export interface Prefix {
  /** All records before the first damaged one. */
  records: Json[];
  /**
   * `tail`: nothing sound comes after the damage, as where a crash came in the middle of a write.
   * `middle`: something does, so that what was written in between is lost.
   */
  damage?: "tail" | "middle";
}

/** The records of a file, as far as they are sound. O(file). @throws DiskError EIO. */
export function readPrefix(disk: Disk, file: string): Prefix {
  const stored = disk.records(file).map((record, i) => opened(record, placeOf(file, i)));
  const end = stored.indexOf(undefined);
  const records = (end < 0 ? stored : stored.slice(0, end)).flatMap((record) =>
    record === undefined ? [] : [record.data],
  );
  if (end < 0) return { records };
  const isTail = stored.slice(end).every((record) => record === undefined);
  return { records, damage: isTail ? "tail" : "middle" };
}

function placeOf(file: string, index: number): string {
  return `${file}/${index}`;
}
