/** A register's story as installs and observations of values. Terms are defined in register.ts. */

import type { Operation } from "../../../histories/history.js";
import { canonical, type Json } from "../../../src/base/json.js";
import { effectOf } from "../models/values.js";
import { groupBy } from "./group.js";
import { inOrderOfReturn, isAcknowledged, mayHaveHappened, type Violation } from "./violation.js";

export interface Install {
  operation: Operation;
  value: Json;
  /** Canonical text of the value. */
  text: string;
}

export interface Observation extends Install {
  isCas: boolean;
}

export interface RegisterOptions {
  /** While it holds null, a read may answer "" (a key-value store's key that was never written). */
  nullReadsAsEmpty: boolean;
}

const EMPTY = canonical("");
const NULL = canonical(null);

export class RegisterStory {
  readonly key: Json | undefined;
  /** In order of completion. */
  readonly observations: readonly Observation[];
  /** In order of invocation. */
  readonly installs: readonly Install[];
  readonly #initial: string;
  /** Installs, and those that failed. */
  readonly #attempts: ReadonlyMap<string, Install[]>;
  readonly #installs: ReadonlyMap<string, Install[]>;
  readonly #observations: ReadonlyMap<string, Observation[]>;
  /** Successful cas that changed the value, with what they found. */
  readonly #origins = new Map<Operation, string>();

  constructor({ key, init, operations }: Violation, { nullReadsAsEmpty }: RegisterOptions) {
    this.key = key;
    this.#initial = canonical(init);
    const attempts = operations.flatMap((operation) => {
      const { installs: value } = effectOf(operation);
      return value === undefined ? [] : [{ operation, value, text: canonical(value) }];
    });
    this.#attempts = groupBy(attempts, ({ text }) => text);
    this.installs = attempts.filter(({ operation }) => mayHaveHappened(operation));
    this.#installs = groupBy(this.installs, ({ text }) => text);
    this.observations = operations
      .filter(isAcknowledged)
      .toSorted(inOrderOfReturn)
      .flatMap((operation) => this.#observation(operation, nullReadsAsEmpty));
    this.#observations = groupBy(this.observations, ({ text }) => text);
    for (const { operation, text } of this.observations) {
      if (effectOf(operation).installs !== undefined) this.#origins.set(operation, text);
    }
  }

  isInitial(text: string): boolean {
    return text === this.#initial;
  }

  attempts(text: string): Operation[] {
    return (this.#attempts.get(text) ?? []).map(({ operation }) => operation);
  }

  installsOf(text: string): readonly Install[] {
    return this.#installs.get(text) ?? [];
  }

  observationsOf(text: string): readonly Observation[] {
    return this.#observations.get(text) ?? [];
  }

  /** Successful cas that found a value and replaced it. */
  endsOf(text: string): Operation[] {
    return this.observationsOf(text)
      .map(({ operation }) => operation)
      .filter((operation) => this.#origins.has(operation));
  }

  /** How often a value can have come to be there, the start included. */
  timesInstalled(text: string): number {
    return this.installsOf(text).length + (this.isInitial(text) ? 1 : 0);
  }

  /** Since when a value can have been there; -1 for the start. */
  possibleSince(text: string): number {
    return this.isInitial(text) ? -1 : (this.installsOf(text)[0]?.operation.invoked ?? -1);
  }

  /**
   * When the last install of a value (of those invoked before `until`) had been acknowledged: -1
   * for the start, Infinity while one is open, or when there is none at all.
   */
  acknowledgedBy(text: string, until = Number.POSITIVE_INFINITY): number {
    const before = this.installsOf(text).filter(({ operation }) => operation.invoked < until);
    if (before.length === 0 && !this.isInitial(text)) return Number.POSITIVE_INFINITY;
    return before.reduce((last, { operation }) => Math.max(last, operation.completed), -1);
  }

  /** The same, where a value installed once is also in place when it has been observed. */
  inPlaceBy(text: string, until = Number.POSITIVE_INFINITY): number {
    const acknowledged = this.acknowledgedBy(text, until);
    const first = this.observationsOf(text)[0];
    if (first === undefined || this.timesInstalled(text) !== 1) return acknowledged;
    return Math.min(acknowledged, first.operation.completed);
  }

  /** The acknowledged installs that the observation missed. */
  missedBy({ operation: finder, text }: Observation): Install[] {
    const inPlace = this.inPlaceBy(text, finder.completed);
    const isOnce = this.timesInstalled(text) === 1;
    return this.installs.filter((install) => {
      const { operation } = install;
      if (install.text === text || operation.completed > finder.invoked) return false;
      return operation.invoked > inPlace || (isOnce && this.#origins.get(operation) === text);
    });
  }

  #observation(operation: Operation, nullReadsAsEmpty: boolean): Observation[] {
    const value = effectOf(operation).observes?.[0];
    if (value === undefined) return [];
    const observation = { operation, value, text: canonical(value), isCas: operation.f === "cas" };
    const isAmbiguous = nullReadsAsEmpty && !observation.isCas && observation.text === EMPTY;
    if (!isAmbiguous || !this.#canHold(NULL)) return [observation];
    // It found null or the empty text: where both are possible, it tells nothing.
    return this.#canHold(EMPTY) ? [] : [{ ...observation, value: null, text: NULL }];
  }

  #canHold(text: string): boolean {
    return this.isInitial(text) || this.#attempts.has(text);
  }
}
