/**
 * Mutual exclusion: no two hold a lock at once, as far as they were promised to.
 *
 * A client surely holds a key from the return of its acquire until it invokes a release of that key:
 * its own, or one that names its token. An acquire may name a lease, `{"validMs": 500}`: then the
 * client counts on the lock no longer than that from when it *asked*, and a lease that is over when
 * the answer comes was no hold at all. Where no lease is named, a service may free the lock of a
 * client that is gone: the hold ends when the client asks for something of which it never hears.
 *
 * Only sure holds count: an acquire that ended unknown accuses nobody. Two of them overlap iff one
 * begins within the other, so that it is enough to look at who holds when one begins. O(operations),
 * plus the leases open at a time.
 */

import type { History, Operation } from "../histories/history.js";
import { canonical, isJsonObject, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { completionTime, indexes, keyName, show, who } from "./describe.js";
import { Findings } from "./findings.js";

export const mutualExclusion: Checker = {
  name: "mutual-exclusion",
  summary: "no two clients hold a lock at once, as far as their leases promise",
  anomalies: {
    "mutual-exclusion": "two clients were granted a lock for times that overlap",
  },
  check,
};

interface Hold {
  acquire: Operation;
  /** Position of the invocation that ends it. */
  until: number;
  /** Nanoseconds. */
  lapsesAt: number;
}

function check(history: History): Verdict {
  const findings = new Findings();
  const holds = holdsOf(history);
  const byKey = new Map<string, Hold[]>();
  let longest = 0;
  for (const hold of holds) {
    const { acquire } = hold;
    const name = canonical(acquire.key ?? null);
    const open = (byKey.get(name) ?? []).filter((other) => isHeldAt(other, acquire));
    const [other] = open;
    if (other !== undefined) {
      findings.add("mutual-exclusion", () => ({
        message:
          `${who(acquire)} held ${keyName(acquire.key)} from ${completionTime(acquire)} (${show(acquire.output)}), ` +
          `though ${who(other.acquire)} held it since ${completionTime(other.acquire)} (${show(other.acquire.output)})`,
        ops: indexes([other.acquire, acquire]),
      }));
    }
    open.push(hold);
    byKey.set(name, open);
    longest = Math.max(longest, open.length);
  }
  const notes = { holds: holds.length, "held at once at most": longest };
  return findings.verdict(
    notes,
    holds.length > 0 ? undefined : "nobody was granted a lock for sure",
  );
}

function isHeldAt({ until, lapsesAt }: Hold, { completed, completedAt }: Operation): boolean {
  return until > completed && lapsesAt > completedAt;
}

/** In the order in which they begin; those that were over before are left out. */
function holdsOf({ operations }: History): Hold[] {
  const holds: Hold[] = [];
  const byProcess = new Map<number, Hold[]>();
  const byToken = new Map<string, Hold[]>();
  for (const operation of operations) {
    const { f, process, key, outcome, invoked, input } = operation;
    const own = byProcess.get(process) ?? [];
    byProcess.set(process, own);
    if (f === "release") {
      const [name, token] = [canonical(key ?? null), tokenName(key, input)];
      const isSame = ({ acquire }: Hold): boolean => canonical(acquire.key ?? null) === name;
      for (const hold of [...own.filter(isSame), ...(byToken.get(token) ?? [])]) {
        hold.until = Math.min(hold.until, invoked);
      }
      byProcess.set(
        process,
        own.filter((hold) => !isSame(hold)),
      );
    }
    if (outcome === "info") {
      const unleased = own.filter(({ lapsesAt }) => lapsesAt === Number.POSITIVE_INFINITY);
      for (const hold of unleased) hold.until = Math.min(hold.until, invoked);
    }
    if (f !== "acquire" || outcome !== "ok") continue;
    const hold = {
      acquire: operation,
      until: Number.POSITIVE_INFINITY,
      lapsesAt: lapse(operation),
    };
    holds.push(hold);
    own.push(hold);
    const name = tokenName(key, operation.output);
    if (name !== "") byToken.set(name, [...(byToken.get(name) ?? []), hold]);
  }
  return holds
    .filter((hold) => isHeldAt(hold, hold.acquire))
    .sort((a, b) => a.acquire.completed - b.acquire.completed);
}

function lapse({ output, invokedAt }: Operation): number {
  const validMs = isJsonObject(output) ? output["validMs"] : undefined;
  return typeof validMs === "number" ? invokedAt + validMs * 1e6 : Number.POSITIVE_INFINITY;
}

/** "" where the value names no token. */
function tokenName(key: Json | undefined, value: Json): string {
  if (!isJsonObject(value) || value["token"] === undefined) return "";
  return canonical([key ?? null, value["token"]]);
}
