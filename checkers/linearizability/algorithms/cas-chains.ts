/**
 * A register with compare-and-set whose values tell who installed them. A successful cas(v, w) ties
 * w to v: values form chains, each begun by a write or by the start. Nothing can come between
 * the operations of a chain, and their order is forced: install, its reads, next install, its reads …
 * Linearizable iff
 * - every observed value was installed, no value was left by two cas, and no cas form a circle;
 * - no operation of a chain returned before one that must come earlier in it was invoked;
 * - the zones of no two chains are in conflict: between chains only the earliest return and the
 *   latest invocation count (zones.ts).
 *
 * Applies when no observed value was installed twice, the start included; a value that nobody
 * observed may repeat. Pending operations: a write or cas took effect if a completed operation observed
 * its value, or a pending cas did that took effect itself (marked outwards from completed
 * operations: two pending cas can observe each other in vain); all others are dropped, since
 * without them every observer still finds the same install before it.
 */

import { PENDING } from "../../../histories/columns.js";
import type { Algorithm, Finding } from "../algorithm.js";
import type { ObjectView } from "../view.js";
import { AMBIGUOUS, effectsOf, NEVER, NONE, readsFrom } from "./reads-from.js";
import { emptyZones, findConflict, orderZones, type Zones } from "./zones.js";

export const casChains: Algorithm = {
  name: "cas chains",
  complexity: "n",
  source: "zones (Gibbons & Korach 1997) of chains of compare-and-sets, whose order is forced",
  examine,
  linearize,
};

/** An operation that installs a value is a link, named by its number; `view.size` is the start. */
interface Links {
  installs: Int32Array;
  /** Per operation, the link whose value it observed; NEVER or NONE. */
  origins: Int32Array;
  /** Per operation, whether it counts: completed, or pending and observed. */
  counts: Uint8Array;
  /** Per pending operation that counts, one that observed its value. */
  observer: Int32Array;
}

interface Chains {
  zones: Zones;
  /** Per link, the cas that replaced its value. */
  next: Int32Array;
}

function examine(view: ObjectView): Finding {
  const links = linksOf(view);
  if (typeof links === "string") return { valid: "not-applicable", why: links };
  const chains = chainsOf(view, links);
  if (Array.isArray(chains)) return { valid: false, core: explained(chains, view, links) };
  const { zones } = chains;
  const conflict = findConflict(view, zones);
  if (conflict === undefined) return { valid: true };
  const core: number[] = [];
  for (const zone of conflict) {
    core.push(zone, zones.endingAt.indexOf(zone));
    if (zone !== view.size) core.push(view.completed.indexOf(zones.first[zone]!));
  }
  return { valid: false, core: explained(core, view, links) };
}

function linearize(view: ObjectView): Int32Array {
  const { size } = view;
  const links = linksOf(view);
  const chains = typeof links === "string" ? [] : chainsOf(view, links);
  if (typeof links === "string" || Array.isArray(chains)) throw new RangeError("no chains here");
  const { installs, origins, counts } = links;
  const readsOf = new Int32Array(size + 1);
  for (let i = 0; i < size; i++) {
    if (installs[i] === NONE && counts[i] === 1) readsOf[origins[i]!]! += 1;
  }
  const order = new Int32Array(size);
  /** Per link, where its next read goes. */
  const place = new Int32Array(size + 1);
  let placed = 0;
  for (const zone of orderZones(view, chains.zones)) {
    for (let link = zone; link !== NONE; link = chains.next[link]!) {
      if (link !== size) order[placed++] = link;
      place[link] = placed;
      placed += readsOf[link]!;
    }
  }
  for (let i = 0; i < size; i++) {
    if (installs[i] === NONE && counts[i] === 1) order[place[origins[i]!]!++] = i;
  }
  return order.subarray(0, placed);
}

/** A text says why this is no case for chains. */
function linksOf(view: ObjectView): Links | string {
  const { size, completed } = view;
  const effects = effectsOf(view);
  if (effects === undefined) return "only reads, writes and compare-and-sets form chains";
  const origins = readsFrom(view, effects);
  const counts = new Uint8Array(size);
  const observer = new Int32Array(size).fill(NONE);
  for (let i = 0; i < size; i++) {
    if (completed[i] === PENDING) continue;
    counts[i] = 1;
    // A pending cas that counts makes its own origin count, and so on.
    for (let by = i, of = origins[i]!; ; by = of, of = origins[of]!) {
      if (of === AMBIGUOUS) return "a value that was observed was installed more than once";
      if (of < 0 || of === size || completed[of] !== PENDING || counts[of] === 1) break;
      counts[of] = 1;
      observer[of] = by;
    }
  }
  return { installs: effects.installs, origins, counts, observer };
}

