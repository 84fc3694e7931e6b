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
  stride: number;
}

export function layoutFor(laneCount: number, slotCount: number): Layout {
  const words = Math.max(1, Math.ceil(laneCount / 32));
  const used = 1 + 2 * words;
  return { words, slots: slotCount, done: 1, owed: 1 + words, used, stride: used + slotCount };
}

const NONE = -1;

/** Exact for the first two million states; after that groups may be shared, which only costs time. */
function groupOf(state: number, fingerprint: number): number {
  return state * 0x1_0000_0000 + fingerprint;
}

export class ConfigurationSet {
  rows: Int32Array;
  /** Rows ever added; some are dominated by later ones. */
  added = 0;
  /** Rows that nothing dominates. */
  size = 0;
  /** Comparisons made since the set was created: the search charges them to its budget. */
  comparisons = 0;
  private dominated: Uint8Array;
  private links: Int32Array;
  /** Per group (state and fingerprint of the updates done), its newest row. */
  private readonly heads = new Map<number, number>();
  /** Per fingerprint, the states it occurs with; kept when there is a dead state. */
  private readonly statesWith = new Map<number, number[]>();

  constructor(
    private readonly layout: Layout,
    private readonly masks: LaneMasks,
    private readonly deadState: number,
  ) {
    this.rows = new Int32Array(16 * layout.stride);
    this.dominated = new Uint8Array(16);
    this.links = new Int32Array(16);
  }

  clear(): void {
    this.added = 0;
    this.size = 0;
    this.heads.clear();
    this.statesWith.clear();
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
    const fingerprint = this.fingerprint(source, at);
    const group = groupOf(state, fingerprint);
    if (state === this.deadState) {
      for (const other of this.statesWith.get(fingerprint) ?? []) {
        if (this.findDominating(groupOf(other, fingerprint), source, at)) return false;
      }
    } else {
      if (this.findDominating(group, source, at)) return false;
      if (this.deadState !== NONE) {
        this.dropDominated(groupOf(this.deadState, fingerprint), source, at);
      }
    }
    this.dropDominated(group, source, at);
    if (!this.heads.has(group) && this.deadState !== NONE) {
      const states = this.statesWith.get(fingerprint);
      if (states === undefined) this.statesWith.set(fingerprint, [state]);
      else states.push(state);
    }
    this.add(group, source, at);
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
    for (let row = this.heads.get(group) ?? NONE; row !== NONE; row = links[row]!) {
      if (dominated[row] === 1) continue;
      this.comparisons += 1;
      if (this.dominates(rows, row * layout.stride, source, at)) return true;
    }
    return false;
  }

  private dropDominated(group: number, source: Int32Array, at: number): void {
    const { rows, links, dominated, layout } = this;
    for (let row = this.heads.get(group) ?? NONE; row !== NONE; row = links[row]!) {
      if (dominated[row] === 1) continue;
      this.comparisons += 1;
      if (this.dominates(source, at, rows, row * layout.stride)) {
        dominated[row] = 1;
        this.size -= 1;
      }
    }
  }

  /** See the head of this file. */
  private dominates(ours: Int32Array, a: number, theirs: Int32Array, b: number): boolean {
    if (ours[a] !== theirs[b] && theirs[b] !== this.deadState) return false;
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
      if (ours[a + used + slot]! > theirs[b + used + slot]!) return false;
    }
    return true;
  }

  /** Equal for rows with the same updates done; rarely for others. */
  private fingerprint(source: Int32Array, at: number): number {
    const { words, done } = this.layout;
    let print = 0;
    for (let word = 0; word < words; word++) {
      const updatesDone = source[at + done + word]! & this.masks.updates[word]!;
      print = Math.imul(print, 0x01000193) ^ updatesDone;
    }
    return print >>> 0;
  }

  private add(group: number, source: Int32Array, at: number): void {
    const { stride } = this.layout;
    if (this.added === this.dominated.length) this.grow();
    const row = this.added;
    this.rows.set(source.subarray(at, at + stride), row * stride);
    this.dominated[row] = 0;
    this.links[row] = this.heads.get(group) ?? NONE;
    this.heads.set(group, row);
    this.added += 1;
    this.size += 1;
  }

  private grow(): void {
    const { rows, dominated, links } = this;
    this.rows = new Int32Array(rows.length * 2);
    this.rows.set(rows);
    this.dominated = new Uint8Array(dominated.length * 2);
    this.dominated.set(dominated);
    this.links = new Int32Array(links.length * 2);
    this.links.set(links);
  }
}
