/** Decides sets of session guarantees, in one reading or in both. Never open: all of it is polynomial. */

import type { Accesses } from "../accesses.js";
import type { DecideOptions, Decision, Violation } from "../decision.js";
import { thinAir } from "../views/account.js";
import { Outline } from "../views/outline.js";
import { violationOfArbitration } from "./arbitration.js";
import {
  chosen,
  type Guarantee,
  guaranteeSets,
  guarantees,
  type Reading,
  readings,
  violationType,
} from "./guarantees.js";
import { violationInViews } from "./views.js";

/** Whether the guarantees hold together; claimed write orders are what an arbitration has to follow. */
export function decideSessions(
  accesses: Accesses,
  set: readonly Guarantee[],
  reading: Reading,
  options: DecideOptions,
): Decision {
  return new Sessions(accesses, options).decide(set, [reading]);
}

/** Broken only where both readings forbid the history. */
export function decideInEveryReading(
  accesses: Accesses,
  set: readonly Guarantee[],
  options: DecideOptions,
): Decision {
  return new Sessions(accesses, options).decide(set, readings);
}

/** The violated sets that contain no smaller one, in the order of `guaranteeSets`. */
export function violatedSets(
  accesses: Accesses,
  reading: Reading,
  options: DecideOptions,
): Guarantee[][] {
  return new Sessions(accesses, options).smallestViolated([reading]);
}

/** As `violatedSets`, of sets that both readings forbid. */
export function violatedSetsInEveryReading(
  accesses: Accesses,
  options: DecideOptions,
): Guarantee[][] {
  return new Sessions(accesses, options).smallestViolated(readings);
}

class Sessions {
  readonly #accesses: Accesses;
  readonly #options: DecideOptions;
  readonly #outline: Outline;
  readonly #thinAir: Violation | undefined;

  constructor(accesses: Accesses, options: DecideOptions) {
    this.#accesses = accesses;
    this.#options = options;
    this.#outline = new Outline(accesses);
    this.#thinAir = thinAir(accesses);
  }

  decide(set: readonly Guarantee[], where: readonly Reading[]): Decision {
    let first: Violation | undefined;
    for (const reading of where) {
      const violation = this.#thinAir ?? this.#violation(set, reading);
      if (violation === undefined) return { holds: true };
      first ??= violation;
    }
    return first === undefined ? { holds: true } : { holds: false, violation: first };
  }

  smallestViolated(where: readonly Reading[]): Guarantee[][] {
    // A set is broken by whatever breaks a part of it.
    if (this.decide(guarantees, where).holds === true) return [];
    const found: Guarantee[][] = [];
    for (const set of guaranteeSets) {
      const isLarger = found.some((other) => other.every((guarantee) => set.includes(guarantee)));
      if (!isLarger && this.decide(set, where).holds === false) found.push([...set]);
    }
    return found;
  }

  #violation(set: readonly Guarantee[], reading: Reading): Violation | undefined {
    const type = violationType(set);
    const rules = chosen(set);
    return reading === "views"
      ? violationInViews(this.#accesses, this.#outline, rules, type)
      : violationOfArbitration(this.#accesses, this.#outline, rules, type, this.#options.orders);
  }
}
