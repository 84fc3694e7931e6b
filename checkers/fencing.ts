/**
 * Fencing (Kleppmann 2016): tokens grow from holder to holder, and what a lock protects takes no
 * write under an older token once it has taken one under a newer.
 *
 * Judged on operations that completed, by key: `acquire` returns `{"token": 7}`, the guarded
 * `increment` of a counter `{"token": 7, "value": 42}`, the value being what the counter is then, and
 * `read` the counter. Anomalies:
 * - token-regression: an acquire got a token no greater than one that was given, or used, before it
 *   was asked for; or two acquires got the same one. A client that takes again what it has not
 *   released may keep its token.
 * - stale-writer: an increment under a token was asked for after one under a greater token was done.
 * - lost-update: two increments led to the same value; or a read, asked for when n increments had
 *   been done, found less than n.
 * - double-effect: from what an operation saw of the counter first to what another one saw of it there
 *   is more than the increments that may have taken effect in between, all of those unknown included.
 *
 * Operations that ended unknown accuse nobody, those without a token of nothing but lost updates.
 * O(n log n).
 */

import type { History, Operation } from "../histories/history.js";
import { isJsonObject } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { completionTime, indexes, invocationTime, keyName, who } from "./describe.js";
import { Findings } from "./findings.js";
import { byKey } from "./keys.js";

export const fencing: Checker = {
  name: "fencing",
  summary: "tokens grow with each holder, and no write with an older token follows a newer one",
  anomalies: {
    "token-regression": "a lock was granted under a token that is not greater than an earlier one",
    "stale-writer": "a write under an old token was accepted after one under a newer token",
    "lost-update":
      "of two changes that were acknowledged, one did not see the other, and overwrote it",
  },
  check,
};

interface Tokened {
  operation: Operation;
  token: number;
}

function check(history: History): Verdict {
  const findings = new Findings();
  let tokens = 0;
  for (const { operations: all } of byKey(history.operations)) {
    const operations = all.filter(({ outcome }) => outcome === "ok");
    const acquires = tokened(operations, "acquire");
    const increments = tokened(operations, "increment");
    tokens += acquires.length + increments.length;
    const regressed = overtaken(acquires, [...acquires, ...increments], true);
    const isKept = renewals(operations);
    for (const [later, earlier] of regressed) {
      if (isKept(later, earlier)) continue;
      findings.add("token-regression", () => regression(later, earlier));
    }
    for (const [later, earlier] of overtaken(increments, increments, false)) {
      findings.add("stale-writer", () => staleWriter(later, earlier));
    }
    sameToken(acquires, findings);
    lostUpdates(operations, findings);
    doubleEffects(all, findings);
  }
  return findings.verdict({ tokens }, tokens > 0 ? undefined : "no token was given or used");
}

function tokened(operations: readonly Operation[], f: string): Tokened[] {
  return operations.flatMap((operation) => {
    const { output } = operation;
    const token = isJsonObject(output) ? output["token"] : undefined;
    return operation.f === f && typeof token === "number" ? [{ operation, token }] : [];
  });
}

/** Each of `later` with the greatest token of what was done before it, where its own is smaller. */
function overtaken(
  later: readonly Tokened[],
  earlier: readonly Tokened[],
  orEqual: boolean,
): [Tokened, Tokened][] {
  const done = earlier.toSorted((a, b) => a.operation.completed - b.operation.completed);
  const found: [Tokened, Tokened][] = [];
  let next = 0;
  let greatest: Tokened | undefined;
  for (const asked of later.toSorted((a, b) => a.operation.invoked - b.operation.invoked)) {
    for (; next < done.length; next++) {
      const before = done[next]!;
      if (before.operation.completed > asked.operation.invoked) break;
      if (greatest === undefined || before.token > greatest.token) greatest = before;
    }
    if (greatest === undefined) continue;
    if (greatest.token > asked.token || (orEqual && greatest.token === asked.token)) {
      found.push([asked, greatest]);
    }
  }
  return found;
}

/** Whether a client asked again for the lock that it had, and has kept its token. */
function renewals(operations: readonly Operation[]): (later: Tokened, earlier: Tokened) => boolean {
  const released = new Map<number, number[]>();
  for (const { f, process, invoked } of operations) {
    if (f !== "release") continue;
    const same = released.get(process);
    if (same === undefined) released.set(process, [invoked]);
    else same.push(invoked);
  }
  return ({ operation, token }, earlier) => {
    const { process, completed } = earlier.operation;
    if (process !== operation.process || token !== earlier.token) return false;
    const between = released
      .get(process)
      ?.some((invoked) => invoked > completed && invoked < operation.invoked);
    return between !== true;
  };
}

