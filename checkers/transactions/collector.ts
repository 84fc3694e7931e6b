/**
 * Findings of all types: every one is counted, and of each type those with the earliest offenders
 * are kept, whatever the order in which they come.
 */

import { assert } from "../../src/base/errors.js";
import { FINDINGS_SHOWN_MAX, type Finding } from "./findings.js";

export class Collector {
  readonly #kept = new Map<string, Finding[]>();
  readonly #counts = new Map<string, number>();

  /** In the order in which findings are told. */
  constructor(types: readonly string[]) {
    for (const type of types) this.#kept.set(type, []);
  }

  /** Counts a finding; whether its details are worth to be worked out and given to `keep`. */
  count(type: string, offender: number): boolean {
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
    const kept = this.#keptOf(type);
    return kept.length < FINDINGS_SHOWN_MAX || offender < offenderOf(kept.at(-1)!);
  }

  keep(finding: Finding): void {
    const kept = this.#keptOf(finding.type);
    let at = kept.length;
    while (at > 0 && offenderOf(kept[at - 1]!) > offenderOf(finding)) at -= 1;
    kept.splice(at, 0, finding);
    if (kept.length > FINDINGS_SHOWN_MAX) kept.pop();
  }

  get findings(): Finding[] {
    return [...this.#kept.values()].flat();
  }

  get counts(): Record<string, number> {
    const types = [...this.#kept.keys()].filter((type) => this.#counts.has(type));
    return Object.fromEntries(types.map((type) => [type, this.#counts.get(type)!]));
  }

  #keptOf(type: string): Finding[] {
    const kept = this.#kept.get(type);
    assert(kept !== undefined, `findings of type ${type} have a place`);
    return kept;
  }
}

function offenderOf({ transactions }: Finding): number {
  return transactions[0]!;
}
