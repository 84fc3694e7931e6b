/**
 * Mutual exclusion: no two hold a lock at once, as far as they were promised to.
 *
 * A client surely holds a key from the return of its acquire until it invokes a release of that key:
 * its own, or one that names its token. An acquire may name a lease, `{"validMs": 500}`: then the
 * client counts on the lock no longer than that from when it *asked*, and a lease that is over when
 * the answer comes was no hold at all; nor is one that nobody can measure, in a history without times.
 * Where no lease is named, a service may free the lock of a client that is gone: the hold ends when
 * the client asks for something of which it never hears. Where one is, the client may still give the
 * lock back under its next process number, so that a release by somebody who has no hold ends it.
 *
 * Only sure holds count: an acquire that ended unknown accuses nobody, and who takes a lock again that
 * it has is one client, not two; where nobody was granted a lock, no two hold one. Two holds overlap
 * iff one begins within the other, so that it is enough to look at who holds when one begins.
 * O(operations), times those held at once in a broken history.
 */

import type { History, Operation } from "../histories/history.js";
import { canonical, isJsonObject, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { completionTime, indexes, isTimed, keyName, show, who } from "./describe.js";
import { Findings } from "./findings.js";

export const mutualExclusion: Checker = {
  name: "mutual-exclusion",
  summary: "no two clients hold a lock at once, as far as their leases promise",
  anomalies: {
    "mutual-exclusion": "two clients were granted a lock for times that overlap",
  },
  check,
};

/** When a lease lapses that nobody can measure: long ago. */
const UNMEASURABLE = Number.NEGATIVE_INFINITY;

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
    const open = byKey.get(name) ?? [];
    leaveThoseHeldAt(open, acquire);
    const other = open.find(({ acquire: { process } }) => process !== acquire.process);
    if (other !== undefined) {
      findings.add("mutual-exclusion", () => ({
        message:
          `${who(acquire)} held ${keyName(acquire.key)} from ${completionTime(acquire)}${terms(acquire)}, ` +
          `though ${who(other.acquire)} held it since ${completionTime(other.acquire)}${terms(other.acquire)}`,
        ops: indexes([other.acquire, acquire]),
      }));
    }
    open.push(hold);
    byKey.set(name, open);
    longest = Math.max(longest, open.length);
  }
  const notes = { holds: holds.length, "held at once at most": longest };
  const isOpen = holds.length === 0 && history.operations.some(isUnmeasurable);
  return findings.verdict(
    notes,
    isOpen ? "nothing can be said of how long any lease lasted" : undefined,
  );
}

/** " (…)": what came with the lock, where the answer says more than that it was granted. */
function terms({ output }: Operation): string {
  const isBare = isJsonObject(output) && Object.keys(output).every((name) => name === "granted");
  return isBare ? "" : ` (${show(output)})`;
}

/** A lock for a time that nobody knows. */
function isUnmeasurable(operation: Operation): boolean {
  const { f, outcome } = operation;
  return f === "acquire" && outcome === "ok" && lapse(operation) === UNMEASURABLE;
}

/** An attempt that was answered with a no: `{"granted": false}`. */
function isDenied({ output }: Operation): boolean {
  return isJsonObject(output) && output["granted"] === false;
}

/** In place: a broken service has thousands of holders at once. */
function leaveThoseHeldAt(holds: Hold[], operation: Operation): void {
  let kept = 0;
  for (const hold of holds) if (isHeldAt(hold, operation)) holds[kept++] = hold;
  holds.length = kept;
}

function isHeldAt({ until, lapsesAt }: Hold, { completed, completedAt }: Operation): boolean {
  return until > completed && lapsesAt > completedAt;
}

/** In the order in which they begin; those that were over before are left out. */
function holdsOf({ operations }: History): Hold[] {
  const holds: Hold[] = [];
  const byProcess = new Map<number, Map<string, Hold[]>>();
  const byToken = new Map<string, Hold[]>();
  /** Leases, by key, of clients that are gone. */
  const left = new Map<string, Hold[]>();
  for (const operation of operations) {
    const { f, process, key, outcome, invoked, input } = operation;
    const own = byProcess.get(process) ?? new Map<string, Hold[]>();
    byProcess.set(process, own);
    const name = canonical(key ?? null);
    if (f === "release") {
      const token = tokenName(key, input);
      const isAnothers = !own.has(name) && token === "";
      end(isAnothers ? left : own, name, invoked);
      end(byToken, token, invoked);
    }
    if (outcome === "info") {
      for (const hold of [...own.values()].flat()) {
        if (hold.lapsesAt === Number.POSITIVE_INFINITY) hold.until = Math.min(hold.until, invoked);
        else push(left, canonical(hold.acquire.key ?? null), hold);
      }
    }
    if (f !== "acquire" || outcome !== "ok" || isDenied(operation)) continue;
    const lapsesAt = lapse(operation);
    const hold = { acquire: operation, until: Number.POSITIVE_INFINITY, lapsesAt };
    holds.push(hold);
    push(own, name, hold);
    const token = tokenName(key, operation.output);
    if (token !== "") push(byToken, token, hold);
  }
  return holds
    .filter((hold) => isHeldAt(hold, hold.acquire))
    .sort((a, b) => a.acquire.completed - b.acquire.completed);
}

function push(map: Map<string, Hold[]>, name: string, hold: Hold): void {
  const same = map.get(name);
  if (same === undefined) map.set(name, [hold]);
  else same.push(hold);
}

/** Later releases come later: none of these holds can end earlier. */
function end(map: Map<string, Hold[]>, name: string, position: number): void {
  for (const hold of map.get(name) ?? []) hold.until = Math.min(hold.until, position);
  map.delete(name);
}

function lapse(acquire: Operation): number {
  const { output, invokedAt } = acquire;
  const validMs = isJsonObject(output) ? (output["validMs"] ?? null) : null;
  if (validMs === null) return Number.POSITIVE_INFINITY;
  const isKnown = typeof validMs === "number" && isTimed(acquire);
  return isKnown ? invokedAt + validMs * 1e6 : UNMEASURABLE;
}

/** "" where the value names no token. */
function tokenName(key: Json | undefined, value: Json): string {
  if (!isJsonObject(value) || value["token"] === undefined) return "";
  return canonical([key ?? null, value["token"]]);
}
