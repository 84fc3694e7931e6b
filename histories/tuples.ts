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

/** What the value of one client event lets say about keys. */
export interface KeyClue<Key> {
  line: number;
  client: number;
  type: Json | undefined;
  f: Json | undefined;
  hasKeyField: boolean;
  isNil: boolean;
  /** The value as a vector of two, or what a tag says is a tuple. */
  tuple: { key: Key; isTagged: boolean; second: "nil" | "pair" | "other" } | undefined;
}

/** The rule of "auto", applied to one event after another. O(1) an event. */
export class KeyedRule<Key> {
  readonly #equals: (left: Key, right: Key | undefined) => boolean;
  readonly #open = new Map<number, Key>();
  #hasFields = false;
  #hasTags = false;
  #looksKeyed = true;
  #witness = false;
  #suspectLine: number | undefined;

  constructor(equals: (left: Key, right: Key | undefined) => boolean) {
    this.#equals = equals;
  }

  see(clue: KeyClue<Key>): void {
    const { type, f, tuple } = clue;
    this.#hasFields ||= clue.hasKeyField;
    this.#hasTags ||= tuple?.isTagged === true;
    if (type === "invoke" && f === "read" && tuple?.second === "nil") {
      this.#suspectLine ??= clue.line;
    }
    this.#looksKeyed &&= this.#allows(clue);
  }

  #allows({ client, type, f, isNil, tuple }: KeyClue<Key>): boolean {
    if (type === "invoke") {
      if (tuple === undefined) {
        this.#open.delete(client);
        return f === "fence" && isNil;
      }
      if (f === "read" && tuple.second !== "nil") return false;
      if (f === "cas" && tuple.second !== "pair") return false;
      this.#witness ||= f === "cas" || (f !== "write" && tuple.second === "nil");
      this.#open.set(client, tuple.key);
    } else if (type === "ok" && !isNil) {
      return tuple !== undefined && this.#equals(tuple.key, this.#open.get(client));
    }
    return true;
  }

  /** Where the keys of the events seen are: in fields, in tagged values, in all values, nowhere. */
  get keys(): "fields" | "tagged" | "tuples" | "none" {
    if (this.#hasFields) return "fields";
    if (this.#hasTags) return "tagged";
    return this.#looksKeyed && this.#witness ? "tuples" : "none";
  }

  /** Whether the values of the events seen are whole, whatever events follow. */
  get settled(): boolean {
    return this.#hasFields || !(this.#hasTags || this.#looksKeyed);
  }

  /** A warning when a read looks keyed in a history that is not. */
  warnings(source: string | undefined): string[] {
    if (this.keys !== "none" || this.#suspectLine === undefined) return [];
    const warning = "a read is invoked with a [key nil] tuple, but not every operation has a key";
    return [`${at(source, this.#suspectLine)}${warning}: all values are taken as they stand`];
  }
}

/**
 * O(total length of the values).
 * @throws UsageError when `keyed` is true and a client invokes or completes with no tuple.
 */
export function findTuples(drafts: readonly Draft[], keyed: Keyed, source?: string): Tuples {
  if (keyed === true) return { tuples: untuple(drafts, source), warnings: [] };
  if (keyed === false) return none(drafts);
  const clients = drafts.filter((draft) => draft.client !== undefined);
  const rule = new KeyedRule<Json>(jsonEquals);
  for (const draft of clients) rule.see(clueOf(draft));
  if (rule.keys === "tagged") {
    return { tuples: drafts.map((draft) => tagged(draft.value)), warnings: [] };
  }
  if (rule.keys === "tuples") return { tuples: untuple(drafts, source), warnings: [] };
  return { ...none(drafts), warnings: rule.warnings(source) };
}

/** @param draft of a client. */
function clueOf(draft: Draft): KeyClue<Json> {
  const { line, client, type, f, key, value } = draft;
  const tuple = tupleOf(draft);
  return {
    line,
    client: client!,
    type,
    f,
    hasKeyField: key !== undefined,
    isNil: value === null,
    tuple: tuple && {
      key: tuple.key,
      isTagged: !Array.isArray(value),
      second: tuple.value === null ? "nil" : pair(tuple.value) ? "pair" : "other",
    },
  };
}

function none(drafts: readonly Draft[]): Tuples {
  return { tuples: drafts.map(() => undefined), warnings: [] };
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
      throw new UsageError(`${at(source, draft.line)}${needsTuple(toJson(draft.value, ""))}`);
    }
    return undefined;
  });
}

/** Said of an event of a keyed history whose value is no tuple. */
export function needsTuple(value: Json): string {
  return `a keyed history needs [key value] here, not ${JSON.stringify(value)}: read it as unkeyed`;
}

export function tupleOf(draft: Draft): Tuple | undefined {
  const items = pair(draft.value);
  if (items === undefined) return tagged(draft.value);
  return { key: toJson(items[0], ""), value: items[1] };
}

/** A vector of two. Lists are never tuples: a writer can use them to say so. */
export function pair(value: EDNVal): [EDNVal, EDNVal] | undefined {
  return Array.isArray(value) && value.length === 2 ? [value[0]!, value[1]!] : undefined;
}

/** The contents of `#jepsen.independent/tuple [k v]`, or of a tag that says MapEntry. */
function tagged(value: EDNVal): Tuple | undefined {
  if (value === null || typeof value !== "object" || !("tag" in value)) return undefined;
  if (!/independent.*tuple|mapentry/i.test(value.tag)) return undefined;
  const items = pair(value.val);
  return items && { key: toJson(items[0], ""), value: items[1] };
}
