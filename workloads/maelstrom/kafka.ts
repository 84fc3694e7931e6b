/**
 * Maelstrom's `kafka`: an append-only log per key. Clients send messages, poll from their own
 * positions, and commit how far they have read. The history is recorded, not judged.
 *
 * A client that is assigned keys asks for their committed offsets and goes on at its own position
 * where it has one, else at the committed one, else at the beginning. Keys are strings.
 */

import { isJsonObject, type Json, type JsonObject } from "../../src/base/json.js";
import { expectType, type Memory, type OperationDraft, type Workload } from "../workload.js";
import { recordedOnly } from "./recorded-only.js";
import { integerField, objectField, wrong } from "./replies.js";

const KEYS = ["0", "1", "2"];

/** In a client's memory: the next offset to poll, and the highest polled one, by key. */
const POSITIONS = "positions";
const POLLED = "polled";

export const kafka: Workload = {
  name: "kafka",
  summary: "Maelstrom: append-only logs with offsets; recorded, not judged",
  requires: ["send", "poll"],
  readOnly: ["poll", "assign"],
  plan: ({ random, operations }) =>
    Array.from({ length: operations }, (_, i): OperationDraft => {
      const draw = random.int(16);
      if (draw < 8) return { f: "send", key: random.pick(KEYS), value: i };
      if (draw < 13) return { f: "poll", value: null };
      if (draw < 15) return { f: "commit", value: null };
      return { f: "assign", value: random.sample(KEYS, random.between(1, KEYS.length)).sort() };
    }),
  finals: () => [{ f: "poll", value: null }],
  invoke: ({ f, key, value }, memory) => {
    switch (f) {
      case "send":
        return { value, body: { type: "send", key, msg: value } };
      case "poll":
        return { value, body: { type: "poll", offsets: positions(memory) } };
      case "commit": {
        const offsets = remembered(memory, POLLED);
        return { value: offsets, body: { type: "commit_offsets", offsets } };
      }
      default:
        return { value, body: { type: "list_committed_offsets", keys: value } };
    }
  },
  complete: ({ f }, value, reply, memory) => {
    switch (f) {
      case "send":
        expectType(reply, "send_ok");
        return [integerField(reply, "offset"), value];
      case "poll":
        expectType(reply, "poll_ok");
        return polled(reply, memory);
      case "commit":
        expectType(reply, "commit_offsets_ok");
        return value;
      default:
        expectType(reply, "list_committed_offsets_ok");
        return assigned(value as string[], objectField(reply, "offsets"), memory);
    }
  },
  checkers: () => [recordedOnly],
};

function remembered(memory: Memory, name: string): JsonObject {
  const value = memory.get(name);
  return isJsonObject(value) ? { ...value } : {};
}

/** Before its first assignment a client reads every key from the beginning. */
function positions(memory: Memory): JsonObject {
  const known = remembered(memory, POSITIONS);
  return Object.keys(known).length > 0 ? known : Object.fromEntries(KEYS.map((key) => [key, 0]));
}

/** `{key: [[offset, message] …]}`; moves the positions past what was read. */
function polled(reply: JsonObject, memory: Memory): Json {
  const messages = objectField(reply, "msgs");
  const next = positions(memory);
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
