/** What clients did to each instance, and what follows for when it can, and when it must, be there. */

import type { History, Operation } from "../../histories/history.js";
import { canonical, isJsonObject, type Json } from "../../src/base/json.js";

const NEVER = Number.POSITIVE_INFINITY;

/** An instance of a service, from its registration to its end; its name is not used again. */
export interface Life {
  key: Json;
  instance: string;
  leased: boolean;
  /** The request that may have brought it into being. */
  register: Operation;
  /** The first acknowledgement that shows that it was registered. */
  shown?: Operation;
  /** Acknowledged registrations and heartbeats. */
  granted: Operation[];
  /** Heartbeats of which nobody knows whether they came. */
  openRenewals: number;
  /** When a registry that had restarted gave it its lease anew, in nanoseconds. */
  anewNs: number[];
  /** Deregistrations that happened, or may have. */
  ends: Operation[];
}

/** Lives by service and instance; what was surely never registered is none. O(operations). */
export function livesOf({ operations, observations }: History): Map<string, Life> {
  const lives = new Map<string, Life>();
  for (const operation of operations) {
    const { f, key = null, input, outcome } = operation;
    if (f !== "register" || outcome === "fail" || !isJsonObject(input)) continue;
    const instance = String(input["instance"]);
    const name = lifeName(key, instance);
    if (lives.has(name)) continue;
    const leased = input["lease"] === true;
    const register = operation;
    lives.set(name, {
      key,
      instance,
      leased,
      register,
      granted: [],
      openRenewals: 0,
      anewNs: [],
      ends: [],
    });
  }
  for (const operation of operations) {
    const { f, key = null, input, outcome } = operation;
    const instance = isJsonObject(input) ? String(input["instance"]) : "";
    const life = lives.get(lifeName(key, instance));
    if (life === undefined || outcome === "fail") continue;
    if (f === "deregister") life.ends.push(operation);
    else if (outcome === "ok" && (f === "register" || f === "renew")) {
      life.granted.push(operation);
      if (life.shown === undefined || operation.completedAt < life.shown.completedAt) {
        life.shown = operation;
      }
    } else if (f === "renew") life.openRenewals++;
  }
  for (const { f, process, value, time } of observations) {
    if (f !== "leases-anew" || process === "nemesis" || !isJsonObject(value)) continue;
    for (const one of Array.isArray(value["lives"]) ? value["lives"] : []) {
      if (!isJsonObject(one)) continue;
      lives.get(lifeName(one["service"], one["instance"] ?? null))?.anewNs.push(time);
    }
  }
  return lives;
}

export function lifeName(key: Json | undefined, instance: Json): string {
  return canonical([key ?? null, instance]);
}

/** The acknowledged deregistration that was over first. */
export function acknowledgedEnd({ ends }: Life): Operation | undefined {
  return ends
    .filter(({ outcome }) => outcome === "ok")
    .sort((a, b) => a.completedAt - b.completedAt)[0];
}

/**
 * Until when it may be there, in nanoseconds: the acknowledgement of its end, or the longest that its
 * lease can have lasted. A heartbeat counts at any moment until it is acknowledged, if the lease runs
 * then; one of unknown outcome may have come whenever the lease ran. O(g log g) for g acknowledgements.
 */
export function possibleUntilNs(life: Life, leaseMaxNs: number): number {
  const endNs = acknowledgedEnd(life)?.completedAt ?? NEVER;
  if (!life.leased || life.shown === undefined) return endNs;
  const spanNs = leaseMaxNs * (1 + life.openRenewals);
  // What a registry says that it gave anew was there: it had stood still meanwhile.
  let untilNs = Math.max(life.shown.completedAt, ...life.anewNs) + spanNs;
  const granted = [...life.granted].sort((a, b) => a.invokedAt - b.invokedAt);
  for (const { invokedAt, completedAt } of granted) {
    if (invokedAt <= untilNs) untilNs = Math.max(untilNs, completedAt + spanNs);
  }
  return Math.min(endNs, untilNs);
}

/** Until when it surely is there, as long as nobody deregisters it: what was promised to it. */
export function promisedUntilNs({ leased, shown, granted }: Life): number {
  if (shown === undefined) return Number.NEGATIVE_INFINITY;
  if (!leased) return NEVER;
  return granted.reduce((last, grant) => Math.max(last, grantedUntilNs(grant)), -NEVER);
}

/** Of what was asked for while it may have been there, the acknowledgement that promises most. */
export function longestGrant({ leased, granted }: Life, untilNs: number): Operation | undefined {
  if (!leased) return undefined;
  const timely = granted.filter(({ invokedAt }) => invokedAt <= untilNs);
  return timely.reduce<Operation | undefined>((longest, grant) => {
    const isLonger = longest === undefined || grantedUntilNs(grant) > grantedUntilNs(longest);
    return isLonger ? grant : longest;
  }, undefined);
}

/** The first acknowledgement of what was asked for when it was surely gone: it should not be there. */
export function firstGrantAfter({ leased, granted }: Life, untilNs: number): Operation | undefined {
  if (!leased) return undefined;
  return granted
    .filter(({ invokedAt }) => invokedAt > untilNs)
    .sort((a, b) => a.invokedAt - b.invokedAt)[0];
}

/** Until when an acknowledgement promises that it is there. */
export function grantedUntilNs({ invokedAt, output }: Operation): number {
  const leaseMs = isJsonObject(output) ? output["leaseMs"] : undefined;
  return typeof leaseMs === "number" ? invokedAt + leaseMs * 1e6 : -NEVER;
}
