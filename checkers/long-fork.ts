/**
 * Long fork: two writes that are seen in opposite orders. Parallel snapshot isolation allows it,
 * snapshot isolation and everything above do not.
 *
 * Every key is written once, by a transaction of its own, and reads ask for several keys at once. A
 * read that sees the write of a, but not that of b, puts a before b; whoever sees the writes in one
 * order never makes a circle of that. Two reads make the classic fork; longer circles, which
 * Jepsen's checker (jepsen.tests.long-fork) leaves out, are found too.
 *
 * Takes transactions of micro-operations `["r", key, value]` and `["w", key, value]` under any
 * function (Jepsen: `write` and `read`, here: `txn`); single writes only. Values that no write could
 * have left there are garbage-read and aborted-read. Source: Sovran, Power, Aguilera, Li,
 * "Transactional storage for geo-replicated systems" (SOSP 2011); Adya's G-nonadjacent.
 * O(sum over the reads of keys seen times keys unseen).
 */

import type { History, Operation } from "../histories/history.js";
import { EventError } from "../src/base/errors.js";
import { canonical, type Json } from "../src/base/json.js";
import type { Checker, Verdict } from "./checker.js";
import { indexes, keyName, show, who } from "./describe.js";
import { Findings } from "./findings.js";
import { shortestCycle, stronglyConnected } from "./small-graph.js";

export const longFork: Checker = {
  name: "long-fork",
  summary: "no two reads see two writes in opposite orders",
  check,
};

interface Write {
  key: Json;
  value: Json;
  operation: Operation;
}

interface Sight {
  key: string;
  value: Json;
}

/** @throws UsageError when a key is written twice, or anything is no transaction of this kind. */
function check(history: History): Verdict {
  const writes = new Map<string, Write>();
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, names.length);
    return names.push(key) - 1;
  };
  const reads: { operation: Operation; sights: Sight[] }[] = [];
  for (const operation of history.operations) {
    const micros = microsOf(operation);
    if (micros.every(([f]) => f === "r")) {
      if (operation.outcome === "ok") reads.push({ operation, sights: sightsOf(operation) });
    } else if (micros.length === 1) note(operation, micros[0]!, writes);
    else refuse(operation, "a long-fork history writes one key at a time");
  }

  const findings = new Findings();
  // An edge a -> b, with the first read that saw a and not yet b.
  const edges: Map<number, Operation>[] = [];
  let forward = 0;
  let early = 0;
  for (const { operation, sights } of reads) {
    for (const sight of sights) judgeSight(operation, sight, writes, findings);
    const seen = sights.filter(({ value }) => value !== null).map(({ key }) => numberOf(key));
    const unseen = sights.filter(({ value }) => value === null).map(({ key }) => numberOf(key));
    if (seen.length === 0) early++;
    if (seen.length > 0 && unseen.length > 0) forward++;
    for (const a of seen) {
      const later = (edges[a] ??= new Map());
      for (const b of unseen) if (!later.has(b)) later.set(b, operation);
    }
  }
  tellForks(names, edges, writes, findings);
  const notes = { reads: reads.length, early, between: forward, keys: names.length };
  return findings.verdict(notes, reads.length > 0 ? undefined : "no read was answered");
}

/** One shortest circle of every tangle of keys. */
function tellForks(
  names: readonly string[],
  edges: readonly (Map<number, Operation> | undefined)[],
  writes: ReadonlyMap<string, Write>,
  findings: Findings,
): void {
  const targets = names.map((_, a) => [...(edges[a]?.keys() ?? [])]);
  for (const component of stronglyConnected(targets)) {
    const circle = shortestCycle(targets, component);
    const steps = circle.map((a, i) => {
      const b = circle[(i + 1) % circle.length]!;
      return { before: names[a]!, after: names[b]!, read: edges[a]!.get(b)! };
    });
    findings.add("long-fork", () => ({
      message: steps
        .map(
          ({ before, after, read }) =>
            `${who(read)} saw the write of ${spelled(before)} but not that of ${spelled(after)}`,
        )
        .join(", "),
      ops: indexes(
        steps.flatMap(({ before, read }) => {
          const write = writes.get(before);
          return write === undefined ? [read] : [write.operation, read];
        }),
      ),
    }));
  }
}

function spelled(key: string): string {
  return keyName(JSON.parse(key) as Json);
}

/** A value read must be that of the key's write. */
function judgeSight(
  read: Operation,
  { key, value }: Sight,
  writes: ReadonlyMap<string, Write>,
  findings: Findings,
): void {
  if (value === null) return;
  const write = writes.get(key);
  const what = `${who(read)} read ${show(value)} from ${spelled(key)}`;
  if (write === undefined || canonical(write.value) !== canonical(value)) {
    const message = `${what}, which nobody ever wrote`;
    findings.add("garbage-read", () => ({ message, ops: indexes([read]) }));
  } else if (write.operation.outcome === "fail") {
    const message = `${what}, whose write by ${who(write.operation)} had failed`;
    findings.add("aborted-read", () => ({ message, ops: indexes([write.operation, read]) }));
  } else if (write.operation.invoked > read.completed) {
    const message = `${what} before ${who(write.operation)} began to write it`;
    findings.add("future-read", () => ({ message, ops: indexes([write.operation, read]) }));
  }
}

function note(operation: Operation, micro: Micro, writes: Map<string, Write>): void {
  const [f, key, value] = micro;
  if (f !== "w") refuse(operation, `"${f}" is not a micro-operation of this kind: use r and w`);
  if (value === null) refuse(operation, "writes null, which stands for not written");
  const name = canonical(key);
  const before = writes.get(name);
  if (before !== undefined) {
    refuse(
      operation,
      `writes ${keyName(key)} a second time (first: event ${before.operation.invoked}): write every key once`,
    );
  }
  writes.set(name, { key, value, operation });
}

type Micro = readonly [f: string, key: Json, value: Json];

/** What a client asked for. */
function microsOf(operation: Operation): Micro[] {
  const { input } = operation;
  if (!Array.isArray(input) || input.length === 0) {
    return refuse(operation, `takes a list of micro-operations, got ${show(input)}`);
  }
  return input.map((micro) => {
    if (Array.isArray(micro) && micro.length >= 2 && typeof micro[0] === "string") {
      return [micro[0], micro[1]!, micro[2] ?? null];
    }
    return refuse(operation, `a micro-operation is [f, key, value], got ${show(micro)}`);
  });
}

/** What an ok read returned, by the keys that it names itself. */
function sightsOf({ output }: Operation): Sight[] {
  if (!Array.isArray(output)) return [];
  return output.flatMap((micro) =>
    Array.isArray(micro) && micro.length === 3
      ? [{ key: canonical(micro[1]), value: micro[2]! }]
      : [],
  );
}

function refuse(operation: Operation, what: string): never {
  throw new EventError(operation.invoked, `process ${operation.process}: ${operation.f}: ${what}`);
}