/** The chains, or operations that contradict each other whatever the other chains are. */
function chainsOf(view: ObjectView, links: Links): Chains | number[] {
  const { size } = view;
  const { installs, origins, counts } = links;
  const next = new Int32Array(size + 1).fill(NONE);
  for (let i = 0; i < size; i++) {
    const origin = origins[i]!;
    if (origin === NONE || counts[i] === 0) continue;
    if (origin === NEVER) return [i];
    if (installs[i] === NONE) continue;
    if (next[origin] !== NONE) return [i, next[origin]!];
    next[origin] = i;
  }
  const walk = new Walk(view, links, next);
  const early = walk.visit(size);
  if (early !== undefined) return early;
  for (let i = 0; i < size; i++) {
    if (counts[i] === 0 || origins[i] !== NONE) continue;
    const contradiction = walk.visit(i);
    if (contradiction !== undefined) return contradiction;
  }
  for (let i = 0; i < size; i++) {
    if (counts[i] === 0 || installs[i] === NONE || walk.visited[i] === 1) continue;
    const circle = [i];
    for (let link = origins[i]!; link !== i; link = origins[link]!) circle.push(link);
    return circle;
  }
  return { zones: walk.zones, next };
}

/** Walks along chains: checks their inner order and measures their zones. */
class Walk {
  readonly zones: Zones;
  readonly visited: Uint8Array;
  /** Per link, its readers that returned first and were invoked last. */
  private readonly firstReader: Int32Array;
  private readonly lastReader: Int32Array;

  constructor(
    private readonly view: ObjectView,
    { installs, origins, counts }: Links,
    private readonly next: Int32Array,
  ) {
    const { size, completed } = view;
    this.zones = emptyZones(view);
    this.visited = new Uint8Array(size + 1);
    this.firstReader = new Int32Array(size + 1).fill(NONE);
    this.lastReader = new Int32Array(size + 1).fill(NONE);
    for (let i = 0; i < size; i++) {
      const link = origins[i]!;
      if (link === NONE || installs[i] !== NONE || counts[i] === 0) continue;
      const first = this.firstReader[link]!;
      if (first === NONE || completed[i]! < completed[first]!) this.firstReader[link] = i;
      this.lastReader[link] = i;
    }
  }

  /** Two operations of the chain that begins with `root` and cannot keep its order, if there are any. */
  visit(root: number): number[] | undefined {
    const { size, completed } = this.view;
    const { first, endingAt } = this.zones;
    /** The operation invoked last so far: numbers are in order of invocation. */
    let last = NONE;
    let earliest = first[root]!;
    for (let link = root; link !== NONE; link = this.next[link]!) {
      this.visited[link] = 1;
      if (link !== size) {
        if (this.isTooEarly(link, last)) return [link, last];
        earliest = Math.min(earliest, completed[link]!);
        last = Math.max(last, link);
      }
      const reader = this.firstReader[link]!;
      if (reader === NONE) continue;
      if (this.isTooEarly(reader, last)) return [reader, last];
      earliest = Math.min(earliest, completed[reader]!);
      last = Math.max(last, this.lastReader[link]!);
    }
    first[root] = earliest;
    if (last !== NONE) endingAt[last] = root;
    return undefined;
  }

  private isTooEarly(i: number, last: number): boolean {
    return last !== NONE && this.view.completed[i]! < this.view.invoked[last]!;
  }
}

/**
 * With the installs of what they observed and with those who show that pending ones took effect; without
 * the start, which is no operation.
 */
function explained(
  core: readonly number[],
  { size }: ObjectView,
  { origins, observer }: Links,
): number[] {
  const all = new Set<number>();
  for (const operation of core.flatMap((i) => (i === size ? [] : [i, origins[i]!]))) {
    if (operation === size) continue;
    for (let i = operation; i >= 0; i = observer[i]!) all.add(i);
  }
  return [...all].sort((a, b) => a - b);
}
