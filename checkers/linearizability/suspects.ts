/**
 * The part of an object's history among which its violation is looked for, where the whole is too
 * much to look at: small, and known to fail by itself for the same reason as the whole.
 *
 * Registers: the latest reads before the breaking return, as many as it takes, with every write
 * from which one of them may have read. A write of v is left out if some write was invoked after
 * it had completed, and completed before the reads began: in any linearization that write lies
 * between, and what the reads found comes from it or later ones. So the sources of all that is kept are
 * kept, and if the whole were linearizable this part would be.
 */

import { PENDING } from "../../histories/columns.js";
import type { BreakingReturn } from "./breaking.js";
import { judgeObject, type ObjectVerdict } from "./judge-object.js";
import { type NamedView, selected } from "./object-views.js";
import type { ObjectType } from "./types.js";

/** Histories up to this size are looked at whole. */
const WHOLE_MAX = 2_000;
/** Above this size only what is known to be small is looked at. */
const PART_MAX = 50_000;
const STEPS_MAX = 5_000_000;

const READ = 0;
const WRITE = 1;

/** Operations of the view, ascending; only what was invoked by `position` is of interest. */
export function suspects(
  view: NamedView,
  type: ObjectType,
  violated: Extract<ObjectVerdict, { valid: false }>,
  breaking: BreakingReturn,
): Int32Array {
  const { position } = breaking;
  const core =
    breaking.core !== undefined && endsBy(view, breaking.core, position)
      ? breaking.core
      : violated.core;
  const everything = new Int32Array(view.size).map((_, i) => i);
  if (view.size <= WHOLE_MAX) return everything;
  if (core !== undefined && core.length <= PART_MAX) return Int32Array.from(core).sort();
  if (type.functions[READ] === "read" && type.functions[WRITE] === "write") {
    const part = latestReads(view, type, position);
    if (part !== undefined) return part;
  }
  return view.size <= PART_MAX ? everything : new Int32Array(0);
}

/** Whether these operations are in the prefix what they are in the whole. */
function endsBy(view: NamedView, core: readonly number[], position: number): boolean {
  return core.every((i) => view.completed[i] === PENDING || view.completed[i]! <= position);
}

function latestReads(view: NamedView, type: ObjectType, position: number): Int32Array | undefined {
  for (let length = 64; length <= PART_MAX; length *= 8) {
    const part = sourcesOfReads(view, position, length);
    if (part === undefined) return undefined;
    if (judgeObject(selected(view, part), type, STEPS_MAX).valid === false) return part;
    if (length >= view.size) return undefined;
  }
  return undefined;
}

/** Undefined for a history that does more than read and write. */
function sourcesOfReads(view: NamedView, position: number, length: number): Int32Array | undefined {
  const { size, f, input, output, invoked, completed } = view;
  let end = size;
  while (end > 0 && invoked[end - 1]! > position) end -= 1;
  const start = Math.max(0, end - length);
  const since = start === 0 ? 0 : invoked[start]!;
  const observed = new Set<number>();
  for (let i = start; i < end; i++) {
    if (f[i] === READ && completed[i]! <= position) observed.add(output[i]!);
  }
  let overwritten = -1;
  for (let i = 0; i < start; i++) {
    if (f[i] === WRITE && completed[i]! < since) overwritten = Math.max(overwritten, invoked[i]!);
  }
  const part: number[] = [];
  const known = new Set<number>();
  for (let i = 0; i < end; i++) {
    if (f[i]! > WRITE) return undefined;
    if (i >= start) {
      if (f[i] === WRITE || completed[i]! <= position) part.push(i);
    } else if (f[i] === WRITE && observed.has(input[i]!)) {
      // The first write of each value stays, so that a stale value is not one that nobody wrote.
      if (completed[i]! < overwritten && known.has(input[i]!)) continue;
      known.add(input[i]!);
      part.push(i);
    } else if (f[i] === WRITE && completed[i]! < since && completed[i]! >= overwritten)
      part.push(i);
  }
  return Int32Array.from(part);
}
