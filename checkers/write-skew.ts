/**
 * Write skew on pairs: of the two inserts of a pair at most one may succeed, because each is made
 * only if neither is there. Snapshot isolation lets both in, serializability does not.
 *
 * As Jepsen's adya.g2 has it: `insert` of `[a-id, b-id]`, one of them null, under the pair as key.
 * The condition may be a predicate, so that this is Adya's G2 (and not only G2-item). Two inserts of
 * one side that both succeed break the same rule. Source: Adya, "Weak consistency" (1999), 4.2.
 * O(operations).
 */

import type { History, Operation } from "../histories/history.js";
import { EventError } from "../src/base/errors.js";
import type { Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, show, who } from "./describe.js";
import { Findings } from "./findings.js";
import { byKey } from "./keys.js";

export const writeSkew: Checker = {
  name: "write-skew",
  summary: "of the two inserts of a pair at most one succeeds",
  check,
};

/** @throws UsageError for an insert that is not of one side of a pair. */
function check(history: History): Verdict {
  const inserts = history.operations.filter(({ f }) => f === "insert").map(keyed);
  const findings = new Findings();
  const pairs = byKey(inserts);
  let contested = 0;
  let taken = 0;
  for (const { key, operations } of pairs) {
    const done = operations.filter(({ outcome }) => outcome === "ok");
    if (done.length > 0) taken++;
    // Both were tried, and one was surely made: that the other was not is evidence, and noted as such.
    if (done.length > 0 && operations.length > 1) contested++;
    if (done.length < 2) continue;
    findings.add("write-skew", () => ({
      message: `${describeInsert(done[0]!)} and ${describeInsert(done[1]!)} both succeeded for pair ${show(key)}`,
      ops: indexes(done.slice(0, 2)),
    }));
  }
  const notes = { pairs: pairs.length, taken, contested };
  return findings.verdict(notes, inserts.length > 0 ? undefined : "nothing was inserted");
}

function describeInsert(insert: Operation): string {
  return `${who(insert)}'s insert of ${show(insert.input)}`;
}

/** The pair may stand inside the value, `[pair, [a, b]]`, where nothing said that it is a key. */
function keyed(insert: Operation): Operation {
  const { key, input, invoked, process } = insert;
  if (key !== undefined && isSide(input)) return insert;
  if (key === undefined && Array.isArray(input) && input.length === 2 && isSide(input[1])) {
    return { ...insert, key: input[0]!, input: input[1]! };
  }
  throw new EventError(
    invoked,
    `process ${process}: insert takes [a, null] or [null, b] under a key, the pair, got ${show(input)}`,
  );
}

function isSide(value: Json | undefined): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  return (value[0] === null) !== (value[1] === null);
}
