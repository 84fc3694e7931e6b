/**
 * Which `[k v]` of a Jepsen history means "v at key k", and which is just a vector.
 *
 * Jepsen's `independent` workloads put the key into the value: a read of key 3 is invoked with
 * `[3 nil]`. In EDN such a tuple looks like any vector of two, so the text alone cannot tell
 * a keyed write from a write of a pair, and the wrong guess makes a wrong verdict.
 *
 * The rule of "auto". If an event has a `:key` field, the fields are the keys. If a value is tagged
 * as a tuple, the tagged ones are the tuples. Otherwise the history is keyed only if
 *   - every client invocation (a fence apart) has a vector of two as its value,
 *   - that of a read ends in nil, and that of a cas in another vector of two,
 *   - every ok completion repeats the key of its invocation, or has the value nil, and
 *   - at least one cas, or one invocation other than a write that ends in nil, bears witness.
 * An unkeyed read is invoked with nil, so one read settles it.
 */

import type { EDNVal } from "edn-data";
import { UsageError } from "../src/base/errors.js";
import { type Json, jsonEquals } from "../src/base/json.js";
import { toJson } from "./edn-values.js";
import { at } from "./recording.js";

export type Keyed = boolean | "auto";

/** An event whose value may still hold its key. */
export interface Draft {
  line: number;
  /** Undefined for nodes and the nemesis, whose values never hold a key. */
  client: number | undefined;
  type: Json | undefined;
  f: Json | undefined;
  /** The `:key` field. */
  key: Json | undefined;
  value: EDNVal;
}

export interface Tuple {
  key: Json;
  value: EDNVal;
}

export interface Tuples {
  /** For each draft its tuple, or undefined where the value is the whole value. */
  tuples: (Tuple | undefined)[];
  warnings: string[];
}

/**
 * O(total length of the values).
 * @throws UsageError when `keyed` is true and a client invokes or completes with no tuple.
 */
export function findTuples(drafts: readonly Draft[], keyed: Keyed, source?: string): Tuples {
  const clients = drafts.filter((draft) => draft.client !== undefined);
  if (keyed === true) return { tuples: untuple(drafts, source), warnings: [] };
  if (keyed === false || clients.some((draft) => draft.key !== undefined)) return none(drafts);
  if (clients.some((draft) => tagged(draft.value))) {
    return { tuples: drafts.map((draft) => tagged(draft.value)), warnings: [] };
  }
  if (looksKeyed(clients)) return { tuples: untuple(drafts, source), warnings: [] };
  const suspect = clients.find(
    (draft) => draft.type === "invoke" && draft.f === "read" && tupleOf(draft)?.value === null,
  );
  if (suspect === undefined) return none(drafts);
  const warning = "a read is invoked with a [key nil] tuple, but not every operation has a key";
  return {
    ...none(drafts),
    warnings: [`${at(source, suspect.line)}${warning}: all values are taken as they stand`],
  };
}

function none(drafts: readonly Draft[]): Tuples {
  return { tuples: drafts.map(() => undefined), warnings: [] };
}

function looksKeyed(clients: readonly Draft[]): boolean {
  let witness = false;
  const open = new Map<number | undefined, Json>();
  for (const draft of clients) {
    const tuple = tupleOf(draft);
    if (draft.type === "invoke") {
      if (tuple === undefined) {
        if (draft.f === "fence" && draft.value === null) continue;
        return false;
      }
      if (draft.f === "read" && tuple.value !== null) return false;
      if (draft.f === "cas" && pair(tuple.value) === undefined) return false;
      witness ||= draft.f === "cas" || (draft.f !== "write" && tuple.value === null);
      open.set(draft.client, tuple.key);
    } else if (draft.type === "ok" && draft.value !== null) {
      if (tuple === undefined || !jsonEquals(tuple.key, open.get(draft.client))) return false;
    }
  }
  return witness;
}

/** The tuples of a keyed history; a completion may leave its out, or put a reason in its place. */
function untuple(drafts: readonly Draft[], source: string | undefined): (Tuple | undefined)[] {
  const open = new Map<number, Json | undefined>();
  return drafts.map((draft) => {
    if (draft.client === undefined) return undefined;
    const tuple = tupleOf(draft);
    if (draft.type === "invoke") open.set(draft.client, tuple?.key);
    else if (tuple && jsonEquals(tuple.key, open.get(draft.client))) return tuple;
    if (draft.value === null) return undefined;
    if (draft.type === "invoke" || draft.type === "ok") {
      if (tuple !== undefined) return tuple;
      throw new UsageError(
        `${at(source, draft.line)}a keyed history needs [key value] here, not ${JSON.stringify(toJson(draft.value, ""))}: read it as unkeyed`,
      );
    }
    return undefined;
  });
}

function tupleOf(draft: Draft): Tuple | undefined {
  const items = pair(draft.value);
  if (items === undefined) return tagged(draft.value);
  return { key: toJson(items[0], ""), value: items[1] };
}

/** A vector of two. Lists are never tuples: a writer can use them to say so. */
function pair(value: EDNVal): [EDNVal, EDNVal] | undefined {
  return Array.isArray(value) && value.length === 2 ? [value[0]!, value[1]!] : undefined;
}

/** The contents of `#jepsen.independent/tuple [k v]`, or of a tag that says MapEntry. */
function tagged(value: EDNVal): Tuple | undefined {
  if (value === null || typeof value !== "object" || !("tag" in value)) return undefined;
  if (!/independent.*tuple|mapentry/i.test(value.tag)) return undefined;
  const items = pair(value.val);
  return items && { key: toJson(items[0], ""), value: items[1] };
}
