/**
 * Tells the world how a program misbehaved: the first few times in full, then only by number, since
 * a program that prints its log on standard output does so a thousand times.
 */

import type { Machine, Misconduct } from "../../sim/host.js";

const FULL = 3;
const EXCERPT = 200;

export class ConductReport {
  readonly #machine: Machine;
  readonly #counts = new Map<Misconduct, number>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** One more of a kind that may happen often. */
  add(kind: Misconduct, detail: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= FULL) this.#machine.misconduct(kind, detail);
  }

  /** Puts the totals into the log. */
  close(): void {
    for (const [kind, count] of this.#counts) {
      if (count > FULL) this.#machine.log(`misconduct: ${kind}: ${count} times in all`);
    }
    this.#counts.clear();
  }
}

/** The beginning of a text from outside, fit for a message. */
export function excerpt(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}...` : line;
}
