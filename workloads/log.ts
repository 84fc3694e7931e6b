/**
 * Append-only logs in the manner of Kafka, one per key: clients send messages, poll from their own
 * positions, and commit how far they have read.
 *
 * Requests, as Maelstrom's `kafka` has them: `{type: "send", key, msg}` -> `{type: "send_ok",
 * offset}`; `{type: "poll", offsets: {key: from}}` -> `{type: "poll_ok", msgs: {key: [[offset, msg]
 * …]}}`; `commit_offsets` of `offsets`; `list_committed_offsets` of `keys` -> `offsets`.
 *
 * A client that is assigned keys asks for their committed offsets and goes on at its own position
 * where it has one, else at the committed one, else at the beginning. Keys are strings, replaced by
 * fresh ones after so many sends. In the end every client is assigned all keys, and polls until
 * there is no more.
 */

import { log as logChecker } from "../checkers/index.js";
import { isJsonObject, type Json, type JsonObject } from "../src/base/json.js";
import type { Random } from "../src/random/random.js";
import { integerField, objectField, wrong } from "./maelstrom/replies.js";
import { chooser, type Mixable } from "./mix.js";
import { wholeNumber } from "./settings.js";
import { expectType, type Memory, type OperationDraft, type Workload } from "./workload.js";

const distributions = ["uniform", "exponential"] as const;

const specs = {
  keys: { summary: "keys in use at a time", default: 3, range: [1, 1_000] },
  sendsPerKey: {
    summary: "sends to a key before a fresh one takes its place; 0: never",
    default: 0,
    range: [0, 1_000_000],
  },
  keyDistribution: {
    summary: "how often each key in use is chosen",
    default: "uniform",
    values: distributions,
  },
} as const;

const mixable: Mixable = {
  usual: () => ({ send: 8, poll: 5, commit: 2, assign: 1 }),
  needed: ["send", "poll"],
};

/** What a poll asks for that was told of no keys. */
const FIRST_KEYS = Array.from({ length: specs.keys.default }, (_, i) => `${i}`);

/** In a client's memory: the next offset to poll, and the highest polled one, by key. */
const POSITIONS = "positions";
const POLLED = "polled";

/** Enough for a poll to find nothing more, where polls are not limited in size. */
const FINAL_POLLS = 2;

export function logWorkload({ name, summary }: { name: string; summary: string }): Workload {
  return {
    name,
    summary,
    requires: ["send", "poll"],
    readOnly: ["poll", "assign"],
    options: specs,
    mixable,
    plan: (scope) => {
      const { random, operations, options } = scope;
      const next = chooser(scope, mixable);
      const keys = new KeysInUse(random, {
        count: wholeNumber(options, specs, "keys"),
        sendsPerKey: wholeNumber(options, specs, "sendsPerKey"),
        halving: options["keyDistribution"] === "exponential",
      });
      return Array.from({ length: operations }, (_, i): OperationDraft => {
        const f = next();
        switch (f) {
          case "send":
            return { f, key: keys.next(), value: i };
          case "poll":
            return { f, value: keys.all() };
          case "commit":
            return { f, value: null };
          default:
            return { f, value: keys.some() };
        }
      });
    },
    finals: (drafts) => {
      const keys = new Set<string>();
      for (const { f, key } of drafts) if (f === "send") keys.add(String(key));
      const polls = Array.from({ length: FINAL_POLLS }, () => ({ f: "poll", value: null }));
      return [{ f: "assign", value: [...keys].sort() }, ...polls];
    },
    invoke: ({ f, key, value }, memory) => {
      switch (f) {
        case "send":
          return { value, body: { type: "send", key, msg: value } };
        case "poll":
          return { value: null, body: { type: "poll", offsets: positions(memory, value) } };
        case "commit": {
          const offsets = remembered(memory, POLLED);
          return { value: offsets, body: { type: "commit_offsets", offsets } };
        }
        default:
          return { value, body: { type: "list_committed_offsets", keys: value } };
      }
    },
    complete: ({ f, value: planned }, value, reply, memory) => {
      switch (f) {
        case "send":
          expectType(reply, "send_ok");
          return [integerField(reply, "offset"), value];
        case "poll":
          expectType(reply, "poll_ok");
          return polled(reply, memory, positions(memory, planned));
        case "commit":
          expectType(reply, "commit_offsets_ok");
          return value;
        default:
          expectType(reply, "list_committed_offsets_ok");
          return assigned(value as string[], objectField(reply, "offsets"), memory);
      }
    },
    checkers: () => [logChecker],
  };
}

