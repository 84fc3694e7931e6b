/**
 * Sets of search configurations, kept free of dominated ones.
 *
 * A configuration is a row of integers: the state, a mask of lanes whose operation has taken effect
 * (`done`), a mask of lanes that are `owed` (blind operations that must still take visible effect),
 * and per slot how many pending calls were used. A lane that is neither done nor owed holds a blind
 * operation which can be placed just before an overwrite that has already happened, so that its
 * return costs nothing.
 *
 * A dominates B when every continuation of B is one of A: same state, A's reads done include B's,
 * A used no blind operation that B did not, owes none that B does not, agrees on updates, and used
 * no more pending calls. Every state dominates the dead one. Rows are grouped by what must be equal;
 * O(group) per insertion.
 */

import { doubled } from "../../histories/values.js";

/** Which lanes hold which role of operation right now, as bit masks of 32 lanes a word. */
export interface LaneMasks {
  reads: Int32Array;
  blinds: Int32Array;
  updates: Int32Array;
}

/** Offsets inside a row. */
export interface Layout {
  words: number;
  slots: number;
  done: number;
  owed: number;
  used: number;
  /** How the configuration came about (see lineage.ts); never compared. */
  trace: number;
  stride: number;
}

export function layoutFor(laneCount: number, slotCount: number): Layout {
  const words = Math.max(1, Math.ceil(laneCount / 32));
  const used = 1 + 2 * words;
  const trace = used + slotCount;
  return { words, slots: slotCount, done: 1, owed: 1 + words, used, trace, stride: trace + 1 };
}

const NONE = -1;

export class ConfigurationSet {
  rows: Int32Array;
  /** Rows ever added; some are dominated by later ones. */
  added = 0;
  /** Rows that nothing dominates. */
  size = 0;
  /** Comparisons made since the set was created: the search charges them to its budget. */
  comparisons = 0;
  /**
   * Pending calls left over from which on it does not matter how many more there are: dominance by
   * slack proves survivors only (see `PassKind`).
   */
  slack = Number.POSITIVE_INFINITY;
  private dominated: Uint8Array;
  private links: Int32Array;
  /** Groups (state and fingerprint of the updates done): a table of those in use, by hash. */
  private slots = new Int32Array(64).fill(NONE);
  private groups = 0;
  private groupState = new Int32Array(32);
  private groupPrint = new Int32Array(32);
  /** Per group, its newest row. */
  private groupHead = new Int32Array(32);

  constructor(
    private readonly layout: Layout,
    private readonly masks: LaneMasks,
    private readonly available: Int32Array,
    private readonly deadState: number,
  ) {
    this.rows = new Int32Array(16 * layout.stride);
    this.dominated = new Uint8Array(16);
    this.links = new Int32Array(16);
  }

  clear(): void {
    this.added = 0;
    this.size = 0;
    if (this.groups * 8 > this.slots.length) this.slots.fill(NONE);
    else for (let group = 0; group < this.groups; group++) this.forget(group);
    this.groups = 0;
  }

  /** True for a row that has not been dominated since it was added. */
  has(row: number): boolean {
    return this.dominated[row] === 0;
  }

  states(): number[] {
    const states = new Set<number>();
    for (let row = 0; row < this.added; row++) states.add(this.rows[row * this.layout.stride]!);
    return [...states];
  }

  /** Adds the row that starts at `at` in `source`, unless one of ours dominates it. */
  insert(source: Int32Array, at: number): boolean {
    const state = source[at]!;
    const print = this.fingerprint(source, at);
    const slot = this.slotOf(state, print);
    const group = this.slots[slot]!;
    if (group !== NONE) {
      if (this.findDominating(group, source, at)) return false;
      this.dropDominated(group, source, at);
    }
    if (state === this.deadState) {
      this.comparisons += this.groups;
      for (let other = 0; other < this.groups; other++) {
        if (other === group || this.groupPrint[other] !== print) continue;
        if (this.findDominating(other, source, at)) return false;
      }
    } else if (this.deadState !== NONE) {
      const dead = this.slots[this.slotOf(this.deadState, print)]!;
      if (dead !== NONE) this.dropDominated(dead, source, at);
    }
    this.add(group === NONE ? this.addGroup(slot, state, print) : group, source, at);
    return true;
  }

  /** Keeps the `sizeMax` rows that have used the fewest pending calls, among equals the oldest. */
  truncate(sizeMax: number): void {
    const { used, slots, stride } = this.layout;
    const cost = (row: number): number => {
      let sum = 0;
      for (let slot = 0; slot < slots; slot++) sum += this.rows[row * stride + used + slot]!;
      return sum;
    };
    const ranked: { row: number; cost: number }[] = [];
    for (let row = 0; row < this.added; row++) {
      if (this.dominated[row] === 0) ranked.push({ row, cost: cost(row) });
    }
    ranked.sort((a, b) => a.cost - b.cost || a.row - b.row);
    for (const { row } of ranked.slice(sizeMax)) this.dominated[row] = 1;
    this.size = Math.min(this.size, sizeMax);
  }