/** Two acquires that overlap in time and got one token; those that do not are found before. */
function sameToken(acquires: readonly Tokened[], findings: Findings): void {
  const first = new Map<number, Tokened>();
  for (const acquire of acquires) {
    const other = first.get(acquire.token);
    if (other === undefined) first.set(acquire.token, acquire);
    else if (other.operation.completed > acquire.operation.invoked) {
      findings.add("token-regression", () => ({
        message: `${who(other.operation)} and ${who(acquire.operation)} both acquired ${keyName(acquire.operation.key)} under token ${acquire.token}`,
        ops: indexes([other.operation, acquire.operation]),
      }));
    }
  }
}

function regression({ operation, token }: Tokened, before: Tokened) {
  return {
    message:
      `${who(operation)} asked for ${keyName(operation.key)} at ${invocationTime(operation)} and got token ${token}, ` +
      `though ${who(before.operation)} had token ${before.token} by ${completionTime(before.operation)}`,
    ops: indexes([before.operation, operation]),
  };
}

function staleWriter({ operation, token }: Tokened, before: Tokened) {
  return {
    message:
      `a write by ${who(operation)} to ${keyName(operation.key)} under token ${token}, asked for at ${invocationTime(operation)}, ` +
      `was accepted though one under token ${before.token} was done by ${completionTime(before.operation)}`,
    ops: indexes([before.operation, operation]),
  };
}

function lostUpdates(operations: readonly Operation[], findings: Findings): void {
  const byValue = new Map<number, Operation>();
  const done: Operation[] = [];
  for (const operation of operations) {
    if (operation.f !== "increment") continue;
    done.push(operation);
    const value = countIn(operation);
    if (value === undefined) continue;
    const other = byValue.get(value);
    if (other === undefined) byValue.set(value, operation);
    else {
      findings.add("lost-update", () => ({
        message: `${who(other)} and ${who(operation)} both made ${keyName(operation.key)} ${value}`,
        ops: indexes([other, operation]),
      }));
    }
  }
  done.sort((a, b) => a.completed - b.completed);
  const reads = operations.filter(({ f, output }) => f === "read" && typeof output === "number");
  let before = 0;
  for (const read of reads.sort((a, b) => a.invoked - b.invoked)) {
    while (before < done.length && done[before]!.completed < read.invoked) before++;
    if (Number(read.output) >= before) continue;
    const count = before;
    findings.add("lost-update", () => ({
      message: `${who(read)} found ${keyName(read.key)} at ${Number(read.output)} after ${count} increments were done`,
      ops: indexes([read]),
    }));
  }
}

/** What an operation saw of the counter; undefined where it did not say. */
function countIn({ f, outcome, output }: Operation): number | undefined {
  if (outcome !== "ok" || (f !== "increment" && f !== "read")) return undefined;
  const count = f === "increment" && isJsonObject(output) ? output["value"] : output;
  return typeof count === "number" ? count : undefined;
}

/** Wherever the counter began, the first that was seen of it is where this one counts from. */
function doubleEffects(operations: readonly Operation[], findings: Findings): void {
  const seen = operations.flatMap((operation) => {
    const value = countIn(operation);
    return value === undefined ? [] : [{ operation, value }];
  });
  const [first, ...later] = seen.sort((a, b) => a.operation.completed - b.operation.completed);
  if (first === undefined) return;
  const increments = operations.filter(({ f, outcome }) => f === "increment" && outcome !== "fail");
  const { invoked: from } = first.operation;
  const before = increments.filter((one) => one === first.operation || one.completed < from).length;
  let begun = 0;
  for (const { operation, value } of later) {
    while (begun < increments.length && increments[begun]!.invoked < operation.completed) begun++;
    const most = begun - before;
    if (value - first.value <= most) continue;
    findings.add("double-effect", () => ({
      message:
        `${who(operation)} found ${keyName(operation.key)} at ${value}, and ${who(first.operation)} at ${first.value}: ` +
        `no more than ${most} increments may have come in between`,
      ops: indexes([first.operation, operation]),
    }));
  }
}
