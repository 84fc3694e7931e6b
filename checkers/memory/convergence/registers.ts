/** Registers that everybody may write: reads of what was never written, and writes that are gone. */

import type { Operation } from "../../../histories/history.js";
import { EventError } from "../../../src/base/errors.js";
import { canonical, type Json } from "../../../src/base/json.js";
import type { Anomaly } from "../../checker.js";
import { indexes, keyName, show, who } from "../../describe.js";
import type { KeyedOperations } from "../../keys.js";

type Role = "read" | "write" | "cas" | "swap";

const roles = new Map<string, Role>([
  ["read", "read"],
  ["get", "read"],
  ["write", "write"],
  ["put", "write"],
  ["cas", "cas"],
  ["compare-and-set", "cas"],
  ["swap", "swap"],
  ["exchange", "swap"],
  ["get-and-set", "swap"],
]);

/** Whether the key was only read, written and updated. */
export function isRegister({ operations }: KeyedOperations): boolean {
  return operations.every(({ f }) => roles.has(f));
}

/** Reads, those of updates too, that returned neither the initial value nor one that may have been written. */
export function* unwrittenReads(group: KeyedOperations, init: Json): Generator<Anomaly> {
  const writers = writersOf(group);
  const impossible = impossibleUpdates(group, writers, init);
  for (const operation of group.operations) {
    refuseHalfUpdate(operation);
    const value = valueRead(operation);
    if (value === undefined || isInitial(operation, value, init)) continue;
    // An update does not find what it is about to write.
    const others = (writers.get(canonical(value)) ?? []).filter((one) => one !== operation);
    const wrote = others.filter((one) => !impossible.has(one));
    if (wrote.some(({ outcome }) => outcome !== "fail")) continue;
    const what = `${who(operation)} read ${show(value)} from ${keyName(group.key)}`;
    yield wrote.length === 0
      ? {
          type: "ThinAirRead",
          message: `${what}, which nobody wrote`,
          ops: indexes([operation]),
        }
      : {
          type: "aborted-read",
          message: `${what}, which was only written by what failed`,
          ops: indexes([operation, ...wrote]),
        };
  }
}

/** @throws EventError for a compare-and-set that does not say from what to what. */
function refuseHalfUpdate({ f, input, invoked, process }: Operation): void {
  if (roles.get(f) !== "cas" || (Array.isArray(input) && input.length === 2)) return;
  throw new EventError(invoked, `process ${process}: cas takes [from, to], not ${show(input)}`);
}

/** Reads of the initial value, though a write of the key was acknowledged before them. */
export function lostWrite(
  group: KeyedOperations,
  reads: readonly Operation[],
  init: Json,
): Anomaly | undefined {
  const read = reads.find((candidate) => isInitial(candidate, candidate.output, init));
  const acknowledged = group.operations.filter(
    ({ f, outcome }) => roles.get(f) !== "read" && outcome === "ok",
  );
  const last = acknowledged.at(-1);
  if (read === undefined || last === undefined) return undefined;
  // Somebody may have written what was there at first.
  const rewritten = writersOf(group).get(canonical(read.output)) ?? [];
  if (rewritten.some(({ outcome }) => outcome !== "fail")) return undefined;
  const writes = acknowledged.length === 1 ? "write" : `last of ${acknowledged.length} writes`;
  return {
    type: "lost-write",
    message:
      `the final reads of ${keyName(group.key)} return ${show(read.output)}, the initial value, though its ` +
      `${writes} was acknowledged: ${show(valueWritten(last))} by ${who(last)}`,
    ops: indexes([last, read]),
  };
}

/**
 * Updates of unknown outcome that cannot have happened, because nobody can have written what they had
 * to find. O(updates^2) at worst.
 */
function impossibleUpdates(
  { operations }: KeyedOperations,
  writers: ReadonlyMap<string, Operation[]>,
  init: Json,
): ReadonlySet<Operation> {
  const impossible = new Set<Operation>();
  const pending = operations.filter(
    ({ f, outcome }) => outcome === "info" && roles.get(f) === "cas",
  );
  for (let before = -1; before < impossible.size; ) {
    before = impossible.size;
    for (const update of pending) {
      const expected = Array.isArray(update.input) ? update.input[0] : undefined;
      if (expected === undefined || isInitial(update, expected, init)) continue;
      const found = (writers.get(canonical(expected)) ?? []).some(
        (one) => one !== update && one.outcome !== "fail" && !impossible.has(one),
      );
      if (!found) impossible.add(update);
    }
  }
  return impossible;
}

/** Writes and updates by the value that they wrote, or would have. */
function writersOf({ operations }: KeyedOperations): Map<string, Operation[]> {
  const writers = new Map<string, Operation[]>();
  for (const operation of operations) {
    const value = valueWritten(operation);
    if (value === undefined) continue;
    const text = canonical(value);
    const same = writers.get(text);
    if (same === undefined) writers.set(text, [operation]);
    else same.push(operation);
  }
  return writers;
}

function valueWritten({ f, input }: Operation): Json | undefined {
  const role = roles.get(f);
  if (role === "cas") return Array.isArray(input) ? input[1] : undefined;
  return role === "read" ? undefined : input;
}

function valueRead({ f, input, output, outcome }: Operation): Json | undefined {
  const role = roles.get(f);
  if (outcome !== "ok" || role === "write") return undefined;
  if (role === "cas") return Array.isArray(input) ? input[0] : undefined;
  return output;
}

/** A get of "" may mean that nothing was there. */
function isInitial({ f }: Operation, value: Json, init: Json): boolean {
  return canonical(value) === canonical(init) || (f === "get" && value === "");
}
