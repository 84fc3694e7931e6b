/**
 * A register whose values tell who wrote them: linearizable iff every value read was written, no
 * read returned before its write was invoked, and no two zones are in conflict (see zones.ts).
 *
 * Applies when no completed read returns a value that was installed twice, the start included: the
 * initial value counts as written before everything. Values that nobody read may repeat.
 * Pending operations: a write that nobody read is dropped, which can only help; one that was read
 * took effect, before the first of those reads returned.
 */

import type { Algorithm, Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { AMBIGUOUS, effectsOf, NEVER, NONE, readsFrom, WRITE } from "./reads-from.js";
import { emptyZones, findConflict, orderZones, type Zones } from "./zones.js";

export const registerZones: Algorithm = {
  name: "zones",
  complexity: "n",
  source: "Gibbons & Korach, Testing Shared Memories, SIAM J. Comput. 1997",
  examine,
  linearize,
};

function examine(view: ObjectView): Finding {
  const { size, invoked, completed } = view;
  const writes = writesOf(view);
  if (typeof writes === "string") return { valid: "not-applicable", why: writes };
  for (let i = 0; i < size; i++) {
    const write = writes[i]!;
    if (write === NEVER) return { valid: false, core: [i] };
    if (write !== size && completed[i]! < invoked[write]!)
      return { valid: false, core: [i, write] };
  }
  const zones = zonesOf(view, writes);
  const conflict = findConflict(view, zones);
  if (conflict === undefined) return { valid: true };
  const core = new Set<number>();
  for (const zone of conflict) {
    if (zone !== size) core.add(zone);
    core.add(zones.endingAt.indexOf(zone));
    if (zone !== size) core.add(completed.indexOf(zones.first[zone]!));
  }
  return { valid: false, core: [...core].sort((a, b) => a - b) };
}

function linearize(view: ObjectView): Int32Array {
  const { size } = view;
  const writes = writesOf(view);
  if (typeof writes === "string") throw new RangeError(`no zones here: ${writes}`);
  const zones = orderZones(view, zonesOf(view, writes));
  const sizes = new Int32Array(size + 1);
  for (let i = 0; i < size; i++) sizes[writes[i]!]! += 1;
  const next = new Int32Array(size + 1).fill(NONE);
  let total = 0;
  for (const zone of zones) {
    next[zone] = total;
    total += sizes[zone]!;
  }
  const order = new Int32Array(total);
  for (const zone of zones) if (zone !== size) order[next[zone]!++] = zone;
  for (let i = 0; i < size; i++) {
    const write = writes[i]!;
    if (write !== i) order[next[write]!++] = i;
  }
  return order;
}

/**
 * Per operation, the write of its value: a write's own number, for a read what `readsFrom` says.
 * A text says why this is no case for zones.
 */
function writesOf(view: ObjectView): Int32Array | string {
  const { size, f } = view;
  if (f.some((code) => code > WRITE)) return "only reads and writes have zones of their own";
  const effects = effectsOf(view)!;
  const writes = readsFrom(view, effects);
  for (let i = 0; i < size; i++) {
    if (writes[i] === NONE) writes[i] = i;
    else if (writes[i] === AMBIGUOUS) return "a value that was read was written more than once";
  }
  return writes;
}

function zonesOf(view: ObjectView, writes: Int32Array): Zones {
  const { size, completed } = view;
  const zones = emptyZones(view);
  const { endingAt, first } = zones;
  const last = new Int32Array(size + 1).fill(NONE);
  for (let i = 0; i < size; i++) {
    const write = writes[i]!;
    if (completed[i]! < first[write]!) first[write] = completed[i]!;
    last[write] = i;
  }
  for (let zone = 0; zone <= size; zone++) {
    if (last[zone] !== NONE) endingAt[last[zone]!] = zone;
  }
  return zones;
}
