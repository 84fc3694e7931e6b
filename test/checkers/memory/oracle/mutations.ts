/** Small changes to a history: what becomes of a known one when one operation differs. */

import type { Written, WrittenSession } from "../notation.js";
import type { Decide } from "./programs.js";

type Mutation = (sessions: WrittenSession[], decide: Decide) => void;

/** Reads return another value, operations go, come, move, become updates, lose their answer. */
const mutations: readonly Mutation[] = [
  (sessions, decide) => {
    const reads = all(sessions).filter(({ f, found }) => f === "read" && found !== undefined);
    if (reads.length > 0) reads[decide(reads.length)]!.found = someValue(sessions, decide);
  },
  (sessions, decide) => {
    const writes = all(sessions).filter(({ left }) => left !== undefined);
    if (writes.length > 0) writes[decide(writes.length)]!.left = someValue(sessions, decide);
  },
  (sessions, decide) => {
    const { operations } = sessions[decide(sessions.length)]!;
    operations.splice(decide(operations.length + 1), 1);
  },
  (sessions, decide) => {
    const { operations } = sessions[decide(sessions.length)]!;
    operations.splice(decide(operations.length + 1), 0, { f: "fence", outcome: "ok" });
  },
  (sessions, decide) => {
    const { operations } = sessions[decide(sessions.length)]!;
    const known = all(sessions).filter(({ outcome }) => outcome === "ok");
    if (known.length === 0) return;
    operations.splice(decide(operations.length + 1), 0, { ...known[decide(known.length)]! });
  },
  (sessions, decide) => {
    const writes = all(sessions).filter(({ f, outcome }) => f === "write" && outcome === "ok");
    if (writes.length === 0) return;
    const write = writes[decide(writes.length)]!;
    write.f = decide(2) === 0 ? "cas" : "swap";
    write.found = someValue(sessions, decide);
  },
  (sessions, decide) => {
    const last = sessions[decide(sessions.length)]!.operations.at(-1);
    if (last?.left === undefined || last.isFinal === true) return;
    last.outcome = "info";
    if (last.f === "swap") delete last.found;
  },
  (sessions, decide) => {
    const keys = all(sessions).flatMap(({ key }) => (key === undefined ? [] : [key]));
    const one = all(sessions).filter(({ key }) => key !== undefined);
    if (one.length > 0) one[decide(one.length)]!.key = keys[decide(keys.length)]!;
  },
];

export function mutate(
  sessions: readonly WrittenSession[],
  count: number,
  decide: Decide,
): WrittenSession[] {
  const changed = sessions.map(({ process, operations }) => ({
    process,
    // Times would no longer fit.
    operations: operations.map(({ startNs: _, endNs: __, ...operation }): Written => operation),
  }));
  for (let i = 0; i < count; i++) mutations[decide(mutations.length)]!(changed, decide);
  return changed.map(({ process, operations }) => ({ process, operations: inOrder(operations) }));
}

/** What has no answer stands last, final reads before nothing but final reads. */
function inOrder(operations: readonly Written[]): Written[] {
  const isFinal = (operation: Written) => operation.isFinal === true;
  const pending = operations.find(({ outcome }) => outcome === "info");
  const answered = operations.filter(({ outcome }) => outcome !== "info");
  if (pending !== undefined)
    return [...answered.filter((operation) => !isFinal(operation)), pending];
  return [...answered.filter((operation) => !isFinal(operation)), ...answered.filter(isFinal)];
}

function all(sessions: readonly WrittenSession[]): Written[] {
  return sessions.flatMap(({ operations }) => operations);
}

function someValue(sessions: readonly WrittenSession[], decide: Decide): number {
  const values = [0, ...all(sessions).flatMap(({ left }) => left ?? [])];
  return values[decide(values.length)]!;
}
