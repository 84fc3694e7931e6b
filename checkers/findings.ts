/**
 * What a checker found, by type: how often, and the first few of each. A broken system shows one
 * mistake thousands of times, and nobody reads the thousandth.
 */

import type { Json } from "../src/base/json.js";
import type { Anomaly, Verdict } from "./checker.js";

const SHOWN_MAX = 8;

export class Findings {
  readonly #counts = new Map<string, number>();
  readonly #shown = new Map<string, Anomaly[]>();

  /** `tell` is asked for the anomaly only while there are few of its type. */
  add(type: string, tell: () => Omit<Anomaly, "type">): void {
    const count = (this.#counts.get(type) ?? 0) + 1;
    this.#counts.set(type, count);
    if (count > SHOWN_MAX) return;
    const shown = this.#shown.get(type) ?? [];
    this.#shown.set(type, shown);
    shown.push({ type, ...tell() });
  }

  count(type: string): number {
    return this.#counts.get(type) ?? 0;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** Grouped by type, in the order in which the types were first found. */
  get anomalies(): Anomaly[] {
    return [...this.#shown.values()].flat();
  }

  /** Exact counts, also of what is not shown. */
  get counts(): { [type: string]: number } {
    return Object.fromEntries(this.#counts);
  }

  /** False when anything was found; else true, or "unknown" where `open` says why. */
  verdict(notes: { [name: string]: Json }, open?: string): Verdict {
    if (!this.isEmpty) {
      return { valid: false, anomalies: this.anomalies, notes: { ...notes, found: this.counts } };
    }
    if (open === undefined) return { valid: true, anomalies: [], notes };
    return { valid: "unknown", anomalies: [], reason: open, notes };
  }
}