  private findDominating(group: number, source: Int32Array, at: number): boolean {
    const { rows, links, dominated, layout } = this;
    for (let row = this.groupHead[group]!; row !== NONE; row = links[row]!) {
      if (dominated[row] === 1) continue;
      this.comparisons += 1;
      if (this.dominates(rows, row * layout.stride, source, at)) return true;
    }
    return false;
  }

  private dropDominated(group: number, source: Int32Array, at: number): void {
    const { rows, links, dominated, layout } = this;
    for (let row = this.groupHead[group]!; row !== NONE; row = links[row]!) {
      if (dominated[row] === 1) continue;
      this.comparisons += 1;
      if (this.dominates(source, at, rows, row * layout.stride)) {
        dominated[row] = 1;
        this.size -= 1;
      }
    }
  }

  /** See the head of this file; the states are known to be equal, or the second one dead. */
  private dominates(ours: Int32Array, a: number, theirs: Int32Array, b: number): boolean {
    const { words, slots, done, owed, used } = this.layout;
    const { reads, blinds, updates } = this.masks;
    for (let word = 0; word < words; word++) {
      const ourDone = ours[a + done + word]!;
      const theirDone = theirs[b + done + word]!;
      if ((theirDone & ~ourDone & reads[word]!) !== 0) return false;
      if ((ourDone & ~theirDone & blinds[word]!) !== 0) return false;
      if (((ourDone ^ theirDone) & updates[word]!) !== 0) return false;
      if ((ours[a + owed + word]! & ~theirs[b + owed + word]!) !== 0) return false;
    }
    for (let slot = 0; slot < slots; slot++) {
      const ourUsed = ours[a + used + slot]!;
      if (ourUsed <= theirs[b + used + slot]!) continue;
      if (this.available[slot]! - ourUsed < this.slack) return false;
    }
    return true;
  }

  /** Equal for rows with the same updates done; rarely for others. */
  private fingerprint(source: Int32Array, at: number): number {
    const { words, done } = this.layout;
    const { updates } = this.masks;
    let print = 0;
    for (let word = 0; word < words; word++) {
      print = Math.imul(print, 0x01000193) ^ (source[at + done + word]! & updates[word]!);
    }
    return print;
  }

  private slotOf(state: number, print: number): number {
    const { slots, groupState, groupPrint } = this;
    const mask = slots.length - 1;
    let slot = Math.imul(state ^ Math.imul(print, 0x85ebca6b), 0x9e3779b1);
    slot = (slot ^ (slot >>> 15)) & mask;
    for (let group = slots[slot]!; group !== NONE; group = slots[slot]!) {
      if (groupState[group] === state && groupPrint[group] === print) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private addGroup(freeSlot: number, state: number, print: number): number {
    const group = this.groups++;
    if (group === this.groupState.length) {
      this.groupState = doubled(this.groupState, Int32Array);
      this.groupPrint = doubled(this.groupPrint, Int32Array);
      this.groupHead = doubled(this.groupHead, Int32Array);
    }
    this.groupState[group] = state;
    this.groupPrint[group] = print;
    this.groupHead[group] = NONE;
    if (this.groups * 2 <= this.slots.length) this.slots[freeSlot] = group;
    else {
      this.slots = new Int32Array(this.slots.length * 2).fill(NONE);
      for (let other = 0; other <= group; other++) {
        this.slots[this.slotOf(this.groupState[other]!, this.groupPrint[other]!)] = other;
      }
    }
    return group;
  }

  /** Frees the group's slot when all groups are being freed. */
  private forget(group: number): void {
    const mask = this.slots.length - 1;
    let slot = Math.imul(
      this.groupState[group]! ^ Math.imul(this.groupPrint[group]!, 0x85ebca6b),
      0x9e3779b1,
    );
    slot = (slot ^ (slot >>> 15)) & mask;
    while (this.slots[slot] !== group) slot = (slot + 1) & mask;
    this.slots[slot] = NONE;
  }

  private add(group: number, source: Int32Array, at: number): void {
    const { stride } = this.layout;
    if (this.added === this.dominated.length) this.grow();
    const row = this.added;
    const { rows } = this;
    for (let i = 0, to = row * stride; i < stride; i++) rows[to + i] = source[at + i]!;
    this.dominated[row] = 0;
    this.links[row] = this.groupHead[group]!;
    this.groupHead[group] = row;
    this.added += 1;
    this.size += 1;
  }

  private grow(): void {
    this.rows = doubled(this.rows, Int32Array);
    this.dominated = doubled(this.dominated, Uint8Array);
    this.links = doubled(this.links, Int32Array);
  }
}
