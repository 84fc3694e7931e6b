/**
 * What a history shows without any reasoning by a model but coherence: who read from whom, and which
 * write to a key some session saw before which other.
 *
 * A session sees what it reads and what it writes; what it sees of a key, it sees in the order of the
 * writes. Orders that follow only because something else would be forbidden are not evident.
 */

import { type Accesses, INITIAL, isRead, isWrite, kinds } from "./accesses.js";
import type { Step } from "./decision.js";

export class Evidence {
  readonly #accesses: Accesses;
  /** Per write the writes that some session saw next. */
  readonly #next = new Map<number, Set<number>>();

  /** O(size). */
  constructor(accesses: Accesses) {
    this.#accesses = accesses;
    const { sessions, starts } = accesses;
    for (let session = 0; session < sessions; session++) {
      const seen = new Map<number, number>();
      for (let access = starts[session]!; access < starts[session + 1]!; access++) {
        this.#look(access, seen);
      }
    }
  }

  /** Whether a step between two accesses to a key can be seen. O(size) at worst. */
  shows({ from, to, relation }: Step): boolean {
    const { source, kind } = this.#accesses;
    switch (relation) {
      case "reads-from":
        return source[to] === from;
      case "overwrites":
        return this.#precedes(from, to);
      case "replaced":
        return isRead(kind[from]!) && this.#precedes(source[from]!, to);
      default:
        return false;
    }
  }

  /** Whether two updates replaced the same value: one of them is lost. O(size). */
  get losesUpdate(): boolean {
    const { size, key, kind, source } = this.#accesses;
    const updated = new Set<string>();
    for (let access = 0; access < size; access++) {
      if (kind[access] !== kinds.update) continue;
      const place = `${key[access]} ${source[access]}`;
      if (updated.has(place)) return true;
      updated.add(place);
    }
    return false;
  }

  /** Every evident step of communication, by where it starts. O(size^2) and more. */
  steps(): Step[] {
    const { size, key, kind, source } = this.#accesses;
    const steps: Step[] = [];
    for (let from = 0; from < size; from++) {
      for (let to = 0; to < size; to++) {
        if (from === to || key[from] !== key[to]) continue;
        if (source[to] === from && isRead(kind[to]!))
          steps.push({ from, to, relation: "reads-from" });
        if (!isWrite(kind[to]!)) continue;
        for (const relation of ["overwrites", "replaced"] as const) {
          const asked = relation === "overwrites" ? isWrite(kind[from]!) : isRead(kind[from]!);
          if (asked && this.shows({ from, to, relation })) steps.push({ from, to, relation });
        }
      }
    }
    return steps;
  }

  #look(access: number, seen: Map<number, number>): void {
    const { key, kind, source } = this.#accesses;
    const at = key[access]!;
    const see = (write: number): void => {
      const before = seen.get(at);
      seen.set(at, write);
      if (before === undefined || before === write || before < 0 || write < 0) return;
      const next = this.#next.get(before) ?? new Set();
      this.#next.set(before, next.add(write));
    };
    if (isRead(kind[access]!)) see(source[access]!);
    if (isWrite(kind[access]!)) see(access);
  }

  #precedes(first: number, second: number): boolean {
    if (first === INITIAL) return true;
    const reached = new Set([first]);
    for (const write of reached) {
      for (const next of this.#next.get(write) ?? []) {
        if (next === second) return true;
        reached.add(next);
      }
    }
    return false;
  }
}