export const log = logWorkload({
  name: "log",
  summary: "append-only logs with offsets: sends, polls, commits and assignments",
});

/** Keys as a producer meets them; a place keeps its share of the sends when its key is replaced. */
class KeysInUse {
  readonly #random: Random;
  readonly #settings: { count: number; sendsPerKey: number; halving: boolean };
  readonly #keys: string[];
  readonly #sends: number[];
  #fresh: number;

  constructor(random: Random, settings: { count: number; sendsPerKey: number; halving: boolean }) {
    this.#random = random;
    this.#settings = settings;
    this.#keys = Array.from({ length: settings.count }, (_, i) => `${i}`);
    this.#sends = this.#keys.map(() => 0);
    this.#fresh = settings.count;
  }

  all(): string[] {
    return [...this.#keys];
  }

  some(): string[] {
    return this.#random.sample(this.#keys, this.#random.between(1, this.#keys.length)).sort();
  }

  /** The key of the next send. */
  next(): string {
    const place = this.#place();
    const key = this.#keys[place] as string;
    const sends = (this.#sends[place] as number) + 1;
    const isUsedUp = sends === this.#settings.sendsPerKey;
    this.#sends[place] = isUsedUp ? 0 : sends;
    if (isUsedUp) this.#keys[place] = `${this.#fresh++}`;
    return key;
  }

  #place(): number {
    const last = this.#keys.length - 1;
    if (!this.#settings.halving) return this.#random.int(last + 1);
    let place = 0;
    while (place < last && this.#random.chance(1, 2)) place++;
    return place;
  }
}

function remembered(memory: Memory, name: string): JsonObject {
  const value = memory.get(name);
  return isJsonObject(value) ? { ...value } : {};
}

/** Before its first assignment a client reads the keys that it is told of from the beginning. */
function positions(memory: Memory, keys: Json): JsonObject {
  const known = remembered(memory, POSITIONS);
  if (Object.keys(known).length > 0) return known;
  const told = Array.isArray(keys) ? keys : FIRST_KEYS;
  return Object.fromEntries(told.map((key) => [String(key), 0]));
}

/** `{key: [[offset, message] …]}`; moves the positions past what was read. */
function polled(reply: JsonObject, memory: Memory, next: JsonObject): Json {
  const messages = objectField(reply, "msgs");
  const highest = remembered(memory, POLLED);
  for (const [key, entries] of Object.entries(messages)) {
    if (!Array.isArray(entries)) throw wrong(messages, key, "a list of [offset, message]");
    for (const entry of entries) {
      const offset = Array.isArray(entry) ? entry[0] : undefined;
      if (!Number.isInteger(offset)) throw wrong(messages, key, "a list of [offset, message]");
      const last = offset as number;
      next[key] = Math.max(Number(next[key] ?? 0), last + 1);
      highest[key] = Math.max(Number(highest[key] ?? 0), last);
    }
  }
  memory.set(POSITIONS, next);
  memory.set(POLLED, highest);
  return messages;
}

function assigned(keys: readonly string[], committed: JsonObject, memory: Memory): Json {
  const own = remembered(memory, POSITIONS);
  const next: JsonObject = {};
  for (const key of keys) {
    const from = committed[key];
    next[key] = own[key] ?? (Number.isInteger(from) ? (from as number) : 0);
  }
  memory.set(POSITIONS, next);
  return committed;
}
