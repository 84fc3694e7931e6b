/**
 * A register's history as installs and observations of values, cut after the shortest prefix that
 * nothing explains. Terms are defined in register.ts.
 */

import type { Operation } from "../../../histories/history.js";
import { canonical, type Json } from "../../../src/base/json.js";
import { effectOf } from "../models/values.js";
import type { Violation } from "./violation.js";

export interface Install {
  operation: Operation;
  value: Json;
}

export interface Observation {
  operation: Operation;
  value: Json;
  /** Canonical text of the value. */
  text: string;
  isCas: boolean;
}

/** An acknowledged install that an observation provably missed. */
export interface Miss {
  by: Observation;
  missed: Install;
}

export class RegisterView {
  readonly key: Json | undefined;
  /** Observations of the prefix, in order of completion. */
  readonly observations: readonly Observation[];
  /** Per observation of the prefix that missed any, the latest install it missed. */
  readonly misses: readonly Miss[];
  /** Observations of the whole history, in order of completion. */
  readonly allObservations: readonly Observation[];
  /** Installs of the whole history, in order of invocation. */
  readonly allInstalls: readonly Install[];
  /** Installs of the prefix that were acknowledged in it, in order of completion. */
  private readonly acknowledged: readonly Install[];
  private readonly installsOf = new Map<string, Install[]>();
  private readonly attemptsOf = new Map<string, Operation[]>();
  private readonly observationsByText = new Map<string, Observation[]>();
  private readonly initialText: string;
  private readonly breaking: Operation;

  constructor({ key, init, operations, breaking }: Violation) {
    this.key = key;
    this.initialText = canonical(init);
    this.breaking = breaking;
    const end = breaking.completed;
    const seen: Observation[] = [];
    const allInstalls: Install[] = [];
    for (const operation of operations) {
      const { observes = [], installs } = effectOf(operation);
      if (installs !== undefined) {
        append(this.attemptsOf, canonical(installs), operation);
        if (operation.outcome !== "fail") allInstalls.push({ operation, value: installs });
      }
      if (operation.outcome !== "ok" || observes.length === 0) continue;
      const value = observes[0]!;
      seen.push({ operation, value, text: canonical(value), isCas: operation.f === "cas" });
    }
    this.allInstalls = allInstalls;
    for (const install of allInstalls) append(this.installsOf, canonical(install.value), install);
    this.allObservations = seen
      .map((observation) => this.asMissingKey(observation))
      .sort((a, b) => a.operation.completed - b.operation.completed);
    for (const seen of this.allObservations) append(this.observationsByText, seen.text, seen);
    this.observations = this.allObservations.filter(({ operation }) => operation.completed <= end);
    this.acknowledged = allInstalls
      .filter(({ operation }) => operation.outcome === "ok" && operation.completed <= end)
      .sort((a, b) => a.operation.completed - b.operation.completed);
    this.misses = this.findMisses();
  }

  isInitial(value: Json): boolean {
    return canonical(value) === this.initialText;
  }

  /** Operations of the whole history that tried to install a value, failed ones included. */
  attempts(value: Json): readonly Operation[] {
    return this.attemptsOf.get(canonical(value)) ?? [];
  }

  /** Installs of a value in the whole history, in order of invocation. */
  installs(value: Json): readonly Install[] {
    return this.installsOf.get(canonical(value)) ?? [];
  }

  installsBefore(value: Json, position: number): Install[] {
    return this.installs(value).filter(({ operation }) => operation.invoked < position);
  }

  /** How often a value can have come to be there, the start included. */
  timesInstalled(value: Json): number {
    return this.installs(value).length + (this.isInitial(value) ? 1 : 0);
  }

  /** When a value can have been there for the first time. */
  firstInstalled(value: Json): number {
    if (this.isInitial(value)) return -1;
    return this.installs(value)[0]?.operation.invoked ?? -1;
  }

  /** When the last install that the observation can have seen was over; Infinity when it is open. */
  lastInstalled({ value, operation }: Observation): number {
    const before = this.installsBefore(value, operation.completed);
    if (before.length === 0 && !this.isInitial(value)) return Number.POSITIVE_INFINITY;
    return before.reduce((last, install) => Math.max(last, install.operation.completed), -1);
  }

  allMissed(by: Observation): Install[] {
    const overwritten = this.lastInstalled(by);
    return this.acknowledged.filter(
      ({ operation }) =>
        operation.invoked > overwritten && operation.completed < by.operation.invoked,
    );
  }

  /** Observations of a value in the whole history, in order of completion. */
  observationsOf(value: Json): readonly Observation[] {
    return this.observationsByText.get(canonical(value)) ?? [];
  }

  /** Somebody, now or later, who observed the value of an install after it began. */
  witness({ operation, value }: Install): Observation | undefined {
    return this.observationsOf(value).find((seen) => seen.operation.completed > operation.invoked);
  }

  /** Successful cas of the prefix that ended a value, by that value. */
  successfulCasByOrigin(): { from: Json; operations: Operation[] }[] {
    const origins = new Map<string, { from: Json; operations: Operation[] }>();
    for (const { operation, value, text, isCas } of this.observations) {
      if (!isCas || effectOf(operation).installs === undefined) continue;
      const origin = origins.get(text) ?? { from: value, operations: [] };
      origins.set(text, origin);
      origin.operations.push(operation);
    }
    return [...origins.values()];
  }

  /** What an operation of the prefix observed. */
  observationOf(operation: Operation): Observation | undefined {
    return this.observations.find((observation) => observation.operation === operation);
  }

  /** The value whose observation ends the prefix. */
  get breakingText(): string | undefined {
    return this.observationOf(this.breaking)?.text;
  }

  /** Whether the prefix ends with this install, or with an observation of its value. */
  isBreaking({ operation, value }: Install): boolean {
    if (operation === this.breaking) return true;
    return this.breakingText === canonical(value);
  }

  /** The acknowledged install that was invoked last among those completed before a position. */
  latestAcknowledgedBefore(position: number): Operation[] {
    let latest: Operation | undefined;
    for (const { operation } of this.acknowledged) {
      if (operation.completed >= position) break;
      if (latest === undefined || operation.invoked > latest.invoked) latest = operation;
    }
    return latest === undefined ? [] : [latest];
  }

  /** A read of "" found nothing, unless somebody wrote "". */
  private asMissingKey(observation: Observation): Observation {
    if (observation.operation.f !== "get" || observation.value !== "") return observation;
    if (this.attempts("").length > 0 || this.isInitial("")) return observation;
    return { ...observation, value: null, text: "null" };
  }

  private findMisses(): Miss[] {
    const misses: Miss[] = [];
    const byInvocation = [...this.observations].sort(
      (a, b) => a.operation.invoked - b.operation.invoked,
    );
    let latest: Install | undefined;
    let next = 0;
    for (const by of byInvocation) {
      for (; next < this.acknowledged.length; next++) {
        const install = this.acknowledged[next]!;
        if (install.operation.completed > by.operation.invoked) break;
        if (latest === undefined || install.operation.invoked > latest.operation.invoked) {
          latest = install;
        }
      }
      if (latest !== undefined && latest.operation.invoked > this.lastInstalled(by)) {
        misses.push({ by, missed: latest });
      }
    }
    return misses;
  }
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}
