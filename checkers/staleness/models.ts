/**
 * The consistency models k-atomic and delta-atomic as checkers: valid within a given bound, or,
 * without one, as soon as any bound would do. The notes tell the smallest one and how the staleness is
 * spread over the reads.
 */

import type { History } from "../../histories/history.js";
import { UsageError } from "../../src/base/errors.js";
import { type Json, jsonEquals } from "../../src/base/json.js";
import type { Anomaly, Checker, CheckOptions, Verdict } from "../checker.js";
import { indexes, keyName, ms, show, who } from "../describe.js";
import { asJson, type Bounds } from "./bounds.js";
import { distributionAsJson } from "./distribution.js";
import { refuseType } from "./objects.js";
import { type Staleness, staleness } from "./staleness.js";

export interface StaleOptions extends CheckOptions {
  /** register or kv; by default what the functions are called tells. */
  type?: string;
}

export interface KAtomicOptions extends StaleOptions {
  /** Reads may return one of the last `kMax` values; 1 is linearizable. */
  kMax?: number;
}

export interface DeltaAtomicOptions extends StaleOptions {
  /** Reads may return what was the latest value up to so many nanoseconds before; 0 is linearizable. */
  deltaMaxNs?: number;
}

/** Impossible reads that are described. */
const ANOMALIES_MAX = 8;

/** @throws UsageError for a bound that is none, or a type of object without staleness. */
export function kAtomic(options: KAtomicOptions = {}): Checker {
  const { kMax, type } = options;
  refuseType(type);
  refuse("kMax", kMax, 1);
  return {
    name: "k-atomic",
    summary: "every read returns one of the last k values, in an order that respects real time",
    check: (history, given) =>
      check(history, { ...options, ...given }, ({ k }, found) =>
        within(k, kMax, "k", () => exceedsK(history, found, k.atLeast, kMax!)),
      ),
  };
}

/** @throws UsageError for a bound that is none, or a type of object without staleness. */
export function deltaAtomic(options: DeltaAtomicOptions = {}): Checker {
  const { deltaMaxNs, type } = options;
  refuseType(type);
  refuse("deltaMaxNs", deltaMaxNs, 0);
  return {
    name: "delta-atomic",
    summary: "every read returns what was the latest value at most Delta nanoseconds before",
    check: (history, given) =>
      check(history, { ...options, ...given }, ({ deltaNs }, found) =>
        within(deltaNs, deltaMaxNs, "Delta", () =>
          exceedsDelta(history, found, deltaNs.atLeast, deltaMaxNs!),
        ),
      ),
  };
}

function refuse(name: string, bound: number | undefined, least: number): void {
  if (bound === undefined || (Number.isSafeInteger(bound) && bound >= least)) return;
  throw new UsageError(`${name} ${bound}: give a whole number from ${least}`);
}

type Judgement = Pick<Verdict, "valid" | "anomalies" | "reason">;

function check(
  history: History,
  { type, init, stepsMax }: StaleOptions,
  judge: (bounds: { k: Bounds; deltaNs: Bounds }, found: Staleness) => Judgement,
): Verdict {
  const found = staleness(history, {
    ...(type === undefined ? {} : { type }),
    ...(init === undefined ? {} : { init }),
    ...(stepsMax === undefined ? {} : { stepsMax }),
  });
  const { k, deltaNs, impossible, objects } = found;
  if (impossible.length > 0) {
    const anomalies = impossible.slice(0, ANOMALIES_MAX).map((read) => describe(history, read));
    return { valid: false, anomalies, notes: { objects, impossibleReads: impossible.length } };
  }
  if (k === undefined || deltaNs === undefined) {
    const reason = `a get of "" may mean that nothing was there, or that "" was: try --type register`;
    return { valid: "unknown", anomalies: [], reason, notes: { objects } };
  }
  const notes: { [name: string]: Json } = {
    objects,
    k: asJson(k),
    deltaNs: asJson(deltaNs),
    distribution: distributionAsJson(found.distribution),
  };
  const open = [k.reason, deltaNs.reason].filter((reason) => reason !== undefined);
  if (open.length > 0) notes["open"] = open;
  return { ...judge({ k, deltaNs }, found), notes };
}

function within(
  { atLeast, atMost, reason }: Bounds,
  bound: number | undefined,
  name: string,
  anomaly: () => Anomaly,
): Judgement {
  if (bound === undefined || atMost <= bound) return { valid: true, anomalies: [] };
  if (atLeast > bound) return { valid: false, anomalies: [anomaly()] };
  const known = `${name} is between ${atLeast} and ${atMost}: ${reason}`;
  return { valid: "unknown", anomalies: [], reason: known };
}

function describe(
  { operations }: History,
  { read, write }: Staleness["impossible"][number],
): Anomaly {
  const reader = operations[read]!;
  const what = `${who(reader)} read ${show(reader.output)} from ${keyName(reader.key)}`;
  if (write !== undefined) {
    const writer = operations[write]!;
    return {
      type: "future-read",
      message: `${what} before ${who(writer)} began to write it: no staleness explains that`,
      ops: indexes([reader, writer]),
    };
  }
  const failed = operations.filter(
    ({ f, key, input, outcome }) =>
      outcome === "fail" &&
      (f === "write" || f === "put") &&
      jsonEquals(key, reader.key) &&
      jsonEquals(input, reader.output),
  );
  const isAborted = failed.length > 0;
  const origin = isAborted ? "was only written by what failed" : "nobody wrote";
  return {
    type: isAborted ? "aborted-read" : "garbage-read",
    message: `${what}, which ${origin}: no staleness explains that`,
    ops: indexes([reader, ...failed]),
  };
}

function exceedsK(
  { operations }: History,
  { mostMissed }: Staleness,
  k: number,
  kMax: number,
): Anomaly {
  const needed = `only k = ${k} or more explains the history, not ${kMax}`;
  if (mostMissed === undefined || mostMissed.missed < kMax) {
    return { type: "stale-read", message: `some read is too stale: ${needed}`, ops: [] };
  }
  const reader = operations[mostMissed.read]!;
  const what = `${who(reader)} read ${show(reader.output)} from ${keyName(reader.key)}`;
  const writes = mostMissed.missed === 1 ? "newer write" : "newer writes";
  const missed = `${mostMissed.missed} ${writes} had taken effect before it began`;
  return {
    type: "stale-read",
    message: `${what}, though ${missed}: ${needed}`,
    ops: indexes([reader]),
  };
}

function exceedsDelta(
  { operations }: History,
  { deltaRead }: Staleness,
  deltaNs: number,
  deltaMaxNs: number,
): Anomaly {
  const isClose = ms(deltaNs) === ms(deltaMaxNs);
  const shown = isClose ? (timeNs: number) => `${timeNs} ns` : ms;
  const needed = `late by ${shown(deltaNs)}, more than ${shown(deltaMaxNs)}`;
  const reader = deltaRead === undefined ? undefined : operations[deltaRead];
  if (reader === undefined) {
    return { type: "stale-read", message: `some read was ${needed}`, ops: [] };
  }
  const what = `${who(reader)} read ${show(reader.output)} from ${keyName(reader.key)}`;
  return { type: "stale-read", message: `${what}, ${needed}`, ops: indexes([reader]) };
}
