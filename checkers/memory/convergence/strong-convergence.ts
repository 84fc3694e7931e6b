/**
 * Strong convergence: causal convergence that holds to the end, when everything has reached everybody.
 *
 * Black box (CCvF): there is one order of all writes, causes before effects, such that each read
 * returns the last write of its key that it knows of, and a final read knows of all of them. So a final
 * read never returns a value that its session, or anybody, saw overwritten. Eventual consistency and
 * causal convergence follow. With unique values this is polynomial (causal/index.ts). What replicas
 * recorded of themselves is judged, too (replicas.ts).
 *
 * Final reads are those of convergence.ts. Causality is about reads and writes: of collections and
 * counters only eventual consistency is judged, and the verdict is "unknown" unless replicas recorded
 * their states.
 */

import { columnsOf } from "../../../histories/columns.js";
import type { History, Operation } from "../../../histories/history.js";
import type { Checker, CheckOptions, Verdict } from "../../checker.js";
import { settledReads } from "../../convergence.js";
import { byKey } from "../../keys.js";
import { type Accesses, isWrite } from "../accesses.js";
import { convergenceWith } from "../causal/index.js";
import type { Decide } from "../decision.js";
import { judgeMemory } from "../judge.js";
import { isMemory } from "../vocabulary.js";
import { eventual, withoutFences } from "./eventual.js";
import { judgeReplicas } from "./replicas.js";

export interface StrongConvergenceOptions extends CheckOptions {}

export function strongConvergence(options: StrongConvergenceOptions = {}): Checker {
  return {
    name: "strong-convergence",
    summary:
      "causal convergence to the end: final reads miss no write, equal updates give equal states",
    check: (history, given) => check(history, { ...options, ...given }),
  };
}

function check(history: History, options: StrongConvergenceOptions): Verdict {
  const inTheEnd = eventual().check(history, options);
  const replicas = judgeReplicas(history.observations);
  const black = causality(history, options);
  const anomalies = [
    ...inTheEnd.anomalies,
    // Reads from nowhere are told by both.
    ...(black?.anomalies ?? []).filter(
      ({ type }) => !inTheEnd.anomalies.some((one) => one.type === type),
    ),
    ...replicas.findings.anomalies,
  ];
  const { states, deliveries, shared } = replicas;
  const notes = {
    ...inTheEnd.notes,
    ...black?.notes,
    ...(states === 0 ? {} : { states, deliveries, sharedDeliveries: shared }),
  };
  if (anomalies.length > 0) return { valid: false, anomalies, notes };
  const reason = openReason(inTheEnd, black, states);
  if (reason === undefined) return { valid: true, anomalies, notes };
  return { valid: "unknown", anomalies, reason, notes };
}

/** Why nothing can be said, although nothing was found. */
function openReason(
  inTheEnd: Verdict,
  black: Verdict | undefined,
  states: number,
): string | undefined {
  if (black?.valid === "unknown") return black.reason;
  if (states > 0) return undefined;
  if (black === undefined) {
    return "causality is judged of reads and writes only, and no replica recorded its state";
  }
  if (inTheEnd.valid === true) return undefined;
  return `${inTheEnd.reason}, and no state recorded by a replica`;
}

/** Undefined for histories of other things than reads and writes. */
function causality(history: History, options: StrongConvergenceOptions): Verdict | undefined {
  const columns = columnsOf(history);
  if (!isMemory(columns)) return undefined;
  const decide = decideWith(finalReads(history), history);
  return judgeMemory(
    columns,
    { name: "strong-convergence", what: "strong convergence", decide },
    options,
  );
}

/** Places of the final reads among the operations. */
function finalReads({ operations }: History): Set<number> {
  const reads = byKey(withoutFences(operations)).flatMap((group) => settledReads(group));
  return new Set(reads.map(({ id }) => id));
}

function decideWith(finals: ReadonlySet<number>, { operations }: History): Decide {
  return (accesses, options) =>
    convergenceWith(accesses, options, seenAtLast(accesses, finals, operations));
}

/**
 * Each final read with the last write of its key in each session: the earlier ones are in the past of
 * that. A write that nobody had begun when the read ended, which is then one of unknown outcome, cannot
 * be missed. O(final reads x writes of a key).
 */
function seenAtLast(
  { size, key, kind, session, operation }: Accesses,
  finals: ReadonlySet<number>,
  operations: readonly Operation[],
): [write: number, read: number][] {
  const writes = new Map<number, number[]>();
  for (let access = 0; access < size; access++) {
    if (!isWrite(kind[access]!)) continue;
    const same = writes.get(key[access]!);
    if (same === undefined) writes.set(key[access]!, [access]);
    else same.push(access);
  }
  const seen: [number, number][] = [];
  for (let read = 0; read < size; read++) {
    if (!finals.has(operation[read]!)) continue;
    const end = operations[operation[read]!]!.completed;
    const last = new Map<number, number>();
    for (const write of writes.get(key[read]!) ?? []) {
      if (operations[operation[write]!]!.invoked < end) last.set(session[write]!, write);
    }
    for (const write of last.values()) seen.push([write, read]);
  }
  return seen;
}
