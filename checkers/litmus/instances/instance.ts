/**
 * The instances of a litmus test in a recorded history: what each session did to an instance's keys.
 *
 * A thread whose operation ended unknown goes on as another session (the history's own rule); so an
 * instance may have more sessions than its test has threads, and is judged as it happened.
 */

import type { History, Operation } from "../../../histories/history.js";
import type { Json } from "../../../src/base/json.js";
import type { LitmusTest } from "../program.js";
import { placeOf } from "./steps.js";

export type Act =
  | { f: "fence" }
  | { f: "read" | "write" | "swap" | "cas"; location: number; operation: Operation };

export interface Session {
  process: number;
  acts: Act[];
}

export interface Instance {
  number: number;
  /** By process. */
  sessions: Session[];
  /** Per location what was read in the end. */
  finals: Map<number, Operation[]>;
}

const FUNCTIONS = new Set(["read", "write", "swap", "cas"]);

/** By number. Operations that are none of a test's are passed over. O(n log n). */
export function instancesOf(history: History, test: LitmusTest): Instance[] {
  const instances = new Map<number, Instance>();
  const fencedAt = new Map<number, number>();
  /** When a session last did something to an instance. */
  const lastAt = new Map<Session, number>();
  for (const operation of history.operations) {
    const { process, f, key, outcome, invoked } = operation;
    if (f === "fence") {
      if (outcome === "ok") fencedAt.set(process, invoked);
      continue;
    }
    const place = FUNCTIONS.has(f) ? placeOf(test, key) : undefined;
    if (place === undefined) continue;
    const { location } = place;
    const instance = within(instances, place.instance);
    if (operation.final) {
      const finals = instance.finals.get(location);
      if (finals === undefined) instance.finals.set(location, [operation]);
      else finals.push(operation);
      continue;
    }
    const session = sessionIn(instance, process);
    const before = lastAt.get(session);
    const fenced = fencedAt.get(process) ?? -1;
    if (before !== undefined && fenced > before) session.acts.push({ f: "fence" });
    session.acts.push({ f: f as "read", location, operation });
    lastAt.set(session, invoked);
  }
  for (const { sessions } of instances.values()) sessions.sort((a, b) => a.process - b.process);
  return [...instances.values()].sort((a, b) => a.number - b.number);
}

/** What an instance's final reads of a location agree on; undefined where they do not, or there is none. */
export function finalValue({ finals }: Instance, location: number): Json | undefined {
  const values = answered(finals.get(location)).map(({ output }) => output);
  return new Set(values.map((value) => JSON.stringify(value))).size === 1 ? values[0] : undefined;
}

export function diverges({ finals }: Instance): boolean {
  return [...finals.values()].some(
    (reads) => new Set(answered(reads).map(({ output }) => JSON.stringify(output))).size > 1,
  );
}

function answered(reads: readonly Operation[] = []): Operation[] {
  return reads.filter(({ outcome }) => outcome === "ok");
}

function within(instances: Map<number, Instance>, number: number): Instance {
  let instance = instances.get(number);
  if (instance === undefined) {
    instance = { number, sessions: [], finals: new Map() };
    instances.set(number, instance);
  }
  return instance;
}

function sessionIn({ sessions }: Instance, process: number): Session {
  let session = sessions.find((candidate) => candidate.process === process);
  if (session === undefined) {
    session = { process, acts: [] };
    sessions.push(session);
  }
  return session;
}
